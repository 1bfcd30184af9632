"""Requests and responses as values (docs/reference/protocol.md, "Commands"). All numbers are little-endian."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from depthwise.codegen.errors import LinkError

VERSION: Final = 1
# What no board of ours says: a hello with other numbers is damaged or hostile, and is not worked with.
LEAST_DATA: Final = 4
MOST_DATA: Final = 252
MOST_BYTES: Final = 1 << 24
MOST_TRACED: Final = 20_000
_HELLO: Final = struct.Struct("<BBHIIIIH")


class Command(IntEnum):
    """What the host asks for."""

    HELLO = 1
    BEGIN = 2
    PUT = 3
    RUN = 4
    OUTPUT = 5
    CRCS = 6
    WINDOW = 7
    GENERATE = 8
    TICKS = 9
    SPEED = 10
    CAMERA = 16
    TAKE = 17
    ROW = 18


class Status(IntEnum):
    """What the board thinks of a request."""

    OK = 0
    UNKNOWN_COMMAND = 1
    BAD_LENGTH = 2
    GAP = 3
    NOT_READY = 4
    OUT_OF_RANGE = 5
    BROKEN_PROMISE = 6
    CANARY_DIED = 7
    CAMERA_FAILED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who is there: protocol, network and build of the firmware that answers. Sizes in bytes.

    `build_id` is empty if the firmware does not tell it; `generates`: it makes inputs of patterns itself;
    `counts_layers`: it counts the ticks of each traced tensor; `raises_speed`: its port has other speeds.
    """

    trace: bool
    data_bytes: int
    input_bytes: int
    output_bytes: int
    ram_bytes: int
    clock_hz: int
    traced: int
    model_sha256: str
    name: str
    core: str
    build_flags: str
    build_id: str = ""
    generates: bool = False
    counts_layers: bool = False
    raises_speed: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes of a traced tensor that the next run shall keep: slot in execution order, the first byte's offset."""

    slot: int
    offset: int


@dataclass(frozen=True, slots=True)
class CapturedWindow:
    """What a run kept: the bytes from the offset, as many as the board has room for, and the CRC-32 of all before."""

    crc_before: int
    data: bytes


@dataclass(frozen=True, slots=True)
class InferenceResult:
    """One inference: the scores, ticks of the board's cycle counter, most stack ever used (0: unknown)."""

    output: bytes
    cycles: int
    stack_bytes: int


def parse_hello(body: bytes) -> Hello:
    """Parse the answer to HELLO. Raises LinkError for another protocol version, a short answer or absurd numbers."""
    if body[:1] != bytes([VERSION]):
        found = body[0] if body else "none"
        raise LinkError(
            f"the board speaks protocol version {found}, this tool version {VERSION}",
            "export, build and flash the firmware again",
        )
    texts = body[_HELLO.size :].split(b"\0")
    if len(body) < _HELLO.size or len(texts) < 4:
        raise LinkError(f"the board's hello has {len(body)} bytes and {len(texts)} texts, too few")
    _, flags, data, size_in, size_out, ram, clock, traced = _HELLO.unpack_from(body)
    _check_numbers(data, size_in, size_out, clock, traced)
    sha, name, core, build, identity = (t.decode("ascii", "replace") for t in (*texts, b"")[:5])
    return Hello(
        trace=bool(flags & 1),
        data_bytes=data,
        input_bytes=size_in,
        output_bytes=size_out,
        ram_bytes=ram,
        clock_hz=clock,
        traced=traced,
        model_sha256=sha,
        name=name,
        core=core,
        build_flags=build,
        build_id=identity,
        generates=bool(flags & 2),
        counts_layers=bool(flags & 4),
        raises_speed=bool(flags & 8),
    )


def _check_numbers(data: int, size_in: int, size_out: int, clock: int, traced: int) -> None:
    _check("data bytes in a message", data, LEAST_DATA, MOST_DATA)
    _check("input bytes", size_in, 1, MOST_BYTES)
    _check("output bytes", size_out, 1, MOST_BYTES)
    _check("traced tensors", traced, 0, MOST_TRACED)
    _check("ticks per second", clock, 1, 1 << 32)


def _check(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise LinkError(
            f"the board's hello says {value:,} {what}, it must be {least:,} to {most:,}",
            "this is not firmware of this tool, or the line is disturbed: build and flash again",
        )
