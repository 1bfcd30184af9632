"""Every core on a virtual board: all tensors, the stack, faults, requests that come at a bad time."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.errors import LinkError
from depthwise.codegen.targets.boards import boards
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.link.frames import frame, unframe
from depthwise.host.link.protocol import Command
from depthwise.host.project import Project, open_project
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import model_path
from tests.support.projects import built
from tests.support.verified import verified
from tests.support.waiting import received
from tests.support.windows import assert_windows

EMULATED: Final = [b.name for b in boards().values() if b.emulator]
LARGE: Final = ("nucleo-f446re", "mps2-m0plus", "mps2-m7", "mps2-m33", "mps3-m55", "rv32-virt", "xtensa-lx")
STM32: Final = ("netduino2", "nucleo-f401re", "stm32vldiscovery")
KINDS: Final = (*STM32, "mps2-m0plus", "mps2-m33", "mps3-m55", "microbit", "rv32-virt", "xtensa-lx")
MARGIN: Final = 1.5


def assert_equal(project: Project, count: int = 2) -> None:
    verdict = verified(project, count=count)
    assert verdict.equal, str(verdict.difference)
    assert verdict.tensors == len(project.traced) > 1
    assert verdict.core == project.board.core
    assert verdict.damaged_frames == 0
    assert verdict.ticks > 0
    assert 0 < MARGIN * verdict.stack_bytes <= project.board.stack_bytes


@pytest.mark.parametrize("board_name", EMULATED)
def test_the_bundled_model_is_equal_on_every_virtual_board(board_name: str) -> None:
    assert_equal(built(board_name))


@pytest.mark.parametrize("board_name", LARGE)
def test_visual_wake_words_are_equal_on_every_large_virtual_board(board_name: str) -> None:
    assert_equal(built(board_name, model_path("vww_96_int8")), count=1)


@pytest.mark.parametrize("name", ["ic_resnet8_int8", "kws_dscnn_int8"])
def test_what_fits_a_real_cortex_m0_is_equal_there(name: str) -> None:
    assert_equal(built("microbit", model_path(name)))


@pytest.mark.parametrize("board_name", ["mps2-m0plus", "mps2-m33", "microbit", "rv32-virt", "xtensa-lx"])
def test_equal_runs_give_equal_counts(board_name: str) -> None:
    first, second = (verified(built(board_name), count=1) for _ in range(2))
    assert (first.ticks, first.stack_bytes) == (second.ticks, second.stack_bytes)
    # Of dc233c, emulated multiplications are left out: they would be most of what is counted.
    assert board_name != "xtensa-lx" or first.ticks < 5 * first.macs


def put(offset: int, count: int) -> bytes:
    return bytes([Command.PUT]) + offset.to_bytes(4, "little") + bytes(count)


def answers(line: socket.socket, count: int) -> Iterator[tuple[int, ...]]:
    """Sequence, command and status of the next answers, but those to a HELLO that was said again on a slow machine."""
    arrived = b""
    while count:
        encoded, zero, rest = arrived.partition(b"\0")
        if not zero:
            arrived += received(line)
            continue
        arrived = rest
        payload = unframe(encoded)
        if payload is not None and payload[1] != Command.HELLO | 0x80:
            count -= 1
            yield tuple(payload[:3])


@pytest.mark.parametrize("board_name", KINDS)
def test_a_whole_request_that_comes_while_the_board_computes_is_answered(board_name: str) -> None:
    """The second PUT completes a row, which the board computes; the third, as long as the ring, is not waited with."""
    project = built(board_name)
    row = project.graph.tensors[project.graph.inputs[0]].row_bytes
    first = 240 // row * row - 1
    requests = [bytes([Command.BEGIN, 255, 255, 0, 0, 0, 0]), put(0, first), put(first, 1), put(first + 1, 225)]
    sent = [b"\0" + frame(bytes([n]) + r) for n, r in enumerate(requests)]
    with virtual_board(project.firmware, project.board) as url:
        with Link.open(url) as link:
            link.hello()  # it has started
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as line:
            for n, whole in enumerate(sent[:2]):
                line.sendall(whole)
                assert list(answers(line, 1)) == [(n, requests[n][0] | 0x80, 0)]
            line.sendall(sent[2] + sent[3])
            assert list(answers(line, 2)) == [(n, Command.PUT | 0x80, 0) for n in (2, 3)]


@pytest.mark.parametrize("board_name", KINDS)
def test_a_fault_resets_the_board_and_the_host_says_so(board_name: str, tmp_path: Path) -> None:
    shutil.copytree(built(board_name).folder, tmp_path / "p")
    session = tmp_path / "p" / "app" / "session.c"
    whole = session.read_text()
    session.write_text(re.sub(r"network_scores\(output.*?\);", "__builtin_trap();", whole))
    assert session.read_text() != whole
    project = open_project(tmp_path / "p")
    build(project)
    _, inputs = next(generated_inputs(project.graph, 1, seed=0))
    with virtual_board(project.firmware, project.board) as url, Link.open(url, answer_seconds=0.2) as link:
        hello = link.hello()
        with pytest.raises(LinkError, match="refused PUT: NOT_READY"):
            link.infer(project.sent(inputs), hello)
        assert link.hello() == hello


def test_a_window_of_any_tensor_of_a_board_begins_at_any_byte() -> None:
    assert_windows("netduino2-20k")
