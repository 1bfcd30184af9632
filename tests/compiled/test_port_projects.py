"""Projects of every kind for networks of several inputs and outputs, built and verified; what their users see."""

import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify, verify_cases
from depthwise.host.verify.bundle import write_bundle
from depthwise.host.verify.cases import cases_of
from depthwise.host.verify.generated import generated
from depthwise.host.verify.inputs import generated_inputs, inputs_from_file
from tests.support.frameworks import STUBS_OF, compile_sources, program
from tests.support.port_networks import NETWORKS, values

HOST: Final = ExportOptions(board=board("host"), trace=True)
PROMISE: Final = PassOptions(input_range=(-100, 90))
NAME: Final = "digits"  # as the stand-ins of frameworks have it


def exported(network: str, folder: Path, options: ExportOptions = HOST) -> Project:
    model = folder / f"{network}.tflite"
    model.write_bytes(write_model(NETWORKS[network]()))
    export(model, folder / "p", options)
    return open_project(folder / "p")


@pytest.mark.parametrize(
    "options",
    [
        HOST,
        replace(HOST, context=True, trace=False),
        replace(HOST, canary=True),
        replace(HOST, canary=True, context=True, passes=PROMISE),
        replace(HOST, schedule="whole"),
    ],
    ids=["trace", "context", "canary", "everything", "whole"],
)
@pytest.mark.parametrize("network", ["stereo", "heads"])
def test_a_process_of_this_machine_is_verified_with_every_option(
    network: str, options: ExportOptions, tmp_path: Path
) -> None:
    project = exported(network, tmp_path, options)
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated(project.graph, 6, 1, project.passes.input_range))
    assert verdict.equal, str(verdict.difference)
    assert verdict.bytes_compared >= 6 * project.output_bytes


@pytest.mark.parametrize("network", ["places", "best", "unread"])
def test_outputs_of_int32_and_inputs_that_nobody_reads_are_verified(network: str, tmp_path: Path) -> None:
    project = exported(network, tmp_path)
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 6, 1)).equal


def test_a_wrong_int32_output_is_named_by_its_element(tmp_path: Path) -> None:
    project = exported("places", tmp_path)
    source = project.folder / "network" / "places.c"
    source.write_text(source.read_text().replace("*out++ = largest;", "*out++ = largest + 256 * (o == 7);"))
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, 1))
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    place = verdict.difference.place
    assert (place.row, place.column, place.channel) == (0, 1, 2)
    assert place.got == place.expected + 256


@pytest.mark.parametrize("kind", STUBS_OF)
def test_a_project_of_a_framework_is_verified_over_its_stand_in(kind: str, tmp_path: Path) -> None:
    options = ExportOptions(board=board("esp32-devkitc"), project=kind, trace=True, name=NAME)
    project = exported("stereo", tmp_path, options)
    made = program(project, STUBS_OF[kind][0], tmp_path)
    with virtual_board(made, board("host")) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 2, seed=0)).equal


def test_the_sketch_and_the_header_compile_as_cpp(tmp_path: Path) -> None:
    options = ExportOptions(board=board("esp32-devkitc"), project="arduino", trace=True, name=NAME)
    project = exported("stereo", tmp_path, options)
    compile_sources(project, STUBS_OF["arduino"][0], list(project.folder.rglob("scores.ino")), tmp_path)


@pytest.mark.parametrize("context", [False, True])
def test_the_example_of_a_library_prints_what_the_golden_model_says(context: bool, tmp_path: Path) -> None:
    options = ExportOptions(board=board("host"), project="library", trace=False, context=context)
    project = exported("stereo", tmp_path, options)
    build(project)
    given = values(project.graph, 3, 1)
    golden = run(project.graph, given)
    example = project.folder / "build" / "stereo_example"
    sent = b"".join(value.tobytes() for value in given.values())
    printed = subprocess.run([example], input=sent, check=True, capture_output=True).stdout.decode()
    wanted = [int(v) for o in project.graph.outputs for v in golden[o].ravel()]
    assert [int(line.split()[1]) for line in printed.splitlines()] == wanted
    short = subprocess.run([example], input=b"123", check=False, capture_output=True)
    assert (short.returncode, short.stderr) == (1, b"the inputs have fewer than 197 bytes\n")


