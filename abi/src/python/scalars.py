def _limits(ctype):
    """The least and the largest integer of a ctypes type."""
    bits = 8 * _ct.sizeof(ctype)
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if ctype(-1).value < 0 else (0, (1 << bits) - 1)


_LIMITS = {
    ctype: _limits(ctype)
    for ctype in (
        _ct.c_int8, _ct.c_int16, _ct.c_int32, _ct.c_int64, _ct.c_uint8, _ct.c_uint16, _ct.c_uint32, _ct.c_uint64,
    )
}


def _int(value, name, ctype):
    """An integer that `ctype` can hold; ctypes itself would cut it."""
    try:
        number = _operator.index(value)
    except TypeError:
        raise TypeError(f"argument `{name}`: expected an integer, got {type(value).__name__}") from None
    low, high = _LIMITS[ctype]
    if not low <= number <= high:
        raise _builtins.OverflowError(f"argument `{name}`: {number} is not in {low}..{high}")
    return number


def _bool(value, name):
    """A bool, also of numpy, or 0 or 1."""
    if type(value).__name__ in ("bool", "bool_", "int") and value in (0, 1):
        return bool(value)
    raise TypeError(f"argument `{name}`: expected a bool, got {value!r}")


def _float(value, name):
    """A float, or anything else that is a number."""
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"argument `{name}`: expected a number, got {type(value).__name__}")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"argument `{name}`: expected a number, got {type(value).__name__}") from None


def _char(value, name):
    """The bits of Julia's Char: the UTF-8 bytes, the first one highest."""
    if not isinstance(value, str) or len(value) != 1:
        raise TypeError(f"argument `{name}`: expected a string of one character, got {value!r}")
    return int.from_bytes(value.encode("utf-8", "surrogatepass").ljust(4, b"\0"), "big")


def _from_char(bits):
    """The string of a Char."""
    data = bits.to_bytes(4, "big").rstrip(b"\0") or b"\0"
    return data.decode("utf-8", "replace")


def _string(value, name):
    """Address and number of bytes of a string."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    if not isinstance(value, bytes):
        raise TypeError(f"argument `{name}`: expected a string, got {type(value).__name__}")
    return value, len(value)
