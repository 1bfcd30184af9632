"""The link against a board with faults: every fault is recovered from or reported, never a wrong result."""

import os
import socket
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import cache
from typing import Final, TypeVar
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.errors import InputError, LinkError, TimeoutLinkError
from depthwise.host.link import Capture, CapturedWindow, Link
from depthwise.host.link.channel import Channel
from depthwise.host.link.frames import cobs_decode, cobs_encode, frame, unframe
from depthwise.host.link.link import WINDOW
from depthwise.host.link.ports import open_port
from depthwise.host.link.protocol import Command
from tests.support.fake_board import FakeBoard, serving

T = TypeVar("T")
LINES: Final = ThreadPoolExecutor(7)
IMAGE = bytes(range(256)) * 2
DATA_BYTES: Final = 240  # DW_DATA_BYTES of firmware/app/link.h
GARBAGE = b"\x00ets Jun  8 2016 00:22:57\r\n\xff\xfe\x00"


def reverse(image: bytes) -> bytes:
    return image[::-1][:100]


def infer(board: FakeBoard) -> bytes:
    with serving(board) as url, Link.open(url, answer_seconds=0.02) as link:
        return link.infer(IMAGE, link.hello()).output


def every(number: int, change: Callable[[bytes], bytes]) -> Callable[[bytes, int], bytes]:
    return lambda data, count: change(data) if count % number == 0 else data


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "lost": lambda _: b"",
    "a byte lost": lambda data: data[:3] + data[4:],
    "a bit flipped": lambda data: data[:5] + bytes([data[5] ^ 4]) + data[6:],
    "sent twice": lambda data: data + data,
    "behind garbage": lambda data: GARBAGE + data,
    "cut and glued": lambda data: data[: len(data) // 2] + data,
    "end lost": lambda data: data[:-1],
}


@given(st.binary(max_size=700))
def test_cobs_round_trip_has_no_zero_byte(data: bytes) -> None:
    assert 0 not in cobs_encode(data)
    assert cobs_decode(cobs_encode(data)) == data


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_frame_with_a_changed_byte_is_dropped(payload: bytes, draw: st.DataObject) -> None:
    whole = frame(payload)[:-1]
    assert unframe(whole) == payload
    at = draw.draw(st.integers(0, len(whole) - 1))
    changed = draw.draw(st.integers(1, 255))
    assert unframe(whole[:at] + bytes([whole[at] ^ changed]) + whole[at + 1 :]) is None


@given(st.binary(max_size=300))
def test_any_bytes_decode_to_something_or_to_nothing(data: bytes) -> None:
    unframe(data)


def repeated_answers(fault: str) -> tuple[bytes, int]:
    board = FakeBoard(reverse, len(IMAGE), 100, spoil=every(3, FAULTS[fault]))
    return infer(board), board.runs


def repeated_requests(fault: str) -> bytes:
    return infer(FakeBoard(reverse, len(IMAGE), 100, hear=every(3, FAULTS[fault])))


def captured(fault: str) -> CapturedWindow:
    board = FakeBoard(reverse, len(IMAGE), 100, spoil=every(3, FAULTS[fault]), hear=every(4, FAULTS[fault]))
    with serving(board) as url, Link.open(url, answer_seconds=0.02) as link:
        link.infer(IMAGE, link.hello(), Capture(0, 300))
        return link.window()


def on_each_line(run: Callable[[str], T]) -> Callable[[], dict[str, Future[T]]]:
    """Runs with each fault, begun at the first call all at the same time: nearly all of it is waiting."""
    return cache(lambda: {fault: LINES.submit(run, fault) for fault in FAULTS})


ANSWERS: Final = on_each_line(repeated_answers)
REQUESTS: Final = on_each_line(repeated_requests)
WINDOWS: Final = on_each_line(captured)


@pytest.mark.parametrize("fault", FAULTS)
def test_answers_that_are_damaged_are_asked_for_again(fault: str) -> None:
    answer, runs = ANSWERS()[fault].result()
    assert answer == reverse(IMAGE)
    assert runs == 1, "a repeated request must not compute again"


@pytest.mark.parametrize("fault", FAULTS)
def test_requests_that_are_damaged_are_sent_again(fault: str) -> None:
    assert REQUESTS()[fault].result() == reverse(IMAGE)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_window_is_captured_whatever_befalls_the_line(fault: str) -> None:
    assert WINDOWS()[fault].result() == CapturedWindow(zlib.crc32(IMAGE[:300]), IMAGE[300:324])


