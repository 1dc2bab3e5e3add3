def _struct(value, name, cls):
    """A struct, or a sequence of its fields."""
    if isinstance(value, cls):
        return value
    if isinstance(value, (tuple, list)) and len(value) == len(cls._fields_):
        return cls(*_tuples(value))
    raise TypeError(f"argument `{name}`: expected {cls.__name__} or a tuple of its fields, got {value!r}")


def _tuple(value, name, cls):
    """The struct for a tuple; one of equal elements has them in an array."""
    if isinstance(value, cls):
        return value
    array = cls._fields_[0][1] if cls._homogeneous_ else None
    count = array._length_ if array else len(cls._fields_)
    if not hasattr(value, "__len__") or isinstance(value, (str, bytes)) or len(value) != count:
        raise TypeError(f"argument `{name}`: expected a tuple of {count}, got {value!r}")
    elements = _tuples(value)
    return cls(elements) if array else cls(*elements)


def _tuples(value):
    """Nested sequences as nested tuples, which ctypes takes for structs and arrays."""
    if hasattr(value, "__len__") and not isinstance(value, (str, bytes, _ct.Structure, _ct.Array)):
        return tuple(_tuples(item) for item in value)
    return value


def _complex(value, name, cls):
    """The struct for a complex number."""
    if isinstance(value, cls):
        return value
    try:
        number = complex(value)
    except (TypeError, ValueError):
        raise TypeError(f"argument `{name}`: expected a complex number, got {value!r}") from None
    return cls(number.real, number.imag)


def _plain(value):
    """A result as Python shows it: tuples and complex numbers instead of their structs."""
    if isinstance(value, _ct.Array):
        return tuple(_plain(item) for item in value)
    role = getattr(type(value), "_role_", None)
    if role == "complex":
        return complex(value.re, value.im)
    if role == "tuple":
        if value._homogeneous_:
            return _plain(value.values)
        return tuple(_plain(getattr(value, field)) for field, _ in value._fields_)
    return value


class _Struct(_ct.Structure):
    """What all structs here have in common."""

    _role_ = "struct"
    _homogeneous_ = False

    def __repr__(self):
        fields = ", ".join(f"{name}={_plain(getattr(self, name))!r}" for name, _ in self._fields_)
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return all(_plain(getattr(self, name)) == _plain(getattr(other, name)) for name, _ in self._fields_)

    __hash__ = None
