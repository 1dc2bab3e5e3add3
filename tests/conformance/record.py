#!/usr/bin/env python3
"""Run a ctypes driver and write down every call that it makes into its library, so that replay.c can repeat them elsewhere.

usage: record.py OUT.rec DRIVER.py LIBRARY

The driver runs unchanged, in this process; `ctypes.CDLL(LIBRARY)` gives it a stand-in that records. Memory is known by owner: numpy
arrays (also through `array.ctypes.data`) and ctypes objects, each recorded whole, before and after the call. A pointer into
memory of unknown extent, a callback or a struct by value is an error: nothing is guessed.

Format, little endian: the 8 bytes `jlrec 1\\n`, then to the end of the file one record per call:
  name         u16 length, bytes
  arguments    u8 count; each: u8 kind ('i' integer or pointer, 'f' float), u8 size in bytes, u64 bits
  result       u8 kind ('v' none, 'i', 'f'), u8 size, u64 bits
  regions      u32 count; each: u64 address, u64 size, bytes before, u8 changed, bytes after if changed
Addresses are moved to a window that is free in any process (`moved`); page offsets, so alignments, stay.
"""

import contextlib
import ctypes
import io
import runpy
import struct
import sys
import weakref

import numpy as np

WINDOW = 0x2000_0000_0000
WINDOW_MASK = 0x0FFF_FFFF_FFFF


class CannotRecord(Exception):
    """A call that the format has no place for."""


def moved(address):
    """The address in the replaying process: the same low 44 bits, where heaps and mapped files of a process differ."""
    return WINDOW + (address & WINDOW_MASK) if address else 0


class Memory:
    """Which memory the driver owns: (start, end) of every array whose address it asked for and that still lives."""

    def __init__(self):
        self.owners = {}

    def add_array(self, array):
        """Registers the whole allocation that a numpy array is a view of; returns its extent."""
        while isinstance(array.base, np.ndarray):
            array = array.base
        if not array.flags.forc:
            raise CannotRecord("an array with gaps that owns no memory")
        start = array.__array_interface__["data"][0]
        extent = (start, start + array.nbytes)
        self.owners[extent] = weakref.ref(array)
        return extent

    def find(self, address):
        """The extent that contains the address, or ends at it; None if no living owner has it."""
        self.owners = {extent: owner for extent, owner in self.owners.items() if owner() is not None}
        inside = [extent for extent in self.owners if extent[0] <= address < extent[1]]
        touching = [extent for extent in self.owners if address in extent]
        return (inside or touching or [None])[0]


def watch_numpy(memory):
    """From now on, arrays whose address is taken by `.ctypes.data` or `.ctypes.data_as` are registered."""
    view = type(np.empty(0).ctypes)
    data, data_as = view.data, view.data_as

    def watched_data(self):
        memory.add_array(self._arr)
        return data.fget(self)

    def watched_data_as(self, kind):
        memory.add_array(self._arr)
        return data_as(self, kind)

    view.data, view.data_as = property(watched_data), watched_data_as


def is_scalar(kind):
    return isinstance(kind, type) and issubclass(kind, ctypes._SimpleCData)


def scalar(kind, value):
    """(kind letter, size, bits) of a value converted as ctypes would."""
    raw = bytes(value if isinstance(value, kind) else kind(value))
    return ("f" if kind._type_ in "fd" else "i", len(raw), int.from_bytes(raw, "little"))


def object_extent(thing):
    """The extent of the ctypes object at the root of a (part of an) object."""
    while getattr(thing, "_b_base_", None) is not None:
        thing = thing._b_base_
    start = ctypes.addressof(thing)
    return (start, start + ctypes.sizeof(thing))


