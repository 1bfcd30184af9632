"""A native module of a network with several inputs and outputs: tuples of buffers go in and come out."""

import zlib
from functools import cache

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.host.project import Project
from tests.support.kept import scratch
from tests.support.natmods import in_project, native
from tests.support.port_networks import NETWORKS, values

RUNS = 3
SHOW = 'print("".join(digest(o) for o in net.outputs), net.crcs().hex())'
WHOLE = """
data = open({inputs!r}, "rb").read()
net = m.Model()
for i in range(0, len(data), m.INPUT_BYTES):
    given = [data[i + start : i + end] for start, end in {places}]
    found = net.run(given[0] if len(given) == 1 else tuple(given))
    assert [digest(o) for o in (found if len(net.outputs) > 1 else (found,))] == [digest(o) for o in net.outputs]
    {show}
"""
ROWS = """
data = open({inputs!r}, "rb").read()
net = m.Model()
for i in range(0, len(data), m.INPUT_BYTES):
    at = [i + start for start, end in {places}]
    net.begin()
    while net.wants is not None:
        k = net.wants
        row = data[at[k] : at[k] + {rows}[k]]
        at[k] += len(row)
        last = net.push_row(row)
    assert last and net.push_row(b"")
    {show}
"""


@cache
def built(name: str) -> Project:
    model = scratch() / f"{name}.tflite"
    model.write_bytes(write_model(NETWORKS[name]()))
    return native(model, trace=True)


def in_turn(project: Project, script: str) -> tuple[list[str], list[str]]:
    """What a script prints of some inputs, and what the golden model says of them."""
    graph, given = project.graph, values(project.graph, 7, RUNS)
    file = project.folder / "inputs.bin"
    file.write_bytes(b"".join(given[i][n].tobytes() for n in range(RUNS) for i in graph.inputs))
    ends = [sum(project.input_sizes[: k + 1]) for k in range(len(graph.inputs))]
    places = list(zip([0, *ends], ends, strict=False))
    rows = [graph.tensors[i].row_bytes for i in graph.inputs]
    printed = in_project(project, script.format(inputs=str(file), places=places, rows=rows, show=SHOW))
    return printed, [wanted(project, {i: v[n : n + 1] for i, v in given.items()}) for n in range(RUNS)]


def wanted(project: Project, given: dict[int, Array]) -> str:
    golden = project.computed(run(project.reference, given))
    outputs = b"".join(golden[o].tobytes() for o in project.graph.outputs)
    crcs = b"".join(zlib.crc32(golden[t].tobytes()).to_bytes(4, "little") for t in project.traced)
    return f"{outputs.hex()} {crcs.hex()}"


@pytest.mark.parametrize("name", ["stereo", "heads", "places", "best", "unread"])
def test_whole_inputs_give_every_tensor_of_the_golden_model(name: str) -> None:
    printed, right = in_turn(built(name), WHOLE)
    assert printed == right


@pytest.mark.parametrize("name", ["stereo", "unread"])
def test_rows_go_in_as_the_network_wants_them(name: str) -> None:
    printed, right = in_turn(built(name), ROWS)
    assert printed == right


def test_details_name_inputs_and_outputs() -> None:
    project = built("stereo")
    lines = in_project(project, "net = m.Model()\nprint(net.input_details)\nprint(net.output_details)\n")
    for line, ports in zip(lines, (project.manifest["inputs"], project.manifest["outputs"]), strict=True):
        found = [(name, sizes, zero) for name, sizes, _, zero in eval(line)]
        assert found == [(p["name"], tuple(p["shape"][1:]), p["zero_point"]) for p in ports]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("(b'1', b'2')", "there are 2 inputs, stereo takes 3"),
        ("(bytes(96), bytes(95), bytes(5))", "right has 95 bytes, stereo takes 96"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_by_name(given: str, said: str) -> None:
    script = f"net = m.Model()\ntry:\n    net.run({given})\nexcept ValueError as error:\n    print(error)\n"
    assert in_project(built("stereo"), script) == [said]
