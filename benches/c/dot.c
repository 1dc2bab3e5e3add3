/* BLAS dot products with increments, as in tests/kernels/blas1_reductions.jl: one accumulator, in order. */
#include <stdint.h>

static int64_t first_index(int64_t n, int64_t inc) { return inc >= 0 ? 0 : -(n - 1) * inc; }

double ddot(int64_t n, const double *x, int64_t incx, const double *y, int64_t incy) {
    double s = 0.0;
    int64_t ix = first_index(n, incx), iy = first_index(n, incy);
    for (int64_t i = 0; i < n; i++) {
        s += x[ix] * y[iy];
        ix += incx;
        iy += incy;
    }
    return s;
}

float sdot(int64_t n, const float *x, int64_t incx, const float *y, int64_t incy) {
    float s = 0.0f;
    int64_t ix = first_index(n, incx), iy = first_index(n, incy);
    for (int64_t i = 0; i < n; i++) {
        s += x[ix] * y[iy];
        ix += incx;
        iy += incy;
    }
    return s;
}
