"""Bytes that a board captures of a tensor."""

import zlib

from depthwise.codegen.golden import run
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Capture, CapturedWindow, Link
from depthwise.host.verify.inputs import generated_inputs
from tests.support.projects import built


def assert_windows(board_name: str) -> None:
    """A window of any tensor begins at any byte."""
    project = built(board_name)
    name, inputs = next(generated_inputs(project.graph, 1, seed=0))
    golden = project.computed(run(project.reference, inputs))
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        hello = link.hello()
        for slot in (0, 1, len(project.traced) - 1):
            wanted = golden[project.traced[slot]].tobytes()
            for offset in {0, 1, len(wanted) // 2, len(wanted) - 1, len(wanted)}:
                link.infer(project.sent(inputs), hello, Capture(slot, offset))
                assert link.window() == CapturedWindow(zlib.crc32(wanted[:offset]), wanted[offset : offset + 64]), name
