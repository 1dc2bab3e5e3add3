/* Quicksort with median of three and insertion sort of short ranges, as quick_sort_i64 in tests/kernels/pointer_sorts.jl. */
#include <stdint.h>

static inline void swap(int64_t *p, int64_t i, int64_t j) {
    int64_t t = p[i];
    p[i] = p[j];
    p[j] = t;
}

static void insertion(int64_t *p, int64_t lo, int64_t hi) {
    for (int64_t i = lo + 1; i <= hi; i++) {
        int64_t x = p[i], j = i;
        while (j > lo && x < p[j - 1]) {
            p[j] = p[j - 1];
            j--;
        }
        p[j] = x;
    }
}

static inline int64_t partition(int64_t *p, int64_t lo, int64_t hi) {
    int64_t mid = (int64_t)((uint64_t)(lo + hi) >> 1);
    if (p[mid] < p[lo]) swap(p, lo, mid);
    if (p[hi] < p[lo]) swap(p, lo, hi);
    if (p[hi] < p[mid]) swap(p, mid, hi);
    int64_t pivot = p[mid], i = lo, j = hi;
    for (;;) {
        while (p[i] < pivot) i++;
        while (pivot < p[j]) j--;
        if (i >= j) return j;
        swap(p, i, j);
        i++;
        j--;
    }
}

static void quick_sort(int64_t *p, int64_t lo, int64_t hi, int64_t small) {
    while (hi - lo > small) {
        int64_t cut = partition(p, lo, hi);
        if (cut - lo < hi - cut) {
            quick_sort(p, lo, cut, small);
            lo = cut + 1;
        } else {
            quick_sort(p, cut + 1, hi, small);
            hi = cut;
        }
    }
    insertion(p, lo, hi);
}

/* Indices are from 1, as in Julia, so that partitions fall at the same places. */
void quick_sort_i64(int64_t *p, int64_t n) { quick_sort(p - 1, 1, n, 10); }
