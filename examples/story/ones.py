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

result = ctypes.c_int64(7)
lib.past_the_end_try.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_int64)]
lib.past_the_end_try.restype = ctypes.c_int32
lib.jlift_last_error.restype = ctypes.c_char_p
print(lib.past_the_end_try(3, result), lib.jlift_last_error().decode(), result.value)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# Five thousand arrays of 80 kB and as many on the way out by an exception: 800 MB, if none were freed.
for _ in range(100):
    lib.sum_of_ones(10_000)
    lib.past_the_end_try(10_000, result)
before = peak()
for _ in range(5_000):
    lib.sum_of_ones(10_000)
    lib.past_the_end_try(10_000, result)
print(peak() - before < 1024)
