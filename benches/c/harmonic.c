/* The harmonic sum, for the time that a C compiler takes to make a library of it. */
#include <stdint.h>

double harmonic_forward(int64_t n) {
    double s = 0.0;
    for (int64_t i = 1; i <= n; i++) s += 1.0 / (double)i;
    return s;
}
