/* Inclusive prefix sum, as scan_inclusive in tests/kernels/scan_histogram_search.jl. */
#include <stdint.h>

int64_t scan_inclusive(int64_t *out, const int64_t *p, int64_t n) {
    uint64_t acc = 0; /* unsigned: Julia's integers wrap */
    for (int64_t i = 0; i < n; i++) {
        acc += (uint64_t)p[i];
        out[i] = (int64_t)acc;
    }
    return (int64_t)acc;
}
