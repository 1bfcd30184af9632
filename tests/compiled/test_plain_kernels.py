"""Kernels for cores without the DSP extension: their scaling, both layouts of weights."""

import ctypes
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.support.armv7m_networks import armv7m_cases
from tests.support.compiled import HOOK, LIBRARY, SANITIZE, STRICT, Compiled, write_network
from tests.support.exactness import problem_of
from tests.support.golden_c import assert_equal_to_golden
from tests.support.models import read
from tests.support.networks import conv_network, depthwise_network, random_network
from tests.support.places import SUPPORT

HERE: Final = SUPPORT
WITHOUT_SIMD: Final = ("cortex-m0plus", "cortex-m3")


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_scaling_in_pieces_and_with_one_offset_is_scaling(compiler: str, tmp_path: Path) -> None:
    """Why it holds stands in dw_plain.h; here for 4 million values of every magnitude and a stretch of all sums."""
    program = tmp_path / "scaling"
    flags = (*STRICT, *SANITIZE[compiler], *LIBRARY, "-O2")
    subprocess.run([compiler, *flags, str(HERE / "plain_scaling.c"), "-o", str(program)], check=True)
    run = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def compiled_for(core: str, graph: Graph, folder: Path) -> Compiled:
    """The C of a core; on this machine plain C stands in for its assembly."""
    folder.mkdir(exist_ok=True)
    made = optimize(graph)
    plan = choose(made.graph, "rows", variant(made.graph, CORES[core]))
    view = write_network(plan, folder, core=CORES[core])
    (folder / "hook.c").write_text(HOOK)
    library = folder / "net.so"
    command = ["gcc", "-O1", "-shared", "-fPIC", *STRICT, *SANITIZE["gcc"], f"-I{folder}", *LIBRARY]
    subprocess.run([*command, str(folder / "net.c"), str(folder / "hook.c"), "-o", str(library)], check=True)
    return Compiled(made.graph, view.traced, ctypes.CDLL(str(library)), made, view.image_form)


@pytest.mark.parametrize(
    ("core", "name"),
    [
        *(("cortex-m0plus", name) for name in ("ad01_int8", "kws_dscnn_int8", "mobilenet_v1_025_96_imagenet_int8")),
        *(("cortex-m3", name) for name in ("ic_resnet8_int8", "kws_dscnn_int8", "vww_96_int8")),
    ],
)
def test_real_models_of_cores_without_simd_equal_the_golden_model(core: str, name: str, tmp_path: Path) -> None:
    assert_equal_to_golden(compiled_for(core, read(name), tmp_path), random=1)


@pytest.mark.parametrize("seed", range(200, 216))
def test_generated_networks_of_cores_without_simd_equal_the_golden_model(seed: int, tmp_path: Path) -> None:
    assert_equal_to_golden(compiled_for(WITHOUT_SIMD[seed % 2], random_network(seed), tmp_path), random=2)


@pytest.mark.parametrize("core", [*WITHOUT_SIMD, "rv32imc"])
def test_kernels_of_many_taps_equal_the_golden_model(core: str, tmp_path: Path) -> None:
    """Gathered at the borders, and by addresses: as many as the stack is given."""
    for number, (channels, kernel) in enumerate([(1, (10, 8)), (3, (11, 12)), (8, (8, 8)), (12, (4, 16))]):
        graph = conv_network(shape=(13, 12, channels), channels=8, kernel=kernel)
        assert_equal_to_golden(compiled_for(core, graph, tmp_path / f"conv{number}"), random=2)
    graph = depthwise_network(shape=(13, 13, 6), kernel=(11, 11))
    assert_equal_to_golden(compiled_for(core, graph, tmp_path / "depthwise"), random=2)


def test_tiles_of_all_widths_in_all_forms_equal_the_golden_model(tmp_path: Path) -> None:
    assert problem_of(list(armv7m_cases()), tmp_path) is None
