source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal double @"Main.first_above#0"(i64 %p0, double %p1) #0 {
b0:
  %v1 = alloca [9 x i8], align 8
  %v3 = alloca [9 x i8], align 8
  %v6 = alloca [9 x i8], align 8
  %v8 = alloca [9 x i8], align 8
  %v10 = alloca i1
  br label %b1
b1:
  %v2 = icmp slt i64 %p0, 0
  br i1 %v2, label %b2, label %b3
b2:
  call void @llvm.memset.p0.i64(ptr %v3, i8 0, i64 9, i1 false)
  %v4 = getelementptr i8, ptr %v3, i64 8
  store i8 0, ptr %v4, align 1
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 8 %v3, i64 9, i1 false)
  br label %b6
b3:
  %v5 = icmp slt i64 %p0, 10
  br i1 %v5, label %b4, label %b5
b4:
  call void @llvm.memset.p0.i64(ptr %v6, i8 0, i64 9, i1 false)
  store i64 %p0, ptr %v6, align 8
  %v7 = getelementptr i8, ptr %v6, i64 8
  store i8 1, ptr %v7, align 1
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 8 %v6, i64 9, i1 false)
  br label %b6
b5:
  call void @llvm.memset.p0.i64(ptr %v8, i8 0, i64 9, i1 false)
  store double %p1, ptr %v8, align 8
  %v9 = getelementptr i8, ptr %v8, i64 8
  store i8 2, ptr %v9, align 1
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 8 %v8, i64 9, i1 false)
  br label %b6
b6:
  store i1 false, ptr %v10
  %v11 = getelementptr i8, ptr %v1, i64 8
  %v12 = load i8, ptr %v11, align 1
  %v13 = icmp eq i8 %v12, 0
  %v14 = or i1 false, %v13
  %v15 = and i1 %v14, true
  br i1 %v15, label %b12, label %b13
b12:
  store i1 true, ptr %v10
  br label %b11
b13:
  br label %b11
b11:
  %v16 = load i1, ptr %v10
  br i1 %v16, label %b7, label %b8
b7:
  ret double 0xBFF0000000000000
b8:
  %v17 = getelementptr i8, ptr %v1, i64 8
  %v18 = load i8, ptr %v17, align 1
  %v19 = icmp eq i8 %v18, 2
  %v20 = or i1 false, %v19
  br i1 %v20, label %b9, label %b10
b9:
  %v21 = load double, ptr %v1, align 8
  ret double %v21
b10:
  %v22 = load i64, ptr %v1, align 8
  %v23 = sitofp i64 %v22 to double
  ret double %v23
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
