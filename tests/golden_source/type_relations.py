#!/usr/bin/env python3
"""The table of types through Julia source: `<:`, `typeintersect` and `typejoin` of 112 x 112 types as a program prints them, against
what Julia 1.10 printed. Prints wrong rows and, last, `N passed, M failed`. Exit 0 when no row is wrong.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).resolve().parents[2] / "infer/tests/data/types_golden.tsv"
HEAD = '@noinline row(is, met, joined) = println(is, "\\t", met, "\\t", joined)\n'


def source(rows):
    lines = [f"row({a} <: {b}, string(typeintersect({a}, {b})), string(typejoin({a}, {b})))\n" for a, b, *_ in rows]
    return HEAD + "".join(lines)


def closed(text):
    """A type with its `where` in parentheses, as an operand."""
    return f"({text})" if " where " in text else text


def check(jlift, folder, number, rows):
    """The wrong ones of some rows, as texts."""
    path = pathlib.Path(folder) / f"types{number}.jl"
    path.write_text(source([(closed(a), closed(b)) for a, b, *_ in rows]), encoding="utf-8")
    done = subprocess.run([jlift, "run", str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    printed = done.stdout.splitlines()
    wrong = [
        f"{a}, {b}: want {want}, got {got}"
        for (a, b, *want), got in zip(rows, (line.split("\t") for line in printed))
        if want != got
    ]
    if len(printed) != len(rows):
        wrong += [f"{a}, {b}: {done.stderr.strip()[:300]}" for a, b, *_ in rows[len(printed) :]]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jlift", required=True, help="the compiler")
    parser.add_argument("--batch", type=int, default=784, help="rows in a program")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, dest="jobs", help="programs at a time")
    options = parser.parse_args()
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    parts = [rows[at : at + options.batch] for at in range(0, len(rows), options.batch)]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda part: check(options.jlift, folder, *part), enumerate(parts))
        wrong = [text for part in results for text in part]
    for text in wrong[:50]:
        print(text)
    print(f"{len(rows) - len(wrong)} passed, {len(wrong)} failed")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
