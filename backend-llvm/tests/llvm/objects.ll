source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

@"object.1" = private constant [29 x i8] c"\12\00\00\00\01\00\00\00\00\00\00\00\00\00\00\C0\04\00\00\00\00\00\00\00text\00", align 16
@"const.2" = private constant [40 x i8] c"\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00\05\00\00\00\00\00\00\00", align 8
@"str.3" = private unnamed_addr constant [27 x i8] c"ERROR: OutOfMemoryError()\0A\00"

define internal ptr @"Main.push#0"(i64 %p0, i8 %p1, i64 %p2) #0 {
b0:
  %v1 = alloca [9 x i8], align 8
  store i64 %p0, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store i8 %p1, ptr %v2, align 1
  br label %b1
b1:
  %v3 = getelementptr i8, ptr %v1, i64 8
  %v4 = load i8, ptr %v3, align 1
  %v5 = icmp eq i8 %v4, 2
  br i1 %v5, label %b3, label %b4
b3:
  %v6 = load ptr, ptr %v1, align 8
  %v7 = getelementptr i8, ptr %v6, i64 8
  %v8 = load i64, ptr %v7, align 8
  %v9 = icmp sge i64 %v8, 0
  br i1 %v9, label %b6, label %b5
b6:
  %v10 = add i64 %v8, 1
  %v11 = getelementptr i8, ptr %v6, i64 8
  store i64 %v10, ptr %v11, align 8
  br label %b5
b5:
  br label %b2
b4:
  br label %b2
b2:
  %v12 = call ptr @"allocate object"(i64 40)
  %v13 = getelementptr i8, ptr %v12, i64 16
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v13, ptr align 8 %v1, i64 9, i1 false)
  %v14 = getelementptr i8, ptr %v12, i64 32
  store i64 %p2, ptr %v14, align 8
  %v15 = getelementptr i8, ptr %v12, i64 32
  store i64 7, ptr %v15, align 1
  ret ptr %v12
}

define internal i64 @"Main.first#1"(ptr %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = add i64 %p1, -1
  %v2 = getelementptr i8, ptr %p0, i64 16
  %v3 = load ptr, ptr %v2, align 8
  %v4 = mul i64 %v1, 8
  %v5 = getelementptr i8, ptr %v3, i64 %v4
  %v6 = load i64, ptr %v5, align 1
  %v7 = add i64 1, -1
  %v8 = getelementptr i8, ptr %p0, i64 16
  %v9 = load ptr, ptr %v8, align 8
  %v10 = mul i64 %v7, 8
  %v11 = getelementptr i8, ptr %v9, i64 %v10
  store i64 %v6, ptr %v11, align 1
  %v12 = getelementptr i8, ptr %p0, i64 24
  %v13 = load i64, ptr %v12, align 8
  ret i64 %v13
}

define internal i1 @"Main.forget#2"(ptr %p0, ptr %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 8
  %v2 = load i64, ptr %v1, align 8
  %v3 = add i64 %v2, -1
  %v4 = icmp sle i64 %v3, 0
  br i1 %v4, label %b3, label %b4
b3:
  call void @"drop Main.Node#41"(ptr %p0)
  br label %b2
b4:
  %v5 = getelementptr i8, ptr %p0, i64 8
  store i64 %v3, ptr %v5, align 8
  br label %b2
b2:
  %v6 = call i1 @"same text"(ptr %p1, ptr @"object.1")
  ret i1 %v6
}

define internal void @"Main.constant#3"(ptr %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = load i64, ptr @"const.2", align 8
  %v2 = getelementptr i8, ptr @"const.2", i64 8
  %v3 = load i64, ptr %v2, align 8
  %v4 = getelementptr i8, ptr @"const.2", i64 16
  %v5 = load i64, ptr %v4, align 8
  %v6 = getelementptr i8, ptr @"const.2", i64 24
  %v7 = load i64, ptr %v6, align 8
  %v8 = getelementptr i8, ptr @"const.2", i64 32
  %v9 = load i64, ptr %v8, align 8
  store i64 %v1, ptr %p0, align 8
  %v10 = getelementptr i8, ptr %p0, i64 8
  store i64 %v3, ptr %v10, align 8
  %v11 = getelementptr i8, ptr %p0, i64 16
  store i64 %v5, ptr %v11, align 8
  %v12 = getelementptr i8, ptr %p0, i64 24
  store i64 %v7, ptr %v12, align 8
  %v13 = getelementptr i8, ptr %p0, i64 32
  store i64 %v9, ptr %v13, align 8
  ret void
}

