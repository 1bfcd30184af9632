"""Chips behind their URL: faults of the line at their byte, cables that go and come back, firmware that runs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import serial

from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.faults import FLIPPED, Fault, FaultKind, FaultyLine, Side
from depthwise.host.emulate.chips.served_chip import FirmwareRunner, ServedChip, served
from depthwise.host.emulate.chips.stm32_chips import CHIPS
from tests.support.waiting import happened, read

GET_ID = b"\x02\xfd"
IDENTITY = b"\x79\x01\x04\x13\x79"
GO = b"\x21\xde\x08\x00\x00\x00\x08"


def f405() -> An3155:
    return An3155(CHIPS["STM32F405"])


@contextmanager
def opened(place: ServedChip) -> Iterator[serial.SerialBase]:
    with closing(serial.serial_for_url(place.url)) as port:
        yield port


def ask(port: serial.SerialBase, sent: bytes, count: int) -> bytes:
    port.write(sent)
    return read(port, count)


@pytest.mark.parametrize(
    ("kind", "every", "arrives"),
    [
        (FaultKind.DROP, 0, b"ABDEFGH"),
        (FaultKind.DROP, 3, b"ABDEGH"),
        (FaultKind.CORRUPT, 0, bytes([*b"AB", ord("C") ^ FLIPPED, *b"DEFGH"])),
    ],
)
def test_a_fault_meets_its_bytes_and_no_other(kind: FaultKind, every: int, arrives: bytes) -> None:
    line = FaultyLine((Fault(kind, Side.HOST, 2, every),))
    pieces = [line.carry(Side.HOST, part)[0] for part in (b"A", b"BCD", b"EFGH")]
    assert b"".join(pieces) == arrives
    assert line.carry(Side.CHIP, b"ABCDEFGH") == (b"ABCDEFGH", True)


def test_bytes_before_the_cable_goes_still_arrive() -> None:
    line = FaultyLine((Fault(FaultKind.UNPLUG, Side.CHIP, 2),))
    assert line.carry(Side.CHIP, b"ABCD") == (b"AB", False)
    assert line.carry(Side.CHIP, b"EF") == (b"EF", True)


def test_one_program_after_the_other_can_open_the_port() -> None:
    with served(f405()) as place:
        for _ in range(3):
            with opened(place) as port:
                assert ask(port, b"\x7f" + GET_ID, 6) == b"\x79" + IDENTITY


def test_an_unplugged_chip_is_gone_until_it_is_plugged_in_again() -> None:
    chip = f405()
    with served(chip, faults=(Fault(FaultKind.UNPLUG, Side.HOST, 2),)) as place:
        with opened(place) as port, pytest.raises(serial.SerialException):
            ask(port, b"\x7f" + GET_ID, 20)
        assert place.unplugged.wait(60)
        with pytest.raises(serial.SerialException, match="refused"), opened(place):
            pass
        place.replug()
        with opened(place) as port:
            assert ask(port, b"\x7f" + GET_ID, 6) == b"\x79" + IDENTITY


def test_power_that_goes_takes_the_line_with_it_and_leaves_the_rest() -> None:
    chip = f405()
    chip.flash.data[:] = bytes(len(chip.flash.data))
    chip.flash.endurance = 1000
    with served(chip) as place:
        with opened(place) as port, pytest.raises(serial.SerialException):
            ask(port, b"\x7f\x44\xbb\xff\xff\x00", 20)
        assert place.unplugged.wait(60)
        assert chip.flash.data.count(0xFF) == 1000


def echo(started: threading.Event, ended: threading.Event) -> FirmwareRunner:
    """A machine whose program sends everything back in capitals."""

    @contextmanager
    def run() -> Iterator[socket.socket]:
        ours, theirs = socket.socketpair()

        def loop() -> None:
            while data := theirs.recv(100):
                theirs.sendall(data.upper())

        threading.Thread(target=loop, daemon=True).start()
        started.set()
        with ours:
            yield ours
        ended.set()

    return run


def test_what_was_flashed_runs_behind_the_same_url_until_the_boot_loader_is_called_again() -> None:
    started, ended = threading.Event(), threading.Event()
    with served(f405(), machine=echo(started, ended)) as place:
        with opened(place) as port:
            assert ask(port, b"\x7f" + GO, 3) == b"\x79" * 3
            assert happened(started)
        for _ in range(2):
            with opened(place) as port:
                assert ask(port, b"hello\x7f", 6) == b"HELLO\x7f"
        assert not ended.is_set()
        with opened(place) as port:
            assert ask(port, b"\x7f" + GET_ID, 6) == b"\x79" + IDENTITY
        assert ended.is_set()


def test_a_running_program_ends_with_its_chip() -> None:
    started, ended = threading.Event(), threading.Event()
    with served(f405(), machine=echo(started, ended)) as place, opened(place) as port:
        ask(port, b"\x7f" + GO, 3)
        assert happened(started)
    assert ended.is_set()


def test_a_board_without_a_twin_is_silent_once_it_runs() -> None:
    with served(f405()) as place, opened(place) as port:
        assert ask(port, b"\x7f" + GO, 3) == b"\x79" * 3
        port.write(b"hello")
        assert read(port, 1, seconds=0.1) == b""
