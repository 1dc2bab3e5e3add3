import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.report.argtypes = [ctypes.c_int64, ctypes.c_double]
lib.report.restype = None
lib.report(3, 1.5)
