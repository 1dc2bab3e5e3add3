import ctypes
import resource
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.sum_of_ones.restype = ctypes.c_int64
lib.sum_of_ones.argtypes = [ctypes.c_int64]
lib.squares_sum.restype = ctypes.c_double
lib.squares_sum.argtypes = [ctypes.c_int64]
print(lib.sum_of_ones(3))
print(lib.squares_sum(4))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# A hundred thousand arrays of 80 kB: 8 GB in all, if none were freed.
for _ in range(100):
    lib.sum_of_ones(10_000)
before = peak()
for _ in range(100_000):
    lib.sum_of_ones(10_000)
print(peak() - before < 1024)
