import ctypes
import sys

import numpy as np

lib = ctypes.CDLL(sys.argv[1])
f = getattr(lib, "square_bang", None) or getattr(lib, "square")
f.argtypes = [np.ctypeslib.ndpointer(np.float64), ctypes.c_int64]
f.restype = None
x = np.array([1.0, -2.0, 0.5, 3.0])
f(x, len(x))
print(x.tolist())
