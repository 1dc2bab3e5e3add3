"""Whole processes with Julia source as input: from program to output beside other ways to run the same, and compile throughput.
Gives rows of tables; raises subprocess.CalledProcessError when a command fails."""

import pathlib
import re
import statistics
import subprocess
import sys

import generated
import timing

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
KERNELS = HERE.parent / "tests" / "kernels"
START_HEADER = ["program to output, whole process", "ms", "quartiles, ms", "least, ms", "CPU, ms", "peak memory, MiB", "time / CPython's",
                "CPU / CPython's"]
THROUGHPUT_HEADER = ["generated module, whole process", "ms", "quartiles, ms", "CPU, ms", "peak memory, MiB", "functions/s", "statements/s",
                     "typed IR statements/s"]


class Wrong(Exception):
    """Programs that should print the same do not."""


def spread(values, scale=1.0, digits=1):
    low, _, high = timing.quartiles(values)
    return f"{low * scale:.{digits}f} to {high * scale:.{digits}f}"


def against(ours, theirs):
    """The median of the ratios within each round, with their quartiles."""
    each = timing.ratios(ours, theirs)
    return f"{statistics.median(each):.2f} ({spread(each, digits=2)})"


def output(command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def start_rows(jlift, measure, rounds, folder):
    """From the start of a process to its end, with a program of Julia source, of Python, and of Python with Numba:
    (rows, rows of aims)."""
    python = sys.executable  # of a virtual environment, which starts without what the machine's installation adds
    empty = folder / "empty.jl"
    empty.write_text("")
    numba = [sys.executable, PROGRAMS / "harmonic_numba.py"]
    twins = [("jlift run harmonic.jl", [jlift, "run", PROGRAMS / "harmonic.jl"]),
             ("CPython harmonic.py", [python, PROGRAMS / "harmonic.py"])]
    try:
        output([sys.executable, "-c", "import numba"])
        twins += [("Numba", numba), ("Numba, compiled by an earlier run", ["env", f"NUMBA_CACHE_DIR={folder / 'numba'}", *numba])]
    except subprocess.CalledProcessError:
        print("without Numba programs", file=sys.stderr)
    printed = {name: output(command) for name, command in twins}
    if len(set(printed.values())) != 1:
        raise Wrong(str(printed))
    kernel = "scan_histogram_search"
    alone = [("jlift run of an empty file", [jlift, "run", empty]),
             ("jlift run signal_first.jl (250 lines, one function called)", [jlift, "run", PROGRAMS / "signal_first.jl"]),
             ("jlift run signal_all.jl (250 lines, five functions called)", [jlift, "run", PROGRAMS / "signal_all.jl"]),
             (f"jlift run {kernel}.driver.jl (250 lines, and 85 that call and print)", [jlift, "run", KERNELS / f"{kernel}.driver.jl"]),
             ("a process that does nothing (`true`)", ["true"])]
    names, commands = zip(*twins, *alone)
    every = timing.runs(measure, rounds, commands)
    base = every[names.index("CPython harmonic.py")]
    rows = []
    for name, runs in zip(names, every):
        compared = name in printed and runs is not base
        quotients = [against(runs.seconds, base.seconds), against(runs.cpu_seconds, base.cpu_seconds)] if compared else ["", ""]
        rows.append([name, f"{statistics.median(runs.seconds) * 1000:.1f}", spread(runs.seconds, 1000), f"{min(runs.seconds) * 1000:.1f}",
                     f"{statistics.median(runs.cpu_seconds) * 1000:.1f}", f"{statistics.median(runs.peak_kib) / 1024:.1f}", *quotients])
    return rows, aims(dict(zip(names, every)))


AIMS_HEADER = ["aim", "limit", "measured (median)", "least", "reached"]


def aims(runs):
    """The goals for these runs; `runs` by the names of `start_rows`."""
    harmonic, python = runs["jlift run harmonic.jl"], runs["CPython harmonic.py"]
    [first] = [each for name, each in runs.items() if "signal_first.jl" in name]
    milliseconds, mebibytes = (lambda v: v * 1000), (lambda v: v / 1024)
    lines = [("harmonic.jl, process, ms", 10, [milliseconds(v) for v in harmonic.seconds]),
             ("harmonic.jl, process, as a part of CPython's time", 0.5, timing.ratios(harmonic.seconds, python.seconds)),
             ("harmonic.jl, peak memory, MiB", 40, [mebibytes(v) for v in harmonic.peak_kib]),
             ("250 lines to the first result, process, ms", 40, [milliseconds(v) for v in first.seconds])]
    return [[what, limit, f"{statistics.median(values):.2f}", f"{min(values):.2f}", "yes" if statistics.median(values) < limit else "no"]
            for what, limit, values in lines]


def throughput_rows(jlift, measure, rounds, folder, functions=2000):
    """(what was generated, rows) for `check` and `build` of a generated module, all of whose functions are exports."""
    module = generated.module(functions)
    source, library = folder / "generated.jl", folder / "generated.so"
    source.write_text(module.text)
    flags = [word for export in module.exports for word in ("--export", export)]
    typed = output([jlift, "emit", "--stage", "typed", source, *flags])
    ir_statements = len(re.findall(r"^  +(?:%\d+ = |goto |return |unreachable)", typed, re.MULTILINE))
    build = [jlift, "build", source, *flags, "-o", library]
    commands = {"jlift check": [jlift, "check", source, *flags], "jlift build, 1 thread": [*build, "-j", "1"],
                "jlift build, 2 threads": [*build, "-j", "2"]}
    rows = []
    for name, runs in zip(commands, timing.runs(measure, rounds, commands.values())):
        seconds = statistics.median(runs.seconds)
        rows.append([name, f"{seconds * 1000:.0f}", spread(runs.seconds, 1000, 0), f"{statistics.median(runs.cpu_seconds) * 1000:.0f}",
                     f"{statistics.median(runs.peak_kib) / 1024:.1f}",
                     *(f"{count / seconds:,.0f}" for count in (module.functions, module.statements, ir_statements))])
    what = (f"The generated module: {module.functions:,} functions, {module.statements:,} statements of source, {ir_statements:,} of typed IR; "
            f"a library of {library.stat().st_size:,} bytes.")
    return what, rows
