/* Freestanding support for the generated test of argument passing. */
typedef unsigned long long u64;
struct captured { u64 ints[8]; unsigned char floats[8][16]; u64 sret; unsigned char stack[2048]; } captured;
struct produced { u64 ints[2]; unsigned char floats[4][16]; u64 size; unsigned char memory[4096]; } produced;
void write_error(const char *text, u64 length);
static int failures;

void *memcpy(void *to, const void *from, unsigned long n) {
    for (unsigned long i = 0; i < n; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}
void *memset(void *to, int byte, unsigned long n) {
    for (unsigned long i = 0; i < n; i++) ((volatile char *)to)[i] = (char)byte;
    return to;
}
/* Distinct bytes everywhere, so that a value read at a wrong place differs. */
static u64 state = 88172645463325252ull;
static void fill(void *to, unsigned long n) {
    for (unsigned long i = 0; i < n; i++) {
        state ^= state << 13; state ^= state >> 7; state ^= state << 17;
        ((unsigned char *)to)[i] = (unsigned char)(state >> 24);
    }
}
static void same(const char *what, unsigned long length, const void *a, const void *b, unsigned long n) {
    for (unsigned long i = 0; i < n; i++)
        if (((const unsigned char *)a)[i] != ((const unsigned char *)b)[i]) {
            write_error(what, length);
            failures = 1;
            return;
        }
}
#define SAME(what, a, b, n) same(what "\n", sizeof what, a, b, n)
