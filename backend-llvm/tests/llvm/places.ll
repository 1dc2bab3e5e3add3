source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal double @"Main.field#0"(ptr %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 48
  %v2 = load double, ptr %v1, align 8
  ret double %v2
}

define internal i64 @"Main.heap_field#1"(ptr %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 8
  %v2 = load i64, ptr %v1, align 8
  %v3 = icmp sge i64 %v2, 0
  br i1 %v3, label %b3, label %b2
b3:
  %v4 = add i64 %v2, 1
  %v5 = getelementptr i8, ptr %p0, i64 8
  store i64 %v4, ptr %v5, align 8
  br label %b2
b2:
  %v6 = getelementptr i8, ptr %p0, i64 32
  %v7 = load i64, ptr %v6, align 8
  ret i64 %v7
}

define internal double @"Main.element#2"(ptr %p0, i64 %p1, i64 %p2) #0 {
b0:
  br label %b1
b1:
  %v1 = add i64 %p1, -1
  %v2 = getelementptr i8, ptr %p0, i64 48
  %v3 = load i64, ptr %v2, align 8
  %v4 = add i64 %p2, -1
  %v5 = mul i64 %v4, %v3
  %v6 = add i64 %v1, %v5
  %v7 = getelementptr i8, ptr %p0, i64 16
  %v8 = load ptr, ptr %v7, align 8
  %v9 = mul i64 %v6, 8
  %v10 = getelementptr i8, ptr %v8, i64 %v9
  %v11 = load double, ptr %v10, align 1
  ret double %v11
}

define internal i1 @"Main.truth#3"(ptr %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = load i8, ptr %p0, align 1
  %v2 = trunc i8 %v1 to i1
  ret i1 %v2
}

define internal { i64, i8 } @"Main.wider#4"(i64 %p0, i8 %p1) #0 {
b0:
  %v1 = alloca [9 x i8], align 8
  %v9 = alloca [9 x i8], align 8
  store i64 %p0, ptr %v1, align 8
  %v2 = getelementptr i8, ptr %v1, i64 8
  store i8 %p1, ptr %v2, align 1
  br label %b1
b1:
  %v3 = getelementptr i8, ptr %v1, i64 8
  %v4 = load i8, ptr %v3, align 1
  %v5 = icmp eq i8 %v4, 0
  %v6 = select i1 %v5, i8 1, i8 0
  %v7 = icmp eq i8 %v4, 1
  %v8 = select i1 %v7, i8 2, i8 %v6
  call void @llvm.memset.p0.i64(ptr %v9, i8 0, i64 9, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %v9, ptr align 1 %v1, i64 8, i1 false)
  %v10 = getelementptr i8, ptr %v9, i64 8
  store i8 %v8, ptr %v10, align 1
  %v11 = load i64, ptr %v9, align 8
  %v12 = getelementptr i8, ptr %v9, i64 8
  %v13 = load i8, ptr %v12, align 1
  %v14 = insertvalue { i64, i8 } poison, i64 %v11, 0
  %v15 = insertvalue { i64, i8 } %v14, i8 %v13, 1
  ret { i64, i8 } %v15
}

define internal i64 @"Main.two_phis#5"(i1 %p0, i64 %p1, i64 %p2) #0 {
b0:
  br label %b1
b1:
  br i1 %p0, label %b2, label %b3
b2:
  br label %b4
b3:
  br label %b4
b4:
  %v1 = phi i64 [ %p1, %b2 ], [ 1, %b3 ]
  %v2 = phi i64 [ %p2, %b2 ], [ 2, %b3 ]
  %v3 = sub i64 %v1, %v2
  ret i64 %v3
}

define internal { i64, i8 } @"Main.fails#6"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  br label %b2
b2:
  %v1 = insertvalue { i64, i8 } poison, i64 0, 0
  %v2 = insertvalue { i64, i8 } %v1, i8 1, 1
  ret { i64, i8 } %v2
}

define internal { i64, i8 } @"Main.nested#7"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  br label %b2
b2:
  br label %b3
b3:
  %v1 = call { i64, i8 } @"Main.fails#6"(i64 %p0)
  %v2 = extractvalue { i64, i8 } %v1, 0
  %v3 = extractvalue { i64, i8 } %v1, 1
  %v4 = icmp ne i8 %v3, 0
  br i1 %v4, label %b4, label %b6, !prof !0
b6:
  %v5 = insertvalue { i64, i8 } poison, i64 %v2, 0
  %v6 = insertvalue { i64, i8 } %v5, i8 0, 1
  ret { i64, i8 } %v6
b4:
  %v7 = insertvalue { i64, i8 } poison, i64 1, 0
  %v8 = insertvalue { i64, i8 } %v7, i8 0, 1
  ret { i64, i8 } %v8
b5:
  %v9 = insertvalue { i64, i8 } poison, i64 2, 0
  %v10 = insertvalue { i64, i8 } %v9, i8 0, 1
  ret { i64, i8 } %v10
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
