source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i64 @"Main.integers#0"(i64 %p0, i32 %p1) #0 {
b0:
  %v19 = alloca [16 x i8], align 8
  br label %b1
b1:
  %v1 = sext i32 %p1 to i64
  %v2 = icmp eq i64 %v1, 0
  %v3 = icmp eq i64 %p0, -9223372036854775808
  %v4 = icmp eq i64 %v1, -1
  %v5 = and i1 %v3, %v4
  %v6 = or i1 %v2, %v5
  %v7 = select i1 %v6, i64 1, i64 %v1
  %v8 = sdiv i64 %p0, %v7
  %v9 = icmp eq i64 %v8, 0
  %v10 = icmp eq i64 %p0, -9223372036854775808
  %v11 = icmp eq i64 %v8, -1
  %v12 = and i1 %v10, %v11
  %v13 = or i1 %v9, %v12
  %v14 = select i1 %v13, i64 1, i64 %v8
  %v15 = srem i64 %p0, %v14
  %v16 = call { i64, i1 } @llvm.sadd.with.overflow.i64(i64 %v15, i64 %p0)
  %v17 = extractvalue { i64, i1 } %v16, 0
  %v18 = extractvalue { i64, i1 } %v16, 1
  store i64 %v17, ptr %v19, align 8
  %v20 = getelementptr i8, ptr %v19, i64 8
  %v21 = zext i1 %v18 to i8
  store i8 %v21, ptr %v20, align 1
  %v22 = load i64, ptr %v19, align 8
  ret i64 %v22
}

define internal i1 @"Main.overflows#1"(i64 %p0, i64 %p1, i128 %p2) #0 {
b0:
  %v4 = alloca [16 x i8], align 8
  %v13 = alloca [24 x i8], align 8
  br label %b1
b1:
  %v1 = call { i64, i1 } @llvm.sadd.with.overflow.i64(i64 %p0, i64 %p1)
  %v2 = extractvalue { i64, i1 } %v1, 0
  %v3 = extractvalue { i64, i1 } %v1, 1
  store i64 %v2, ptr %v4, align 8
  %v5 = getelementptr i8, ptr %v4, i64 8
  %v6 = zext i1 %v3 to i8
  store i8 %v6, ptr %v5, align 1
  %v7 = getelementptr i8, ptr %v4, i64 8
  %v8 = load i8, ptr %v7, align 1
  %v9 = trunc i8 %v8 to i1
  %v10 = call { i128, i1 } @llvm.umul.with.overflow.i128(i128 %p2, i128 %p2)
  %v11 = extractvalue { i128, i1 } %v10, 0
  %v12 = extractvalue { i128, i1 } %v10, 1
  store i128 %v11, ptr %v13, align 8
  %v14 = getelementptr i8, ptr %v13, i64 16
  %v15 = zext i1 %v12 to i8
  store i8 %v15, ptr %v14, align 1
  %v16 = getelementptr i8, ptr %v13, i64 16
  %v17 = load i8, ptr %v16, align 1
  %v18 = trunc i8 %v17 to i1
  %v19 = or i1 %v9, %v18
  ret i1 %v19
}

define internal double @"Main.floats#2"(double %p0, double %p1, double %p2) #0 {
b0:
  br label %b1
b1:
  %v1 = fmul double %p0, %p1
  %v2 = fadd double %v1, %p2
  %v3 = fadd double %v2, %p1
  %v4 = call double @llvm.floor.f64(double %v3)
  %v5 = call double @llvm.rint.f64(double %v4)
  ret double %v5
}

define internal double @"Main.conversions#3"(i64 %p0, double %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = uitofp i64 %p0 to double
  %v2 = fptoui double %p1 to i32
  %v3 = freeze i32 %v2
  %v4 = uitofp i32 %v3 to double
  %v5 = fadd double %v1, %v4
  ret double %v5
}

define internal i1 @"Main.comparisons#4"(double %p0, double %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = fcmp une double %p0, %p1
  %v2 = bitcast double %p0 to i64
  %v3 = bitcast double %p1 to i64
  %v4 = icmp eq i64 %v2, %v3
  %v5 = and i1 %v1, %v4
  ret i1 %v5
}

declare { i64, i1 } @llvm.sadd.with.overflow.i64(i64, i64)
declare { i128, i1 } @llvm.umul.with.overflow.i128(i128, i128)
declare double @llvm.floor.f64(double)
declare double @llvm.rint.f64(double)
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
