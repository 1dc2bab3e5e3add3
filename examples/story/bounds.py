import importlib.util
import sys

import numpy as np

spec = importlib.util.spec_from_file_location("bounds", sys.argv[2])
lib = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lib)
x = np.array([1.5, 2.5, 3.5])
print(lib.element(x, 3))
for i in (0, 4, -(2**63), 2**63 - 1):
    try:
        lib.element(x, i)
    except Exception as e:
        print(e)
m = np.asfortranarray(np.arange(6).reshape(2, 3))
print(lib.corner(m, 2, 3))
try:
    lib.corner(m, 3, 1)
except Exception as e:
    print(e)
