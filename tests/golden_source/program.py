"""Cases as a Julia program: exported functions that take pointers to the operands and write the result to memory.

A result is a sequence of slots of 16 bytes: one with the kind of value, then the value. `decode` turns it into a cell of the tables.
"""

import struct

from tables import SIZES

# Kind of a slot by type. The values of the last four are made of more slots or of bytes.
KINDS = {name: kind for kind, name in enumerate(SIZES, 1)}
STRING, TEXT, TUPLE, LIST = 20, 21, 22, 23

SUPPORT = f"""
struct Text
    text::String
end

@inline slot(p::Ptr{{UInt8}}, x) = unsafe_store!(reinterpret(Ptr{{typeof(x)}}, p), x)
@inline function put_value(p::Ptr{{UInt8}}, kind::Int, x)
    slot(p, kind)
    slot(p + 16, x)
    return p + 32
end
{chr(10).join(f"put(p::Ptr{{UInt8}}, x::{name}) = put_value(p, {kind}, x)" for name, kind in KINDS.items())}

function put_bytes(p::Ptr{{UInt8}}, kind::Int, s::String)
    n = ncodeunits(s)
    p = put_value(p, kind, n)
    for i in 1:n
        slot(p + (i - 1), codeunit(s, i))
    end
    return p + ((n + 15) & -16)
end
put(p::Ptr{{UInt8}}, s::String) = put_bytes(p, {STRING}, s)
put(p::Ptr{{UInt8}}, t::Text) = put_bytes(p, {TEXT}, t.text)
put(p::Ptr{{UInt8}}, x::Integer) = put(p, Text(string(x)))
put(p::Ptr{{UInt8}}, x::Char) = put(p, Text(repr(x)))
put(p::Ptr{{UInt8}}, x::Rational) = put(p, Text(repr(x)))

put(p::Ptr{{UInt8}}, t::Tuple) = put_each(put_value(p, {TUPLE}, length(t)), t)
put_each(p::Ptr{{UInt8}}, ::Tuple{{}}) = p
put_each(p::Ptr{{UInt8}}, t::Tuple) = put_each(put(p, t[1]), Base.tail(t))

struct FirstTwelve{{R}}
    range::R
end
function put(p::Ptr{{UInt8}}, l::FirstTwelve)
    n = Int(min(12, length(l.range)))
    p = put_value(p, {LIST}, n)
    for i in 1:n
        p = put(p, l.range[i])
    end
    return p
end

ends(r) = isempty(r) ? (Text("-"), Text("-")) : (first(r), last(r))
facts(r) = (length(r), ends(r)..., step(r), sum(r), FirstTwelve(r), Text(repr(r)))
facts_without_sum(r) = (length(r), ends(r)..., step(r), Text("-"), FirstTwelve(r), Text(repr(r)))
"""


def source(cases):
    """The program of some cases: case `i` is exported as `case_i`."""
    parts = [SUPPORT]
    for index, case in enumerate(cases):
        names = "abc"[: case.arity]
        parameters = "".join(f"{name}_at::Ptr{{{case.operand}}}, " for name in names)
        loads = "".join(f"    {name} = unsafe_load({name}_at)\n" for name in names)
        parts.append(
            f"# {case.table}: {case.name}\n"
            f"Base.@ccallable function case_{index}({parameters}out::Ptr{{UInt8}})::Int\n"
            f"{loads}    put(out, {case.body})\n    return 0\nend\n"
        )
    return "\n".join(parts)


def float_cell(name, data):
    size = SIZES[name]
    value = struct.unpack({2: "<e", 4: "<f", 8: "<d"}[size], data)[0]
    return "NaN" if value != value else data[::-1].hex()


def decode(memory, at=0):
    """The cell that a result reads as in the tables, and where it ends."""
    kind = struct.unpack_from("<q", memory, at)[0]
    value = memory[at + 16 : at + 32]
    at += 32
    if kind in (TUPLE, LIST):
        cells = []
        for _ in range(int.from_bytes(value[:8], "little")):
            cell, at = decode(memory, at)
            cells.append(cell)
        return ("({})" if kind == TUPLE else "[{}]").format(",".join(cells)), at
    if kind in (STRING, TEXT):
        size = int.from_bytes(value[:8], "little")
        text = memory[at : at + size].decode("utf-8", "replace")
        return f'"{text}"' if kind == STRING else text, at + (size + 15 & -16)
    name = list(SIZES)[kind - 1]
    data = value[: SIZES[name]]
    if name.startswith("Float"):
        return float_cell(name, data), at
    if name == "Bool":
        return {0: "false", 1: "true"}.get(data[0], f"Bool({data[0]})"), at
    return str(int.from_bytes(data, "little", signed=name.startswith("Int"))), at
