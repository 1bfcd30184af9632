"""Opens `.npy` and `.npz` files without trusting them: the header is held against the file before anything is read."""

import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array

MOST_HEADER: Final = 10_000
MOST_BYTES: Final = 1 << 30
SAVE: Final = "give an array saved by numpy.save"
SAVE_SEVERAL: Final = "give arrays saved by numpy.savez"
# What numpy raises for a file that is none of its own.
DAMAGED: Final = (OSError, ValueError, TypeError, SyntaxError, EOFError, RecursionError, tokenize.TokenError)


def open_array(path: Path) -> Array:
    """The array of a `.npy` file, read from disk as it is used. Raises InputError for what is none.

    The format is numpy.lib.format's, versions 1 to 3; arrays of objects, which would run code, are refused.
    """
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file", SAVE)
    try:
        with path.open("rb") as file:
            _checked_header(file, path.stat().st_size)
        values: Array = np.load(path, allow_pickle=False, mmap_mode="r", max_header_size=MOST_HEADER)
    except DAMAGED as error:
        raise InputError(f"cannot read {path}: {error}", SAVE) from None
    return values


def open_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a `.npz` file by name, at most MOST_BYTES in all. Raises InputError for what is none."""
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file", SAVE_SEVERAL)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members)
            if total > MOST_BYTES:
                raise ValueError(f"it holds {total:,} bytes, at most {MOST_BYTES:,} are read")
            return {member.filename.removesuffix(".npy"): _read_member(archive, member) for member in members}
    except (*DAMAGED, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputError(f"cannot read {path}: {error}", SAVE_SEVERAL) from None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    with archive.open(member) as file:
        shape, by_columns, dtype = _checked_header(file, member.file_size)
        data = np.frombuffer(file.read(_bytes(shape, dtype.itemsize)), dtype)
    return data.reshape(shape, order="F" if by_columns else "C")


def _checked_header(file: IO[bytes], size: int) -> tuple[tuple[int, ...], bool, "np.dtype[Any]"]:
    """Shape, whether columns come first, type, of a file of `size` bytes. Raises ValueError and others of DAMAGED."""
    version = np.lib.format.read_magic(file)
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = reader(file, max_header_size=MOST_HEADER)
    if dtype.hasobject or dtype.names is not None:
        raise ValueError(f"it holds {dtype}")
    needed, there = _bytes(shape, dtype.itemsize), size - file.tell()
    if needed != there:
        raise ValueError(f"its header says {needed:,} bytes of data, there are {there:,}")
    if not needed:
        raise ValueError("it holds nothing")
    return shape, by_columns, dtype


def _bytes(shape: tuple[int, ...], itemsize: int) -> int:
    size = itemsize
    for extent in shape:
        if extent < 0:
            raise ValueError(f"its header says a size of {extent}")
        size *= extent
    return size
