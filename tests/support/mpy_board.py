"""A board with MicroPython behind a TCP socket: the real interpreter, a folder as filesystem, a raw REPL of ours."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.natmods import MICROPYTHON

RESET: Final = 3
# docs/reference/repl.rst of MicroPython, "Raw mode" and "Raw-paste mode".
RAW_REPL: Final = r"""
import io, sys
PROMPT, WINDOW = b"raw REPL; CTRL-B to exit\r\n>", 128
take, say = sys.stdin.buffer.read, sys.stdout.buffer.write

def pasted():
    assert take(2) == b"A\x01"
    say(b"R\x01" + WINDOW.to_bytes(2, "little") + b"\x01")
    code = bytearray()
    count = 0
    while True:
        c = byte()
        count += 1
        if c == b"\x03":
            say(b"\x04")
            return None
        if c == b"\x04":
            say(b"\x04")
            return code
        code += c
        if count % WINDOW == 0:
            say(b"\x01")

def byte():
    c = take(1)
    if not c:
        sys.exit(0)
    return c

def run(code):
    error = io.StringIO()
    try:
        exec(bytes(code).decode(), scope)
    except BaseException as e:
        sys.print_exception(e, error)
    say(b"\x04" + error.getvalue().encode())

scope, raw, code = {"__name__": "__main__"}, %d, bytearray()
if raw:
    say(PROMPT)
while True:
    c = byte()
    if c == b"\x01":
        raw, code = True, bytearray()
        say(PROMPT)
    elif c == b"\x02":
        raw = False
        say(b"\r\n>>> ")
    elif c == b"\x03":
        code = bytearray()
    elif not raw:
        pass
    elif c == b"\x05" and not code:
        paste = pasted()
        if paste is not None:
            run(paste)
        say(b"\x04>")
    elif c == b"\x04" and not code:
        say(b"OK\r\nMPY: soft reboot\r\n")
        sys.exit(3)
    elif c == b"\x04":
        say(b"OK")
        run(code)
        say(b"\x04>")
        code = bytearray()
    else:
        code += c
"""


@dataclass
class MpyBoard:
    """The board: its folder, and faults. The line is cut behind so many bytes from the host, once."""

    folder: Path
    cut_after: int | None = None
    program: str = RAW_REPL
    damage: list[tuple[bytes, bytes]] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    url: str = ""
    process: subprocess.Popen[bytes] | None = None
    line: socket.socket | None = None
    on: bool = True

    def files(self) -> dict[str, bytes]:
        """What its filesystem holds."""
        return {p.name: p.read_bytes() for p in sorted(self.folder.iterdir())}

    def start(self, *, raw: bool) -> subprocess.Popen[bytes]:
        """Start MicroPython, behind a reset in its raw REPL."""
        command = [MICROPYTHON, "-X", "heapsize=1M", "-c", self.program.replace("%d", str(int(raw)))]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
        self.process = subprocess.Popen(command, cwd=self.folder, **pipes)  # type: ignore[call-overload]
        return self.process

    def speak(self) -> None:
        """Whatever the started interpreter says goes to the host; when it ends for a reset it is started again."""
        process = self.process
        while self.on:
            assert process is not None
            assert process.stdout is not None
            said = os.read(process.stdout.fileno(), 4096)
            if said and self.line is not None:
                with suppress(OSError):
                    self.line.sendall(said)
            if not said:
                if process.wait() != RESET:
                    return
                process = self.start(raw=True)

    def hear(self, line: socket.socket) -> None:
        """What the host says goes to the board, as long as the line holds."""
        with suppress(OSError):
            while data := line.recv(4096):
                for old, new in self.damage:
                    if old in data:
                        data = data.replace(old, new, 1)
                        self.damage.remove((old, new))
                        break
                self.heard += data
                if self.cut_after is not None and len(self.heard) > self.cut_after:
                    self.cut_after = None
                    line.shutdown(socket.SHUT_RDWR)
                    return
                assert self.process is not None
                assert self.process.stdin is not None
                self.process.stdin.write(data)

    def serve(self, server: socket.socket) -> None:
        """One host after another."""
        while self.on:
            with suppress(OSError):
                self.line, _ = server.accept()
                with self.line as line:
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.hear(line)


@contextmanager
def mpy_board(folder: Path, **faults: object) -> Iterator[MpyBoard]:
    """A board whose filesystem is a folder; `url` is its port."""
    folder.mkdir(exist_ok=True)
    board = MpyBoard(folder, **faults)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as server:
        board.start(raw=False)
        board.url = f"socket://127.0.0.1:{server.getsockname()[1]}"
        threads = [threading.Thread(target=board.speak), threading.Thread(target=board.serve, args=(server,))]
        for thread in threads:
            thread.start()
        try:
            yield board
        finally:
            board.on = False
            if board.line is not None:
                with suppress(OSError):
                    board.line.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                socket.create_connection(server.getsockname()).close()
            assert board.process is not None
            board.process.kill()
            for thread in threads:
                thread.join()
            board.process.wait()