def test_an_input_outside_of_the_promise_is_found_on_the_board_by_its_place_among_all(tmp_path: Path) -> None:
    project = exported("stereo", tmp_path, replace(HOST, passes=PROMISE))
    build(project)
    given = {i: np.zeros(project.graph.tensors[i].shape, np.int8) for i in project.graph.inputs}
    given[project.graph.inputs[1]].flat[7] = 91
    with pytest.raises(InputError, match=r"value 91 at position 103"):
        list(cases_of(project, [("mine", given)]))
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        hello = link.hello()
        with pytest.raises(InputError, match=r"board found input value 91 at position 103"):
            link.infer(project.sent(given), hello)


def test_inputs_of_a_users_own_are_arrays_called_as_the_inputs(tmp_path: Path) -> None:
    project = exported("stereo", tmp_path)
    left, right, state = values(project.graph, 5, 3).values()
    np.savez(tmp_path / "mine.npz", left=left, right=right, state=state)
    found = list(inputs_from_file(project, tmp_path / "mine.npz"))
    assert [name for name, _ in found] == ["mine.npz [0]", "mine.npz [1]", "mine.npz [2]"]
    assert all((found[2][1][i] == v[2:]).all() for i, v in zip(project.graph.inputs, (left, right, state), strict=True))
    np.save(tmp_path / "one.npy", left)
    with pytest.raises(InputError, match="is one array, the network has 3 inputs") as refused:
        list(inputs_from_file(project, tmp_path / "one.npy"))
    assert "left, right, state" in refused.value.hint
    np.savez(tmp_path / "two.npz", left=left, right=right)
    with pytest.raises(InputError, match="holds left, right") as refused:
        list(inputs_from_file(project, tmp_path / "two.npz"))
    assert refused.value.hint == "it must have state too"
    np.savez(tmp_path / "uneven.npz", left=left[:2], right=right, state=state)
    with pytest.raises(InputError, match="has 2 of one input and 3 of another"):
        list(inputs_from_file(project, tmp_path / "uneven.npz"))
    (tmp_path / "broken.npz").write_bytes((tmp_path / "mine.npz").read_bytes()[:-40])
    with pytest.raises(InputError, match="cannot read"):
        list(inputs_from_file(project, tmp_path / "broken.npz"))


def test_a_difference_in_a_second_output_is_found_and_bundled_with_all_inputs(tmp_path: Path) -> None:
    project = exported("stereo", tmp_path, replace(HOST, trace=False))
    wrong = project.graph.nodes[-1].layer
    source = project.folder / "network" / "stereo.c"
    text = source.read_text()
    place = text.index("stereo_get_scores_dense(void)\n{")
    at = json.loads((project.folder / "manifest.json").read_text())["layers"][-1]["ring_offset"]
    spoilt = f"((struct stereo_state *)own)->block.bytes[{at}] ^= 1; return own->"
    source.write_text(text[:place] + text[place:].replace("return own->", spoilt, 1))
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        report = verify_cases(project, link, cases_of(project, generated_inputs(project.graph, 1, seed=0)))
    assert report.verdict.difference is not None
    assert report.verdict.difference.layer == wrong
    bundle = write_bundle(project, report, "socket://x", tmp_path / "b.zip", model=False)
    with zipfile.ZipFile(bundle) as members:
        members.extractall(tmp_path / "b")
    again = list(inputs_from_file(project, tmp_path / "b" / "input.npz"))
    assert report.case is not None
    assert all((again[0][1][i] == v).all() for i, v in report.case.inputs.items())
    with np.load(tmp_path / "b" / "scores.npz") as scores:
        assert {name: len(of) for name, of in scores.items()} == {"output_0": 48, "scores_dense": 4}


def test_the_manifest_names_inputs_and_outputs_and_the_order_of_rows(tmp_path: Path) -> None:
    manifest = exported("stereo", tmp_path).manifest
    assert [p["name"] for p in manifest["inputs"]] == ["left", "right", "state"]
    assert [(p["name"], p["type"]) for p in manifest["outputs"]] == [("output_0", "int8"), ("scores_dense", "int8")]
    taken = [sum(rows for k, rows in manifest["row_order"] if k == number) for number in range(3)]
    assert taken == [8, 8, 1]
    assert "input" not in manifest
