/* Repeats the calls of a record (tests/conformance/record.py documents the format) on a library and compares results and memory
 * bit for bit; NaNs of one width are all equal, because their sign and payload differ between processors.
 *
 * usage: replay LIBRARY RECORD
 *
 * Knows nothing of what the functions do. Meant for aarch64 under an emulator, and written so that it also works on x86-64: on both
 * a function's integer and floating-point arguments fill their registers independently, so one C type that has all integer
 * registers, all floating-point registers and then stack words can call any function of scalars and pointers.
 * Bits of narrow arguments that the ABI leaves unspecified are filled with garbage.
 * Exit status: 0 all equal, 1 differences, 2 the library or the record can't be used. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__aarch64__)
enum { INT_REGISTERS = 8 };
#elif defined(__x86_64__)
enum { INT_REGISTERS = 6 };
#else
#error "replay.c knows the calling conventions of aarch64 and x86-64 only"
#endif
enum { FLOAT_REGISTERS = 8, STACK_WORDS = 24, MOST_REPORTS = 5 };

#if defined(__aarch64__)
#define INT_PARAMETERS uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define INT_ARGUMENTS(c) c->i[0], c->i[1], c->i[2], c->i[3], c->i[4], c->i[5], c->i[6], c->i[7]
#else
#define INT_PARAMETERS uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define INT_ARGUMENTS(c) c->i[0], c->i[1], c->i[2], c->i[3], c->i[4], c->i[5]
#endif
#define PARAMETERS                                                                                                             \
    INT_PARAMETERS, double, double, double, double, double, double, double, double, uint64_t, uint64_t, uint64_t, uint64_t,    \
        uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, \
        uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARGUMENTS(c)                                                                                                          \
    INT_ARGUMENTS(c), c->f[0], c->f[1], c->f[2], c->f[3], c->f[4], c->f[5], c->f[6], c->f[7], c->s[0], c->s[1], c->s[2],        \
        c->s[3], c->s[4], c->s[5], c->s[6], c->s[7], c->s[8], c->s[9], c->s[10], c->s[11], c->s[12], c->s[13], c->s[14],        \
        c->s[15], c->s[16], c->s[17], c->s[18], c->s[19], c->s[20], c->s[21], c->s[22], c->s[23]

struct call {
    uint64_t i[INT_REGISTERS];
    double f[FLOAT_REGISTERS];
    uint64_t s[STACK_WORDS];
    int ints, floats, words;
};

struct region {
    unsigned char *at;
    uint64_t size;
    const unsigned char *before, *after;
};

static void cannot(const char *what, const char *detail) {
    fprintf(stderr, "replay: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
    exit(2);
}

/* ---- the record ---- */

static const unsigned char *cursor, *limit;

static const unsigned char *take(uint64_t count) {
    const unsigned char *here = cursor;
    if ((uint64_t)(limit - cursor) < count) cannot("truncated record", NULL);
    cursor += count;
    return here;
}

static uint64_t take_number(int bytes) {
    uint64_t value = 0;
    memcpy(&value, take(bytes), bytes); /* little endian, as both machines are */
    return value;
}

static void read_record(const char *path) {
    FILE *file = fopen(path, "rb");
    long size;
    unsigned char *bytes;
    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0) cannot("can't read the record", path);
    rewind(file);
    bytes = malloc(size + 1);
    if (!bytes || fread(bytes, 1, size, file) != (size_t)size) cannot("can't read the record", path);
    fclose(file);
    cursor = bytes;
    limit = bytes + size;
    if (memcmp(take(8), "jlrec 1\n", 8)) cannot("not a record of version 1", path);
}

/* ---- memory at the recorded addresses ---- */

/* Makes the pages of a region accessible; they stay for the rest of the run, because libraries may keep pointers. */
static void map_region(uint64_t address, uint64_t size) {
    static uint64_t *known;
    static size_t count, capacity;
    uint64_t page_size = sysconf(_SC_PAGESIZE);
    for (uint64_t page = address & -page_size; page < address + size; page += page_size) {
        size_t i = 0;
        while (i < count && known[i] != page) i++;
        if (i < count) continue;
        if (mmap((void *)page, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)page)
            cannot("the recorded address range is taken", NULL);
        if (count == capacity) {
            capacity = 2 * capacity + 64;
            known = realloc(known, capacity * sizeof *known);
            if (!known) cannot("out of memory", NULL);
        }
        known[count++] = page;
    }
}

/* ---- comparison ---- */

static int both_nan64(uint64_t a, uint64_t b) {
    const uint64_t inf = UINT64_C(0x7FF0000000000000), magnitude = ~(UINT64_C(1) << 63);
    return (a & magnitude) > inf && (b & magnitude) > inf;
}

static int both_nan32(uint32_t a, uint32_t b) { return (a & 0x7FFFFFFF) > 0x7F800000 && (b & 0x7FFFFFFF) > 0x7F800000; }

