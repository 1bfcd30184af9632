"""A sample of the grid of docs/results/link-faults.md: whatever befalls the line, no verdict is wrong."""

import pytest

from depthwise.host.link.protocol import Command
from tests.support.faulty_line import HARMLESS, KINDS, Fault
from tests.support.link_grid import Subject, faults, subjects, tried, tried_all


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> tuple[Subject, Subject]:
    return subjects(tmp_path_factory.mktemp("broken"))


# What a verification that finds all equal never asks.
UNASKED = (Command.WINDOW, Command.CAMERA, Command.TAKE, Command.ROW)


def test_no_fault_of_the_line_makes_a_wrong_verdict(boards: tuple[Subject, Subject]) -> None:
    sample = list(faults())[::11]
    assert {fault.kind for fault in sample} == set(KINDS)
    found = tried_all(boards, sample)
    assert [f for f in found if f.outcome == "wrong"] == []
    assert all(f.outcome == "verdict" for f in found if f.fault.kind in HARMLESS)
    assert sum(f.reached for f in found) > len(found) / 2


@pytest.mark.parametrize("number", [1, 11])
def test_a_board_that_restarts_between_two_requests_of_a_run_is_an_error(
    boards: tuple[Subject, Subject], number: int
) -> None:
    """It has forgotten which bytes it should keep: what it captures then are others."""
    found = tried(boards[1], Fault("board reset", Command.PUT, number, answer=False))
    assert (found.outcome, found.reached) == ("error", True)
    assert "it restarted" in found.said


@pytest.mark.parametrize("command", [c for c in Command if c not in UNASKED])
def test_a_cable_that_is_pulled_at_any_request_is_a_lost_port(
    boards: tuple[Subject, Subject], command: Command
) -> None:
    found = tried(boards[0], Fault("unplugged", command, 1, answer=False))
    assert (found.outcome, found.reached) == ("error", True)
    assert "lost port" in found.said
