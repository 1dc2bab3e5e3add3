source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i1 @"Main.either_nan#0"(double %p0, double %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = fcmp une double %p0, %p0
  %v2 = fcmp une double %p1, %p1
  %v3 = or i1 %v1, %v2
  ret i1 %v3
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
