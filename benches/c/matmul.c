/* Row-major c = a b with an inner product per element, as matmul in tests/kernels/dense_linalg.jl. */
#include <stdint.h>

void matmul(double *c, const double *a, const double *b, int64_t m, int64_t k, int64_t n) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            double acc = 0.0;
            for (int64_t l = 0; l < k; l++) acc += a[i * k + l] * b[l * n + j];
            c[i * n + j] = acc;
        }
    }
}
