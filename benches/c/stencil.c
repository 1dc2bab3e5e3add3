/* One Jacobi sweep of the five-point stencil, as jacobi_sweep in tests/kernels/stencil_convolution.jl. */
#include <math.h>
#include <stdint.h>

double jacobi_sweep(double *dst, const double *src, int64_t ny, int64_t nx) {
    double worst = 0.0;
    for (int64_t i = 0; i < ny; i++) {
        for (int64_t j = 0; j < nx; j++) {
            int64_t c = i * nx + j;
            double old = src[c];
            if (i == 0 || i == ny - 1 || j == 0 || j == nx - 1) {
                dst[c] = old;
            } else {
                double fresh = 0.25 * (src[c - nx] + src[c + nx] + src[c - 1] + src[c + 1]);
                double change = fabs(fresh - old);
                dst[c] = fresh;
                worst = change > worst || change != change ? change : worst; /* Julia's max keeps NaN */
            }
        }
    }
    return worst;
}
