/* Escape counts over a grid, as mandel_grid in tests/kernels/mandelbrot_counts.jl. */
#include <stdbool.h>
#include <stdint.h>

static inline bool in_main_bulbs(double x, double y) {
    double q = (x - 0.25) * (x - 0.25) + y * y;
    return q * (q + (x - 0.25)) <= 0.25 * (y * y) || (x + 1) * (x + 1) + y * y <= 0.0625;
}

static int32_t mandel_count(double cx, double cy, int32_t maxit) {
    if (in_main_bulbs(cx, cy)) return maxit;
    double x = 0.0, y = 0.0;
    int32_t n = 0;
    while (n < maxit) {
        double x2 = x * x, y2 = y * y;
        if (x2 + y2 > 4.0) break;
        y = 2 * x * y + cy;
        x = x2 - y2 + cx;
        n++;
    }
    return n;
}

int64_t mandel_grid(int32_t *out, int64_t w, int64_t h, double x0, double x1, double y0, double y1, int32_t maxit) {
    int64_t total = 0;
    for (int64_t j = 0; j < h; j++) {
        double cy = h == 1 ? y0 : y0 + (y1 - y0) * (double)j / (double)(h - 1);
        for (int64_t i = 0; i < w; i++) {
            double cx = w == 1 ? x0 : x0 + (x1 - x0) * (double)i / (double)(w - 1);
            int32_t n = mandel_count(cx, cy, maxit);
            total += n;
            out[j * w + i] = n;
        }
    }
    return total;
}
