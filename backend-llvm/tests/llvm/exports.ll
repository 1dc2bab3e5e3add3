source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

@"str.1" = private unnamed_addr constant [27 x i8] c"ERROR: OutOfMemoryError()\0A\00"

define internal i8 @"Main.half#0"(i64 %p0, double %p1, i1 %p2, i8 %p3) #0 {
b0:
  %v1 = alloca [16 x i8], align 8
  store i64 %p0, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store double %p1, ptr %v2, align 8
  br label %b1
b1:
  %v3 = load i64, ptr %v1, align 8
  %v4 = trunc i64 %v3 to i8
  %v5 = select i1 %p2, i8 %v4, i8 %p3
  ret i8 %v5
}

define internal void @"Main.turned#1"(ptr %p0, double %p1, double %p2, double %p3, i8 %p4) #0 {
b0:
  %v1 = alloca [32 x i8], align 8
  %v9 = alloca [32 x i8], align 8
  store double %p1, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store double %p2, ptr %v2, align 8
  %v3 = getelementptr i8, ptr %v1, i64 16
  store double %p3, ptr %v3, align 8
  %v4 = getelementptr i8, ptr %v1, i64 24
  store i8 %p4, ptr %v4, align 1
  br label %b1
b1:
  %v5 = load double, ptr %v1, align 8
  %v6 = getelementptr i8, ptr %v1, i64 24
  %v7 = load i8, ptr %v6, align 1
  %v8 = trunc i8 %v7 to i1
  store double %v5, ptr %v9, align 8
  %v10 = getelementptr i8, ptr %v9, i64 8
  store double %v5, ptr %v10, align 8
  %v11 = getelementptr i8, ptr %v9, i64 16
  store double %v5, ptr %v11, align 8
  %v12 = getelementptr i8, ptr %v9, i64 24
  %v13 = zext i1 %v8 to i8
  store i8 %v13, ptr %v12, align 1
  %v14 = load double, ptr %v9, align 8
  %v15 = getelementptr i8, ptr %v9, i64 8
  %v16 = load double, ptr %v15, align 8
  %v17 = getelementptr i8, ptr %v9, i64 16
  %v18 = load double, ptr %v17, align 8
  %v19 = getelementptr i8, ptr %v9, i64 24
  %v20 = load i8, ptr %v19, align 1
  store double %v14, ptr %p0, align 8
  %v21 = getelementptr i8, ptr %p0, i64 8
  store double %v16, ptr %v21, align 8
  %v22 = getelementptr i8, ptr %p0, i64 16
  store double %v18, ptr %v22, align 8
  %v23 = getelementptr i8, ptr %p0, i64 24
  store i8 %v20, ptr %v23, align 1
  ret void
}

define internal { i64, double } @"Main.pair#2"(i64 %p0) #0 {
b0:
  %v1 = alloca [16 x i8], align 8
  br label %b1
b1:
  store i64 %p0, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store double 0x3FF8000000000000, ptr %v2, align 8
  %v3 = load i64, ptr %v1, align 8
  %v4 = getelementptr i8, ptr %v1, i64 8
  %v5 = load double, ptr %v4, align 8
  %v6 = insertvalue { i64, double } poison, i64 %v3, 0
  %v7 = insertvalue { i64, double } %v6, double %v5, 1
  ret { i64, double } %v7
}

define internal i64 @"Main.total#3"(ptr %p0, ptr %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 16
  %v2 = load i64, ptr %v1, align 8
  %v3 = getelementptr i8, ptr %p1, i64 56
  %v4 = load i64, ptr %v3, align 8
  %v5 = add i64 %v2, %v4
  ret i64 %v5
}

define internal i16 @"Main.bits#4"(i16 %p0) #0 {
b0:
  br label %b1
b1:
  ret i16 %p0
}

define internal i128 @"Main.wide#5"(i128 %p0) #0 {
b0:
  br label %b1
b1:
  ret i128 %p0
}

define signext i8 @"half"(i64 %p0, double %p1, i8 %p2, i8 %p3) #0 {
b0:
  %v1 = alloca [32 x i8], align 16
  call void @llvm.memset.p0.i64(ptr %v1, i8 0, i64 32, i1 false)
  store i64 %p0, ptr %v1, align 1
  %v2 = getelementptr i8, ptr %v1, i64 8
  store double %p1, ptr %v2, align 1
  %v3 = trunc i8 %p2 to i1
  %v4 = load i64, ptr %v1, align 8
  %v5 = getelementptr i8, ptr %v1, i64 8
  %v6 = load double, ptr %v5, align 8
  %v7 = call i8 @"Main.half#0"(i64 %v4, double %v6, i1 %v3, i8 %p3)
  ret i8 %v7
