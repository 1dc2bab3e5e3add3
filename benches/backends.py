"""Cranelift beside LLVM: what each takes to compile the same typed IR, and how fast the code is that each makes of the kernels.
Knows the peers and the programs; what a table looks like is run.py's business."""

import pathlib
import statistics
import subprocess

import generated
import kernels
import peers
import timing
import workloads


# Conformance programs whose modules LLVM finishes in seconds: a part of each kind that the folders name.
PROGRAMS = ["programs/mandelbrot_ascii", "dispatch/modular_number", "dispatch/higher_order", "dispatch/enums_kwdef", "arrays/ranges",
            "arrays/reductions", "text/string_search", "text/char_arithmetic"]
# LLVM -O2's compile time over Cranelift's at least, and Cranelift's run time over LLVM's at most, in geometric mean.
COMPILE_AIM, RUN_AIM = 10, 1.3


class Missing(Exception):
    """Why there is nothing to compare with."""


def inputs(folder, functions=2000):
    """(name, file, exports) of everything that is compiled: kernels from typed IR and from source, conformance programs, which are run
    for that, and the generated module."""
    out = [(f"{kernel.name}.jir", kernel.jir, kernel.exports) for kernel in kernels.find()]
    out += [(f"{kernel.name}.jl", kernel.source, kernel.exports) for kernel in kernels.find() if kernel.source.exists()]
    programs = pathlib.Path(kernels.KERNELS).parent / "julia"
    out += [(f"{name} (program)", programs / f"{name}.jl", ["run"]) for name in PROGRAMS]
    module = generated.module(functions)
    source = folder / "generated_backends.jl"
    source.write_text(module.text)
    out.append((f"the module of {module.functions:,} functions", source, module.exports))
    return out


def compile_times(binary, folder):
    """(what LLVM takes for an empty module, [(name, statements, ms of Cranelift, of LLVM -O0, of LLVM -O2)])."""
    lines = [f"{name}\t{file}\t{';'.join(exports)}\n" for name, file, exports in inputs(folder)]
    # A process runs one program at most.
    rest = "".join(line for line in lines if not line.endswith("\trun\n"))
    nothing, rows, complaints = None, [], ""
    for given in [rest, *(line for line in lines if line.endswith("\trun\n"))]:
        done = subprocess.run([str(binary)], input=given, capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"{given.splitlines()[0]}: exit {done.returncode}: {done.stderr.strip()[:300]}")
        found = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 4]
        empty, *found = [(name, int(statements), *map(float, times)) for name, statements, *times in found]
        nothing, complaints = nothing or empty, complaints + done.stderr
        rows += found
    return nothing, rows, complaints


HEADER = ["compile time of the same typed IR, CPU ms", "IR statements", "Cranelift", "LLVM -O0", "LLVM -O2", "LLVM -O0/Cranelift", "LLVM -O2/Cranelift"]


def compile_rows(rows):
    """Rows of the table: kernels in two sums, the rest one by one, the ratios of sums and the geometric mean of those of each; and
    whether the aim is met."""
    groups = [("kernels from typed IR", [row for row in rows if row[0].endswith(".jir")]),
              ("kernels from Julia source", [row for row in rows if row[0].endswith(".jl")]),
              ("conformance programs", [row for row in rows if row[0].endswith("(program)")])]
    groups += [(row[0], [row]) for row in rows if not row[0].endswith((".jir", ".jl", "(program)"))]
    out = []
    for name, members in groups:
        if members:
            statements, *times = (sum(column) for column in list(zip(*members))[1:])
            title = f"{name} ({len(members)} modules)" if len(members) > 1 else name
            out.append([title, f"{statements:,}", *(f"{ms:.1f}" for ms in times), *(f"{ms / times[0]:.1f}" for ms in times[1:])])
    means = [timing.geometric_mean([row[n] / row[2] for row in rows if row[n] > 0]) for n in (3, 4)]
    out.append(["**geometric mean of all modules**", "", "", "", "", *(f"**{mean:.1f}**" for mean in means)])
    says = f"LLVM -O2 takes {means[1]:.1f} times as long as Cranelift in geometric mean; the aim of at least {COMPILE_AIM} is "
    return out, says + ("met." if means[1] >= COMPILE_AIM else "**not met**.")


RUN_HEADER = ["kernel, code at -O2", "Cranelift, µs", "LLVM, µs", "Cranelift/LLVM (quartiles)"]


def run_rows(jlift, repository, folder, rounds, kind, note):
    """Run time of the code of both backends, in the same rounds; and whether the aim is met."""
    makers = {name: peers.jlift(jlift, repository, folder, ["-O2", "--backend", name], kind) for name in ("cranelift", "llvm")}
    rows, means = [], []
    for workload in workloads.WORKLOADS:
        try:
            bound = {name: make(workload) for name, make in makers.items()}
        except (peers.Unavailable, OSError, AttributeError) as why:
            note(f"{workload.title}, backends", why)
            continue
        if len({each.outcome() for each in bound.values()}) > 1:
            note(f"{workload.title}, backends", "results differ")
        samples = timing.interleaved(bound, rounds)
        low, middle, high = timing.quartiles(timing.ratios(samples["cranelift"], samples["llvm"]))
        means.append(middle)
        rows.append([f"{workload.title} ({workload.work})", *(f"{statistics.median(samples[name]) / 1000:.1f}" for name in makers),
                     f"{middle:.2f} ({low:.2f} to {high:.2f})"])
    if not means:
        return rows, "Nothing was timed."
    mean = timing.geometric_mean(means)
    rows.append(["**geometric mean**", "", "", f"**{mean:.2f}**"])
    says = f"Cranelift's code takes {mean:.2f} times as long as LLVM's in geometric mean; the aim of at most {RUN_AIM} is "
    return rows, says + ("met." if mean <= RUN_AIM else "**not met**.")
