"""A board in Python that takes pictures: any arrays, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.support.fake_board import FakeBoard

TYPES: Final = {"uint8": 0, "int8": 1, "int16": 2, "float32": 3}


@dataclass
class Camera:
    """Pictures [N, H, W, C], again from the first behind the last; it forgets the picture where `fails` says so."""

    pictures: NDArray[Any]
    fails: Callable[[int, int], int] = lambda _picture, _row: 0
    taken: list[int] = field(default_factory=list)
    row: int = -1

    def answer(self, command: int, body: bytes) -> tuple[int, bytes]:
        """Status and body for a request."""
        numbers = [int.from_bytes(body[at : at + 2], "little") for at in range(0, len(body), 2)]
        match command:
            case 16:
                _, height, width, channels = self.pictures.shape
                sizes = b"".join(n.to_bytes(2, "little") for n in (height, width, channels))
                return 0, sizes + bytes([TYPES[self.pictures.dtype.name]])
            case 17:
                number = int.from_bytes(body, "little")
                if number not in self.taken:
                    self.taken.append(number)
                    self.row = -1
                return 0, b""
            case 18:
                return self._row(*numbers)
        return 1, b""

    def _row(self, row: int, first: int, count: int) -> tuple[int, bytes]:
        status = self.fails(len(self.taken), row)
        if status:
            return status, b""
        if row not in {self.row, self.row + 1}:
            return 3, (self.row + 1).to_bytes(4, "little")
        self.row = row
        picture = self.pictures[(len(self.taken) - 1) % len(self.pictures)]
        return 0, np.ascontiguousarray(picture[row]).tobytes()[first : first + count]


def camera_board(camera: Camera, **more: Any) -> FakeBoard:
    return FakeBoard(lambda image: image, 4, 4, others=camera.answer, **more)
