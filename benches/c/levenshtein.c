/* Edit distance with one row of the table, as levenshtein in tests/kernels/edit_distance.jl. */
#include <stdint.h>

static inline int32_t min(int32_t a, int32_t b) { return b < a ? b : a; }

int32_t levenshtein(const uint8_t *a, int64_t n, const uint8_t *b, int64_t m, int32_t *row) {
    for (int64_t j = 0; j <= m; j++) row[j] = (int32_t)j;
    for (int64_t i = 1; i <= n; i++) {
        int32_t diag = row[0];
        row[0] = (int32_t)i;
        uint8_t ca = a[i - 1];
        for (int64_t j = 1; j <= m; j++) {
            int32_t up = row[j], left = row[j - 1];
            int32_t cost = ca == b[j - 1] ? diag : min(min(diag, left), up) + 1;
            row[j] = cost;
            diag = up;
        }
    }
    return row[m];
}
