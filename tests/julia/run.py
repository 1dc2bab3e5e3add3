#!/usr/bin/env python3
"""Programs in Julia with the output of real Julia 1.10: each is run by `jlift run` and compared byte for byte.

Comment lines of a program say what else is expected: `# expect-exit: N` (0 if there is none) and `# expect-stderr: TEXT`, the first
line of stderr. `--folder` names another folder of programs. `not_yet.txt` lists the programs that are not right yet, with what is missing; one of them that passes is a failure,
so that the list stays true. Prints a line for each failure and, last, `N passed, M failed`.
"""

import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def comment(text, key):
    """The text behind a comment line `# KEY: `, or None."""
    lead = f"# {key}: "
    return next((line[len(lead):] for line in text.splitlines() if line.startswith(lead)), None)


def wrong(jlift, flags, path, timeout):
    """What is wrong with a run of a program; None if nothing is."""
    source = path.read_text(encoding="utf-8")
    try:
        done = subprocess.run([jlift, "run", *flags, str(path)], stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return f"no end after {timeout:g} s"
    says = done.stderr.decode("utf-8", "replace").splitlines()
    want = int(comment(source, "expect-exit") or 0)
    if done.returncode != want:
        return f"exit {done.returncode}, not {want}: {says[:1]}"
    expected = path.with_suffix(".out").read_bytes()
    if done.stdout != expected:
        pairs = zip(done.stdout.splitlines() + [b""], expected.splitlines() + [b""])
        line, (got, want) = next(((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1]), (0, (b"", b"")))
        return f"line {line}: {got!r}, Julia printed {want!r}"
    first = comment(source, "expect-stderr")
    if first is not None and says[:1] != [first]:
        return f"stderr begins with {says[:1]}, not {first!r}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jlift", required=True)
    parser.add_argument("-O0", dest="flags", action="append_const", const="-O0", default=[])
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--folder", type=pathlib.Path, default=HERE, help="where the programs are")
    parser.add_argument("--backend", help="who makes the code, or executes it: cranelift, llvm, interp")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="run every Nth program only")
    parser.add_argument("--all", action="store_true", help="with --backend interp, those that take minutes too")
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("only", nargs="*", help="parts of the names of programs")
    args = parser.parse_args()
    if args.backend:
        args.flags += ["--backend", args.backend]
    listed = args.folder / "not_yet.txt"
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    not_yet = {line.split(None, 1)[0] for line in lines if line and not line.startswith("#")}
    paths = sorted(args.folder.glob("**/*.jl"))
    names = {path: f"{path.parent.name}/{path.stem}" for path in paths}
    for name in not_yet - set(names.values()):
        sys.exit(f"not_yet.txt names {name}, which does not exist")
    paths = [p for p in paths if not args.only or any(part in names[p] for part in args.only)]
    if args.backend == "interp" and not args.all:
        lines = (HERE / "long_interpreted.txt").read_text(encoding="utf-8").splitlines()
        long = {line for line in lines if line and not line.startswith("#")}
        paths = [p for p in paths if names[p] not in long]
    paths = paths[:: args.every]
    passed = failed = missing = 0
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        runs = pool.map(lambda p: wrong(args.jlift, args.flags, p, args.timeout), paths)
        for path, problem in zip(paths, runs):
            name = names[path]
            if name in not_yet:
                if problem is None:
                    failed += 1
                    print(f"FAIL {name}: is right now; take it off the list")
                else:
                    missing += 1
            elif problem is None:
                passed += 1
            else:
                failed += 1
                print(f"FAIL {name}: {problem}")
    print(f"{missing} programs are known not to be right yet")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
