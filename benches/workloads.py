"""What is timed: for each kernel the function, its C signature and the arguments. Knows nothing of how peers are built or timed."""

import ctypes as C
import dataclasses
from typing import Callable

import numpy as np

i32, i64, u32, f32, f64, P = C.c_int32, C.c_int64, C.c_uint32, C.c_float, C.c_double, C.c_void_p
SCALARS = {i32: np.int32, i64: np.int64, u32: np.uint32, f32: np.float32, f64: np.float64}


@dataclasses.dataclass(frozen=True)
class Workload:
    """One function on one input. `arguments` makes a fresh list of numpy arrays and numbers, always the same values;
    arrays whose position is in `restored` get their first contents back before each call, within the timed region of every peer."""

    title: str
    work: str
    kernel: str
    c_file: str
    function: str
    export: str
    result: type | None
    parameters: tuple
    arguments: Callable[[], list]
    restored: tuple = ()


def values(seed, n, dtype=np.float64):
    """n numbers in [-1, 1), or 32-bit integers, from a fixed generator."""
    generator = np.random.Generator(np.random.PCG64(seed))
    if np.issubdtype(dtype, np.floating):
        return (generator.random(n) * 2 - 1).astype(dtype)
    return generator.integers(0, 2 ** min(32, 8 * np.dtype(dtype).itemsize), n).astype(dtype)


BODY = np.dtype([(name, np.float64) for name in ("x", "y", "z", "vx", "vy", "vz", "mass")])


def bodies():
    """A heavy body at rest and four light ones around it."""
    all_five = np.zeros(5, dtype=BODY)
    for i in range(5):
        all_five[i] = (3.0 * i, 0.5 * i, -0.25 * i, 0.01 * i, 0.4 - 0.05 * i, 0.02 * i, 39.5 if i == 0 else 0.01 / i)
    return all_five


N = 20_000  # vectors: two of float64 fit the second-level cache
M = 96  # matrices are M x M
GRID = 256  # stencils are GRID x GRID
SORTED = 20_000
PIXELS = 96
TEXT = 400
BYTES = 200_000

WORKLOADS = [
    Workload("dot", f"{N} float64", "blas1_reductions", "dot", "ddot", "ddot(Int64, Ptr{Float64}, Int64, Ptr{Float64}, Int64)",
             f64, (i64, P, i64, P, i64), lambda: [N, values(1, N), 1, values(2, N), 1]),
    Workload("dot, float32", f"{N} float32", "blas1_reductions", "dot", "sdot", "sdot(Int64, Ptr{Float32}, Int64, Ptr{Float32}, Int64)",
             f32, (i64, P, i64, P, i64), lambda: [N, values(1, N, np.float32), 1, values(2, N, np.float32), 1]),
    Workload("axpy", f"{N} float64", "blas1_reductions", "axpy", "daxpy",
             "daxpy(Int64, Float64, Ptr{Float64}, Int64, Ptr{Float64}, Int64)",
             None, (i64, f64, P, i64, P, i64), lambda: [N, 1e-6, values(3, N), 1, values(4, N), 1]),
    Workload("matmul", f"{M} x {M} float64", "dense_linalg", "matmul", "matmul",
             "matmul(Ptr{Float64}, Ptr{Float64}, Ptr{Float64}, Int64, Int64, Int64)",
             None, (P, P, P, i64, i64, i64), lambda: [np.zeros(M * M), values(5, M * M), values(6, M * M), M, M, M]),
    Workload("stencil", f"Jacobi sweep, {GRID} x {GRID}", "stencil_convolution", "stencil", "jacobi_sweep",
             "jacobi_sweep(Ptr{Float64}, Ptr{Float64}, Int64, Int64)",
             f64, (P, P, i64, i64), lambda: [np.zeros(GRID * GRID), values(7, GRID * GRID), GRID, GRID]),
    Workload("prefix sum", f"{N} int64", "scan_histogram_search", "prefix_sum", "scan_inclusive",
             "scan_inclusive(Ptr{Int64}, Ptr{Int64}, Int64)",
             i64, (P, P, i64), lambda: [np.zeros(N, dtype=np.int64), values(8, N, np.int64), N]),
    Workload("sort", f"quicksort, {SORTED} int64", "pointer_sorts", "sort", "quick_sort_i64", "quick_sort_i64(Ptr{Int64}, Int64)",
             None, (P, i64), lambda: [values(9, SORTED, np.int64), SORTED], (0,)),
    Workload("mandelbrot", f"{PIXELS} x {PIXELS}, 200 iterations", "mandelbrot_counts", "mandelbrot", "mandel_grid",
             "mandel_grid(Ptr{Int32}, Int64, Int64, Float64, Float64, Float64, Float64, Int32)",
             i64, (P, i64, i64, f64, f64, f64, f64, i32),
             lambda: [np.zeros(PIXELS * PIXELS, dtype=np.int32), PIXELS, PIXELS, -2.0, 0.5, -1.25, 1.25, 200]),
    Workload("n-body", "5 bodies, 1000 steps", "nbody_step", "nbody", "advance_bodies",
             "advance_bodies(Ptr{Body}, Int64, Float64, Int64)",
             None, (P, i64, f64, i64), lambda: [bodies(), 5, 0.001, 1000], (0,)),
    Workload("Levenshtein", f"{TEXT} x {TEXT} bytes", "edit_distance", "levenshtein", "levenshtein",
             "levenshtein(Ptr{UInt8}, Int64, Ptr{UInt8}, Int64, Ptr{Int32})",
             i32, (P, i64, P, i64, P),
             lambda: [values(10, TEXT, np.uint8) % 4, TEXT, values(11, TEXT, np.uint8) % 4, TEXT, np.zeros(TEXT + 1, dtype=np.int32)]),
    Workload("CRC-32", f"{BYTES} bytes", "checksums", "crc32", "crc32", "crc32(Ptr{UInt8}, Int64, UInt32)",
             u32, (P, i64, u32), lambda: [values(12, BYTES, np.uint8), BYTES, 0]),
]
