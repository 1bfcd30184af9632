"""What a board with MicroPython raises, and the port it is found at."""

import pytest

from depthwise.codegen.errors import (
    CorruptionError,
    DepthwiseError,
    FlashError,
    InputError,
    LinkError,
    OtherBuildError,
    ProjectError,
    StaleFirmwareError,
)
from depthwise.host.flash.usb_ports import SerialPort
from depthwise.host.micropython.board_exceptions import board_error
from depthwise.host.micropython.find_board import find_board
from tests.support.natmods import exported


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("ImportError: no module named 'digits'", ProjectError),
        ("OSError: digits.weights is not beside digits.mpy: copy it there, or give Model a path", ProjectError),
        ("ValueError: incompatible .mpy arch", ProjectError),
        ("ValueError: weights are of another model: SHA-256 0x1, digits takes 0x2", StaleFirmwareError),
        ("ValueError: weights are of another export: CRC-32 0x1, digits takes 0x2", OtherBuildError),
        ("ValueError: weights of another export have 5 bytes, digits takes 6", OtherBuildError),
        ("ValueError: memory is corrupted: bytes behind offset 8", CorruptionError),
        ("ValueError: input has value 5 at position 7, digits was exported for 0...4", InputError),
        ("MemoryError: memory allocation failed, allocating 9 bytes", ProjectError),
        ("OSError: [Errno 28] ENOSPC", FlashError),
        ("OSError: 30", FlashError),
        ("KeyboardInterrupt:", LinkError),
    ],
)
def test_what_a_board_raises_is_one_error_with_the_next_step(line: str, error: type[DepthwiseError]) -> None:
    made = board_error("/dev/ttyACM0", f"Traceback (most recent call last):\r\n  File x\r\n{line}\r\n")
    assert type(made) is error
    assert line in made.message
    assert made.hint


def test_the_port_of_a_board_is_found_by_its_usb_number() -> None:
    ports = (SerialPort("/dev/ttyS0", "n/a", ""), SerialPort("/dev/ttyACM3", "Board in FS mode", "2e8a:0005"))
    target = exported().board
    assert find_board(target, lambda: ports) == "/dev/ttyACM3"
    for listing, words in ((ports[:1], "no port has"), (ports[1:] * 2, "2 ports can be")):
        with pytest.raises(LinkError, match=words) as caught:
            find_board(target, lambda listing=listing: listing)  # type: ignore[misc]
        assert "--port" in caught.value.hint
