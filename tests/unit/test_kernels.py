"""Families of kernels are whole: every operator has a kernel, every kernel its files, every refusal its reason."""

from collections import Counter
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.render import TEMPLATES
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels import armv7m, dsp, general, mac16, mve, plain
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.cycles import CALLS
from depthwise.codegen.kernels.kernel import Family, Kernel
from depthwise.codegen.kernels.library import EVERYWHERE, LIBRARY, library_header
from depthwise.codegen.kernels.predict import events, layer_instructions
from depthwise.codegen.kernels.rates import RATES
from depthwise.codegen.operators import (
    OPERATORS,
    Activation,
    Dequantize,
    ExpandDims,
    Fill,
    ReduceProd,
    Reshape,
    Shape,
    Squeeze,
)
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.operators.registry import MADE
from depthwise.codegen.passes import optimize
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import steps
from depthwise.codegen.targets.cores import CORES, COUNTED, PREDICTED
from tests.support.dead_networks import dead_network
from tests.support.models import INT8_MODELS, read
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS, depthwise_network, random_network
from tests.support.operator_networks import NETWORKS, operator_network

# RESHAPE and its like move nothing; DEQUANTIZE is stripped; the others are folded when a model is read.
WITHOUT_KERNEL: Final = {Reshape, ExpandDims, Squeeze, Dequantize, Shape, ReduceProd, Fill}
FAMILIES: Final = (general.FAMILY, plain.FOURS, plain.ROWS, armv7m.FAMILY, dsp.FAMILY, mve.FAMILY, mac16.FAMILY)


@cache
def networks() -> list[Graph]:
    made = [optimize(make()).graph for make in NAMED_NETWORKS.values()]
    made += [optimize(make(seed)).graph for make in (random_network, dead_network) for seed in range(8)]
    return [*made, *(optimize(read(name)).graph for name in INT8_MODELS)]


@pytest.mark.parametrize("made", [Kernel, Family])
def test_no_part_of_a_kernel_or_a_family_has_a_default(made: type[Kernel | Family]) -> None:
    assert all(f.default is MISSING and f.default_factory is MISSING and f.kw_only for f in fields(made))


def test_every_operator_that_reaches_code_generation_has_a_general_kernel() -> None:
    computed = {operator for kernel in general.FAMILY.kernels for operator in kernel.operators}
    assert computed == {operator.operation for operator in (*OPERATORS, *MADE)} - WITHOUT_KERNEL


def test_exactly_one_general_kernel_computes_a_layer() -> None:
    for graph in networks():
        for node in steps(graph):
            able = [k for k in general.FAMILY.kernels if isinstance(node.op, k.operators)]
            assert sum(k.refusal(graph, node) is None for k in able) == 1, str(node)


@pytest.mark.parametrize("core", CORES)
def test_every_core_ends_with_the_general_kernels(core: str) -> None:
    assert CORES[core].families[-1] is general.FAMILY


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_a_kernel_has_a_template_and_its_headers_beside_its_family(family: Family) -> None:
    folders = {LIBRARY / "common", LIBRARY / family.name}
    for kernel in family.kernels:
        assert (TEMPLATES / "network" / "kernels" / family.name / f"{kernel.name}.c.j2").is_file()
        assert {library_header(name).parent for name in kernel.headers} <= folders
        if kernel.data is not None and kernel.data.struct.template is not None:
            assert (TEMPLATES / kernel.data.struct.template).is_file()


def test_no_template_and_no_header_is_left_over() -> None:
    kernels = [(family, kernel) for family in FAMILIES for kernel in family.kernels]
    structs = {k.data.struct.template for _, k in kernels if k.data is not None}
    used = {f"network/kernels/{f.name}/{k.name}.c.j2" for f, k in kernels} | structs
    found = (TEMPLATES / "network" / "kernels").glob("*/*.j2")
    assert {str(path.relative_to(TEMPLATES)) for path in found} == used - {None}
    headers = {EVERYWHERE, *(name for _, kernel in kernels for name in kernel.headers)}
    assert {path.name for path in Path(LIBRARY).rglob("*.h")} == headers


