/* A library by the C compiler, for testing the recorder and the replayer without jlift. BROKEN=1..3 puts a defect into it. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef BROKEN
#define BROKEN 0
#endif

struct point {
    float x;
    int8_t tag;
    double y;
};

/* More arguments of every width than there are registers. */
double mixed19(int8_t a, float b, int16_t c, double d, uint8_t e, float f, int32_t g, double h, bool i, float j, uint16_t k, double l,
               uint32_t m, double n, int64_t o, double p, uint64_t q, double r, float s) {
    return a + b + c + d + e + f + g + h + (i ? 1000.0 : 0.0) + j + k + l + m + n + (double)o + p + (double)q + r + s + (BROKEN == 1);
}

int16_t narrow_result(int8_t a, uint16_t b, bool c) { return (int16_t)(a * b + c); }

bool any_above(const float *p, int64_t n, float limit) {
    for (int64_t i = 0; i < n; i++)
        if (p[i] > limit) return true;
    return false;
}

/* NaNs made here have the sign of the processor's default NaN. */
double nan_ratio(double zero) { return zero / zero; }
float nan_root(float negative) { return sqrtf(negative); }
void nan_fill(double *wide, float *narrow, int64_t n, double zero) {
    for (int64_t i = 0; i < n; i++) {
        wide[i] = zero / zero;
        narrow[i] = (float)zero / (float)zero;
    }
}

void reverse(int16_t *p, int64_t n) {
    for (int64_t i = 0; i < n / 2; i++) {
        int16_t t = p[i];
        p[i] = p[n - 1 - i];
        p[n - 1 - i] = t;
    }
#if BROKEN == 2
    if (n > 5) p[n - 1] ^= 0x100;
#endif
}

double strided_sum(const double *p, int64_t n, int64_t step) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += p[i * step];
    return sum;
}

#if BROKEN != 3
void move_points(struct point *p, int64_t n, const double *by) {
    for (int64_t i = 0; i < n; i++) {
        p[i].x += (float)*by;
        p[i].y -= *by;
        p[i].tag++;
    }
}
#endif
