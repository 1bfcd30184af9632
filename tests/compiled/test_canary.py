"""Canary builds: a guard behind every buffer stays whole, and dies when something is written past an end."""

import ctypes
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.passes import lower, optimize
from depthwise.codegen.schedule import RowPlan, all_rows, order_of, plan_rows
from tests.support.canary import guarded
from tests.support.compiled import LIBRARY, STRICT
from tests.support.dead_networks import dead_network
from tests.support.models import INT8_MODELS, read
from tests.support.networks import random_network
from tests.support.programs import CALLED
from tests.support.scattered_networks import scattered

DEATHS: Final = """
#include "net.h"
extern int deaths, first_offset, first_call;
int deaths = 0, first_offset = -1, first_call = -1;
void net_canary_died(int offset, int call)
{ if (deaths++ == 0) { first_offset = offset; first_call = call; } }
"""


def deaths(plan: RowPlan, folder: Path) -> tuple[int, int, int]:
    """Run a guarded network once: canaries that died, offset and call of the first."""
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False)
    for name, text in render_network(view).items():
        (folder / name).write_text(text)
    source, library = folder / "deaths.c", folder / "net.so"
    source.write_text(f'{CALLED}#include "net.c"\n{DEATHS}')
    command = ["gcc", "-shared", "-fPIC", *STRICT, f"-I{folder}", *LIBRARY, str(source), "-o", str(library)]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(library))
    graph = plan.graph
    image = np.random.default_rng(4).integers(-128, 128, graph.tensors[graph.inputs[0]].shape, np.int8)
    scores = np.zeros(graph.tensors[graph.outputs[0]].shape, np.int8)
    loaded.net_run(*(a.ctypes.data_as(ctypes.c_void_p) for a in (image, scores)))
    numbers = (ctypes.c_int.in_dll(loaded, name).value for name in ("deaths", "first_offset", "first_call"))
    return next(numbers), next(numbers), next(numbers)


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


@pytest.mark.parametrize("seed", [0, 1, 4, 5, 8, 9, 10, 11, 14, 15, 18, 19, 24, 25])
def test_no_canary_dies_where_rows_are_scattered(seed: int, tmp_path: Path) -> None:
    for number, plan in enumerate(guarded(lower(scattered(seed)))):
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
