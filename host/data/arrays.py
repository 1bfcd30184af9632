"""Opens `.npy` files without trusting them: the header is held against the file before anything is read."""

import tokenize
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array

MOST_HEADER: Final = 10_000
SAVE: Final = "give an array saved by numpy.save"


def open_array(path: Path) -> Array:
    """The array of a `.npy` file, read from disk as it is used. Raises InputError for what is none.

    The format is numpy.lib.format's, versions 1 to 3; arrays of objects, which would run code, are refused.
    """
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file", SAVE)
    try:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = reader(file, max_header_size=MOST_HEADER)
            start = file.tell()
        if dtype.hasobject or dtype.names is not None:
            raise ValueError(f"it holds {dtype}")
        needed, there = _bytes(shape, dtype.itemsize), path.stat().st_size - start
        if needed != there:
            raise ValueError(f"its header says {needed:,} bytes of data, there are {there:,}")
        if not needed:
            raise ValueError("it holds nothing")
        values: Array = np.load(path, allow_pickle=False, mmap_mode="r", max_header_size=MOST_HEADER)
    except (OSError, ValueError, TypeError, SyntaxError, EOFError, RecursionError, tokenize.TokenError) as error:
        raise InputError(f"cannot read {path}: {error}", SAVE) from None
    return values


def _bytes(shape: tuple[int, ...], itemsize: int) -> int:
    size = itemsize
    for extent in shape:
        if extent < 0:
            raise ValueError(f"its header says a size of {extent}")
        size *= extent
    return size
