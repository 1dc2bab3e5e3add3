source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i64 @"Main.swap_tables#0"(ptr %p0, ptr %p1, i64 %p2) #0 {
b0:
  %v1 = alloca [136 x i8], align 8
  %v2 = alloca [136 x i8], align 8
  %v4 = alloca [136 x i8], align 8
  %v5 = alloca [136 x i8], align 8
  %v8 = alloca [136 x i8], align 8
  %v9 = alloca [136 x i8], align 8
  br label %b1
b1:
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v4, ptr align 8 %p0, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v5, ptr align 8 %p1, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 8 %v4, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v2, ptr align 8 %v5, i64 136, i1 false)
  br label %b2
b2:
  %v3 = phi i64 [ %p2, %b1 ], [ %v7, %b3 ]
  %v6 = icmp slt i64 0, %v3
  br i1 %v6, label %b3, label %b4
b3:
  %v7 = sub i64 %v3, 1
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v8, ptr align 8 %v2, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v9, ptr align 8 %v1, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 8 %v8, i64 136, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v2, ptr align 8 %v9, i64 136, i1 false)
  br label %b2
b4:
  %v10 = mul i64 %v3, 8
  %v11 = getelementptr i8, ptr %v1, i64 %v10
  %v12 = getelementptr i8, ptr %v11, i64 -8
  %v13 = load i64, ptr %v12, align 8
  ret i64 %v13
}

define internal { i64, double } @"Main.pair#1"(i64 %p0, double %p1) #0 {
b0:
  %v1 = alloca [16 x i8], align 8
  br label %b1
b1:
  store i64 %p0, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store double %p1, ptr %v2, align 8
  %v3 = load i64, ptr %v1, align 8
  %v4 = getelementptr i8, ptr %v1, i64 8
  %v5 = load double, ptr %v4, align 8
  %v6 = insertvalue { i64, double } poison, i64 %v3, 0
  %v7 = insertvalue { i64, double } %v6, double %v5, 1
  ret { i64, double } %v7
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
