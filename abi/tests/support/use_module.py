"""Uses the generated module as a Python program would; any failed assertion ends it."""

import ctypes
import threading

import sample as s


def raises(kind, text, call, *args):
    try:
        call(*args)
    except kind as error:
        assert text in str(error), (text, str(error))
        return error
    raise AssertionError(f"{call.__name__}{args} did not raise {kind.__name__}")


# Scalars, and what they refuse.
assert s.harmonic_forward(10) == 2.9289682539682538
raises(TypeError, "argument `n`: expected an integer, got float", s.harmonic_forward, 1.5)
raises(OverflowError, "argument `n`: 9223372036854775808 is not in", s.harmonic_forward, 2**63)
assert s.safe_sqrt(4) == 2.0
raises(TypeError, "argument `x`: expected a number, got str", s.safe_sqrt, "4")
assert s.xor_(True, False) is True
raises(TypeError, "argument `a`: expected a bool", s.xor_, 2, False)
assert s.next_char("a") == "b" and s.next_char("é") == "ê" and s.next_char("\0") == "\x01"
raises(TypeError, "argument `c`", s.next_char, "ab")
assert s.vowels("education") == 5 and s.vowels(b"a\0a") == 2 and s.vowels("") == 0
raises(TypeError, "argument `text`: expected a string, got int", s.vowels, 3)
assert s.jl_u2207__i64(5) == -5
assert s.jl_u2207__f64_pf64(5, (ctypes.c_double * 1)(2.0)) == 10.0
assert s.len_() == 42 and s.error() == 43

# Exceptions.
error = raises(s.DomainError, "", s.safe_sqrt, -1.0)
assert str(error) == "DomainError with -1.0:\nsqrt was called with a negative real argument"
assert isinstance(error, ValueError) and isinstance(error, s.JuliaError) and isinstance(error, RuntimeError)
raises(ValueError, "InexactError: trunc(Int8, 300)", s.narrow, 300)
assert s.narrow(-128) == -128
assert s.fail(-1) is None
for kind, python, julia in [
    (0, ValueError, s.ArgumentError), (1, IndexError, s.BoundsError), (2, ZeroDivisionError, s.DivideError),
    (3, OverflowError, s.OverflowError), (4, RuntimeError, s.JuliaError), (5, RuntimeError, s.JuliaError),
]:
    error = raises(python, "", s.fail, kind)
    assert type(error) is julia
raises(IndexError, "BoundsError", s.fail, 1)
raises(RuntimeError, "just a message", s.fail, 4)
in_thread = []
thread = threading.Thread(target=lambda: in_thread.append(raises(s.DivideError, "integer", s.divide, 1, 0)))
thread.start()
thread.join()
assert len(in_thread) == 1

# Structs, tuples and complex numbers.
flipped = s.flip(s.Segment((1, 2), (3, 4), (5, 6, 7)))
assert flipped == s.flip(((1, 2), [3, 4], (5, 6, 7)))
assert (flipped.a.x, flipped.b.y, tuple(flipped.color)) == (3.0, 2.0, (7, 6, 5))
assert repr(flipped.a) == "Vec2_2(x=3.0, y=4.0)"
raises(TypeError, "argument `s`: expected Segment or a tuple", s.flip, (1, 2))
assert s.divide(7, 2) == (3, 3.5)
assert s.brighten((1, 2, 254), 2) == (3, 4, 0)
raises(TypeError, "argument `c`: expected a tuple of 3", s.brighten, (1, 2), 2)
assert s.trace(((1, 2), (3, 4))) == 5.0
assert s.square(1 + 2j) == -3 + 4j and s.square(3) == 9
raises(TypeError, "argument `z`: expected a complex number", s.square, "x")
assert s.mod_add((10000,), s.Mod_10007(10)).v == 3
assert s.Vec2((1, 2), (3, 4)) == s.Vec2_2(4, 6)

# Addresses without numpy.
second = s.Node(value=2)
first = s.Node(value=1, next=ctypes.pointer(second))
assert s.sum_list(first) == 3 and s.sum_list(ctypes.byref(first)) == 3 and s.sum_list(None) == 0
numbers = (ctypes.c_double * 3)(1, 2, 3)
s.scale_bang(numbers, 3, 2)
assert list(numbers) == [2, 4, 6] and s.total(numbers) == 12
raises(TypeError, "argument `x`: expected elements of c_double", s.scale_bang, (ctypes.c_float * 3)(), 3, 2)
raises(TypeError, "argument `x`: expected a numpy or ctypes array (c_double), got list", s.scale_bang, [1.0], 1, 2)
raises(TypeError, "argument `m`: expected a numpy array", s.corner, [[1]], 1, 0)
data = bytearray(b"xyz")
place = s.address(data, None, None)
assert place == ctypes.addressof((ctypes.c_char * 3).from_buffer(data)) and s.address(None, None, None) is None
assert s.address(123, 456, None) == 456
raises(TypeError, "argument `h`: expected a numpy or ctypes array (float16), got Node", s.address, None, None, first)

for absent in ("wide_sum", "half", "Wide"):
    assert not hasattr(s, absent), absent
assert set(s.__all__) <= set(dir(s))

try:
    import numpy as np
except ImportError:
    print("numpy is not installed: arrays were not tested")
else:
    x = np.arange(6.0)
    s.scale_bang(x, 6, 0.5)
    assert x[5] == 2.5 and s.total(x) == 7.5
    assert s.total(np.empty(0)) == 0.0 and s.safe_sqrt(np.float32(4)) == 2 and s.xor_(np.bool_(True), np.True_) is False
    assert s.narrow(np.int16(5)) == 5
    raises(TypeError, "argument `x`: expected an array of float64, got one of float32", s.scale_bang, x.astype("f4"), 6, 1)
    raises(TypeError, "argument `x`: expected an array of float64, got one of >f8", s.scale_bang, x.astype(">f8"), 6, 1)
    raises(TypeError, "argument `x`: the array is not contiguous", s.scale_bang, x[::2], 3, 1)
    raises(TypeError, "argument `v`: the array is not contiguous", s.total, x[::2])
    raises(TypeError, "argument `v`: expected 1 dimensions, got 2", s.total, np.zeros((2, 2)))
    m = np.asfortranarray(np.arange(6, dtype=np.int32).reshape(2, 3))
    assert s.corner(m, 2, 100) == 105
    raises(TypeError, "argument `m`: the array is not contiguous in column-major order", s.corner, np.ascontiguousarray(m), 2, 0)
    raises(IndexError, "BoundsError", s.corner, m, 3, 0)
    z = np.array([1 + 2j, 3j])
    s.conjugate_all(z, 2)
    assert list(z) == [1 - 2j, -3j]
    raises(TypeError, "argument `z`: expected an array of complex128", s.conjugate_all, x, 1)
    layout = {"names": ["value"], "formats": ["i8"], "itemsize": ctypes.sizeof(s.Node)}
    nodes = np.zeros(2, dtype=layout)
    nodes["value"] = [7, 8]
    assert s.sum_list(nodes) == 7
    raises(TypeError, "argument `head`: expected an array of", s.sum_list, x)
    h = np.zeros(1, np.float16)
    assert s.address(x, None, h) == h.ctypes.data
    raises(TypeError, "argument `h`: expected an array of float16", s.address, x, None, x)
