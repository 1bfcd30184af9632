"""The serial application under sanitizers, fed with anything but what it expects."""

import random
import shutil
import socket
import subprocess
from pathlib import Path

from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.link.frames import frame
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.projects import built
from tests.support.windows import assert_windows

FRAMES = 3000


def sanitized(folder: Path) -> Path:
    """The bundled model's host firmware, built again with AddressSanitizer and UBSan."""
    shutil.copytree(built("host").folder, folder, ignore=shutil.ignore_patterns("build"))
    flags = "EXTRA_CFLAGS=-g -fsanitize=address,undefined -fno-sanitize-recover=all"
    subprocess.run(["make", "-C", str(folder), flags], check=True, capture_output=True)
    return folder


def hostile_frames(seed: int) -> bytes:
    """Well-formed frames of random requests, random bytes, and frames with damage, mixed."""
    rng = random.Random(seed)
    stream = bytearray()
    for _ in range(FRAMES):
        body = rng.randbytes(rng.choice([0, 2, 4, 6, 7, 19, 244, 250, 400]))
        whole = frame(bytes([rng.randrange(256), rng.choice([0, 1, 2, 3, 5, 6, 7, 8, 255])]) + body)
        match rng.randrange(4):
            case 0:
                stream += rng.randbytes(rng.randrange(300))
            case 1:
                stream += whole[: rng.randrange(len(whole))]
            case _:
                stream += whole
    return bytes(stream)


def test_no_bytes_on_the_line_can_harm_the_application(tmp_path: Path) -> None:
    project = open_project(sanitized(tmp_path / "p"))
    with virtual_board(project.firmware, project.board) as url:
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as line:
            for seed in range(3):
                line.sendall(hostile_frames(seed))
                line.setblocking(False)
                _drain(line)
                line.setblocking(True)
        with Link.open(url) as link:
            assert verify(project, link, generated_inputs(project.graph, 3, seed=0)).equal


def _drain(line: socket.socket) -> None:
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return


def test_a_window_of_any_tensor_begins_at_any_byte() -> None:
    assert_windows("host")


def test_a_partial_input_is_not_run_and_a_repeated_run_is_not_computed_again() -> None:
    project = built("host")
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        hello = link.hello()
        _, inputs = next(generated_inputs(project.graph, 1, seed=0))
        first = link.infer(project.sent(inputs), hello)
        assert link.infer(project.sent(inputs), hello).output == first.output
        assert link.crcs(hello) == link.crcs(hello)
