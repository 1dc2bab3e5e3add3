#!/usr/bin/env python3
"""Programs on the API of StaticTools.jl with the output of the real package under Julia 1.10, compared byte for byte.

A program that defines `main` becomes an executable by `jlift build --emit exe`, and is run once for each comment line
`# args: …`, split as a shell does (once without arguments if there is none); the outputs follow one another. A program with
comment lines `# export: SIGNATURE` becomes a library, which the Python file beside it drives. `# expect-exit: N` (0 if there is
none) is the exit status of every run, `# expect-stderr: TEXT` the first line of stderr. `# expect-refusal: TEXT` says that the build
fails with a message that contains the text and leaves no output: with exit status 2, or with 1 where a macro throws, as in a run. A program that begins with `# run` is executed by `jlift run`
instead. With `--target TRIPLE` and `--emulator COMMAND` the executables are for another machine, and are run under an emulator; the
programs that are no executables are left out then. Prints a line for each failure and, last, `N passed, M failed`.
"""

import argparse
import concurrent.futures
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# No program of these that is optimized is larger than this many bytes: what a program does not use must not be in it.
LARGEST = 40_000


def comments(text, key):
    """The texts behind the comment lines `# KEY: `."""
    return re.findall(rf"^# {key}:[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)


def is_executable(path):
    """Whether a program becomes an executable."""
    source = path.read_text(encoding="utf-8")
    return not (source.startswith("# run\n") or comments(source, "export") or comments(source, "expect-refusal"))


def wrong(jlift, flags, path, timeout, under=()):
    """What is wrong with a program; None if nothing is."""
    source = path.read_text(encoding="utf-8")
    refusal = comments(source, "expect-refusal")
    exports = comments(source, "export")
    with tempfile.TemporaryDirectory() as folder:

        def call(command, stdin=subprocess.DEVNULL):
            return subprocess.run(command, cwd=folder, stdin=stdin, capture_output=True, timeout=timeout)

        output = pathlib.Path(folder) / (path.stem + (".so" if exports else ""))
        if source.startswith("# run\n"):
            commands = [[jlift, "run", *flags, str(path)]]
        else:
            kind = [part for export in exports for part in ("--export", export)] or ["--emit", "exe"]
            built = call([jlift, "build", str(path), *flags, *kind, "-o", str(output)])
            says = built.stderr.decode("utf-8", "replace")
            if refusal:
                if built.returncode not in (1, 2) or output.exists():
                    return f"was not refused: exit {built.returncode}"
                return None if refusal[0] in says else f"refused by other words: {says[:300]!r}"
            if built.returncode != 0:
                return f"build: exit {built.returncode}: {says[:300]!r}"
            if not flags and output.stat().st_size > LARGEST:
                return f"{output.stat().st_size} bytes, more than {LARGEST}"
            if exports:
                commands = [[sys.executable, str(path.with_suffix(".py")), str(output)]]
            else:
                commands = [[*under, str(output), *shlex.split(args)] for args in comments(source, "args") or [""]]
        printed, says = b"", b""
        want = int((comments(source, "expect-exit") or ["0"])[0])
        for command in commands:
            done = call(command)
            printed += done.stdout
            says += done.stderr
            if done.returncode != want:
                return f"{command[1:]}: exit {done.returncode}, not {want}: {done.stderr[:200]!r}"
    expected = path.with_suffix(".out").read_bytes()
    if printed != expected:
        pairs = zip(printed.splitlines() + [b""], expected.splitlines() + [b""])
        line, (got, right) = next(((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1]), (0, (b"", b"")))
        return f"line {line}: {got!r}, not {right!r}"
    first = comments(source, "expect-stderr")
    if first and says.decode("utf-8", "replace").splitlines()[:1] != first[:1]:
        return f"stderr begins with {says.splitlines()[:1]}, not {first[0]!r}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jlift", required=True, type=pathlib.Path)
    parser.add_argument("-O0", dest="flags", action="append_const", const="-O0", default=[])
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--target", help="the machine that executables are for")
    parser.add_argument("--emulator", default="", help="the command that runs them")
    parser.add_argument("only", nargs="*", help="parts of the names of programs")
    args = parser.parse_args()
    programs = [p for p in sorted(HERE.glob("*.jl")) if not args.only or any(part in p.stem for part in args.only)]
    jlift = str(args.jlift.resolve())
    if args.target:
        args.flags += ["--target", args.target]
        programs = [p for p in programs if is_executable(p)]

    def check(path):
        try:
            return wrong(jlift, args.flags, path, args.timeout, shlex.split(args.emulator))
        except subprocess.TimeoutExpired:
            return f"no end after {args.timeout:g} s"

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        for path, problem in zip(programs, pool.map(check, programs)):
            if problem is not None:
                failed += 1
                print(f"FAIL {path.stem}: {problem}")
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
