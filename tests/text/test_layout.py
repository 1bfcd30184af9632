"""Generated C reads as if a person wrote it: the project's own layout, no loop that changes its own counter."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.layout import tidy
from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.project_kinds import KINDS
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import CORES
from depthwise.host.demo import MODEL
from tests.support.loops import changed_counters
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.places import ROOT
from tests.support.port_networks import NETWORKS as PORT_NETWORKS
from tests.support.residual_networks import residual_chain

CLANG_FORMAT: Final = str(Path(sys.executable).parent / "clang-format")
C: Final = {".c", ".h"}
SCHEDULES: Final = ("rows", "whole")
LONG_NAME: Final = "a_name_as_long_as_names_of_networks_can_ever_be_"
BOARD_OF: Final = {"host": "host", "bare": "mps2-m3", "stm32": "nucleo-f446re"}


def networks() -> dict[str, Graph]:
    named = {name: make() for name, make in NAMED_NETWORKS.items()}
    some = {"digits": read_model(MODEL), "chain": residual_chain(1)}
    all_of_them = named | some | {f"random{seed}": random_network(seed) for seed in range(8)}
    return all_of_them | {name: make() for name, make in PORT_NETWORKS.items()}


@pytest.fixture(scope="module")
def lowered() -> dict[str, Graph]:
    return {name: graph for name, made in networks().items() if (graph := lower(made)).nodes}


def texts_of(graphs: dict[str, Graph], core_name: str, name: str = "") -> dict[str, str]:
    """Sources of all networks for a core, every option for some."""
    found: dict[str, str] = {}
    core = CORES[core_name]
    for number, (called, graph) in enumerate(graphs.items()):
        plan = choose(graph, SCHEDULES[number % 2], variant(graph, core))
        trace, context, detached = number % 3 != 0, number % 4 == 0, number % 5 == 0
        view = network_view(
            plan,
            Source("m", "0" * 64),
            name=name or called,
            core=core,
            trace=trace,
            context=context,
            detached=detached,
        )
        found |= render_network(view)
    return found


def assert_laid_out(folder: Path) -> None:
    """Nothing that clang-format would change in a folder."""
    shutil.copy(ROOT / ".clang-format", folder)
    files = sorted(str(p) for p in folder.rglob("*") if p.suffix in C and p.name != "build_opt.h")
    command = [CLANG_FORMAT, "--dry-run", "--Werror", *files]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]


@pytest.mark.parametrize("core_name", ["host", "cortex-m0plus", "cortex-m4", "cortex-m55"])
def test_c_for_every_family_of_kernels_has_the_projects_own_layout(
    core_name: str, lowered: dict[str, Graph], tmp_path: Path
) -> None:
    for file, text in texts_of(lowered, core_name).items():
        (tmp_path / file).write_text(text)
    assert_laid_out(tmp_path)


@pytest.mark.parametrize("core_name", ["host", "cortex-m4"])
def test_the_longest_name_breaks_lines_where_the_layout_does(
    core_name: str, lowered: dict[str, Graph], tmp_path: Path
) -> None:
    for name in ("digits", "residual", "average_pool_same"):
        (tmp_path / name).mkdir()
        for file, text in texts_of({name: lowered[name]}, core_name, LONG_NAME).items():
            (tmp_path / name / file).write_text(text)
    assert_laid_out(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("all_options", [False, True])
def test_the_c_of_every_kind_of_project_has_the_projects_own_layout(
    kind: str, all_options: bool, tmp_path: Path
) -> None:
    options = ExportOptions(board=board(BOARD_OF.get(kind, "esp32-devkitc")), project=kind)
    if all_options:
        labels = tuple(f'"{n}" \\' for n in range(10))
        options = replace(options, trace=True, canary=True, context=True, name=LONG_NAME, labels=labels)
    export(MODEL, tmp_path / "p", options)
    assert_laid_out(tmp_path / "p")


def test_no_loop_changes_what_it_counts(lowered: dict[str, Graph]) -> None:
    sources = {str(p): p.read_text() for p in (ROOT / "firmware").rglob("*") if p.suffix in C}
    for core_name in ("host", "cortex-m0plus", "cortex-m4", "cortex-m55"):
        sources |= {f"{core_name} {file}": text for file, text in texts_of(lowered, core_name).items()}
    assert {file: found for file, text in sources.items() if (found := changed_counters(text))} == {}


def test_a_loop_that_changes_what_it_counts_is_seen() -> None:
    assert changed_counters("for (int x = 0; x < 3; x++, out++) {\n    if (x) {\n        x++;\n    }\n}")
    assert changed_counters("for (; n > 0; n--) {\n    n -= 2;\n}")
    assert not changed_counters("for (int *x = a; x < b; x++) {\n    *x = 1; /* x++ */\n}")


def test_steps_name_what_lies_in_the_block_and_break_once(lowered: dict[str, Graph]) -> None:
    for core_name in ("host", "cortex-m4", "cortex-m55"):
        for file, text in texts_of(lowered, core_name).items():
            assert not re.search(r"block(?:\.\w+)? \+ \d", text), file
            assert not re.search(r"break;\s*\}?\s*break;", text), file


def test_a_pointwise_layer_takes_the_address_of_its_row(lowered: dict[str, Graph]) -> None:
    for core_name in ("host", "cortex-m0plus", "cortex-m4", "cortex-m55"):
        text = texts_of({"p": lowered["conv_pointwise"]}, core_name)["p.c"]
        assert "window(" not in text
        assert "const int8_t *const in = block + IMAGE_OFFSET" in text


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("    f(a, b);", "    f(a, b);"),
        (f"    {'f' * 20}({'a' * 40}, {'b' * 40});", f"    {'f' * 20}(\n        {'a' * 40}, {'b' * 40});"),
        (f"f({'a' * 60}, {'b' * 30}, {'c' * 20});", f"f({'a' * 60}, {'b' * 30},\n    {'c' * 20});"),
        (f"enum {{ A = {'1' * 90}, B = 2 }};", f"enum {{\n    A = {'1' * 90},\n    B = 2\n}};"),
        (f"    const int *const a = {'b' * 90};", f"    const int *const a =\n        {'b' * 90};"),
        ("    { 1, { 2, 3 } },", "    {1, {2, 3}},"),
    ],
)
def test_a_line_is_broken_as_clang_format_breaks_it(line: str, wanted: str) -> None:
    assert tidy(f"{line}\n") == f"{wanted}\n"
