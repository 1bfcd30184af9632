"""Canary builds: a guard behind every buffer stays whole, and dies when something is written past an end."""

import ctypes
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.boards import board
from depthwise.codegen.build_views import Source, network_view
from depthwise.codegen.errors import LinkError
from depthwise.codegen.export import ExportOptions, export
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from depthwise.codegen.pipeline import RowPlan, all_rows, choose, guards_of, order_of, plan_rows, whole_tensors
from depthwise.codegen.render import render_network
from depthwise.host.build import build, measure
from depthwise.host.demo import MODEL
from depthwise.host.inputs import generated_inputs
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.virtual import virtual_board

from .compiled import LIB, STRICT
from .dead_networks import dead_network
from .models import INT8_MODELS, read
from .networks import random_network

DEATHS: Final = """
#include "net.h"
extern int deaths, first_offset, first_call;
int deaths = 0, first_offset = -1, first_call = -1;
void net_canary_died(int offset, int call)
{ if (deaths++ == 0) { first_offset = offset; first_call = call; } }
"""


def stray(name: str) -> str:
    """C that writes over every canary of a network."""
    loop = f"for (int i = 0; i < {name.upper()}_GUARDS; i++)"
    return f"{loop} {{ state->block.bytes[{name}_guards[i].offset] = 1; }}"


def deaths(plan: RowPlan, folder: Path) -> tuple[int, int, int]:
    """Run a guarded network once: canaries that died, offset and call of the first."""
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False)
    for name, text in render_network(view).items():
        (folder / name).write_text(text)
    (folder / "deaths.c").write_text(DEATHS)
    library = folder / "net.so"
    sources = [str(folder / "net.c"), str(folder / "deaths.c")]
    command = ["gcc", "-shared", "-fPIC", *STRICT, f"-I{folder}", f"-I{LIB}", *sources, "-o", str(library)]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(library))
    graph = plan.graph
    image = np.random.default_rng(4).integers(-128, 128, graph.tensors[graph.inputs[0]].shape, np.int8)
    scores = np.zeros(graph.tensors[graph.outputs[0]].shape, np.int8)
    loaded.net_run(*(a.ctypes.data_as(ctypes.c_void_p) for a in (image, scores)))
    numbers = (ctypes.c_int.in_dll(loaded, name).value for name in ("deaths", "first_offset", "first_call"))
    return next(numbers), next(numbers), next(numbers)


def guarded(graph: Graph) -> list[RowPlan]:
    ways = (whole_tensors(graph), all_rows(graph), choose(graph).segments)
    return [plan_rows(graph, segments, guarded=True) for segments in ways]


@pytest.mark.parametrize("name", INT8_MODELS)
def test_no_canary_of_a_real_model_dies_by_any_schedule(name: str, tmp_path: Path) -> None:
    for number, plan in enumerate(guarded(optimize(read(name)).graph)):
        (tmp_path / str(number)).mkdir()
        assert deaths(plan, tmp_path / str(number))[0] == 0


@pytest.mark.parametrize("seed", range(200, 240))
def test_no_canary_of_a_generated_network_dies_by_any_schedule(seed: int, tmp_path: Path) -> None:
    graph = optimize(dead_network(seed) if seed % 2 else random_network(seed)).graph
    for number, plan in enumerate(guarded(graph)):
        (tmp_path / str(number)).mkdir()
        assert deaths(plan, tmp_path / str(number))[0] == 0


def test_a_byte_written_past_the_end_of_a_buffer_kills_its_canary(tmp_path: Path) -> None:
    plan = plan_rows(optimize(random_network(7)).graph, all_rows(random_network(7)), guarded=True)
    for at, (group, offset) in enumerate(plan.rings):
        rings = list(plan.rings)
        rings[at] = (replace(group, size=group.size - 1), offset)
        broken = replace(plan, rings=tuple(rings))
        (tmp_path / str(at)).mkdir()
        count, where, call = deaths(broken, tmp_path / str(at))
        assert count > 0
        assert where == offset + group.size - 1
        assert 0 <= call < order_of(plan).calls


@pytest.mark.board
def test_a_canary_that_dies_on_a_board_is_reported_with_its_buffer(tmp_path: Path) -> None:
    options = ExportOptions(board("netduinoplus2"), trace=True, canary=True)
    manifest = export(MODEL, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    assert measure(project).library_ram_bytes == manifest["ram_bytes"]
    inputs = list(generated_inputs(project.graph, 2, seed=0))
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, inputs).equal
    source = project.folder / "network" / f"{manifest['name']}.c"
    whole = source.read_text()
    call = "run_step(state, step, state->calls[step]++);"
    assert call in whole
    source.write_text(whole.replace(call, f"{call} if (step == 3) {{ {stray(str(manifest['name']))} }}"))
    build(project)
    with (
        virtual_board(project.firmware, project.board) as url,
        Link.open(url) as link,
        pytest.raises(LinkError, match=r"memory is corrupted: bytes behind the buffer that ends at offset [\d,]+"),
    ):
        verify(project, link, inputs)


def test_guards_lie_behind_buffers_and_in_none_that_lives_with_them() -> None:
    for seed in range(300):
        graph = optimize(random_network(seed)).graph
        for plan in guarded(graph):
            items = [*plan.rings, *plan.sums]
            assert len(guards_of(plan)) == len(items)
            for item, offset in items:
                for other, start in items:
                    together = item.first <= other.last and other.first <= item.last
                    if other is not item and together:
                        assert offset + item.size + 4 <= start or start + other.size + 4 <= offset
