/* Symplectic Euler steps of bodies behind a pointer, as advance_bodies in tests/kernels/nbody_step.jl. */
#include <math.h>
#include <stdint.h>

struct vec3 {
    double x, y, z;
};
struct body {
    struct vec3 pos, vel;
    double mass;
};

static inline struct vec3 add(struct vec3 a, struct vec3 b) { return (struct vec3){a.x + b.x, a.y + b.y, a.z + b.z}; }
static inline struct vec3 sub(struct vec3 a, struct vec3 b) { return (struct vec3){a.x - b.x, a.y - b.y, a.z - b.z}; }
static inline struct vec3 scale(double k, struct vec3 a) { return (struct vec3){k * a.x, k * a.y, k * a.z}; }
static inline double dot(struct vec3 a, struct vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline struct body kicked(struct body b, struct vec3 dv) { return (struct body){b.pos, add(b.vel, dv), b.mass}; }
static inline struct body drifted(struct body b, double dt) { return (struct body){add(b.pos, scale(dt, b.vel)), b.vel, b.mass}; }

void advance_bodies(struct body *bodies, int64_t n, double dt, int64_t steps) {
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 0; i < n; i++) {
            struct body bi = bodies[i];
            for (int64_t j = i + 1; j < n; j++) {
                struct body bj = bodies[j];
                struct vec3 d = sub(bi.pos, bj.pos);
                double d2 = dot(d, d);
                double mag = dt / (d2 * sqrt(d2));
                bi = kicked(bi, scale(-(bj.mass * mag), d));
                bodies[j] = kicked(bj, scale(bodies[i].mass * mag, d));
            }
            bodies[i] = bi;
        }
        for (int64_t i = 0; i < n; i++) bodies[i] = drifted(bodies[i], dt);
    }
}
