/* y += a x with increments, as daxpy in tests/kernels/blas1_reductions.jl. */
#include <stdint.h>

void daxpy(int64_t n, double a, const double *x, int64_t incx, double *y, int64_t incy) {
    if (n <= 0 || a == 0) return;
    int64_t ix = incx >= 0 ? 0 : -(n - 1) * incx, iy = incy >= 0 ? 0 : -(n - 1) * incy;
    for (int64_t i = 0; i < n; i++) {
        y[iy] = a * x[ix] + y[iy];
        ix += incx;
        iy += incy;
    }
}
