"""Ticks of layers: counted by trace builds alone, beside their predictions, without what checksums take."""

import json
from dataclasses import replace

import pytest

from depthwise.codegen.errors import LinkError
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.link.frames import frame, unframe
from depthwise.host.link.protocol import Command
from depthwise.host.verify import verify
from depthwise.host.verify.generated import generated
from depthwise.host.verify.predicted_time import predicted_layers, predicted_time
from tests.support.commands import call
from tests.support.fake_board import serving, traced_board
from tests.support.projects import built


def test_ticks_of_layers_are_nearly_those_of_the_inference_and_follow_the_prediction() -> None:
    project = built("netduinoplus2")
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated(project.graph, 1, 0))
    assert verdict.equal
    assert [one.layer for one in verdict.layers] == [n.layer for n in project.graph.nodes if n.output in project.traced]
    counted = sum(one.ticks for one in verdict.layers)
    assert 0 < counted < verdict.ticks
    largest = max(verdict.layers, key=lambda one: one.ticks)
    assert largest.predicted is not None
    assert largest.predicted > max(one.predicted or 0 for one in verdict.layers) / 2
    predicted = predicted_time(project)
    assert predicted is not None
    whole = predicted.cycles + predicted.waits
    assert 0.9 * whole < sum(predicted_layers(project).values()) <= whole


def test_a_build_without_a_trace_counts_no_layers() -> None:
    project = built("host", trace=False)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert not link.hello().counts_layers
        assert verify(project, link, generated(project.graph, 1, 0)).layers == ()


def test_layers_are_shown_and_kept_and_an_older_board_has_none() -> None:
    project = built("host")
    with serving(replace(traced_board(project), flags=7)) as url:
        given = ("verify", project.folder, "--port", url, "-n", 1)
        told, shown = json.loads(call(*given, "--json").output), call(*given, "--layers").output
    assert [one["ticks"] for one in told["layers"]] == [1000 + n for n in range(len(told["layers"]))]
    assert told["layers"][0]["predicted"] is None
    assert "1,001" in shown
    with serving(traced_board(project)) as url:
        old = call("verify", project.folder, "--port", url, "-n", 1, "--layers")
    assert old.exit_code == 0
    assert "does not count ticks of layers" in " ".join(old.output.split())


def test_a_board_that_tells_too_few_ticks_is_an_error() -> None:
    project = built("host")

    def shortened(answer: bytes, _: int) -> bytes:
        payload = unframe(answer[:-1])
        assert payload is not None
        return frame(payload[:-4]) if payload[1] == Command.TICKS | 0x80 else answer

    board = replace(traced_board(project), flags=7, spoil=shortened)
    with (
        serving(board) as url,
        Link.open(url) as link,
        pytest.raises(LinkError, match="bytes for TICKS, 60 were asked"),
    ):
        verify(project, link, generated(project.graph, 1, 0))
