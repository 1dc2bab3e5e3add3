import ctypes
import sys

import numpy as np

lib = ctypes.CDLL(sys.argv[1])
# C has no `!` in names.
lib.square_bang.argtypes = [np.ctypeslib.ndpointer(np.float64), ctypes.c_int64]
lib.square_bang.restype = None
x = np.array([1.0, -2.0, 0.5, 3.0])
lib.square_bang(x, len(x))
print(x.tolist())
