"""harmonic.jl for Numba; the compiled function is kept between runs when NUMBA_CACHE_DIR is set."""

import os

from numba import njit


@njit(cache="NUMBA_CACHE_DIR" in os.environ)
def harmonic(n):
    s = 0.0
    for i in range(1, n + 1):
        s += 1 / i
    return s


print(harmonic(10))
