"""Driver of standin.c, in the ways in which the kernel drivers pass memory."""

import ctypes as C
import sys

import numpy as np

lib = C.CDLL(sys.argv[1])
i8, i16, i32, i64, u8, u16, u32, u64 = C.c_int8, C.c_int16, C.c_int32, C.c_int64, C.c_uint8, C.c_uint16, C.c_uint32, C.c_uint64
f32, f64, B, P = C.c_float, C.c_double, C.c_bool, C.c_void_p


class Point(C.Structure):
    _fields_ = [("x", f32), ("tag", i8), ("y", f64)]


floats = np.ctypeslib.ndpointer(dtype=np.float32)
for name, result, arguments in [
    ("mixed19", f64, [i8, f32, i16, f64, u8, f32, i32, f64, B, f32, u16, f64, u32, f64, i64, f64, u64, f64, f32]),
    ("narrow_result", i16, [i8, u16, B]),
    ("any_above", B, [floats, i64, f32]),
    ("nan_ratio", f64, [f64]),
    ("nan_root", f32, [f32]),
    ("nan_fill", None, [P, floats, i64, f64]),
    ("reverse", None, [P, i64]),
    ("strided_sum", f64, [C.POINTER(f64), i64, i64]),
    ("move_points", None, [C.POINTER(Point), i64, C.POINTER(f64)]),
]:
    getattr(lib, name).restype, getattr(lib, name).argtypes = result, arguments

print(lib.mixed19(-5, 1.5, -300, 0.1, 255, -2.25, -70000, 1e-3, True, 0.5, 65535, -7.0, 2**32 - 1, 2.0, -9, 0.25, 2**40 + 1, 1e5, 3.5))
print(lib.narrow_result(-128, 65535, True), lib.narrow_result(5, 7, False))
for n in (0, 3):
    print(lib.any_above(np.array([1, np.inf, -2], dtype=np.float32), n, 2.0))
print(lib.nan_ratio(0.0), lib.nan_root(-1.0))
wide, narrow = np.zeros(3), np.zeros(5, dtype=np.float32)
lib.nan_fill(wide.ctypes.data, narrow, 3, 0.0)
print(wide, narrow)
for n in (0, 1, 6, 3000):
    v = np.arange(n, dtype=np.int16)
    lib.reverse(v.ctypes.data, n)
    print(v[:3])
v = np.arange(20) / 9
print(lib.strided_sum(v[19:].ctypes.data_as(C.POINTER(f64)), 10, -2))
points = (Point * 3)(Point(1, 127, 2), Point(3, 0, 4), Point(-1, -1, np.nan))
by = f64(0.1)
lib.move_points(points, 3, C.byref(by))
lib.move_points(C.byref(points[1]), 2, C.pointer(by))
print([(p.x, p.tag, p.y) for p in points])
