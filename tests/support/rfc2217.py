"""A serial port on another machine: an RFC 2217 server, as ser2net or labgrid have it, in front of a URL."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import serial
import serial.rfc2217


@contextmanager
def remote(url: str) -> Iterator[tuple[str, serial.SerialBase]]:
    """Serve the port at a URL to one client; yields the client's URL, and the port with the settings it was given."""
    with serial.serial_for_url(url, timeout=0.05) as port, socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb", buffering=0) as stream:
                manager = serial.rfc2217.PortManager(port, stream)
                sender = threading.Thread(target=_send, args=(port, stream, manager, ended))
                sender.start()
                while data := stream.read(4096):
                    port.write(b"".join(manager.filter(data)))
                ended.set()
                sender.join()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"rfc2217://127.0.0.1:{listener.getsockname()[1]}", port
        thread.join(10)


def _send(
    port: serial.SerialBase, stream: socket.SocketIO, manager: serial.rfc2217.PortManager, ended: threading.Event
) -> None:
    while not ended.is_set():
        data = port.read(max(1, port.in_waiting))
        if data:
            stream.write(b"".join(manager.escape(data)))