def test_no_name_of_a_kernel_and_no_event_is_taken_twice() -> None:
    names = Counter(name for family in FAMILIES for name in {kernel.name for kernel in family.kernels})
    in_both = {k.name for k in plain.FOURS.kernels} & {k.name for k in plain.ROWS.kernels}
    names.subtract(in_both)  # both layouts are one family
    assert set(names.values()) == {1}
    events = Counter([*CALLS, *(event for family in FAMILIES if family is not plain.ROWS for event in family.cycles)])
    assert set(events.values()) == {1}


def test_every_kernel_of_a_core_with_predicted_cycles_says_what_its_time_is_made_of() -> None:
    for name in PREDICTED:
        lacking = [k.name for family in CORES[name].families for k in family.kernels if k.events is None]
        assert not lacking
    made = {kernel.name for family in FAMILIES for kernel in family.kernels}
    assert not RATES.keys() - made


def test_every_kernel_of_a_core_with_predicted_instructions_has_an_entry() -> None:
    for name in COUNTED:
        lacking = {k.name for family in CORES[name].families for k in family.kernels} - CORES[name].instructions.keys()
        assert not lacking
        graph = lower(operator_network("CONV_2D 1x1", 0))
        chosen = choose_kernels(graph, CORES[name].families).of(graph.nodes[0])
        each = layer_instructions(CORES[name].instructions, chosen) / macs(graph, graph.nodes[0])
        assert 1 < each < 6


def test_every_event_of_a_layer_has_its_cycles() -> None:
    graphs = [operator_network(name, seed) for name in NETWORKS for seed in range(2)]
    for graph in [*networks(), *map(lower, graphs)]:
        for name in PREDICTED:
            for chosen in choose_kernels(graph, CORES[name].families).chosen.values():
                assert not events(chosen).keys() - {*CALLS, *chosen.family.cycles}, chosen.kernel.name


def test_a_layer_that_falls_to_a_plainer_kernel_says_why() -> None:
    graph = depthwise_network(multiplier=2, dilation=(2, 2))
    chosen = choose_kernels(graph, CORES["cortex-m4"].families).of(graph.nodes[0])
    assert chosen.kernel.name == "depthwise_conv_2d"
    dilated = "its kernel is 3x3 with dilation (2, 2)"
    without, columns, multiplied = (
        f"{dilated}, 3x3 without is supported",
        f"{dilated}, 8 columns are supported",
        ("its channel multiplier is 2, 1 is supported"),
    )
    assert [(r.kernel, r.reason) for r in chosen.refusals] == [
        ("depthwise_conv_2d_dsp", without),
        ("depthwise_conv_2d_turned_dsp", without),
        ("depthwise_conv_2d_padded_dsp", columns),
        ("depthwise_conv_2d_strips", multiplied),
        ("depthwise_conv_2d_taps", multiplied),
        ("depthwise_conv_2d_wide", "its weights have no zero point"),
    ]
    assert chosen.left_by == {
        without: ("depthwise_conv_2d_dsp", "depthwise_conv_2d_turned_dsp"),
        columns: ("depthwise_conv_2d_padded_dsp",),
        multiplied: ("depthwise_conv_2d_strips", "depthwise_conv_2d_taps"),
    }


def test_kernels_of_the_same_family_do_not_count_as_faster_ones() -> None:
    for graph in networks():
        for chosen in choose_kernels(graph, (general.FAMILY,)).chosen.values():
            assert not chosen.left_by


def test_a_depthwise_layer_that_reads_the_image_says_that_its_rows_do_not_lie_right() -> None:
    build = Builder(1)
    graph = build.finish("first", build.depthwise(build.input(1, 8, 8, 4), activation=Activation.NONE))
    chosen = choose_kernels(graph, CORES["cortex-m4"].families).of(graph.nodes[0])
    assert "not written channel after channel" in chosen.refusals[0].reason


def test_every_refusal_names_a_reason() -> None:
    for graph in networks():
        for core in ("cortex-m0", "cortex-m4", "cortex-m55"):
            for chosen in choose_kernels(graph, CORES[core].families).chosen.values():
                assert all(refusal.reason for refusal in chosen.refusals)
