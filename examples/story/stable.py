import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.harmonic.restype = ctypes.c_double
lib.harmonic.argtypes = [ctypes.c_int64]
print(lib.harmonic(0))
print(lib.harmonic(10))
