"""The tables of tests/golden as cases: one Julia function each, with the rows that it computes.

Knows which Julia expression a function of a table stands for and which rows are not checked; knows nothing of how cases are run.
"""

import dataclasses
import pathlib
import re
import struct

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"

SIZES = {f"{prefix}{bits}": bits // 8 for prefix in ("Int", "UInt") for bits in (8, 16, 32, 64, 128)}
SIZES |= {"Float16": 2, "Float32": 4, "Float64": 8, "Bool": 1}

# Expressions of the operands `a` and `b` for the functions that are not called as `name(a, b)`.
OPERATORS = ["+", "-", "*", "/", "^", "&", "|", "<<", ">>", ">>>", "==", "<", "<=", "%"]
BINARY = {operator: f"a {operator} b" for operator in OPERATORS} | {
    "rotate": "bitrotate(a, b)",
    "mod2": "mod(a, abs(b) + 1)",
    "nextfloatn": "nextfloat(a)",
    # The larger ones were left out when the table was made.
    "binomial": "-60 < a < 60 && -60 < b < 60 ? binomial(a, b) : zero(a)",
} | {name: f"Base.Checked.{name}(a, b)" for name in ("add_with_overflow", "checked_add", "checked_sub", "checked_mul")}
UNARY = {
    "~": "~a",
    "-": "-a",
    "nextpow2": "nextpow(2, a)",
    "prevpow2": "prevpow(2, a)",
    "round2": "round(a; digits=2)",
    "roundup": "round(a, RoundNearestTiesAway)",
    "roundsig": "round(a; sigdigits=3)",
    # The numbers beyond Int64 were left out when the table was made.
    "rationalize": "abs(a) < 1.0e9 ? Text(repr(rationalize(a))) : Text(repr(0))",
    "digits": "Text(repr(digits(a)))",
    "checked_abs": "Base.Checked.checked_abs(a)",
    "checked_neg": "Base.Checked.checked_neg(a)",
}

# Functions that Julia computes by approximation: another rounding of the last bit is right as well.
APPROXIMATED = set("""acos acosh asin asinh atan atanh cbrt cos cosh cospi deg2rad exp exp10 exp2 expm1 hypot log log10 log1p log2
rad2deg sin sinh sinpi tan tanh""".split())

UNDEFINED = "the conversion of -Inf that Julia does not check, whose value is undefined"
BIG_FLOAT = "BigFloat is not supported"
BIG_QUOTIENT = "only the columns that are not BigFloat, which is not supported, are checked"


@dataclasses.dataclass
class Row:
    """One line of a table: operands as bytes, and the cell with the result."""

    line: int
    operands: bytes
    want: str


@dataclasses.dataclass
class Case:
    """A Julia function of up to three operands of one type. `body` computes the value from `a`, `b`, `c`."""

    table: str
    name: str
    operand: str | None
    arity: int
    body: str
    ulps: int = 0
    rows: list[Row] = dataclasses.field(default_factory=list)


class Table:
    """The cases of a table and the number of rows that are skipped, by reason."""

    def __init__(self, name):
        self.name = name
        self.cases = {}
        self.skipped = {}

    def skip(self, reason):
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def add(self, line, operands, want, name, *case):
        known = self.cases.setdefault(name, Case(self.name, name, *case))
        known.rows.append(Row(line, operands, want))


def lines(name):
    """Line number and cells of each row of a table."""
    text = (GOLDEN / f"{name}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#"):
            yield number, line.split("\t")


def operand(type_name, cell):
    """The bytes of a value that a table lists."""
    size = SIZES[type_name]
    if type_name.startswith("Float"):
        return int(cell, 16).to_bytes(size, "little")
    if type_name == "Bool":
        return bytes([cell == "true"])
    return int(cell).to_bytes(size, "little", signed=type_name.startswith("Int"))


def numbers(name):
    """int_binary, int_unary, float_binary and float_unary."""
    table = Table(name)
    for line, (op, kind, *cells, want) in lines(name):
        bodies = UNARY if len(cells) == 1 else BINARY
        arguments = "a" if len(cells) == 1 else "a, b"
        approximated = op in APPROXIMATED or (op == "^" and name == "float_binary")
        operands = b"".join(operand(kind, cell) for cell in cells)
        body = bodies.get(op, f"{op}({arguments})")
        table.add(line, operands, want, f"{op} {kind}", kind, len(cells), body, int(approximated))
    return table


def convert():
    table = Table("convert")
    for line, (op, source, target, cell, want) in lines("convert"):
        if source == "Float16" and cell == "fc00" and op != "convert" and not want.startswith("!"):
            table.skip(UNDEFINED)
            continue
        body = {"convert": f"convert({target}, a)", "%": f"a % {target}"}.get(op, f"{op}({target}, a)")
        table.add(line, operand(source, cell), want, f"{op} {source} {target}", source, 1, body)
    return table


def float_print():
    table = Table("float_print")
    for line, (kind, bits, as_string, as_repr) in lines("float_print"):
        body = "(Text(string(a)), Text(repr(a)))"
        table.add(line, operand(kind, bits), f"({as_string},{as_repr})", f"print {kind}", kind, 1, body)
    return table


def promote():
    table = Table("promote")
    for line, (left, right, *types) in lines("promote"):
        if "BigFloat" in (left, right):
            table.skip(BIG_FLOAT)
            continue
        a, b = f"zero({left})", f"zero({right})"
        one, other = f"one({left})", f"one({right})"
        values = [f"promote_type({left}, {right})"]
        values += [f"typeof({e})" for e in (f"{a} + {b}", f"{a} * {b}", f"{one} / {other}", f"{one} ^ {other}")]
        checked = [(value, want) for value, want in zip(values, types) if "BigFloat" not in want]
        if len(checked) < len(types):
            table.skip(BIG_QUOTIENT)
        body = f"({' '.join(f'Text(string({value})),' for value, _ in checked)})"
        table.add(line, b"", f"({','.join(want for _, want in checked)})", f"promote {left} {right}", None, 0, body)
    return table


FLOAT = re.compile(r"-?\d+\.\d+(e-?\d+)?")


def ranges():
    """Ranges of three Float64 are one case; any other expression is a case of its own, with the literals in the source."""
    table = Table("ranges")
    for line, (expression, *cells) in lines("ranges"):
        want = cells[0] if cells[0].startswith("!") else f"({','.join(cells[:5])},[{cells[5]}],{cells[6]})"
        parts = expression.split(":")
        facts = "facts_without_sum" if cells[4:5] == ["-"] else "facts"
        if len(parts) == 3 and all(FLOAT.fullmatch(part) for part in parts):
            operands = struct.pack("<3d", *map(float, parts))
            table.add(line, operands, want, "Float64 ranges", "Float64", 3, "facts(a:b:c)")
        else:
            table.add(line, b"", want, expression, None, 0, f"{facts}({expression})")
    return table


def tables():
    """All tables, by name."""
    read = [numbers(name) for name in ("int_binary", "int_unary", "float_binary", "float_unary")]
    read += [convert(), promote(), ranges(), float_print()]
    return {table.name: table for table in read}
