source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i64 @"Main.shl#0"(i64 %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = icmp uge i64 %p1, 64
  %v2 = shl i64 %p0, %p1
  %v3 = select i1 %v1, i64 0, i64 %v2
  %v4 = icmp uge i64 3, 64
  %v5 = shl i64 %v3, 3
  %v6 = select i1 %v4, i64 0, i64 %v5
  %v7 = icmp uge i64 64, 64
  %v8 = lshr i64 %v6, 64
  %v9 = select i1 %v7, i64 0, i64 %v8
  %v10 = or i64 %v6, %v9
  ret i64 %v10
}

define internal i8 @"Main.ashr#1"(i8 %p0, i8 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = icmp uge i8 %p1, 8
  %v2 = select i1 %v1, i8 7, i8 %p1
  %v3 = ashr i8 %p0, %v2
  ret i8 %v3
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
