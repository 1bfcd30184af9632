"""Ports that cannot be opened, and how one sends."""

import socket
from contextlib import closing

import pytest

from depthwise.codegen.errors import LinkError
from depthwise.host.link import Link
from depthwise.host.link.ports import open_port


@pytest.mark.parametrize("scheme", ["socket", "rfc2217"])
def test_a_server_that_refuses_is_told_with_the_next_step(scheme: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(LinkError, match=r"cannot open port .*refused.*see that a server shares the board's port"):
            Link.open(url)


@pytest.mark.parametrize("url", ["socket://nowhere", "rfc2217://", "socket://127.0.0.1:99999", "spy", "what://1:2"])
def test_an_address_that_is_none_is_told_so(url: str) -> None:
    with pytest.raises(LinkError, match="cannot open port"):
        Link.open(url)


def test_a_protocol_that_is_none_is_answered_with_those_that_are() -> None:
    with pytest.raises(LinkError, match=r"'qemu' not known.*socket://HOST:PORT.*--virtual"):
        Link.open("qemu://")


def test_a_connection_sends_short_writes_at_once() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        closing(open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")) as port,
    ):
        assert port._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
