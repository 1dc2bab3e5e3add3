"""How functions and processes are timed: peers take turns, and medians are kept. Knows nothing of jlift."""

import gc
import statistics
import subprocess
import time


def once(bound, calls):
    """Nanoseconds per call, over so many calls."""
    call, restore = bound.call, bound.restore
    start = time.perf_counter_ns()
    for _ in range(calls):
        restore()
        call()
    return (time.perf_counter_ns() - start) / calls


def interleaved(peers, rounds, sample_ns=4_000_000):
    """Median nanoseconds per call of each of the peers (name -> Bound). A round times every peer once, in an order that moves on from round
    to round; a sample takes about `sample_ns`, as many calls for each peer as the first of them needs."""
    names = list(peers)
    first = peers[names[0]]
    once(first, 1)
    calls = max(1, round(sample_ns / once(first, 2)))
    samples = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for name in names:
            once(peers[name], calls)
        for turn in range(rounds):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                samples[name].append(once(peers[name], calls))
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in samples.items()}


def processes(measure, rounds, commands):
    """For each command, run in turn `rounds` times by the program measure.c: (median seconds, median peak KiB).
    Raises subprocess.CalledProcessError when one fails."""
    line = [str(measure), str(rounds)]
    for number, command in enumerate(commands):
        line += (["--and"] if number else []) + [str(word) for word in command]
    output = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    times, peaks = [[] for _ in commands], [[] for _ in commands]
    for row in output.splitlines():
        number, nanoseconds, kib = map(int, row.split())
        times[number].append(nanoseconds / 1e9)
        peaks[number].append(kib)
    return [(statistics.median(t), statistics.median(p)) for t, p in zip(times, peaks)]


def geometric_mean(ratios):
    """The geometric mean; None of nothing."""
    return statistics.geometric_mean(ratios) if ratios else None
