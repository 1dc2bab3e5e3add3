class JuliaError(RuntimeError):
    """An exception of the Julia code; its text is the one that Julia shows."""


class ArgumentError(JuliaError, ValueError):
    """Julia's ArgumentError."""


class BoundsError(JuliaError, IndexError):
    """Julia's BoundsError."""


class DivideError(JuliaError, ZeroDivisionError):
    """Julia's DivideError."""


class DomainError(JuliaError, ValueError):
    """Julia's DomainError."""


class InexactError(JuliaError, ValueError):
    """Julia's InexactError."""


class OverflowError(JuliaError, _builtins.OverflowError):
    """Julia's OverflowError."""


_lib.jlift_last_error.argtypes = []
_lib.jlift_last_error.restype = _ct.c_char_p


def _error():
    """The exception for the failure that the library reported last in this thread."""
    message = (_lib.jlift_last_error() or b"").decode("utf-8", "replace")
    kind = _re.match("[A-Za-z]*", message).group()
    return _ERRORS.get(kind, JuliaError)(message)


_ERRORS = {
    "ArgumentError": ArgumentError,
    "BoundsError": BoundsError,
    "DivideError": DivideError,
    "DomainError": DomainError,
    "InexactError": InexactError,
    "OverflowError": OverflowError,
}
