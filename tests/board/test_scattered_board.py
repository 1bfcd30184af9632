"""Layers whose input rows are scattered, on virtual boards: every tensor equals the golden model's."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from depthwise.host.build import build, measure
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.core_program import core_program
from tests.support.network_builder import Builder
from tests.support.programs import Case
from tests.support.scattered_networks import KINDS, SEEDS, scattered

BOARDS: Final = ("mps2-m4", "mps2-m0plus", "mps3-m55")


@pytest.mark.parametrize("board_name", BOARDS)
def test_scattered_rows_equal_the_golden_model_on_a_board(board_name: str, tmp_path: Path) -> None:
    target, made = core(board(board_name).core), list[Case]()
    for seed in SEEDS[: 4 * KINDS]:
        graph = lower(scattered(seed))
        plan = choose(graph, ("rows", "auto", "whole")[seed % 3], variant(graph, target))
        shape = graph.tensors[graph.inputs[0]].shape
        images = np.random.default_rng(seed).integers(-128, 128, (2, *shape[1:]), np.int8)
        made.append(Case.of(f"net{seed}", plan, images, target))
    assert core_program(made, board_name, tmp_path / "project", trace=True).faults() == {}


@pytest.mark.parametrize(
    ("permutation", "canary", "context"),
    [((0, 2, 1, 3), False, False), ((0, 3, 1, 2), True, False), ((0, 2, 3, 1), False, True)],
)
def test_the_elf_takes_the_ram_that_is_promised(
    permutation: tuple[int, ...], canary: bool, context: bool, tmp_path: Path
) -> None:
    made, model = Builder(7), tmp_path / "scattered.tflite"
    made.transpose(made.conv(made.input(1, 20, 14, 3), 8), *permutation)
    model.write_bytes(write_model(made.finish("scattered")))
    options = ExportOptions(board=board("netduinoplus2"), trace=True, canary=canary, context=context)
    manifest = export(model, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    if not context:  # the caller's state is the application's
        assert measure(project).library_ram_bytes == manifest["ram_bytes"]
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 4, seed=0)).equal
