"""Verification of networks with state: sequences of inputs, and the input of one at which a board differs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.passes.intervals import WIDEST
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.cli import main
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.generated import generated_sequences
from depthwise.host.verify.verdict import Verdict
from tests.support.networks import NAMED_NETWORKS

TRACED = ExportOptions(board=board("host"), trace=True)
NETWORKS = ("svdf", "svdf_int16", "lstm", "delayed")


def exported(name: str, folder: Path, options: ExportOptions = TRACED) -> Project:
    model = folder / f"{name}.tflite"
    model.write_bytes(write_model(NAMED_NETWORKS[name]()))
    export(model, folder / "p", options)
    return open_project(folder / "p")


def verified(project: Project, count: int) -> Verdict:
    inputs = generated_sequences(project.graph, count, 0, WIDEST, project.sequence)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        return verify(project, link, inputs)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("context", [False, True])
def test_a_network_with_state_is_equal_over_sequences(name: str, context: bool, tmp_path: Path) -> None:
    project = exported(name, tmp_path, replace(TRACED, context=context, canary=True))
    build(project)
    verdict = verified(project, 60)
    assert verdict.equal
    assert verdict.inputs == 60
    assert project.sequence == 24


def test_a_state_that_is_not_kept_is_found_at_the_second_input(tmp_path: Path) -> None:
    project = exported("delayed", tmp_path)
    source = project.folder / "network" / "delayed.c"
    text = source.read_text()
    finished = re.compile(r"(if \(own->\S+) == (DELAYED_ENTRIES\) \{\n +/\* What)")
    assert len(finished.findall(text)) == 1
    broken = finished.sub(r"\1 > \2", text)
    source.write_text(broken)
    build(project)
    verdict = verified(project, 24)
    assert verdict.difference is not None
    assert verdict.difference.kind == "ADD"
    assert verdict.difference.place is not None
    assert verdict.difference.place.run == 1
    assert "input 1 of the sequence, row 0" in str(verdict.difference)


def test_the_command_verifies_sequences(tmp_path: Path) -> None:
    project = exported("svdf", tmp_path)
    build(project)
    done = CliRunner().invoke(main, ["verify", str(project.folder), "--virtual", "--inputs", "2"])
    assert done.exit_code == 0, done.output
    assert "48" in done.output
