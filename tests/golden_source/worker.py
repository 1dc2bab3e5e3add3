"""Calls the functions of one library for all rows of its cases: a process of its own, because wrong code may crash it.

Reads a pickled `(library, cases)` from stdin and writes a pickled list of wrong rows `(case, line, want, got)` to stdout.
"""

import ctypes
import pickle
import re
import sys

from program import decode
from tables import SIZES

# Tables keep a text in one line.
ESCAPES = {"\n": "\\n", "\t": "\\t"}
CELL = re.compile(r"[^(),\[\]]+")


def error_text(text):
    for plain, escaped in ESCAPES.items():
        text = text.replace(plain, escaped)
    return f"!{text}"


def within(got, want, ulps):
    """Whether two cells with floats are equal but for this many units in the last place."""
    pairs = list(zip(CELL.findall(got), CELL.findall(want)))
    if CELL.sub("", got) != CELL.sub("", want):
        return False
    for ours, theirs in pairs:
        if ours != theirs:
            if len(ours) != len(theirs) or not re.fullmatch("([0-9a-f]{4}){1,4}", ours) or not re.fullmatch("[0-9a-f]+", theirs):
                return False
            if abs(int(ours, 16) - int(theirs, 16)) > ulps:
                return False
    return True


def same(got, want, ulps):
    if got == want:
        return True
    if want.startswith("!MethodError"):
        # Julia goes on with candidates and the places of their definitions.
        return got.split("\\n")[0] == want.split("\\n")[0]
    return ulps > 0 and not want.startswith("!") and not got.startswith("!") and within(got, want, ulps)


def check(library, index, case):
    """The wrong rows of a case."""
    # A function that can't throw has no entry that reports errors.
    function = getattr(library, f"case_{index}_try", None)
    tries = function is not None
    function = function if tries else getattr(library, f"case_{index}")
    function.restype = ctypes.c_int32 if tries else ctypes.c_int64
    memory = ctypes.create_string_buffer(1 << 14)
    start = ctypes.addressof(memory)
    base = (start + 15) & -16
    # The operands lie in the slots behind the result's part of the memory.
    slots = base + (1 << 13)
    size = SIZES[case.operand] if case.operand else 0
    status = ctypes.c_int64()
    arguments = [ctypes.c_void_p(slots + 16 * i) for i in range(case.arity)] + [ctypes.c_void_p(base)]
    arguments += [ctypes.byref(status)] if tries else []
    wrong = []
    for row in case.rows:
        for i in range(case.arity):
            ctypes.memmove(slots + 16 * i, row.operands[size * i : size * (i + 1)], size)
        if function(*arguments) == 0:
            got = decode(memory.raw[base - start :])[0]
        else:
            got = error_text(library.jlift_last_error().decode("utf-8", "replace"))
        if not same(got, row.want, case.ulps):
            wrong.append((index, row.line, row.want, got))
    return wrong


def main():
    path, cases = pickle.load(sys.stdin.buffer)
    library = ctypes.CDLL(path)
    if hasattr(library, "jlift_last_error"):
        library.jlift_last_error.restype = ctypes.c_char_p
    wrong = []
    for index, case in enumerate(cases):
        wrong += check(library, index, case)
    pickle.dump(wrong, sys.stdout.buffer)


if __name__ == "__main__":
    main()
