"""Calls through the generated module, which raises, and through the status entry."""
import ctypes
import importlib.util
import sys

spec = importlib.util.spec_from_file_location("floor_int", sys.argv[2])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.floor_int(2.75))
print(module.floor_int(-2.25))
try:
    module.floor_int(1e100)
except Exception as e:
    print(e)

lib = ctypes.CDLL(sys.argv[1])
out = ctypes.c_int64(7)
lib.floor_int_try.argtypes = [ctypes.c_double, ctypes.POINTER(ctypes.c_int64)]
lib.floor_int_try.restype = ctypes.c_int32
lib.jlift_last_error.restype = ctypes.c_char_p
print(lib.floor_int_try(1e100, ctypes.byref(out)), lib.jlift_last_error().decode())
print(lib.floor_int_try(41.5, ctypes.byref(out)), out.value)
