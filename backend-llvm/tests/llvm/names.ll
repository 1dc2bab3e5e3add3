source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

@"str.1" = private unnamed_addr constant [27 x i8] c"ERROR: OutOfMemoryError()\0A\00"

define internal i64 @"julia llvm.trap#0"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  ret i64 %p0
}

define internal ptr @"Main.f#1"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = call ptr @"allocate object"(i64 24)
  %v2 = getelementptr i8, ptr %v1, i64 16
  store i64 %p0, ptr %v2, align 8
  %v3 = getelementptr i8, ptr %v1, i64 8
  %v4 = load i64, ptr %v3, align 8
  %v5 = add i64 %v4, -1
  %v6 = icmp sle i64 %v5, 0
  br i1 %v6, label %b3, label %b4
b3:
  call void @"drop Main.A#41"(ptr %v1)
  br label %b2
b4:
  %v7 = getelementptr i8, ptr %v1, i64 8
  store i64 %v5, ptr %v7, align 8
  br label %b2
b2:
  %v8 = call i32 @"getpid"() #1
  %v9 = call i32 @"getppid"() #1
  %v10 = call i64 @"julia llvm.trap#0"(i64 %p0)
  ret ptr @"getpid"
}

define internal void @"drop Main.A#41"(ptr %p0) #2 {
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
declare i32 @"getpid"() #1
declare i32 @"getppid"() #1
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
