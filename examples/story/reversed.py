import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.countdown.restype = ctypes.c_int64
lib.countdown.argtypes = [ctypes.c_int64]
print(lib.countdown(9), lib.countdown(0))
