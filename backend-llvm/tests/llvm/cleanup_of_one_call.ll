source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i64 @"Main.sure#0"(ptr %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 24
  %v2 = load i64, ptr %v1, align 8
  ret i64 %v2
}

define internal { i64, i8 } @"Main.fails#1"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  br label %b2
b2:
  %v1 = insertvalue { i64, i8 } poison, i64 0, 0
  %v2 = insertvalue { i64, i8 } %v1, i8 1, 1
  ret { i64, i8 } %v2
}

define internal { i64, i8 } @"Main.caller#2"(ptr %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = call i64 @"Main.sure#0"(ptr %p0)
  %v2 = call { i64, i8 } @"Main.fails#1"(i64 %v1)
  %v3 = extractvalue { i64, i8 } %v2, 0
  %v4 = extractvalue { i64, i8 } %v2, 1
  %v5 = icmp ne i8 %v4, 0
  br i1 %v5, label %b2, label %b3, !prof !0
b3:
  %v6 = insertvalue { i64, i8 } poison, i64 %v3, 0
  %v7 = insertvalue { i64, i8 } %v6, i8 0, 1
  ret { i64, i8 } %v7
b2:
  %v8 = insertvalue { i64, i8 } poison, i64 0, 0
  %v9 = insertvalue { i64, i8 } %v8, i8 1, 1
  ret { i64, i8 } %v9
}

define internal { i64, i8 } @"Main.other#3"(ptr %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = call { i64, i8 } @"Main.fails#1"(i64 %p1)
  %v2 = extractvalue { i64, i8 } %v1, 0
  %v3 = extractvalue { i64, i8 } %v1, 1
  %v4 = icmp ne i8 %v3, 0
  br i1 %v4, label %b3, label %b4, !prof !0
b3:
  %v5 = getelementptr i8, ptr %p0, i64 8
  %v6 = load i64, ptr %v5, align 8
  %v7 = add i64 %v6, -1
  %v8 = icmp sle i64 %v7, 0
  br i1 %v8, label %b6, label %b7
b6:
  call void @"drop Array{Int64, 1}#45"(ptr %p0)
  br label %b5
b7:
  %v9 = getelementptr i8, ptr %p0, i64 8
  store i64 %v7, ptr %v9, align 8
  br label %b5
b5:
  br label %b2
b4:
  %v10 = call { i64, i8 } @"Main.fails#1"(i64 %v2)
  %v11 = extractvalue { i64, i8 } %v10, 0
  %v12 = extractvalue { i64, i8 } %v10, 1
  %v13 = icmp ne i8 %v12, 0
  br i1 %v13, label %b2, label %b8, !prof !0
b8:
  %v14 = insertvalue { i64, i8 } poison, i64 %v11, 0
  %v15 = insertvalue { i64, i8 } %v14, i8 0, 1
  ret { i64, i8 } %v15
b2:
  %v16 = insertvalue { i64, i8 } poison, i64 0, 0
  %v17 = insertvalue { i64, i8 } %v16, i8 1, 1
  ret { i64, i8 } %v17
}

define internal void @"drop Array{Int64, 1}#45"(ptr %p0) #2 {
b0:
  %v1 = getelementptr i8, ptr %p0, i64 8
  %v2 = load i64, ptr %v1, align 8
  %v3 = icmp slt i64 %v2, 0
  br i1 %v3, label %b1, label %b2
b2:
  %v4 = getelementptr i8, ptr %p0, i64 4
  %v5 = load i32, ptr %v4, align 4
  %v6 = and i32 %v5, 6
  %v7 = icmp ne i32 %v6, 0
  br i1 %v7, label %b3, label %b4
b3:
  %v8 = getelementptr i8, ptr %p0, i64 40
  %v9 = load ptr, ptr %v8, align 8
  %v10 = icmp eq ptr %v9, null
  br i1 %v10, label %b6, label %b7
b7:
  %v11 = getelementptr i8, ptr %v9, i64 8
  %v12 = load i64, ptr %v11, align 8
  %v13 = add i64 %v12, -1
  %v14 = icmp sle i64 %v13, 0
  br i1 %v14, label %b8, label %b9
b8:
  call void @"drop Array{Int64, 1}#45"(ptr %v9)
  br label %b6
b9:
  %v15 = getelementptr i8, ptr %v9, i64 8
  store i64 %v13, ptr %v15, align 8
  br label %b6
b6:
  br label %b5
b4:
  %v16 = getelementptr i8, ptr %p0, i64 40
  %v17 = load ptr, ptr %v16, align 8
  call void @"free"(ptr %v17) #1
  br label %b5
b5:
  call void @"free"(ptr %p0) #1
  br label %b1
b1:
  ret void
}

declare void @"free"(ptr) #1
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
