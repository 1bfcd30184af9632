"""Boards on other machines: verified through RFC 2217 and raw TCP, and every way the far end can fail."""

import socket
import threading

import pytest

from depthwise.codegen.errors import LinkError
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.link.speed import answering_speed
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.fake_board import serving, traced_board
from tests.support.projects import built
from tests.support.remote import SharedPort, shared_port


def verified(url: str, count: int = 2) -> Verdict:
    project = built("host")
    with Link.open(url, answer_seconds=0.3) as link:
        return verify(project, link, list(generated_inputs(project.graph, count, seed=0)))


def test_a_board_behind_an_rfc_2217_server_is_equal() -> None:
    project, shared = built("host"), SharedPort()
    with virtual_board(project.firmware, project.board) as board, shared_port(board, shared) as url:
        verdict = verified(url)
    assert verdict.equal
    assert verdict.damaged_frames == 0
    assert set(shared.speeds) == {115_200, 921_600}


def test_two_verifications_in_a_row_find_the_shared_port_free_again() -> None:
    project = built("host")
    with virtual_board(project.firmware, project.board) as board, shared_port(board) as url:
        assert verified(url, 1).equal
        assert verified(url, 1).equal


def test_a_server_that_goes_away_in_the_middle_is_a_lost_port() -> None:
    project = built("host")
    shared = SharedPort(ends_after=400)
    with (
        virtual_board(project.firmware, project.board) as board,
        shared_port(board, shared) as url,
        pytest.raises(LinkError, match=r"lost port rfc2217://.*check the cable|lost port rfc2217://"),
    ):
        verified(url)


def test_a_wrong_crystal_is_told_from_the_speed_at_which_the_board_answers() -> None:
    project, shared = built("host"), SharedPort(speed=36_864)
    with (
        virtual_board(project.firmware, project.board) as board,
        shared_port(board, shared) as url,
        pytest.raises(LinkError, match=r"answers at 36,864 baud instead of 115,200.*a crystal of 8 MHz where 25 are"),
    ):
        verified(url)


def test_a_board_that_answers_at_no_speed_leaves_the_port_as_it_was() -> None:
    shared = SharedPort(speed=1)
    with (
        serving(traced_board(built("host"))) as board,
        shared_port(board, shared) as url,
        Link.open(url, answer_seconds=0.02) as link,
    ):
        assert answering_speed(link) == ""
        assert shared.speeds
        shared.speed = 115_200
        assert link.hello().traced == 15


def test_a_raw_tcp_port_given_as_rfc_2217_is_told_apart() -> None:
    with (
        serving(traced_board(built("host"))) as url,
        pytest.raises(LinkError, match=r"cannot open port rfc2217://.*speaks no RFC 2217: try socket://"),
    ):
        Link.open(url.replace("socket", "rfc2217"))


def test_a_port_that_another_client_has_is_told_in_the_servers_words() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def busy() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(1)  # pyserial throws away what arrives while it opens the port
            line.sendall(b"Port already in use by 192.0.2.7\r\n")
            line.shutdown(socket.SHUT_WR)
            while line.recv(100):
                pass

    thread = threading.Thread(target=busy)
    thread.start()
    with pytest.raises(LinkError, match=r"lost port.*it said: 'Port already in use by 192.0.2.7'.*may be in use"):
        verified(f"socket://127.0.0.1:{listener.getsockname()[1]}")
    thread.join()
    listener.close()


def test_a_board_that_is_gone_in_the_middle_is_a_lost_port() -> None:
    board = traced_board(built("host"))

    def cut(data: bytes, count: int) -> bytes:
        if count > 6:
            raise OSError("unplugged")
        return data

    board.hear = cut
    with serving(board) as url, pytest.raises(LinkError, match=r"lost port socket://"):
        verified(url)