static int equal_scalars(char kind, int size, uint64_t got, uint64_t want) {
    if (size < 8) {
        uint64_t mask = (UINT64_C(1) << (8 * size)) - 1;
        got &= mask;
        want &= mask;
    }
    return got == want || (kind == 'f' && (size == 8 ? both_nan64(got, want) : both_nan32((uint32_t)got, (uint32_t)want)));
}

/* Offset of the first difference, or -1. Types of memory are unknown: words that differ pass if they are NaNs in both. */
static long first_difference(const unsigned char *got, const unsigned char *want, uint64_t size) {
    for (uint64_t i = 0; i < size;) {
        uint64_t a, b;
        uint32_t c, d;
        if (i % 8 == 0 && i + 8 <= size) {
            memcpy(&a, got + i, 8);
            memcpy(&b, want + i, 8);
            if (a == b || both_nan64(a, b)) {
                i += 8;
                continue;
            }
        }
        if (i % 4 == 0 && i + 4 <= size) {
            memcpy(&c, got + i, 4);
            memcpy(&d, want + i, 4);
            if (c == d || both_nan32(c, d)) {
                i += 4;
                continue;
            }
        }
        if (got[i] != want[i]) return (long)i;
        i++;
    }
    return -1;
}

/* ---- calls ---- */

/* AAPCS64 leaves the bits above a narrow argument unspecified. (So does System V on paper, but clang's callees rely on extension.) */
static uint64_t fill_narrow(uint64_t bits, int size) { return size < 8 ? bits | (UINT64_C(0xA5A5A5A5A5A5A5A5) << (8 * size)) : bits; }

static void add_argument(struct call *call, char kind, int size, uint64_t bits) {
    if (kind == 'f' && call->floats < FLOAT_REGISTERS) {
        memcpy(&call->f[call->floats++], &bits, 8);
    } else if (kind == 'i' && call->ints < INT_REGISTERS) {
        call->i[call->ints++] = fill_narrow(bits, size);
    } else {
        if (call->words == STACK_WORDS) cannot("too many arguments", NULL);
        call->s[call->words++] = fill_narrow(bits, size);
    }
}

static uint64_t perform(void *function, struct call *call, char result_kind) {
    if (result_kind == 'f') {
        double value = ((double (*)(PARAMETERS))function)(ARGUMENTS(call));
        uint64_t bits;
        memcpy(&bits, &value, 8);
        return bits;
    }
    return ((uint64_t(*)(PARAMETERS))function)(ARGUMENTS(call));
}

int main(int argc, char **argv) {
    void *library;
    long calls = 0, different = 0;
    if (argc != 3) cannot("usage: replay LIBRARY RECORD", NULL);
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) cannot("can't load the library", dlerror());
    read_record(argv[2]);
    while (cursor < limit) {
        struct call call = {0};
        char name[256] = {0}, kind;
        size_t length = take_number(2);
        int size, count;
        uint64_t want, got, region_count;
        struct region *regions;
        void *function;
        int bad = 0;

        if (length >= sizeof name) cannot("a function name is too long", NULL);
        memcpy(name, take(length), length);
        for (count = (int)take_number(1); count > 0; count--) {
            kind = (char)take_number(1);
            size = (int)take_number(1);
            add_argument(&call, kind, size, take_number(8));
        }
        kind = (char)take_number(1);
        size = (int)take_number(1);
        want = take_number(8);
        region_count = take_number(4);
        regions = calloc(region_count + 1, sizeof *regions);
        if (!regions) cannot("out of memory", NULL);
        for (uint64_t r = 0; r < region_count; r++) {
            uint64_t address = take_number(8);
            regions[r].at = (unsigned char *)address;
            regions[r].size = take_number(8);
            regions[r].before = take(regions[r].size);
            regions[r].after = take_number(1) ? take(regions[r].size) : regions[r].before;
            map_region(address, regions[r].size);
            memcpy(regions[r].at, regions[r].before, regions[r].size);
        }
        function = dlsym(library, name);
        if (!function) cannot("the library lacks", name);
        got = perform(function, &call, kind);
        calls++;
        if (kind != 'v' && !equal_scalars(kind, size, got, want)) {
            bad = 1;
            if (different < MOST_REPORTS)
                printf("%s (call %ld): result %016llx, recorded %016llx\n", name, calls, (unsigned long long)got, (unsigned long long)want);
        }
        for (uint64_t r = 0; r < region_count; r++) {
            long at = first_difference(regions[r].at, regions[r].after, regions[r].size);
            if (at < 0) continue;
            if (!bad && different < MOST_REPORTS)
                printf("%s (call %ld): memory %llu, byte %ld: %02x, recorded %02x\n", name, calls, (unsigned long long)r, at,
                       regions[r].at[at], regions[r].after[at]);
            bad = 1;
        }
        different += bad;
        free(regions);
    }
    printf("replayed %ld calls, %ld different\n", calls, different);
    return different > 0;
}