define internal i1 @"same text"(ptr %p0, ptr %p1) #0 {
b0:
  %v1 = icmp eq ptr %p0, %p1
  br i1 %v1, label %b1, label %b3
b3:
  %v2 = getelementptr i8, ptr %p0, i64 16
  %v3 = load i64, ptr %v2, align 8
  %v4 = getelementptr i8, ptr %p1, i64 16
  %v5 = load i64, ptr %v4, align 8
  %v6 = icmp ne i64 %v3, %v5
  br i1 %v6, label %b2, label %b4
b4:
  %v7 = getelementptr i8, ptr %p0, i64 24
  %v8 = getelementptr i8, ptr %p1, i64 24
  %v9 = call i32 @"memcmp"(ptr %v7, ptr %v8, i64 %v3) #1
  %v10 = icmp ne i32 %v9, 0
  br i1 %v10, label %b2, label %b1
b1:
  ret i1 true
b2:
  ret i1 false
}

define internal void @"drop Main.Node#41"(ptr %p0) #2 {
b0:
  %v1 = getelementptr i8, ptr %p0, i64 8
  %v2 = load i64, ptr %v1, align 8
  %v3 = icmp slt i64 %v2, 0
  br i1 %v3, label %b1, label %b2
b2:
  store i32 0, ptr %p0, align 4
  %v4 = getelementptr i8, ptr %p0, i64 8
  store ptr null, ptr %v4, align 8
  call void @"drop all"(ptr %p0)
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
  %v4 = call i64 @"write"(i32 2, ptr @"str.3", i64 26) #1
  call void @"abort"() #1
  call void @llvm.trap()
  unreachable
}

define internal void @"drop all"(ptr %p0) #2 {
b0:
  %v1 = alloca [8 x i8], align 8
  store ptr %p0, ptr %v1, align 8
  br label %b1
b1:
  %v2 = load ptr, ptr %v1, align 8
  %v3 = icmp eq ptr %v2, null
  br i1 %v3, label %b3, label %b2
b2:
  %v4 = getelementptr i8, ptr %v2, i64 8
  %v5 = load ptr, ptr %v4, align 8
  store ptr %v5, ptr %v1, align 8
  %v6 = load i32, ptr %v2, align 4
  switch i32 %v6, label %b5 [ i32 0, label %b4 ]
b4:
  %v7 = getelementptr i8, ptr %v2, i64 16
  %v8 = getelementptr i8, ptr %v7, i64 8
  %v9 = load i8, ptr %v8, align 1
  %v10 = icmp eq i8 %v9, 2
  br i1 %v10, label %b7, label %b8
b7:
  %v11 = load ptr, ptr %v7, align 8
  %v12 = icmp eq ptr %v11, null
  br i1 %v12, label %b9, label %b10
b10:
  %v13 = getelementptr i8, ptr %v11, i64 8
  %v14 = load i64, ptr %v13, align 8
  %v15 = add i64 %v14, -1
  %v16 = icmp sle i64 %v15, 0
  br i1 %v16, label %b11, label %b12
b11:
  %v17 = icmp sge i64 %v14, 0
  br i1 %v17, label %b13, label %b9
b13:
  %v18 = load ptr, ptr %v1, align 8
  store i32 0, ptr %v11, align 4
  %v19 = getelementptr i8, ptr %v11, i64 8
  store ptr %v18, ptr %v19, align 8
  store ptr %v11, ptr %v1, align 8
  br label %b9
b12:
  %v20 = getelementptr i8, ptr %v11, i64 8
  store i64 %v15, ptr %v20, align 8
  br label %b9
b9:
  br label %b6
b8:
  br label %b6
b6:
  call void @"free"(ptr %v2) #1
  br label %b1
b5:
  call void @llvm.trap()
  unreachable
b3:
  ret void
}

declare i32 @"memcmp"(ptr, ptr, i64) #1
declare ptr @"malloc"(i64) #1
declare i64 @"write"(i32, ptr, i64) #1
declare void @"abort"() #1
declare void @"free"(ptr) #1
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
