"""`verify --full`: every byte of every tensor, also where checksums say that all is well."""

import json
import zlib
from dataclasses import replace

import pytest

from depthwise.codegen.errors import InputError
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.link.frames import frame, unframe
from depthwise.host.link.protocol import Command
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.cases import cases_of
from depthwise.host.verify.explain.cause import CauseKind
from depthwise.host.verify.generated import generated
from depthwise.host.verify.verdict import Verdict
from tests.support.commands import call
from tests.support.fake_board import serving, traced_board
from tests.support.projects import built


def test_every_byte_of_a_board_is_compared() -> None:
    project = built("host")
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated(project.graph, 1, 0), full=True)
        requests = link.traffic.requests
    assert verdict.equal
    assert verdict.full
    assert requests > sum(project.graph.tensors[t].nbytes for t in project.traced) / 64


def lying(project: Project, *, always: bool) -> Verdict:
    """Verdict on a board with a wrong byte in its second tensor that says the right checksums: once, or `always`."""
    inputs = list(generated(project.graph, 1, 0))
    right = next(cases_of(project, inputs)).golden[project.traced[1]].tobytes()
    wrong = right[:100] + bytes([right[100] ^ 1]) + right[101:]
    told, real = (zlib.crc32(data).to_bytes(4, "little") for data in (right, wrong))

    def spoiled(answer: bytes, _: int) -> bytes:
        payload = unframe(answer[:-1])
        assert payload is not None
        forged = payload[1] == Command.CRCS | 0x80 and (always or len(payload) > 7)
        return frame(payload.replace(real, told)) if forged else answer

    board = traced_board(project, lambda tensors, _: [tensors[0], wrong, *tensors[2:]])
    with serving(replace(board, spoil=spoiled)) as url, Link.open(url) as link:
        assert verify(project, link, inputs).equal
        return verify(project, link, inputs, full=True)


@pytest.mark.parametrize(("always", "kind"), [(True, CauseKind.OVERWRITTEN), (False, CauseKind.UNRELIABLE)])
def test_a_wrong_byte_behind_a_right_checksum_is_found_and_named(always: bool, kind: CauseKind) -> None:
    project = built("host")
    verdict = lying(project, always=always)
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert verdict.cause is not None
    assert verdict.difference.tensor == project.traced[1]
    columns, channels = project.graph.tensors[project.traced[1]].shape[2:]
    place = verdict.difference.place
    assert (place.row * columns + place.column) * channels + place.channel == 100
    assert place.got == place.expected ^ 1
    assert verdict.cause.kind is kind


def test_what_was_compared_how_is_told() -> None:
    project = built("host")
    with serving(traced_board(project)) as url:
        given = ("verify", project.folder, "--port", url, "-n", 1)
        assert "tensors by CRC-32" in " ".join(call(*given).output.split())
        assert json.loads(call(*given, "--json").output)["full"] is False


def test_a_build_without_a_trace_has_no_tensors_to_look_at() -> None:
    project = built("host", trace=False)
    with (
        virtual_board(project.firmware, project.board) as url,
        Link.open(url) as link,
        pytest.raises(InputError, match="without a trace"),
    ):
        verify(project, link, generated(project.graph, 1, 0), full=True)
