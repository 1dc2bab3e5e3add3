"""The benchmark kernels for Numba: the algorithms of tests/kernels, as a Numba user writes them (arrays, indices from 0)."""

import math

import numpy as np
from numba import njit


@njit
def ddot(n, x, incx, y, incy):
    s = x.dtype.type(0)
    ix = 0 if incx >= 0 else -(n - 1) * incx
    iy = 0 if incy >= 0 else -(n - 1) * incy
    for _ in range(n):
        s += x[ix] * y[iy]
        ix += incx
        iy += incy
    return s


sdot = ddot  # compiled once more, for float32


@njit
def daxpy(n, a, x, incx, y, incy):
    if n <= 0 or a == 0:
        return
    ix = 0 if incx >= 0 else -(n - 1) * incx
    iy = 0 if incy >= 0 else -(n - 1) * incy
    for _ in range(n):
        y[iy] = a * x[ix] + y[iy]
        ix += incx
        iy += incy


@njit
def matmul(c, a, b, m, k, n):
    for i in range(m):
        for j in range(n):
            acc = 0.0
            for q in range(k):
                acc += a[i * k + q] * b[q * n + j]
            c[i * n + j] = acc


@njit
def jacobi_sweep(dst, src, ny, nx):
    worst = 0.0
    for i in range(ny):
        for j in range(nx):
            c = i * nx + j
            old = src[c]
            if i == 0 or i == ny - 1 or j == 0 or j == nx - 1:
                dst[c] = old
            else:
                fresh = 0.25 * (src[c - nx] + src[c + nx] + src[c - 1] + src[c + 1])
                change = abs(fresh - old)
                dst[c] = fresh
                if change > worst or change != change:
                    worst = change
    return worst


@njit
def scan_inclusive(out, p, n):
    acc = np.int64(0)
    for i in range(n):
        acc += p[i]
        out[i] = acc
    return acc


@njit
def insertion(p, lo, hi):
    for i in range(lo + 1, hi + 1):
        x = p[i]
        j = i
        while j > lo and x < p[j - 1]:
            p[j] = p[j - 1]
            j -= 1
        p[j] = x


@njit
def swap(p, i, j):
    p[i], p[j] = p[j], p[i]


@njit
def partition(p, lo, hi):
    mid = (lo + hi + 2) // 2 - 1  # where the middle of indices from 1 falls
    if p[mid] < p[lo]:
        swap(p, lo, mid)
    if p[hi] < p[lo]:
        swap(p, lo, hi)
    if p[hi] < p[mid]:
        swap(p, mid, hi)
    pivot = p[mid]
    i, j = lo, hi
    while True:
        while p[i] < pivot:
            i += 1
        while pivot < p[j]:
            j -= 1
        if i >= j:
            return j
        swap(p, i, j)
        i += 1
        j -= 1


@njit("void(int64[::1], int64, int64, int64)")
def quick_sort(p, lo, hi, small):
    while hi - lo > small:
        cut = partition(p, lo, hi)
        if cut - lo < hi - cut:
            quick_sort(p, lo, cut, small)
            lo = cut + 1
        else:
            quick_sort(p, cut + 1, hi, small)
            hi = cut
    insertion(p, lo, hi)


@njit
def quick_sort_i64(p, n):
    quick_sort(p, 0, n - 1, 10)


@njit
def mandel_count(cx, cy, maxit):
    q = (cx - 0.25) * (cx - 0.25) + cy * cy
    if q * (q + (cx - 0.25)) <= 0.25 * (cy * cy) or (cx + 1) * (cx + 1) + cy * cy <= 0.0625:
        return maxit
    x = y = 0.0
    n = np.int32(0)
    while n < maxit:
        x2, y2 = x * x, y * y
        if x2 + y2 > 4.0:
            break
        y = 2 * x * y + cy
        x = x2 - y2 + cx
        n += np.int32(1)
    return n


@njit
def mandel_grid(out, w, h, x0, x1, y0, y1, maxit):
    total = 0
    for j in range(h):
        cy = y0 if h == 1 else y0 + (y1 - y0) * j / (h - 1)
        for i in range(w):
            cx = x0 if w == 1 else x0 + (x1 - x0) * i / (w - 1)
            n = mandel_count(cx, cy, maxit)
            total += n
            out[j * w + i] = n
    return total


@njit
def advance_bodies(bodies, n, dt, steps):
    for _ in range(steps):
        for i in range(n):
            bi = bodies[i]
            x, y, z, vx, vy, vz, mass = bi.x, bi.y, bi.z, bi.vx, bi.vy, bi.vz, bi.mass
            for j in range(i + 1, n):
                bj = bodies[j]
                dx, dy, dz = x - bj.x, y - bj.y, z - bj.z
                d2 = dx * dx + dy * dy + dz * dz
                mag = dt / (d2 * math.sqrt(d2))
                k = -(bj.mass * mag)
                vx, vy, vz = vx + k * dx, vy + k * dy, vz + k * dz
                k = mass * mag
                bj.vx, bj.vy, bj.vz = bj.vx + k * dx, bj.vy + k * dy, bj.vz + k * dz
            bi.vx, bi.vy, bi.vz = vx, vy, vz
        for i in range(n):
            b = bodies[i]
            b.x, b.y, b.z = b.x + dt * b.vx, b.y + dt * b.vy, b.z + dt * b.vz


@njit
def levenshtein(a, n, b, m, row):
    for j in range(m + 1):
        row[j] = j
    for i in range(1, n + 1):
        diag = row[0]
        row[0] = i
        ca = a[i - 1]
        for j in range(1, m + 1):
            up = row[j]
            left = row[j - 1]
            cost = diag if ca == b[j - 1] else np.int32(min(diag, left, up) + np.int32(1))
            row[j] = cost
            diag = up
    return row[m]


def crc_table():
    """Entry i is i shifted out bit by bit through the reflected polynomial."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1)
    return table.astype(np.uint32)


CRC_TABLE = crc_table()


@njit
def crc32(p, n, seed):
    c = np.uint32(~seed)
    for i in range(n):
        c = np.uint32(CRC_TABLE[(c ^ p[i]) & np.uint32(0xFF)] ^ (c >> np.uint32(8)))
    return np.uint32(~c)
