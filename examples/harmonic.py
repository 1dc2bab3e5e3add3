"""Calls the library that `jlift build examples/harmonic.jir -o harmonic.so` makes.

Usage: python3 examples/harmonic.py [harmonic.so [N]]
"""

import ctypes
import os
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "harmonic.so"
n = int(sys.argv[2]) if len(sys.argv) > 2 else 10

library = ctypes.CDLL(os.path.abspath(path))
library.harmonic.argtypes = [ctypes.c_int64]
library.harmonic.restype = ctypes.c_double
print(library.harmonic(n))
