source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

@"str.1" = private unnamed_addr constant [8 x i8] c"%g %ld\0A\00"

define internal i64 @"Main.call#0"(i64 %p0, i64 %p1, ptr %p2) #0 {
b0:
  %v4 = alloca [32 x i8], align 16
  br label %b1
b1:
  %v1 = call { i64, i64 } @"ldiv"(i64 %p0, i64 %p1) #1
  %v2 = extractvalue { i64, i64 } %v1, 0
  %v3 = extractvalue { i64, i64 } %v1, 1
  call void @llvm.memset.p0.i64(ptr %v4, i8 0, i64 32, i1 false)
  store i64 %v2, ptr %v4, align 1
  %v5 = getelementptr i8, ptr %v4, i64 8
  store i64 %v3, ptr %v5, align 1
  %v6 = getelementptr i8, ptr %v4, i64 8
  %v7 = load i64, ptr %v6, align 8
  %v8 = ptrtoint ptr @"str.1" to i64
  %v9 = call i32 (ptr, ...) @"printf"(ptr @"str.1", double 0x3FF8000000000000, i64 %v7) #1
  %v10 = call i16 %p2(i16 signext -3) #1
  %v11 = call double @"sin"(double 0x3FE0000000000000) #1
  %v12 = sext i16 %v10 to i64
  ret i64 %v12
}

declare { i64, i64 } @"ldiv"(i64, i64) #1
declare i32 @"printf"(...) #1
declare double @"sin"(double) #1
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
