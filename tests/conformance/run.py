#!/usr/bin/env python3
"""Build the kernel libraries with jlift, drive them from Python and compare with the recorded output of Julia.

Natively, each library is loaded by its ctypes driver (NAME.py), whose output must equal NAME.out byte for byte. With --source the
libraries are built from NAME.jl instead of NAME.jir, and `jlift run NAME.driver.jl` must print the same; --backend says who makes
the code of both. The interpreter makes none (`--source --backend interp`): it executes the drivers in Julia only.
With --target, --emulator and --cross-cc the library is cross-built and, because no Python runs in the emulator, the driver runs
against a native library while record.py writes down every call; tests/aarch64/replay.c repeats the calls in the emulator and
compares results and memory bit for bit. The native library is then built for a CPU with fused multiply-add, as the target's is.

Prints a line per failure and, last, `N passed, M failed` (and `K skipped` if any). Exit 0 when nothing failed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import tempfile

import kernels

HERE = pathlib.Path(__file__).resolve().parent
REPLAY_SOURCE = HERE.parent / "aarch64" / "replay.c"


class Failed(Exception):
    """Why a kernel did not pass, in one line."""


def text(data):
    return data.decode("utf-8", "replace").strip()


def run(command, timeout, what):
    """The command's stdout. Raises Failed when it exits with a status other than 0 or takes longer than `timeout` seconds."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failed(f"{what}: no end after {timeout:g} s") from None
    except OSError as error:
        raise Failed(f"{what}: {error}") from None
    if done.returncode != 0:
        says = (text(done.stderr) or text(done.stdout)).splitlines()
        raise Failed(f"{what}: exit {done.returncode}: {' | '.join(says[:4])[:400]}")
    return done.stdout


def compare(got, want):
    """Raises Failed that shows the first line in which the two outputs differ."""
    if got == want:
        return
    pairs = enumerate(zip(text(got).splitlines(), text(want).splitlines()), 1)
    for number, (ours, julia) in pairs:
        if ours != julia:
            at = next((i for i, (a, b) in enumerate(zip(ours, julia)) if a != b), min(len(ours), len(julia)))
            start = max(0, at - 40)
            raise Failed(f"output line {number}, column {at + 1}: got ...{ours[start:at + 40]!r}, want ...{julia[start:at + 40]!r}")
    raise Failed(f"output has {len(got.splitlines())} lines, want {len(want.splitlines())}")


def drive(kernel, options, folder):
    """The native check."""
    library = folder / f"{kernel.name}.so"
    flags = [options.optimise, "--backend", options.backend, *(["--cpu", options.cpu] if options.cpu else [])]
    if options.backend != "interp":
        run(kernels.build_command(options.jlift, kernel, library, *flags, source=options.source), options.timeout, "build")
        compare(run([options.python, kernel.driver, library], options.timeout, "driver"), kernel.expected)
    if options.source:
        compare(run([options.jlift, "run", *flags, kernel.julia_driver], options.timeout, "run"), kernel.expected)


def replay(kernel, options, folder):
    """The cross check."""
    recorded, library, record = (folder / f"{kernel.name}{end}" for end in (".host.so", ".target.so", ".rec"))
    host_flags = ["--cpu", "x86-64-v3"] if options.host_has_fma else []
    run(kernels.build_command(options.jlift, kernel, recorded, options.optimise, *host_flags), options.timeout, "build for the host")
    target_flags = ["--target", options.target, *(["--cpu", options.cpu] if options.cpu else [])]
    run(kernels.build_command(options.jlift, kernel, library, options.optimise, *target_flags), options.timeout, "build for the target")
    run([options.python, HERE / "record.py", record, kernel.driver, recorded], options.timeout, "recording")
    run([*options.emulator, options.replayer, library, record], options.timeout, "replay")


def check(kernel, options, folder):
    """None, or why the kernel failed."""
    try:
        (replay if options.emulator else drive)(kernel, options, folder)
    except Failed as why:
        return str(why)
    return None


def host_has_fma():
    """Whether code for x86-64-v3 runs here."""
    try:
        flags = set(pathlib.Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return False
    return platform.machine() == "x86_64" and {"fma", "avx2", "bmi2"} <= flags


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jlift", required=True, type=pathlib.Path, help="the jlift binary")
    parser.add_argument("-O", dest="level", default="2", choices=["0", "1", "2"], help="optimisation level, as in -O0")
    parser.add_argument("--cpu", default="", help="passed on to jlift build")
    parser.add_argument("--backend", default="cranelift", choices=["cranelift", "llvm", "interp"], help="who makes the code, or executes it")
    parser.add_argument("--target", default="", help="cross-build for this triple; needs --emulator and --cross-cc")
    parser.add_argument("--emulator", default="", type=shlex.split, help="command that runs a program of the target")
    parser.add_argument("--cross-cc", default="", help="C compiler of the target, for the replayer")
    parser.add_argument("--source", action="store_true", help="build from Julia source, and run the drivers in Julia too")
    parser.add_argument("--python", default=sys.executable, help="Python with numpy, for the drivers")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one step of one kernel")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, help="kernels at a time")
    parser.add_argument("-v", action="store_true", help="also name what passed")
    parser.add_argument("kernels", nargs="*", help="names; all without")
    options = parser.parse_args()
    if bool(options.target) != bool(options.emulator) or bool(options.emulator) != bool(options.cross_cc):
        parser.error("--target, --emulator and --cross-cc go together")
    if options.backend == "interp" and not options.source:
        parser.error("the interpreter makes no libraries: with --source it executes the drivers in Julia")
    options.optimise = f"-O{options.level}"
    options.jlift = options.jlift.resolve()
    options.host_has_fma = host_has_fma()
    return options


def main():
    options = arguments()
    try:
        chosen = kernels.find(options.kernels)
    except LookupError as error:
        sys.exit(str(error))
    if not chosen:
        sys.exit("no kernels found")
    skipped = []
    if options.emulator and not options.host_has_fma:
        skipped = [kernel for kernel in chosen if kernel.uses_muladd()]
        chosen = [kernel for kernel in chosen if kernel not in skipped]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="jlift-kernels-") as scratch:
        folder = pathlib.Path(scratch)
        if options.emulator:
            options.replayer = folder / "replay"
            try:
                run([options.cross_cc, "-O1", "-Wall", "-o", options.replayer, REPLAY_SOURCE, "-ldl"], options.timeout, "replayer")
            except Failed as why:
                sys.exit(str(why))
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            for kernel, why in zip(chosen, pool.map(lambda each: check(each, options, folder), chosen)):
                failed += why is not None
                if why is not None:
                    print(f"FAIL {kernel.name}: {why}", flush=True)
                elif options.v:
                    print(f"ok   {kernel.name}", flush=True)
    for kernel in skipped:
        print(f"skip {kernel.name}: multiply-adds, and this machine has no FMA to record with")
    print(f"{len(chosen) - failed} passed, {failed} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
