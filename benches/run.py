#!/usr/bin/env python3
"""Benchmarks beside the peers; `scripts/bench` builds what this needs and runs it.

Prints Markdown tables: run time of kernel functions, compiled from Julia source and from typed IR, against C and Numba, then whole
processes: Julia programs to their output, compile throughput, build and start-up times, peak memory, sizes.
With --record they replace what stands between the markers of docs/PERFORMANCE.md.
Exit status 1 when a peer's results differ or jlift fails to build something.
"""

import argparse
import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "conformance"))

import backends
import julia_source
import kernels
import peers
import timing
import workloads

PAGE = REPOSITORY / "docs" / "PERFORMANCE.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
BACKENDS_BEGIN, BACKENDS_END = "<!-- backends: begin -->", "<!-- backends: end -->"
C_COMPILER = ["gcc", "-O2"]
EXECUTABLE = HERE / "hello.jir"  # its `main` writes a line
problems = []


def note(what, why):
    problems.append(f"{what}: {why}")


def table(header, rows):
    """A Markdown table; columns after the first are right-aligned."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def ratio(part, whole):
    return f"{part / whole:.2f}" if part and whole else "-"


# ---- run time ----


INPUTS = {".jl": "Julia source", ".jir": "typed IR"}


def run_times(options, folder):
    """For each kind of input a table of run times with the geometric means of the ratios; all peers take turns in the same rounds."""
    makers = {"gcc": peers.c_compiler(C_COMPILER, HERE / "c", folder)}
    for kind in options.inputs:
        for cpu, flags in (("", []), (" native", ["--cpu", "native"])):
            makers[kind + cpu] = peers.jlift(options.jlift, REPOSITORY, folder, ["-O2", *flags], kind)
    try:
        makers["numba"] = peers.numba()
    except peers.Unavailable as why:
        print(f"without Numba: {why}", file=sys.stderr)
    measured = []
    for workload in workloads.WORKLOADS:
        bound = {}
        for name, make in makers.items():
            try:
                bound[name] = make(workload)
            except (peers.Unavailable, OSError, AttributeError) as why:
                note(f"{workload.title}, {name}", why)
        outcomes = {name: each.outcome() for name, each in bound.items()}
        for name, outcome in outcomes.items():
            if outcome != outcomes.get("gcc", outcome):
                note(f"{workload.title}, {name}", "results differ from gcc's")
        measured.append((workload, timing.interleaved(bound, options.rounds) if bound else {}))
        print(f"timed {workload.title}", file=sys.stderr)
    return "\n\n".join(run_time_table(kind, measured) for kind in options.inputs)


def run_time_table(kind, measured):
    """The table of one kind of input, from (workload, samples by peer). Ratios are medians of the ratios within each round."""
    names = [kind, f"{kind} native", "gcc", "numba"]
    pairs = [(over, under) for under in ("gcc", "numba") for over in names[:2]]
    rows, means = [], {pair: [] for pair in pairs}
    for workload, samples in measured:
        row = [f"{workload.title} ({workload.work})"]
        row += [f"{statistics.median(samples[name]) / 1000:.1f}" if name in samples else "-" for name in names]
        for pair in pairs:
            if not samples.keys() >= set(pair):
                row.append("-")
                continue
            low, middle, high = timing.quartiles(timing.ratios(*(samples[name] for name in pair)))
            means[pair].append(middle)
            row.append(f"{middle:.2f}" + (f" ({low:.2f} to {high:.2f})" if pair == pairs[0] else ""))
        rows.append(row)
    mean = lambda of: f"**{timing.geometric_mean(of):.2f}**" if of else "-"
    rows.append(["**geometric mean**", "", "", "", "", *(mean(means[pair]) for pair in pairs)])
    times = ["jlift, µs", "jlift --cpu native, µs", f"{' '.join(C_COMPILER)}, µs", "Numba, µs"]
    return table([f"kernel, from {INPUTS[kind]}", *times, "jlift/gcc (quartiles)", "native/gcc", "jlift/numba", "native/numba"], rows)


# ---- whole processes ----


def library_builds(options, folder, measure):
    """Every kernel library with all its exports on one and on two threads: (sizes and times by kernel, throughput table)."""
    every = kernels.find()
    rows, statements, seconds, peaks, largest = [], 0, {1: 0.0, 2: 0.0}, [], (0, "", {})
    for kernel in every:
        library = folder / f"{kernel.name}.so"
        command = kernels.build_command(options.jlift, kernel, library, "-O2")
        try:
            commands = [[*command, "-j", str(threads)] for threads in seconds]
            results = timing.processes(measure, options.build_rounds, commands)
            took, peak = {threads: time for threads, (time, _) in zip(seconds, results)}, results[-1][1]
        except subprocess.CalledProcessError as error:
            note(f"build of {kernel.name}", error.stderr.strip())
            rows.append([kernel.name, kernel.statements, "-", "-", "-", "-"])
            continue
        for threads in seconds:
            seconds[threads] += took[threads]
        statements += kernel.statements
        peaks.append(peak)
        if kernel.statements > largest[0]:
            largest = (kernel.statements, kernel.name, took)
        rows.append([kernel.name, kernel.statements, f"{library.stat().st_size:,}", f"{took[1] * 1000:.1f}", f"{took[2] * 1000:.1f}", f"{peak / 1024:.1f}"])
    rate = lambda threads: f"{statements / seconds[threads]:,.0f}" if seconds[threads] else "-"
    total = ["**all**", statements, "", f"{seconds[1] * 1000:.1f}", f"{seconds[2] * 1000:.1f}", f"{max(peaks, default=0) / 1024:.1f} (most)"]
    sizes = table(["library", "IR statements", "bytes", "build, 1 thread, ms", "build, 2 threads, ms", "peak memory, MiB"], [*rows, total])
    lines = [["all libraries, a process each: statements per second", rate(1), rate(2)]]
    if largest[2]:
        lines.append([f"{largest[1]} alone: statements per second", *(f"{largest[0] / largest[2][threads]:,.0f}" for threads in (1, 2))])
    throughput = table(["compile throughput, whole processes", "1 thread", "2 threads"], lines)
    return sizes, throughput


def harmonic(options, folder, measure):
    """Build of one small function from process start to file, beside the C compiler and a process that does nothing."""
    [kernel] = kernels.find(["harmonic_sums"])
    library = folder / "harmonic.so"
    ours = kernels.build_command(options.jlift, kernel, library, "-O2", exports=["harmonic_forward(Int64)"])
    c = [*C_COMPILER, "-fPIC", "-shared", "-o", folder / "harmonic_c.so", HERE / "c" / "harmonic.c"]
    try:
        results = timing.processes(measure, options.process_rounds, [ours, c, ["true"]])
    except subprocess.CalledProcessError as error:
        note("harmonic library", error.stderr.strip())
        return "(the harmonic library could not be built)"
    files = [library, folder / "harmonic_c.so", None]
    names = ["jlift build", " ".join(C_COMPILER) + " -shared", "a process that does nothing (`true`)"]
    rows = [[name, f"{seconds * 1000:.2f}", f"{kib / 1024:.1f}", f"{file.stat().st_size:,}" if file else ""]
            for name, (seconds, kib), file in zip(names, results, files)]
    return table(["harmonic sum, process start to file", "ms", "peak memory, MiB", "bytes"], rows)


def start_up(options, folder, measure):
    """Start of an executable beside a static C program that prints the same."""
    if not EXECUTABLE.exists():
        return f"(no {EXECUTABLE.relative_to(REPOSITORY)} to start)"
    ours, c = folder / "hello", folder / "hello_c"
    try:
        peers.run(options.jlift, "build", EXECUTABLE, "--emit", "exe", "-o", ours)
        peers.run(*C_COMPILER, "-static", "-o", c, HERE / "c" / "hello.c")
        results = timing.processes(measure, options.process_rounds, [[ours], [c]])
    except (peers.Unavailable, subprocess.CalledProcessError) as error:
        note("executable", getattr(error, "stderr", None) or error)
        return "(the executable could not be built or run)"
    rows = [[name, f"{seconds * 1000:.3f}", f"{kib}", f"{file.stat().st_size:,}"]
            for name, (seconds, kib), file in zip(["jlift", " ".join(C_COMPILER) + " -static"], results, [ours, c])]
    return table(["hello, spawn to exit", "ms", "peak memory, KiB", "bytes"], rows)


def from_source(options, folder, measure):
    """Julia programs to their output, and compile throughput on a generated module."""
    parts = []
    try:
        rows, aims = julia_source.start_rows(options.jlift, measure, options.start_rounds, folder)
        parts += [table(julia_source.START_HEADER, rows), table(julia_source.AIMS_HEADER, aims)]
        what, rows = julia_source.throughput_rows(options.jlift, measure, options.build_rounds, folder)
        parts += [what, table(julia_source.THROUGHPUT_HEADER, rows)]
    except (subprocess.CalledProcessError, julia_source.Wrong) as error:
        note("Julia source", getattr(error, "stderr", None) or error)
        parts.append("(a program of Julia source failed)")
    return "\n\n".join(parts)


# ---- backends ----


def beside_llvm(options, folder):
    """Compile time and run time of Cranelift beside LLVM; says so where LLVM is missing."""
    binary = options.jlift.parent / "backends"
    try:
        nothing, rows, complaints = backends.compile_times(binary, folder)
    except (backends.Missing, OSError) as why:
        note("backends", why)
        return f"(no comparison with LLVM: {why})"
    for line in complaints.splitlines()[:5]:
        note("backends", line)
    what = f"{nothing[0]}; an empty module, which is subtracted, takes its tools {nothing[3]:.0f} ms at -O0 and {nothing[4]:.0f} ms at -O2."
    if options.record and not nothing[0].endswith("release code"):
        note("backends", "times of a debug build are not recorded")
    lines, says = backends.compile_rows(rows)
    parts = [what, table(backends.HEADER, lines), says]
    for kind in options.inputs:
        header = [f"{backends.RUN_HEADER[0]}, from {INPUTS[kind]}", *backends.RUN_HEADER[1:]]
        lines, says = backends.run_rows(options.jlift, REPOSITORY, folder, options.rounds, kind, note)
        parts += [table(header, lines), says]
    return "\n\n".join(parts)


# ---- the report ----


def machine():
    """What the numbers depend on, in one line."""
    try:
        cpu = next(line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    except (OSError, StopIteration):
        cpu = platform.machine()
    versions = [peers.run("gcc", "-dumpfullversion").strip()]
    try:
        import numba

        versions.append(f"Numba {numba.__version__}")
    except ImportError:
        pass
    return f"{datetime.date.today()}; {cpu}, {len(os.sched_getaffinity(0))} CPUs; gcc {', '.join(versions)}; Python {platform.python_version()}"


def report(options):
    with tempfile.TemporaryDirectory(prefix="jlift-bench-") as scratch:
        folder = pathlib.Path(scratch)
        measure = folder / "measure"
        peers.run("gcc", "-O2", "-o", measure, HERE / "c" / "measure.c")
        rounds = f"medians of interleaved rounds: {options.rounds} of kernels, {options.start_rounds} of programs, {options.build_rounds} of builds"
        load = f"load average before {os.getloadavg()[1]:.1f}"
        parts = [f"Measured {machine()}; {load}; {rounds}."]
        if not options.processes_only:
            parts.append(run_times(options, folder))
        if not options.run_time_only:
            parts.append(from_source(options, folder, measure))
            sizes, throughput = library_builds(options, folder, measure)
            parts += [harmonic(options, folder, measure), start_up(options, folder, measure), throughput, sizes]
    return "\n\n".join(parts)


def backends_report(options):
    """Cranelift beside LLVM, a report of its own: it can be recorded without the other."""
    with tempfile.TemporaryDirectory(prefix="jlift-bench-") as scratch:
        load = f"load average before {os.getloadavg()[1]:.1f}"
        profile = {"debug": "the development profile"}.get(options.jlift.parent.name, options.jlift.parent.name)
        head = f"Measured {machine()}; {load}; jlift built in {profile}; run times are medians of {options.rounds} interleaved rounds."
        return f"{head}\n\n{beside_llvm(options, pathlib.Path(scratch))}"


def record(text, begin=BEGIN, end=END):
    """Puts a report between its markers on the page."""
    page = PAGE.read_text()
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    if not rest or not after:
        sys.exit(f"{PAGE} has no markers {begin} and {end}")
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jlift", required=True, type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="write the tables into docs/PERFORMANCE.md")
    parser.add_argument("--rounds", type=int, default=15, help="of the run-time comparison")
    parser.add_argument("--build-rounds", type=int, default=5, help="of each library build")
    parser.add_argument("--process-rounds", type=int, default=50, help="of the small build and of start-up")
    parser.add_argument("--start-rounds", type=int, default=20, help="of programs from source to output")
    parser.add_argument("--from", dest="inputs", choices=["jl", "jir", "both"], default="both", help="what the timed kernels are compiled from")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--run-time-only", action="store_true")
    only.add_argument("--processes-only", action="store_true")
    only.add_argument("--backends-only", action="store_true", help="Cranelift beside LLVM")
    options = parser.parse_args()
    options.inputs = list(INPUTS) if options.inputs == "both" else [f".{options.inputs}"]
    if options.record and (options.run_time_only or options.processes_only or len(options.inputs) < len(INPUTS)):
        parser.error("only the whole report can be recorded")
    options.jlift = options.jlift.resolve()
    if options.record and options.jlift.parent.name != "release":
        parser.error(f"{options.jlift} is no release build: its times are not recorded")
    text = "" if options.backends_only else report(options)
    print(text)
    if options.record and text and not problems:
        record(text)
    if options.backends_only or not (options.run_time_only or options.processes_only):
        beside = backends_report(options)
        print(beside)
        if options.record and not problems:
            record(beside, BACKENDS_BEGIN, BACKENDS_END)
    for problem in problems:
        print(f"problem: {problem}", file=sys.stderr)
    if options.record and problems:
        print("not recorded", file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
