try:
    import numpy as _np
except ImportError:  # ctypes arrays and addresses work without it.
    _np = None


def _check_dtype(value, name, element):
    """Refuses a numpy array whose elements are not a ctypes type, or a dtype given by its name."""
    try:
        wanted = _np.dtype(element if isinstance(element, str) else getattr(element, "_dtype_", element))
    except TypeError:  # numpy has no pointers, so structs that hold some are compared by size.
        wanted = _np.dtype((_np.void, _ct.sizeof(element)))
        if value.dtype.kind == "V" and value.dtype.itemsize == wanted.itemsize:
            return
    if value.dtype != wanted:
        raise TypeError(f"argument `{name}`: expected an array of {wanted}, got one of {value.dtype}")


def _shown(element):
    """What the elements of an array should be, for a message."""
    return "any" if element is None else element if isinstance(element, str) else element.__name__


def _cstring(value, name):
    """The address for a `Cstring`: of a string's UTF-8 bytes, or what `_pointer` takes."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    if isinstance(value, bytes) and b"\0" in value:
        raise ValueError(f"argument `{name}`: a string for C holds no NUL")
    return _pointer(value, name, _ct.c_int8)


def _pointer(value, name, element):
    """The address for a `Ptr`: of a contiguous numpy array, a ctypes object, bytes, or as a number.

    The library may write through it, as Julia's `Ptr` allows, also into read-only arrays and bytes.
    """
    if value is None or isinstance(value, int):
        return value
    if _np is not None and isinstance(value, _np.ndarray):
        if element is not None:
            _check_dtype(value, name, element)
        if not (value.flags.c_contiguous or value.flags.f_contiguous) or not value.flags.aligned:
            raise TypeError(f"argument `{name}`: the array is not contiguous; numpy.ascontiguousarray makes a copy that is")
        return value.ctypes.data
    if isinstance(value, (bytes, bytearray)) and element in (_ct.c_uint8, _ct.c_int8, None):
        return (_ct.c_char * len(value)).from_buffer(value) if isinstance(value, bytearray) else value
    if isinstance(value, (_ct.Array, _ct._Pointer)):
        if element is not None and value._type_ is not element and not isinstance(element, str):
            raise TypeError(f"argument `{name}`: expected elements of {_shown(element)}, got {value._type_.__name__}")
        return value
    if isinstance(value, (_ct.c_void_p, type(_ct.byref(_ct.c_int())))):
        return value
    if isinstance(value, _ct.Structure) and element in (None, type(value)):
        return _ct.byref(value)
    raise TypeError(f"argument `{name}`: expected a numpy or ctypes array ({_shown(element)}), got {type(value).__name__}")


def _array(value, name, element, ndim):
    """Address and sizes for an `Array` of `ndim` dimensions, whose first index is the fastest."""
    if _np is not None and isinstance(value, _np.ndarray):
        if element is not None:
            _check_dtype(value, name, element)
        if value.ndim != ndim:
            raise TypeError(f"argument `{name}`: expected {ndim} dimensions, got {value.ndim}")
        if not value.flags.f_contiguous or not value.flags.aligned:
            raise TypeError(f"argument `{name}`: the array is not contiguous in column-major order; numpy.asfortranarray makes a copy that is")
        return (value.ctypes.data, *value.shape)
    if ndim == 1 and isinstance(value, _ct.Array) and (value._type_ is element or not isinstance(element, type)):
        return value, len(value)
    raise TypeError(f"argument `{name}`: expected a numpy array ({_shown(element)}), got {type(value).__name__}")
