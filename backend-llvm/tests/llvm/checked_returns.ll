source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

@"jlift_error" = internal thread_local global [1024 x i8] zeroinitializer, align 16

define internal { i64, i8 } @"Main.fails#0"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = icmp slt i64 %p0, 0
  br i1 %v1, label %b2, label %b3
b2:
  br label %b4
b3:
  %v2 = insertvalue { i64, i8 } poison, i64 %p0, 0
  %v3 = insertvalue { i64, i8 } %v2, i8 0, 1
  ret { i64, i8 } %v3
b4:
  %v4 = insertvalue { i64, i8 } poison, i64 0, 0
  %v5 = insertvalue { i64, i8 } %v4, i8 1, 1
  ret { i64, i8 } %v5
}

define internal { i64, i8 } @"Main.caller#1"(i64 %p0) #0 {
b0:
  br label %b1
b1:
  %v1 = call { i64, i8 } @"Main.fails#0"(i64 %p0)
  %v2 = extractvalue { i64, i8 } %v1, 0
  %v3 = extractvalue { i64, i8 } %v1, 1
  %v4 = icmp ne i8 %v3, 0
  br i1 %v4, label %b2, label %b3, !prof !0
b3:
  %v5 = add i64 %v2, 1
  %v6 = insertvalue { i64, i8 } poison, i64 %v5, 0
  %v7 = insertvalue { i64, i8 } %v6, i8 0, 1
  ret { i64, i8 } %v7
b2:
  %v8 = insertvalue { i64, i8 } poison, i64 0, 0
  %v9 = insertvalue { i64, i8 } %v8, i8 1, 1
  ret { i64, i8 } %v9
}

define internal { i64, i8 } @"Main.guarded#2"(i64 %p0) #0 {
b0:
  %v1 = alloca [8 x i8], align 8
  store i64 0, ptr %v1, align 8
  br label %b1
b1:
  store i64 1, ptr %v1, align 8
  br label %b2
b2:
  %v2 = call { i64, i8 } @"Main.fails#0"(i64 %p0)
  %v3 = extractvalue { i64, i8 } %v2, 0
  %v4 = extractvalue { i64, i8 } %v2, 1
  %v5 = icmp ne i8 %v4, 0
  br i1 %v5, label %b4, label %b5, !prof !0
b5:
  store i64 2, ptr %v1, align 8
  %v6 = call { i64, i8 } @"Main.fails#0"(i64 %v3)
  %v7 = extractvalue { i64, i8 } %v6, 0
  %v8 = extractvalue { i64, i8 } %v6, 1
  %v9 = icmp ne i8 %v8, 0
  br i1 %v9, label %b4, label %b6, !prof !0
b6:
  br label %b3
b3:
  %v10 = insertvalue { i64, i8 } poison, i64 %v7, 0
  %v11 = insertvalue { i64, i8 } %v10, i8 0, 1
  ret { i64, i8 } %v11
b4:
  %v12 = load i64, ptr %v1, align 8
  %v13 = load i64, ptr @"jlift_error", align 8
  %v14 = icmp eq i64 %v13, -6362930462598464459
  %v15 = or i1 false, %v14
  %v16 = select i1 %v15, i64 %v12, i64 0
  %v17 = insertvalue { i64, i8 } poison, i64 %v16, 0
  %v18 = insertvalue { i64, i8 } %v17, i8 0, 1
  ret { i64, i8 } %v18
}

declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
