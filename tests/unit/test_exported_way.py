"""A project says which kernels its export took: report and prediction are about those, also where RAM was short."""

import json
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.picked_way import ways_on
from depthwise.codegen.targets.boards import board
from depthwise.host.project import Project, exported_way, open_project
from depthwise.host.report.subject import subject_of
from depthwise.host.report.wasm import view_of
from depthwise.host.verify.predicted_time import predicted_layers, predicted_time
from tests.support.network_builder import Builder


def classifier() -> bytes:
    """An image classifier with a shortcut, whose last layers take more scratch than the first."""
    build = Builder(5)
    x = build.conv(build.input(1, 16, 16, 3), 16, (3, 3), activation=Activation.RELU)
    y = build.conv(x, 16, (3, 3), activation=Activation.RELU)
    x = build.add(build.conv(y, 16, (3, 3), activation=Activation.NONE), x)
    x = build.conv(x, 32, (3, 3), stride=(2, 2), activation=Activation.RELU)
    x = build.conv(x, 64, (3, 3), stride=(2, 2), activation=Activation.RELU)
    return write_model(build.finish("classifier", build.conv(x, 8, (3, 3), activation=Activation.RELU)))


def exported(
    folder: Path, name: str, ram: int | None = None, *, target: str = "mps2-m3", canary: bool = False
) -> Project:
    path = folder / "classifier.tflite"
    path.write_bytes(classifier())
    export(path, folder / name, ExportOptions(board=board(target), ram=ram, canary=canary))
    return open_project(folder / name)


def kernels(project: Project) -> list[str]:
    """Names of the functions that were exported, layer by layer."""
    return [row["function"] for row in project.manifest["layers"] if row["function"] is not None]


@pytest.mark.parametrize("says", [True, False])
def test_a_project_with_less_scratch_is_reported_with_the_kernels_it_has(tmp_path: Path, says: bool) -> None:
    usual = exported(tmp_path, "usual")
    least = ways_on(usual.graph, usual.board).picked
    tight = exported(tmp_path, "tight", int(usual.manifest["ram_bytes"]) - 4)
    assert kernels(tight) != kernels(usual)
    assert tight.manifest["kernels"]["most_scratch"] < least.variant.scratch_bytes
    if not says:  # as earlier versions wrote it
        path = tmp_path / "tight" / "manifest.json"
        path.write_text(json.dumps({k: v for k, v in tight.manifest.items() if k != "kernels"}))
        tight = open_project(tmp_path / "tight")
    for project in (usual, tight):
        way = exported_way(project)
        assert way is not None
        assert (way.ram_bytes, way.flash_bytes) == (project.manifest["ram_bytes"], project.manifest["weight_bytes"])
        assert [step.kernel for step in view_of(subject_of(project.folder)).steps] == kernels(project)


def test_the_kernels_of_a_project_are_those_that_are_predicted(tmp_path: Path) -> None:
    usual = exported(tmp_path, "usual", target="mps2-m4")
    tight = exported(tmp_path, "tight", int(usual.manifest["ram_bytes"]) - 4, target="mps2-m4")
    times = [predicted_time(project) for project in (usual, tight)]
    assert None not in times
    for project, time in zip((usual, tight), times, strict=True):
        way = exported_way(project)
        assert way is not None
        assert time is not None
        assert time.cycles == way.cycles > sum(predicted_layers(project).values())
    assert predicted_layers(usual) != predicted_layers(tight)


def test_a_project_with_canaries_is_found_again(tmp_path: Path) -> None:
    project = exported(tmp_path, "guarded", canary=True)
    way = exported_way(project)
    assert way is not None
    assert way.plan.guarded
    assert way.ram_bytes == project.manifest["ram_bytes"]
