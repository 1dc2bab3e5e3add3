#!/usr/bin/env python3
"""The golden tables through Julia source: what Julia 1.10 computed, against jlift's prelude and compiler together.

Each function and type of a table becomes one exported function of a Julia program; programs of some hundred functions are built
into libraries, and every row is a call. Prints wrong rows, a line per table, the reasons for skipped rows and, last, `N passed, M failed`.
Exit 0 when no row is wrong.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile

import program
from tables import tables

HERE = pathlib.Path(__file__).resolve().parent


class Refused(Exception):
    """The compiler's diagnostic for a program."""


def build(jlift, flags, cases, path, timeout):
    """Builds the library of some cases at `path`."""
    source = path.with_suffix(".jl")
    source.write_text(program.source(cases), encoding="utf-8")
    command = [jlift, "build", str(source), "-o", str(path), *flags]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Refused(f"no end of the build after {timeout:g} s") from None
    if done.returncode != 0:
        raise Refused(done.stderr.decode("utf-8", "replace").strip() or f"exit {done.returncode}")


def call(cases, path, timeout):
    """The wrong rows of a library's cases as `(index of the case, line, want, got)`, or why there is no answer, as a text."""
    command = [sys.executable, str(HERE / "worker.py")]
    try:
        done = subprocess.run(command, input=pickle.dumps((str(path), cases)), capture_output=True, timeout=timeout)
        if done.returncode == 0:
            return pickle.loads(done.stdout)
        says = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = ": ".join([f"the calls ended with exit {done.returncode}", *says[-1:]])
    except subprocess.TimeoutExpired:
        reason = f"no end of the calls after {timeout:g} s"
    return reason


def halves(cases, check):
    middle = len(cases) // 2
    return check(cases[:middle]) + check(cases[middle:])


class Runner:
    """Builds and calls batches of cases in a folder."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder

    def check(self, cases):
        """The wrong rows as `(case, line, want, got)`. A batch that fails as a whole is split, to find the function at fault."""
        path = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "cases.so"
        try:
            build(self.options.jlift, self.options.flags, cases, path, self.options.timeout)
            answer = call(cases, path, self.options.timeout)
        except Refused as refusal:
            answer = f"refused: {refusal}"
        path.unlink(missing_ok=True)
        if isinstance(answer, list):
            return [(cases[index], line, want, got) for index, line, want, got in answer]
        if len(cases) > 1:
            return halves(cases, self.check)
        return [(cases[0], row.line, row.want, answer) for row in cases[0].rows if not rightly_refused(answer, row.want)]


def rightly_refused(answer, want):
    """Whether the compiler refused a call, with Julia's message, that has no method for its types."""
    return want.startswith("!MethodError") and want[1:].split("\\n")[0] in answer


def batches(cases, size):
    """Cases that are built together. Those that may be refused are built each for itself."""
    alone, others = [], []
    for case in cases:
        refusable = all(row.want.startswith("!MethodError") for row in case.rows)
        (alone if refusable else others).append(case)
    return [[case] for case in alone] + [others[at : at + size] for at in range(0, len(others), size)]


def sampled(case, every):
    """Every n-th row of a case, not always starting at its first: the first rows are the simplest."""
    start = sum(case.name.encode()) % min(every, len(case.rows))
    return dataclasses.replace(case, rows=case.rows[start::every])


def show(wrong, most):
    """Prints some wrong rows of each case, and one text for a case that could not be run."""
    cases = {}
    for case, line, want, got in wrong:
        cases.setdefault(case.name, (case, []))[1].append((line, want, got))
    for case, rows in cases.values():
        print(f"{case.table}: {case.name}: {len(rows)} of {len(case.rows)} rows are wrong")
        if len({got for _, _, got in rows}) == 1 and len(rows) == len(case.rows) and "\n" in rows[0][2]:
            print("    " + rows[0][2].replace("\n", "\n    "))
            continue
        for line, want, got in rows[:most]:
            print(f"    line {line}: want {want}, got {got}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jlift", required=True, help="the compiler")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="check every N-th row of each function only")
    parser.add_argument("--table", action="append", metavar="NAME", help="check this table only (may be repeated)")
    parser.add_argument("--case", metavar="TEXT", help="check the functions whose name, such as `div Int8`, starts so")
    parser.add_argument("--batch", type=int, default=250, metavar="N", help="functions in a program")
    parser.add_argument("--show", type=int, default=5, metavar="N", help="wrong rows to show per function")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for a build, and for the calls of a library")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, dest="jobs", help="batches at a time")
    parser.add_argument("-O", default="2", dest="level", choices="012", help="optimization level")
    options = parser.parse_args()
    options.flags = [f"-O{options.level}"]
    return options


def main():
    options = arguments()
    every = tables()
    chosen = [table for name, table in every.items() if not options.table or name in options.table]
    if unknown := set(options.table or ()) - set(every):
        sys.exit(f"no table {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runner = Runner(options, folder)
        running = []
        for table in chosen:
            cases = [sampled(case, options.sample) for case in table.cases.values() if case.name.startswith(options.case or "")]
            running.append((table, cases, pool.map(runner.check, batches(cases, options.batch))))
        for table, cases, results in running:
            wrong = [row for rows in results for row in rows]
            show(wrong, options.show)
            rows = sum(len(case.rows) for case in cases)
            print(f"{table.name}: {rows} rows checked, {len(wrong)} wrong, {sum(table.skipped.values())} skipped", flush=True)
            for reason, count in table.skipped.items():
                print(f"    {count} skipped: {reason}")
            passed, failed = passed + rows - len(wrong), failed + len(wrong)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
