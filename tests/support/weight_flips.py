"""Reads many damaged weight files of a `.keras` archive: `python -m tests.support.weight_flips`.

A process of its own reads each, as in the product. Starting Python for it takes most of the time, so but for some of
them it is a copy of this one, which has all modules already.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest import mock

import h5py
import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.keras import weight_worker, weights
from depthwise.codegen.formats.keras.reader import parse_keras
from depthwise.codegen.scratch_folder import scratch_folder
from tests.support.keras_files import archive, conv, conv_weights, sequential, weight_file

assert h5py
FILES: Final = 1500
STARTED: Final = 50  # of these, by a Python that is started for each


class Copied:
    """A copy of this process that runs the worker: what weights.py takes of a Popen."""

    def __init__(self, path: Path) -> None:
        asked, self._asking = os.pipe()
        self._answering, answered = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            _work(path, asked, answered)
        os.close(asked)
        os.close(answered)
        self.stdin, self.stdout = os.fdopen(self._asking, "wb"), os.fdopen(self._answering, "rb")

    def wait(self) -> int:
        """Exit code, negative for a signal."""
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def close(self) -> None:
        """End the input, which ends the worker."""
        for end in (self.stdin, self.stdout):
            try:
                end.close()
            except BrokenPipeError:
                continue
        try:
            self.wait()
        except ChildProcessError:
            return


def _work(path: Path, asked: int, answered: int) -> None:
    os.dup2(asked, 0)
    os.dup2(answered, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.closerange(3, 256)
    sys.stdin, sys.stdout = os.fdopen(0, "r"), os.fdopen(1, "w")
    try:
        weight_worker.main(path)
    except BaseException:
        os._exit(1)
    os._exit(0)


@contextmanager
def copied(data: bytes) -> Iterator[Copied]:
    """A worker for some weights, as weights.py starts one."""
    with scratch_folder("keras") as folder:
        path = folder / "model.weights.h5"
        path.write_bytes(data)
        worker = Copied(path)
        try:
            yield worker
        finally:
            worker.close()


def read_damaged(count: int, rng: np.random.Generator) -> None:
    """Weights with three flipped bits: each file gives a graph or a ModelError."""
    sound = weight_file(conv_weights())
    for _ in range(count):
        damaged = bytearray(sound)
        for place in rng.integers(0, len(sound), 3):
            damaged[place] ^= 1 << int(rng.integers(0, 8))
        try:
            parse_keras(archive(sequential(conv()), bytes(damaged)), "flipped")
        except ModelError:
            continue


if __name__ == "__main__":
    chance = np.random.default_rng(0)
    read_damaged(STARTED, chance)
    with mock.patch.object(weights, "_reading", copied):
        read_damaged(FILES - STARTED, chance)