b1:
  call void @llvm.trap()
  unreachable
}

define void @"turned"(ptr sret([32 x i8]) align 8 %p0, ptr byval([32 x i8]) align 8 %p1) #0 {
b0:
  %v1 = alloca [32 x i8], align 8
  %v2 = alloca [32 x i8], align 8
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v1, ptr align 1 %p1, i64 32, i1 false)
  %v3 = load double, ptr %v1, align 8
  %v4 = getelementptr i8, ptr %v1, i64 8
  %v5 = load double, ptr %v4, align 8
  %v6 = getelementptr i8, ptr %v1, i64 16
  %v7 = load double, ptr %v6, align 8
  %v8 = getelementptr i8, ptr %v1, i64 24
  %v9 = load i8, ptr %v8, align 1
  call void @"Main.turned#1"(ptr %v2, double %v3, double %v5, double %v7, i8 %v9)
  %v10 = load double, ptr %v2, align 8
  %v11 = getelementptr i8, ptr %v2, i64 8
  %v12 = load double, ptr %v11, align 8
  %v13 = getelementptr i8, ptr %v2, i64 16
  %v14 = load double, ptr %v13, align 8
  %v15 = getelementptr i8, ptr %v2, i64 24
  %v16 = load i8, ptr %v15, align 1
  store double %v10, ptr %p0, align 1
  %v17 = getelementptr i8, ptr %p0, i64 8
  store double %v12, ptr %v17, align 1
  %v18 = getelementptr i8, ptr %p0, i64 16
  store double %v14, ptr %v18, align 1
  %v19 = getelementptr i8, ptr %p0, i64 24
  store i8 %v16, ptr %v19, align 1
  ret void
b1:
  call void @llvm.trap()
  unreachable
}

define { i64, double } @"pair"(i64 %p0) #0 {
b0:
  %v4 = alloca [16 x i8], align 8
  %v6 = alloca [32 x i8], align 16
  %v1 = call { i64, double } @"Main.pair#2"(i64 %p0)
  %v2 = extractvalue { i64, double } %v1, 0
  %v3 = extractvalue { i64, double } %v1, 1
  store i64 %v2, ptr %v4, align 8
  %v5 = getelementptr i8, ptr %v4, i64 8
  store double %v3, ptr %v5, align 8
  call void @llvm.memset.p0.i64(ptr %v6, i8 0, i64 32, i1 false)
  %v7 = load i64, ptr %v4, align 8
  %v8 = getelementptr i8, ptr %v4, i64 8
  %v9 = load double, ptr %v8, align 8
  store i64 %v7, ptr %v6, align 8
  %v10 = getelementptr i8, ptr %v6, i64 8
  store double %v9, ptr %v10, align 8
  %v11 = load i64, ptr %v6, align 1
  %v12 = getelementptr i8, ptr %v6, i64 8
  %v13 = load double, ptr %v12, align 1
  %v14 = insertvalue { i64, double } poison, i64 %v11, 0
  %v15 = insertvalue { i64, double } %v14, double %v13, 1
  ret { i64, double } %v15
b1:
  call void @llvm.trap()
  unreachable
}

