#!/usr/bin/env python3
"""Tests of the recorder and the replayer on a library made by the C compiler: a faithful library passes, every defect shows.

Runs natively on x86-64 and aarch64, and once more for aarch64 where a cross compiler and an emulator are found.
Prints a line per failure and, last, `N passed, M failed`.
"""

import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
AARCH64 = HERE.parent / "aarch64"
UNKNOWN_MEMORY = "import ctypes, sys\nf = ctypes.CDLL(sys.argv[1]).reverse\nf.argtypes = [ctypes.c_void_p, ctypes.c_int64]\nf(1 << 20, 0)\n"

tally = {True: 0, False: 0}


def expect(what, holds, detail=""):
    tally[holds] += 1
    if not holds:
        print(f"FAIL {what}: {detail}")


def call(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def library(folder, compiler, broken):
    """Path of a stand-in library; contraction is off because the compilers' defaults differ."""
    path = folder / f"standin-{pathlib.Path(compiler).name}-{broken}.so"
    status, says = call(compiler, "-O2", "-fPIC", "-shared", "-ffp-contract=off", f"-DBROKEN={broken}", "-o", path, AARCH64 / "standin.c", "-lm")
    expect(f"{compiler} builds the stand-in", status == 0, says)
    return path


def replays(folder, place, compiler, emulator, record):
    """All checks of one replayer."""
    replayer = folder / f"replay-{place}"
    status, says = call(compiler, "-O1", "-Wall", "-Werror", "-o", replayer, AARCH64 / "replay.c", "-ldl")
    expect(f"{place}: replayer builds without warnings", status == 0, says)
    if status != 0:
        return
    outcomes = {0: (0, "0 different"), 1: (1, "mixed19"), 2: (1, "reverse"), 3: (2, "lacks: move_points")}
    for broken, (want, mentions) in outcomes.items():
        status, says = call(*emulator, replayer, library(folder, compiler, broken), record)
        expect(f"{place}: defect {broken}", status == want and mentions in says, f"exit {status}, {says}")
    faithful = library(folder, compiler, 0)
    short = folder / "short.rec"
    short.write_bytes(record.read_bytes()[:-3])
    status, says = call(*emulator, replayer, faithful, short)
    expect(f"{place}: truncated record", status == 2 and "truncated" in says, f"exit {status}, {says}")
    short.write_bytes(b"something else entirely")
    status, says = call(*emulator, replayer, faithful, short)
    expect(f"{place}: not a record", status == 2 and "not a record" in says, f"exit {status}, {says}")


def main():
    with tempfile.TemporaryDirectory(prefix="jlift-selftest-") as scratch:
        folder = pathlib.Path(scratch)
        native = library(folder, "gcc", 0)
        record = folder / "standin.rec"
        status, says = call(sys.executable, HERE / "record.py", record, AARCH64 / "standin.py", native)
        expect("recording", status == 0, says)
        unknown = folder / "unknown.py"
        unknown.write_text(UNKNOWN_MEMORY)
        status, says = call(sys.executable, HERE / "record.py", folder / "unknown.rec", unknown, native)
        expect("memory of unknown extent is refused", status != 0 and "unknown extent" in says, f"exit {status}, {says}")
        replays(folder, "native", "gcc", [], record)
        emulator = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
        if platform.machine() == "x86_64" and emulator and shutil.which("aarch64-linux-gnu-gcc"):
            replays(folder, "aarch64", "aarch64-linux-gnu-gcc", [emulator, "-L", "/usr/aarch64-linux-gnu"], record)
        elif platform.machine() == "x86_64":
            print("skip aarch64: no cross compiler or no emulator")
    print(f"{tally[True]} passed, {tally[False]} failed")
    sys.exit(tally[False] > 0)


main()
