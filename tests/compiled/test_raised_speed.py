"""A line is raised to what adapter and board take, and both ends fall back by themselves: the host's real firmware."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from depthwise.host.link import Link
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.projects import built
from tests.support.remote import SharedPort, SpeakingBoard, shared_port, speaking_board


@contextmanager
def behind(shared: SharedPort) -> Iterator[tuple[str, SpeakingBoard]]:
    """The bundled model's board behind an adapter; at another speed than the board's own no byte passes."""
    with speaking_board(built("host").firmware) as board:
        shared.board = board
        with shared_port(board.url, shared) as url:
            yield url, board


def verified(link: Link) -> Verdict:
    project = built("host")
    return verify(project, link, list(generated_inputs(project.graph, 1, seed=0)))


def test_a_line_is_raised_to_what_the_adapter_carries_and_lowered_again() -> None:
    with behind(SharedPort(most=460_800)) as (url, board):
        for _ in range(2):
            with Link.open(url) as link:
                verdict = verified(link)
                assert (verdict.equal, verdict.damaged_frames, link.baud, board.speed) == (True, 0, 460_800, 460_800)
            assert board.speed == 115_200


def test_an_adapter_that_carries_no_other_speed_is_left_at_the_first() -> None:
    with behind(SharedPort(most=115_200)) as (url, board), Link.open(url) as link:
        link.hello()
        assert (link.baud, board.speed, link.damaged) == (115_200, 115_200, 0)


def test_one_speed_may_be_asked_for_and_the_board_has_those_it_divides() -> None:
    """Of 48 MHz, 10,000,000 baud would be 9,600,000: 4 % off."""
    with behind(SharedPort()) as (url, _):
        for baud, reached in ((115_200, 115_200), (230_400, 230_400), (10_000_000, 115_200), (None, 921_600)):
            with Link.open(url, baud=baud) as link:
                link.hello()
                assert link.baud == reached


def test_a_host_that_is_gone_in_the_middle_leaves_a_board_that_the_next_one_reaches() -> None:
    with behind(SharedPort()) as (url, board):
        gone = Link.open(url)
        hello = gone.hello()
        gone._channel.send(b"\1\2cut")
        gone._channel.close()  # as a process that is killed: nothing more is said
        assert board.speed == 921_600
        with Link.open(url) as link:
            assert link.hello() == hello
            assert (link.baud, board.speed) == (921_600, 921_600)
            while board.speed != 115_200:  # the host says nothing: the board goes back by itself
                time.sleep(0.1)
            assert len(link.infer(bytes(hello.input_bytes), hello).output) == hello.output_bytes
            assert (link.baud, board.speed) == (921_600, 921_600)


def test_a_line_that_stops_to_carry_a_speed_goes_on_at_the_first() -> None:
    shared = SharedPort()
    with behind(shared) as (url, board), Link.open(url, answer_seconds=0.2) as link:
        hello = link.hello()
        shared.most = 230_400
        assert len(link.infer(bytes(hello.input_bytes), hello).output) == hello.output_bytes
        assert (link.baud, board.speed) == (115_200, 115_200)
