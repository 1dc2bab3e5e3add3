/* Times whole processes: wall time from spawn to exit, and peak memory.
 *
 * usage: measure ROUNDS COMMAND [ARGS...] [--and COMMAND [ARGS...]]...
 *
 * Runs the commands in turn, ROUNDS times, with stdin, stdout and stderr on /dev/null, and prints for each run
 * `COMMAND_NUMBER NANOSECONDS PEAK_KIB CPU_MICROSECONDS` (user and system together). A command that fails ends everything with exit status 1.
 * A program of its own because a child's peak memory starts with that of the process it was spawned from. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    enum { MOST = 16 };
    char **commands[MOST];
    int count = 0, rounds = argc > 2 ? atoi(argv[1]) : 0;
    posix_spawn_file_actions_t actions;

    if (rounds <= 0) {
        fprintf(stderr, "usage: measure ROUNDS COMMAND [ARGS...] [--and COMMAND [ARGS...]]...\n");
        return 2;
    }
    commands[count++] = argv + 2;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--and") || count == MOST) continue;
        argv[i] = NULL;
        commands[count++] = argv + i + 1;
    }
    posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 3; fd++) posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
    for (int round = 0; round < rounds; round++) {
        for (int c = 0; c < count; c++) {
            pid_t child;
            int status;
            struct rusage usage;
            long long start = now();
            if (posix_spawnp(&child, commands[c][0], &actions, NULL, commands[c], environ)) {
                fprintf(stderr, "measure: can't run %s\n", commands[c][0]);
                return 1;
            }
            wait4(child, &status, 0, &usage);
            long long end = now();
            if (!WIFEXITED(status) || WEXITSTATUS(status)) {
                fprintf(stderr, "measure: %s failed\n", commands[c][0]);
                return 1;
            }
            long long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
            printf("%d %lld %ld %lld\n", c, end - start, usage.ru_maxrss, cpu);
        }
    }
    return 0;
}
