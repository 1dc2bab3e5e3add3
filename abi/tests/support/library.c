/* What a compiled library would define, written against the generated header. */
#include "libsample.h"

#include <stdio.h>
#include <string.h>

static _Thread_local char message[1008];
const char *jlift_last_error(void) { return message; }

static int32_t failed(const char *text) {
    strncpy(message, text, sizeof message - 1);
    return 1;
}

double harmonic_forward(int64_t n) {
    double sum = 0;
    for (int64_t i = 1; i <= n; i++) sum += 1.0 / (double)i;
    return sum;
}
int32_t safe_sqrt_try(double x, double *out) {
    if (x < 0) return failed("DomainError with -1.0:\nsqrt was called with a negative real argument");
    *out = __builtin_sqrt(x);
    return 0;
}
int32_t narrow_try(int64_t x, int8_t *out) {
    if (x != (int8_t)x) return failed("InexactError: trunc(Int8, 300)");
    *out = (int8_t)x;
    return 0;
}
int32_t fail_try(int32_t kind) {
    static const char *const texts[] = {
        "ArgumentError: bad", "BoundsError: attempt to access", "DivideError: integer division error",
        "OverflowError: too much", "just a message", "Späße: \xff",
    };
    return kind < 0 ? 0 : failed(texts[kind]);
}
void scale_bang(double *x, int64_t n, double a) {
    for (int64_t i = 0; i < n; i++) x[i] *= a;
}
double total(double *v, int64_t v_length) {
    double sum = 0;
    for (int64_t i = 0; i < v_length; i++) sum += v[i];
    return sum;
}
/* Last element of a row, counted from 1, plus the rest of the arguments. */
int32_t corner_try(int32_t *m, int64_t m_size1, int64_t m_size2, int64_t row, int64_t m_size1_, int32_t *out) {
    if (row < 1 || row > m_size1) return failed("BoundsError");
    *out = m[row - 1 + (m_size2 - 1) * m_size1] + (int32_t)m_size1_;
    return 0;
}
int64_t vowels(const char *text, int64_t text_length) {
    int64_t n = 0;
    for (int64_t i = 0; i < text_length; i++) n += text[i] && strchr("aeiou", text[i]) != 0;
    return n;
}
Segment flip(Segment s) {
    Segment r = {s.b, s.a, {s.color[2], s.color[1], s.color[0]}};
    return r;
}
int32_t divide_try(int64_t a, int64_t b, Tuple_i64_f64 *out) {
    if (b == 0) return failed("DivideError: integer division error");
    out->_1 = a / b;
    out->_2 = (double)a / (double)b;
    return 0;
}
Tuple_3_u8 brighten(Tuple_3_u8 c, uint8_t by) {
    for (int i = 0; i < 3; i++) c.values[i] = (uint8_t)(c.values[i] + by);
    return c;
}
double trace(Tuple_2_Tuple_2_f64 g) { return g.values[0][0] + g.values[1][1]; }
int32_t square_try(Complex_f64 z, Complex_f64 *out) {
    out->re = z.re * z.re - z.im * z.im;
    out->im = 2 * z.re * z.im;
    return 0;
}
void conjugate_all(Complex_f64 *z, int32_t n) {
    for (int32_t i = 0; i < n; i++) z[i].im = -z[i].im;
}
int64_t sum_list(Node *head) {
    int64_t sum = 0;
    for (; head; head = head->next) sum += head->value;
    return sum;
}
uint32_t next_char(uint32_t c) {
    uint32_t shift = 0;
    while (shift < 24 && ((c >> shift) & 0xff) == 0) shift += 8;
    return c + (1u << shift);
}
bool xor_(bool a, bool arg2) { return a != arg2; }
Mod_10007 mod_add(Mod_10007 double_, Mod_10007 lambda) {
    Mod_10007 r = {(double_.v + lambda.v) % 10007};
    return r;
}
void *address(void *p, Tagged *t, uint16_t *h) { return t ? (void *)t : h ? (void *)h : p; }
int64_t _u2207__i64(int64_t x) { return -x; }
double _u2207__f64_pf64(double x, double *x_) { return x * *x_; }
int64_t len(void) { return 42; }
int64_t error(void) { return 43; }
Vec2_2 Vec2(Vec2_2 Vec2, Vec2_2 Vec2_) {
    Vec2_2 r = {Vec2.x + Vec2_.x, Vec2.y + Vec2_.y};
    return r;
}
