"""Who is timed: libraries by jlift and by the C compiler, and Numba functions, all callable in the same way.
Knows no workload by name and does not time."""

import ctypes
import functools
import subprocess

import numpy as np

import workloads


class Unavailable(Exception):
    """Why a peer can't take part."""


def run(*command):
    """Runs a command. Raises Unavailable with its message when it fails."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise Unavailable(str(error)) from None
    if done.returncode != 0:
        raise Unavailable(f"{command[0]}: {(done.stderr or done.stdout).strip()[:300]}")
    return done.stdout


@functools.cache
def shared_arguments(workload):
    """The arguments of a workload and what its arrays hold at first. All peers work on the same memory: arrays that lie otherwise in
    pages and cache lines are faster or slower by up to a half, whoever works on them."""
    arguments = workload.arguments()
    return arguments, [(value, value.copy()) for value in arguments if isinstance(value, np.ndarray)]


class Bound:
    """A function with the arguments of one workload: `call()` does the work once, `restore()` sets changed inputs back."""

    def __init__(self, workload, function, native):
        arguments, self.fresh = shared_arguments(workload)
        self.arrays = [array for array, _ in self.fresh]
        pairs = [(array, first) for array, first in self.fresh if any(array is arguments[i] for i in workload.restored)]
        if native:
            # converted once, so that a call costs the same for every library
            words = [kind(value.ctypes.data if isinstance(value, np.ndarray) else value)
                     for kind, value in zip(workload.parameters, arguments)]
        else:
            words = [value if isinstance(value, np.ndarray) else workloads.SCALARS[kind](value)
                     for kind, value in zip(workload.parameters, arguments)]
            words = [word.view(np.recarray) if isinstance(word, np.ndarray) and word.dtype.names else word for word in words]
        self.call = lambda: function(*words)
        self.restore = (lambda: [np.copyto(array, first) for array, first in pairs]) if pairs else (lambda: None)
        self.result_type = workload.result

    def outcome(self):
        """Everything that one call on fresh arguments gives, as bytes: the result and all arrays."""
        for array, first in self.fresh:
            np.copyto(array, first)
        result, kind = self.call(), self.result_type
        if kind is None:
            head = b""
        else:
            head = bytes(kind(float(result) if kind in (ctypes.c_float, ctypes.c_double) else int(result)))
        return head + b"".join(array.tobytes() for array in self.arrays)


def from_library(path, workload):
    """The workload's function of a shared library."""
    function = getattr(ctypes.CDLL(str(path)), workload.function)
    function.restype, function.argtypes = workload.result, workload.parameters
    return Bound(workload, function, native=True)


def jlift(binary, repository, folder, options, source=".jir"):
    """A maker of jlift's bound functions: compiles the one export from the kernel's typed IR, or with ".jl" from its Julia source."""

    def make(workload):
        path = folder / f"{workload.function}{source}{''.join(options).replace('-', '_')}.so"
        run(binary, "build", repository / "tests" / "kernels" / f"{workload.kernel}{source}", "--export", workload.export, *options, "-o", path)
        return from_library(path, workload)

    return make


def c_compiler(command, sources, folder):
    """A maker of bound functions from benches/c."""

    def make(workload):
        path = folder / f"{workload.c_file}-{command[0]}.so"
        run(*command, "-fPIC", "-shared", "-o", path, sources / f"{workload.c_file}.c", "-lm")
        return from_library(path, workload)

    return make


def numba():
    """A maker of Numba's bound functions. Raises Unavailable without the package."""
    try:
        import numba_kernels
    except ImportError as error:
        raise Unavailable(f"numba: {error}") from None

    def make(workload):
        bound = Bound(workload, getattr(numba_kernels, workload.function), native=False)
        bound.outcome()  # compiles
        return bound

    return make
