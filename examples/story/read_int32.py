import ctypes
import struct
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.read_int32.argtypes = [ctypes.c_char_p, ctypes.c_int64]
lib.read_int32.restype = ctypes.c_int32
buffer = b"abc" + struct.pack("<ii", -123456, 2**31 - 1)
print(lib.read_int32(buffer, 3), lib.read_int32(buffer, 7))