define i64 @"total"(ptr %p0, i64 %p1, ptr %p2, i64 %p3, i64 %p4) #0 {
b0:
  %v6 = alloca [64 x i8], align 16
  %v1 = add i64 %p1, 25
  %v2 = call ptr @"allocate object"(i64 %v1)
  %v3 = getelementptr i8, ptr %v2, i64 16
  store i64 %p1, ptr %v3, align 8
  %v4 = getelementptr i8, ptr %v2, i64 24
  call void @llvm.memcpy.p0.p0.i64(ptr %v4, ptr %p0, i64 %p1, i1 false)
  %v5 = getelementptr i8, ptr %v4, i64 %p1
  store i8 0, ptr %v5, align 1
  store i32 0, ptr %v6, align 4
  %v7 = getelementptr i8, ptr %v6, i64 4
  store i32 3, ptr %v7, align 4
  %v8 = getelementptr i8, ptr %v6, i64 8
  store i64 -4611686018427387904, ptr %v8, align 8
  %v9 = getelementptr i8, ptr %v6, i64 16
  store ptr %p2, ptr %v9, align 8
  %v10 = getelementptr i8, ptr %v6, i64 40
  store i64 0, ptr %v10, align 8
  %v11 = getelementptr i8, ptr %v6, i64 48
  store i64 %p3, ptr %v11, align 8
  %v12 = getelementptr i8, ptr %v6, i64 56
  store i64 %p4, ptr %v12, align 8
  %v13 = mul i64 %p3, %p4
  %v14 = getelementptr i8, ptr %v6, i64 24
  store i64 %v13, ptr %v14, align 8
  %v15 = getelementptr i8, ptr %v6, i64 32
  store i64 %v13, ptr %v15, align 8
  %v16 = call i64 @"Main.total#3"(ptr %v2, ptr %v6)
  %v17 = getelementptr i8, ptr %v2, i64 8
  %v18 = load i64, ptr %v17, align 8
  %v19 = add i64 %v18, -1
  %v20 = icmp sle i64 %v19, 0
  br i1 %v20, label %b3, label %b4
b3:
  call void @"drop String#18"(ptr %v2)
  br label %b2
b4:
  %v21 = getelementptr i8, ptr %v2, i64 8
  store i64 %v19, ptr %v21, align 8
  br label %b2
b2:
  ret i64 %v16
b1:
  call void @llvm.trap()
  unreachable
}

define float @"bits"(float %p0) #0 {
b0:
  %v1 = bitcast float %p0 to i32
  %v2 = trunc i32 %v1 to i16
  %v3 = call i16 @"Main.bits#4"(i16 %v2)
  %v4 = zext i16 %v3 to i32
  %v5 = bitcast i32 %v4 to float
  ret float %v5
b1:
  call void @llvm.trap()
  unreachable
}

define { i64, i64 } @"wide"(i64 %p0, i64 %p1) #0 {
b0:
  %v1 = alloca [32 x i8], align 16
  %v5 = alloca [32 x i8], align 16
  call void @llvm.memset.p0.i64(ptr %v1, i8 0, i64 32, i1 false)
  store i64 %p0, ptr %v1, align 1
  %v2 = getelementptr i8, ptr %v1, i64 8
  store i64 %p1, ptr %v2, align 1
  %v3 = load i128, ptr %v1, align 8
  %v4 = call i128 @"Main.wide#5"(i128 %v3)
  call void @llvm.memset.p0.i64(ptr %v5, i8 0, i64 32, i1 false)
  store i128 %v4, ptr %v5, align 8
  %v6 = load i64, ptr %v5, align 1
  %v7 = getelementptr i8, ptr %v5, i64 8
  %v8 = load i64, ptr %v7, align 1
  %v9 = insertvalue { i64, i64 } poison, i64 %v6, 0
  %v10 = insertvalue { i64, i64 } %v9, i64 %v8, 1
  ret { i64, i64 } %v10
b1:
  call void @llvm.trap()
  unreachable
}

define internal void @"drop String#18"(ptr %p0) #2 {
b0:
  %v1 = getelementptr i8, ptr %p0, i64 8
  %v2 = load i64, ptr %v1, align 8
  %v3 = icmp slt i64 %v2, 0
  br i1 %v3, label %b1, label %b2
b2:
  call void @"free"(ptr %p0) #1
  br label %b1
b1:
  ret void
}

define internal ptr @"allocate object"(i64 %p0) #0 {
b0:
  %v1 = call ptr @"malloc"(i64 %p0) #1
  %v2 = icmp eq ptr %v1, null
  br i1 %v2, label %b1, label %b2, !prof !0
b2:
  store i64 0, ptr %v1, align 8
  %v3 = getelementptr i8, ptr %v1, i64 8
  store i64 1, ptr %v3, align 8
  ret ptr %v1
b1:
  %v4 = call i64 @"write"(i32 2, ptr @"str.1", i64 26) #1
  call void @"abort"() #1
  call void @llvm.trap()
  unreachable
}

declare void @"free"(ptr) #1
declare ptr @"malloc"(i64) #1
declare i64 @"write"(i32, ptr, i64) #1
declare void @"abort"() #1
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
