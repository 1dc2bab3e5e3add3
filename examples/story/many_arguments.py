"""Calls through the generated module, which takes numpy arrays."""
import importlib.util
import sys

import numpy as np

spec = importlib.util.spec_from_file_location("many_arguments", sys.argv[2])
lib = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lib)
args = [1, 0.5, 2, 0.25, 3, 4, 1.5, 5, 2.5, 6, 7, 3.5, 8, 4.5, 9, 10, 5.5, 11]
print(lib.nineteen(*args, True), lib.nineteen(*args, False))
x = np.array([1.0, 2.0, 4.0, 8.0])
ix = np.array([0, 2, 3], dtype=np.int32)
m = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], order="F")
rest = [0.5] * 9 + [3, 4]
print(lib.weighted(x, 2.0, ix, 1, m, 3, 2, *rest, True))
print(lib.weighted(x, 2.0, ix, 1, m, 2, 1, *rest, False))
try:
    lib.weighted(x, 2.0, ix, 3, m, 2, 1, *rest, False)
except Exception as e:
    print(e)
