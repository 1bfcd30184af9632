"""The exported C compiles with every compiler at every level, for every core, and computes the same."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Activation
from depthwise.codegen.passes import optimize
from depthwise.codegen.targets.cores import CORES
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.compilers import (
    COMPILERS,
    FEWER,
    Configuration,
    command_of,
    includes,
    networks,
    problem_with,
    recompiled,
    written,
)
from tests.support.dsp_networks import separable_chain
from tests.support.kept import once
from tests.support.projects import built

BOARDS: Final = ("mps2-m0plus", "mps2-m3", "netduinoplus2", "mps2-m33", "mps3-m55", "rv32-virt")
RUN: Final = (("gcc", "-O0"), ("clang", "-O0"), ("clang", "-O2"), ("zig", "-O2"))
SLOWER: Final = 1.15


def source_of(core: str) -> Path:
    """The file that holds the networks for a core."""

    def make(folder: Path) -> None:
        written(CORES[core], folder)

    return once(f"networks for {core}", make) / "all.c"


def compiler_of(compiler: str, core: str) -> list[str]:
    """How it is called; skips the test, saying why, where it cannot be."""
    command = command_of(compiler, CORES[core])
    if isinstance(command, str):
        pytest.skip(command)
    return command


KINDS: Final = {
    "cortex-m0plus": {
        *("conv_2d_lines", "pointwise_conv_2d_lines", "depthwise_conv_2d_lines", "fully_connected_lines"),
        *("conv_2d_rows", "pointwise_conv_2d_rows", "depthwise_conv_2d_taps", "fully_connected_rows"),
        *("conv_2d_rows_offset", "pointwise_conv_2d_rows_offset", "depthwise_conv_2d_words"),
        *("conv_2d_lines_offset", "pointwise_conv_2d_lines_offset", "depthwise_conv_2d_words_lines"),
    },
    "cortex-m3": {
        *("conv_2d_paired", "depthwise_conv_2d_strips", "depthwise_conv_2d_taps", "fully_connected_fours"),
        *("conv_2d_paired_offset", "depthwise_conv_2d_strips_wide", "depthwise_conv_2d_wide"),
    },
    "rv32imc": {
        *("conv_2d_fours", "pointwise_conv_2d_fours", "depthwise_conv_2d_taps", "fully_connected_fours"),
        *("conv_2d_fours_offset", "pointwise_conv_2d_fours_offset", "depthwise_conv_2d_wide"),
    },
    "cortex-m4": {
        *("conv_2d_columns_dsp", "conv_2d_dsp", "depthwise_conv_2d_dsp", "fully_connected_pairs_dsp"),
        *("add_plane", "depthwise_conv_2d_padded_dsp", "fully_connected_vectors_dsp", "batch_matmul_dsp"),
        *("transpose_dsp", "pad"),
    },
    "cortex-m55": {
        *("conv_2d_mve", "conv_2d_pointwise_mve", "depthwise_conv_2d_mve", "fully_connected_mve"),
        *("add_plane_mve", "softmax", "max_pool_2d"),
        *("conv_2d_mve_offset", "conv_2d_pointwise_mve_offset", "depthwise_conv_2d_wide_mve"),
    },
}


@pytest.mark.parametrize("core", KINDS)
def test_the_networks_that_are_compiled_have_every_kernel(core: str) -> None:
    chosen = (choose_kernels(optimize(graph).graph, CORES[core].families, uses) for _, graph, uses in networks())
    assert {name for kernels in chosen for name in kernels.names.values()} >= KINDS[core]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("core", CORES)
def test_every_kind_of_level_compiles_with_and_without_a_frame_pointer(core: str, compiler: str) -> None:
    command, source = compiler_of(compiler, core), source_of(core)
    assert [p for how in FEWER if (p := problem_with(command, how, source))] == []


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m55", "rv32imc"])
def test_no_assembly_is_left_where_it_is_not_wanted(core: str) -> None:
    command, source = compiler_of("gcc", core), source_of(core)
    asm = re.compile(r"__attribute__\(\(naked")
    for more, wanted in ((), True), (("-DDW_NO_ASM",), False):
        text = subprocess.run([*command, *more, *includes(source), "-E", str(source)], check=True, capture_output=True)
        assert bool(asm.search(text.stdout.decode())) == wanted
    assert problem_with(command, Configuration("-O2", "-fomit-frame-pointer"), source, "-DDW_NO_ASM") == ""


def chain(folder: Path) -> None:
    """The model of a network that has every fast kernel, with all of int8 as the clamp."""
    (folder / "chain.tflite").write_bytes(write_model(separable_chain(11, Activation.NONE)))


def run_with(project: Project, folder: Path, command: list[str], *flags: str) -> Verdict:
    """Verify a project on its virtual board once another compiler has compiled the network."""
    other = recompiled(project, folder / "p", command, *flags)
    with virtual_board(other.firmware, other.board) as url, Link.open(url) as link:
        return verify(other, link, generated_inputs(other.graph, 1, seed=0))


@pytest.mark.parametrize(("compiler", "level"), RUN)
@pytest.mark.parametrize("board_name", BOARDS)
def test_the_bundled_model_computes_the_same(board_name: str, compiler: str, level: str, tmp_path: Path) -> None:
    project = built(board_name)
    verdict = run_with(project, tmp_path, compiler_of(compiler, project.board.core), level)
    assert verdict.equal, str(verdict.difference)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("board_name", BOARDS)
def test_every_kernel_computes_the_same_in_a_debug_build(board_name: str, compiler: str, tmp_path: Path) -> None:
    project = built(board_name, once("chain for compilers", chain) / "chain.tflite")
    command = compiler_of(compiler, project.board.core)
    verdict = run_with(project, tmp_path, command, "-O0", "-fno-omit-frame-pointer")
    assert verdict.equal, str(verdict.difference)


@pytest.mark.parametrize("board_name", BOARDS)
def test_plain_c_computes_the_same_where_assembly_is_not_wanted(board_name: str, tmp_path: Path) -> None:
    project = built(board_name)
    verdict = run_with(project, tmp_path, compiler_of("gcc", project.board.core), "-O2", "-DDW_NO_ASM")
    assert verdict.equal, str(verdict.difference)


def test_other_compilers_take_no_more_than_115_percent_of_gcc_on_the_m4(tmp_path: Path) -> None:
    """The emulator's clock counts instructions, whatever else the machine does."""
    project = built("netduinoplus2")
    commands = {name: command_of(name, CORES["cortex-m4"]) for name in COMPILERS}
    ticks = {
        name: run_with(project, tmp_path / name, command, "-O2").ticks
        for name, command in commands.items()
        if not isinstance(command, str)
    }
    assert {name: n for name, n in ticks.items() if n > SLOWER * ticks["gcc"]} == {}
