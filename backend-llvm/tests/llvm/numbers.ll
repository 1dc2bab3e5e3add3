source_filename = "jlift"
target triple = "x86_64-unknown-linux-gnu"

define internal i32 @"Main.divide#0"(i32 %p0, i32 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = icmp eq i32 %p1, 0
  %v2 = icmp eq i32 %p0, -2147483648
  %v3 = icmp eq i32 %p1, -1
  %v4 = and i1 %v2, %v3
  %v5 = or i1 %v1, %v4
  %v6 = select i1 %v5, i32 1, i32 %p1
  %v7 = sdiv i32 %p0, %v6
  %v8 = srem i32 %v7, 7
  %v9 = icmp eq i32 -1, 0
  %v10 = icmp eq i32 %v8, -2147483648
  %v11 = icmp eq i32 -1, -1
  %v12 = and i1 %v10, %v11
  %v13 = or i1 %v9, %v12
  %v14 = select i1 %v13, i32 1, i32 -1
  %v15 = sdiv i32 %v8, %v14
  %v16 = ashr i32 %p1, 31
  %v17 = xor i32 %v15, %v16
  %v18 = sub i32 %v17, %v16
  ret i32 %v18
}

define internal i64 @"Main.bits#1"(i8 %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = xor i8 %p0, -1
  %v2 = zext i8 %v1 to i64
  %v3 = call i64 @llvm.ctlz.i64(i64 %p1, i1 false)
  %v4 = call i64 @llvm.cttz.i64(i64 %v2, i1 false)
  %v5 = call i64 @llvm.ctpop.i64(i64 %v3)
  %v6 = xor i64 %v4, %v5
  %v7 = udiv i64 %v6, 10
  ret i64 %v7
}

define internal i8 @"Main.floats#2"(double %p0, float %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = fpext float %p1 to double
  %v2 = call double @llvm.fma.f64(double %p0, double %v1, double 0x8000000000000000)
  %v3 = call double @llvm.copysign.f64(double %v2, double 0x7FF8000000000001)
  %v4 = call double @llvm.rint.f64(double %v3)
  %v5 = fcmp uno double %v4, %v4
  %v6 = fcmp uno double %p0, %p0
  %v7 = and i1 %v5, %v6
  %v8 = bitcast double %v4 to i64
  %v9 = bitcast double %p0 to i64
  %v10 = icmp eq i64 %v8, %v9
  %v11 = or i1 %v7, %v10
  %v12 = fptosi double %v4 to i8
  %v13 = freeze i8 %v12
  %v14 = zext i1 %v11 to i8
  %v15 = add i8 %v13, %v14
  ret i8 %v15
}

define internal i1 @"Main.checked#3"(i128 %p0, i128 %p1) #0 {
b0:
  %v4 = alloca [24 x i8], align 8
  br label %b1
b1:
  %v1 = call { i128, i1 } @llvm.sadd.with.overflow.i128(i128 %p0, i128 %p1)
  %v2 = extractvalue { i128, i1 } %v1, 0
  %v3 = extractvalue { i128, i1 } %v1, 1
  store i128 %v2, ptr %v4, align 8
  %v5 = getelementptr i8, ptr %v4, i64 16
  %v6 = zext i1 %v3 to i8
  store i8 %v6, ptr %v5, align 1
  %v7 = getelementptr i8, ptr %v4, i64 16
  %v8 = load i8, ptr %v7, align 1
  %v9 = trunc i8 %v8 to i1
  %v10 = xor i1 %v9, true
  %v11 = zext i1 %v9 to i8
  %v12 = zext i1 %v10 to i8
  %v13 = icmp slt i8 %v11, %v12
  %v14 = and i1 %v10, %v13
  ret i1 %v14
}

define internal i64 @"Main.pointers#4"(ptr %p0, i64 %p1) #0 {
b0:
  br label %b1
b1:
  %v1 = getelementptr i8, ptr %p0, i64 %p1
  %v2 = sub i64 0, 3
  %v3 = getelementptr i8, ptr %v1, i64 %v2
  %v4 = ptrtoint ptr %v3 to i64
  %v5 = ptrtoint ptr %v1 to i64
  %v6 = ptrtoint ptr %v3 to i64
  %v7 = icmp ult i64 %v5, %v6
  %v8 = zext i1 %v7 to i64
  %v9 = add i64 %v4, %v8
  ret i64 %v9
}

declare i64 @llvm.ctlz.i64(i64, i1)
declare i64 @llvm.cttz.i64(i64, i1)
declare i64 @llvm.ctpop.i64(i64)
declare double @llvm.fma.f64(double, double, double)
declare double @llvm.copysign.f64(double, double)
declare double @llvm.rint.f64(double)
declare { i128, i1 } @llvm.sadd.with.overflow.i128(i128, i128)
declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
