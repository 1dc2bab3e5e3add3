"""How functions and processes are timed: peers take turns, and medians are kept. Knows nothing of jlift."""

import dataclasses
import gc
import statistics
import subprocess
import time


def once(bound, calls):
    """Nanoseconds per call, over so many calls: processor time of this thread, which does not count waiting for a busy machine."""
    call, restore = bound.call, bound.restore
    start = time.thread_time_ns()
    for _ in range(calls):
        restore()
        call()
    return (time.thread_time_ns() - start) / calls


def interleaved(peers, rounds, sample_ns=4_000_000):
    """Nanoseconds per call of each of the peers (name -> Bound), a list with one for each round. A round times every peer once, in an
    order that moves on from round to round; a sample takes about `sample_ns`, as many calls for each peer as the first of them needs."""
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
    return samples


@dataclasses.dataclass(frozen=True)
class Runs:
    """One command's runs: element i of each list, and of the lists of the commands that it took turns with, is from round i."""

    seconds: list
    cpu_seconds: list
    peak_kib: list


def runs(measure, rounds, commands):
    """The Runs of each command, run in turn `rounds` times by the program measure.c.
    Raises subprocess.CalledProcessError when one fails."""
    line = [str(measure), str(rounds)]
    for number, command in enumerate(commands):
        line += (["--and"] if number else []) + [str(word) for word in command]
    output = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    all_runs = [Runs([], [], []) for _ in commands]
    for row in output.splitlines():
        number, nanoseconds, kib, cpu_microseconds = map(int, row.split())
        of = all_runs[number]
        of.seconds.append(nanoseconds / 1e9)
        of.cpu_seconds.append(cpu_microseconds / 1e6)
        of.peak_kib.append(kib)
    return all_runs


def processes(measure, rounds, commands):
    """Like `runs`, summed up: (median seconds, median peak KiB) for each command."""
    return [(statistics.median(each.seconds), statistics.median(each.peak_kib)) for each in runs(measure, rounds, commands)]


def quartiles(values):
    """(first quartile, median, third quartile)."""
    return tuple(statistics.quantiles(values, method="inclusive")) if len(values) > 1 else (values[0],) * 3


def ratios(over, under):
    """Ratios within each round, which what else the machine does falsifies less than a ratio of medians."""
    return [a / b for a, b in zip(over, under)]


def geometric_mean(ratios):
    """The geometric mean; None of nothing."""
    return statistics.geometric_mean(ratios) if ratios else None
