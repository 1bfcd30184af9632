"""Kernels that are taken where there are many outputs, or several layers of a kind: every compiler compiles them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp import conv_2d_kept
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from tests.support.clamped_networks import INSIDE, around, clamped
from tests.support.compiled import write_network
from tests.support.compilers import COMPILERS, FRAMES, Configuration, command_of, problem_with
from tests.support.dsp_networks import M4, M4_WAITING, depthwise_rows, shared_rows, turned_chain
from tests.support.kept_networks import kept_chain, without_lines
from tests.support.threes_networks import take_threes, threes_chain

HELD = (-100, 90)


def graphs() -> Iterator[tuple[Graph, Core]]:
    """Channels up to where their numbers leave an instruction, lines of every kind and none."""
    for core in (M4, M4_WAITING):
        for graph in (kept_chain(9, 17), threes_chain(16, 5, inputs=16), threes_chain(4, 1030)):
            yield graph, core
            yield clamped(graph, *HELD), core
    for graph in (shared_rows(5, (7, 830)), shared_rows(6, (1, 9)), depthwise_rows(8, 1030), turned_chain(9, 19)):
        yield graph, M4
        for place in INSIDE[1::2]:
            yield around(graph, *place), M4
    yield threes_chain(10, 4, Activation.NONE), M4


def written(folder: Path) -> Path:
    """One file of all of them."""
    lines, names = [], set()
    for number, (graph, core) in enumerate(graphs()):
        names |= {*choose_kernels(graph, core.families, NEVER).names.values()}
        plan = choose(graph, "whole", variant(graph, core, NEVER))
        write_network(plan, folder, f"net{number}", core=core, int16_from=NEVER)
        lines.append(f'#include "net{number}.c"')
    assert names >= {"conv_2d_kept_dsp", "conv_2d_threes_dsp", "depthwise_conv_2d_dsp", "depthwise_conv_2d_turned_dsp"}
    source = folder / "all.c"
    source.write_text("\n".join([*lines, ""]))
    return source


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_compilers_take_kernels_of_many_outputs(
    compiler: str, lines: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = command_of(compiler, M4)
    if isinstance(command, str):
        pytest.skip(command)
    take_threes(monkeypatch, lines=lines)
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    if not lines:
        without_lines(monkeypatch)
    source = written(tmp_path)
    assert [
        p for level in ("-O0", "-O2") if (p := problem_with(command, Configuration(level, FRAMES[0]), source))
    ] == []