class Function:
    """Stand-in for a ctypes function pointer."""

    def __init__(self, name, real, recorder):
        self.name, self.real, self.recorder = name, real, recorder

    restype = property(lambda self: self.real.restype, lambda self, kind: setattr(self.real, "restype", kind))
    argtypes = property(lambda self: self.real.argtypes, lambda self, kinds: setattr(self.real, "argtypes", kinds))

    def __call__(self, *arguments):
        kinds = self.real.argtypes
        if kinds is None and arguments:
            raise CannotRecord(f"{self.name}: called without argtypes")
        words, extents = [], []
        for kind, value in zip(kinds or (), arguments):
            word, extent = self.argument(kind, value)
            words.append(word)
            if extent is not None and extent not in extents:
                extents.append(extent)
        before = [ctypes.string_at(start, end - start) for start, end in extents]
        result = self.real(*arguments)
        after = [ctypes.string_at(start, end - start) for start, end in extents]
        self.recorder.write(self.name, words, self.result(result), zip(extents, before, after))
        return result

    def argument(self, kind, value):
        """((kind letter, size, bits), extent of the memory that it points into or None)"""
        if is_scalar(kind) and kind._type_ not in "PzZO":
            return scalar(kind, value), None
        extent = None
        if value is None:
            address = 0
        elif isinstance(value, np.ndarray):
            kind.from_param(value)
            address, extent = value.__array_interface__["data"][0], self.recorder.memory.add_array(value)
        elif isinstance(value, int):
            address = value
        elif isinstance(value, (ctypes.Array, ctypes.Structure, ctypes.Union)):
            address, extent = ctypes.addressof(value), object_extent(value)
        elif hasattr(value, "_obj"):
            address, extent = ctypes.cast(value, ctypes.c_void_p).value, object_extent(value._obj)
        else:
            address = ctypes.cast(value, ctypes.c_void_p).value or 0
            if isinstance(value, ctypes._Pointer) and address and self.recorder.memory.find(address) is None:
                extent = object_extent(value.contents)
        if address and extent is None:
            extent = self.recorder.memory.find(address)
            if extent is None:
                raise CannotRecord(f"{self.name}: a pointer into memory of unknown extent")
        return ("i", 8, moved(address)), extent

    def result(self, value):
        kind = self.real.restype
        if kind is None:
            return ("v", 0, 0)
        if is_scalar(kind) and kind._type_ not in "PzZO":
            return scalar(kind, value)
        raise CannotRecord(f"{self.name}: a result of type {kind}")


class Recorder:
    """The record file and what the driver owns."""

    def __init__(self, out):
        self.out, self.memory = out, Memory()
        self.out.write(b"jlrec 1\n")

    def write(self, name, words, result, regions):
        parts = [struct.pack("<H", len(name)), name.encode(), struct.pack("<B", len(words))]
        parts += [struct.pack("<BBQ", ord(kind), size, bits) for kind, size, bits in (*words, result)]
        regions = [region for region in regions if region[1]]
        parts.append(struct.pack("<I", len(regions)))
        for (start, end), before, after in regions:
            parts += [struct.pack("<QQ", moved(start), end - start), before]
            parts += [b"\1", after] if before != after else [b"\0"]
        self.out.write(b"".join(parts))


class Library:
    """Stand-in for the ctypes library under test."""

    def __init__(self, real, recorder):
        self._real, self._recorder = real, recorder

    def __getattr__(self, name):
        function = Function(name, getattr(self._real, name), self._recorder)
        setattr(self, name, function)
        return function

    __getitem__ = __getattr__


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n\n")[1])
    _, record, driver, library = sys.argv
    real_cdll = ctypes.CDLL
    with open(record, "wb") as out:
        recorder = Recorder(out)
        watch_numpy(recorder.memory)

        def cdll(name, *options, **more):
            real = real_cdll(name, *options, **more)
            return Library(real, recorder) if name == library else real

        ctypes.CDLL = cdll
        sys.argv = [driver, library]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                runpy.run_path(driver, run_name="__main__")
        except CannotRecord as why:
            sys.exit(f"cannot record: {why}")


if __name__ == "__main__":
    main()