@pytest.mark.parametrize(("offset", "count"), [(0, 24), (500, 12), (512, 0)])
def test_a_window_ends_with_its_tensor(offset: int, count: int) -> None:
    with serving(FakeBoard(reverse, len(IMAGE), 100)) as url, Link.open(url) as link:
        link.infer(IMAGE, link.hello(), Capture(0, offset))
        assert link.window() == CapturedWindow(zlib.crc32(IMAGE[:offset]), IMAGE[offset : offset + count])


def test_a_silent_board_is_reported_with_the_port_and_the_next_step() -> None:
    board = FakeBoard(reverse, len(IMAGE), 100, spoil=lambda _a, _n: b"")
    with pytest.raises(TimeoutLinkError, match=r"no answer to HELLO from socket://.*press reset"):
        infer(board)


def test_garbage_alone_is_counted_and_reported() -> None:
    board = FakeBoard(reverse, len(IMAGE), 100, spoil=lambda _a, _n: GARBAGE)
    with pytest.raises(TimeoutLinkError, match=r"\(\d+ damaged frames seen\)"):
        infer(board)


def test_another_protocol_version_is_reported_with_both_numbers() -> None:
    with pytest.raises(LinkError, match="version 9, this tool version 1"):
        infer(FakeBoard(reverse, len(IMAGE), 100, version=9))


def test_a_board_that_restarts_in_between_is_reported() -> None:
    board = FakeBoard(reverse, len(IMAGE), 100)

    def forget(data: bytes, count: int) -> bytes:
        if count == 6:
            board.image.clear()
        return data

    board.hear = forget
    with pytest.raises(LinkError, match="refused PUT: GAP"):
        infer(board)


def test_a_lost_piece_is_noticed_by_the_answer_to_the_next() -> None:
    """Nobody waits for the time-out, which is a minute here."""
    lost: list[bytes] = []

    def lose(arrived: bytes, _: int) -> bytes:
        frames = arrived.split(b"\0")
        for number, encoded in enumerate(frames):
            payload = unframe(encoded)
            if payload is not None and payload[1] == Command.PUT and not lost:
                lost.append(payload)
                frames[number] = b""
        return b"\0".join(frames)

    with serving(FakeBoard(reverse, len(IMAGE), 100, hear=lose)) as url, Link.open(url, answer_seconds=60) as link:
        link._window = WINDOW  # as behind a serial port
        assert link.infer(IMAGE, link.hello()).output == reverse(IMAGE)
        assert (len(lost), link.traffic.repeats) == (1, 1)


def test_a_window_of_pieces_is_no_longer_than_one_request_of_the_longest_kind() -> None:
    """So a board that keeps 266 bytes while it computes loses none: protocol.md, "Frames"."""
    piece = frame(bytes(2 + 4) + b"\1" * (DATA_BYTES // WINDOW))
    assert WINDOW * (len(b"\0" + piece)) <= 266


def test_an_input_of_the_wrong_size_is_refused_before_anything_is_sent() -> None:
    with (
        serving(FakeBoard(reverse, len(IMAGE), 100)) as url,
        Link.open(url) as link,
        pytest.raises(InputError, match="5 bytes, the board takes 512"),
    ):
        link.infer(b"12345", link.hello())


def test_a_port_that_is_not_there_is_reported_with_the_next_step() -> None:
    with pytest.raises(LinkError, match=r"cannot open port /dev/nothing.*depthwise ports"):
        Link.open("/dev/nothing")


def test_a_line_that_is_cut_is_reported() -> None:
    board = FakeBoard(reverse, len(IMAGE), 100)

    def cut(_data: bytes, count: int) -> bytes:
        if count > 4:
            raise OSError("unplugged")
        return _data

    board.hear = cut
    with pytest.raises(LinkError):
        infer(board)


def test_a_refused_connection_is_reported() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"socket://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(LinkError, match="cannot open port socket://"):
            Link.open(url)


def test_a_port_that_another_program_uses_is_reported_as_busy() -> None:
    _, slave = os.openpty()
    name = os.ttyname(slave)
    with Link.open(name), pytest.raises(LinkError, match=rf"cannot open port {name}.*close the program that uses it"):
        Link.open(name)


@pytest.mark.parametrize("name", ["line", "socket://board"])
def test_a_frame_from_a_socket_is_read_as_a_whole_whatever_the_port_is_called(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as opened:
        port = opened.enter_context(closing(open_port(f"socket://127.0.0.1:{listener.getsockname()[1]}")))
        other = opened.enter_context(listener.accept()[0])
        read = opened.enter_context(mock.patch.object(port, "read", wraps=port.read))
        other.sendall(b"\0" + frame(IMAGE))
        assert Channel(port, name).receive(IMAGE.__eq__, 10.0) == IMAGE
        assert read.call_count < len(IMAGE) / 20
