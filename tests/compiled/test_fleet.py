"""Several boards at once: each its own verdict, whatever becomes of the others; the golden model runs once."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes import PassOptions
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import Project
from depthwise.host.verify import Step, cases
from depthwise.host.verify.generated import Values
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verify_boards import verify_boards
from tests.support.commands import call
from tests.support.fake_board import serving, traced_board
from tests.support.projects import built
from tests.support.verified import break_weight


def nobody(_number: int, _step: Step) -> None:
    """Watches nothing."""


def inputs_of(project: Project, count: int = 4) -> list[tuple[str, Values]]:
    return list(generated_inputs(project.graph, count, seed=0))


@contextmanager
def three_boards(folder: Path) -> Iterator[tuple[str, str, str]]:
    """One that is right, one with a broken weight, one whose cable goes in the middle of the first input."""
    project = built("host")
    image, _, _ = break_weight(project, 2, (5, 0, 0, 2), folder)
    unplugged = traced_board(project)

    def cut(data: bytes, count: int) -> bytes:
        if count > 9:
            raise OSError("unplugged")
        return data

    unplugged.hear = cut
    with ExitStack() as stack:
        right, broken = (stack.enter_context(virtual_board(f, project.board)) for f in (project.firmware, image))
        yield right, broken, stack.enter_context(serving(unplugged))


def test_a_broken_and_an_unplugged_board_do_not_stop_the_third(tmp_path: Path) -> None:
    project = built("host")
    with three_boards(tmp_path) as ports:
        outcomes = verify_boards(project, ports, inputs_of(project), nobody)
    assert [o.word for o in outcomes] == ["equal", "different", "failed"]
    right, broken, unplugged = outcomes
    assert right.report is not None
    assert right.report.verdict.inputs == 4
    assert broken.report is not None
    assert broken.report.verdict.difference is not None
    assert broken.report.verdict.difference.layer == 2
    assert unplugged.error is not None
    assert "lost port" in unplugged.error.message


def test_the_command_line_tells_each_board_and_returns_1(tmp_path: Path) -> None:
    folder = built("host").folder
    with three_boards(tmp_path) as ports:
        named = [a for port in ports for a in ("--port", port)]
        result = call("verify", folder, *named, "--bundle", tmp_path / "b.zip", "--json")
        found = json.loads(result.stdout)
        assert result.exit_code == 1
        assert [f["port"] for f in found] == list(ports)
        assert [f["equal"] for f in found] == [True, False, None]
        assert found[1]["cause"]["kind"] == "damaged constants"
        assert found[2]["cause"]["kind"] == "link"
        assert (tmp_path / "b-2.zip").exists()
        assert found[1]["bundle"] == str(tmp_path / "b-2.zip")
    with three_boards(tmp_path) as ports:
        named = [a for port in ports for a in ("--port", port)]
        text = call("verify", folder, *named, "--no-bundle").output
    for word in ("equal", "different", "failed", "layer 2 (CONV_2D)", "lost port", *ports):
        assert word in text


def test_boards_that_all_fail_return_2_and_boards_that_are_equal_0() -> None:
    project = built("host")
    absent = ("--port", "/dev/nothing1", "--port", "/dev/nothing2")
    assert call("verify", project.folder, *absent).exit_code == 2
    with virtual_board(project.firmware, project.board) as one, virtual_board(project.firmware, project.board) as two:
        assert call("verify", project.folder, "--port", one, "--port", two, "-n", 2).exit_code == 0
        assert call("verify", project.folder, "--port", one, "--port", "/dev/nothing", "-n", 2).exit_code == 2


def test_the_golden_model_runs_once_for_each_input(monkeypatch: pytest.MonkeyPatch) -> None:
    project, runs = built("host"), list[Array]()

    def counted(graph: Graph, image: Array) -> dict[int, Array]:
        runs.append(image)
        return run(graph, image)

    monkeypatch.setattr(cases, "run", counted)
    with ExitStack() as stack:
        ports = [stack.enter_context(virtual_board(project.firmware, project.board)) for _ in range(3)]
        outcomes = verify_boards(project, tuple(ports), inputs_of(project, 5), nobody)
    assert [o.word for o in outcomes] == ["equal"] * 3
    assert len(runs) == 5


def test_each_board_has_its_own_line_of_progress() -> None:
    project, lock, seen = built("host"), threading.Lock(), list[tuple[int, Step]]()

    def watch(number: int, step: Step) -> None:
        with lock:
            seen.append((number, step))

    with ExitStack() as stack:
        ports = [stack.enter_context(virtual_board(project.firmware, project.board)) for _ in range(2)]
        verify_boards(project, tuple(ports), inputs_of(project, 3), watch)
    for number in range(2):
        assert [s.done for n, s in seen if n == number] == [0, 1, 2]


def test_an_input_that_breaks_the_promise_stops_all_before_any_board_is_asked() -> None:
    project = built("host", passes=PassOptions(input_range=(-100, 90)))
    inputs: list[tuple[str, Array]] = [("mine", np.full((1, 32, 32, 1), 91, np.int8))]
    with pytest.raises(InputError, match="value 91"):
        verify_boards(project, ("/dev/nothing",), inputs, nobody)
