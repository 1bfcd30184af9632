"""Kernels of LX6 and LX7 that take four bytes of a word at a time: their C, from addresses of words and from others."""

import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.library import library_header
from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose, steps
from depthwise.codegen.targets.cores import CORES
from tests.support.compiled import LIBRARY, SANITIZE, STRICT
from tests.support.conformance.harness import given_to
from tests.support.exactness import problem_of
from tests.support.network_builder import Builder
from tests.support.programs import Case

CORE: Final = CORES["xtensa-lx6"]
CHANNELS: Final = (4, 8, 20)
KERNELS: Final = {
    *("add_plane_mac16", "average_pool_2d_mac16", "average_pool_2d_sums_mac16", "max_pool_2d_mac16", "mean_mac16"),
}
CHECK: Final = """
#include "dw_mac16_plane.h"
#include <stdio.h>
int main(void)
{
    static const struct dw_mac16_plane plane = { 40000, -30000, 12345, -128, 127 };
    const struct dw_mac16_plane raised = dw_mac16_raised_plane(plane);
    for (int n = 0; n < 65536; n++) {
        const int32_t a = n / 256 - 128, b = n % 256 - 128;
        const int32_t wanted = dw_clamped((a * 40000 - b * 30000 + 12345) >> 15, -128, 127);
        if (dw_mac16_on_plane((uint32_t)(a + 128), (uint32_t)(b + 128), raised, 15, n % 2) != wanted) {
            printf("%d %d\\n", (int)a, (int)b);
        }
    }
    return 0;
}
"""


def network(seed: int) -> Graph:
    """An ADD, pools of windows, a pool of all rows and a MEAN, of channels that are whole words."""
    build = Builder(seed)
    x = build.input(1, 10, 9, CHANNELS[seed % 3])
    act = (Activation.NONE, Activation.RELU)[seed % 2]
    x = build.add(x, build.conv(x, CHANNELS[seed % 3], (1, 1), activation=Activation.NONE), act)
    x = build.pool(x, (AveragePool2D, MaxPool2D)[seed % 2], (2, 3), (1, 2))
    x = build.pool(x, (MaxPool2D, AveragePool2D)[seed % 2], (2, 2), (2, 2))
    last = build.mean(x) if seed % 4 < 2 else build.pool(x, AveragePool2D, build.size(x), build.size(x))
    return build.finish(f"words{seed}", last)


def cases() -> list[Case]:
    """Each network by rows or whole; inputs are drawn, and the least and the largest bytes."""
    made = []
    for seed in range(12):
        graph = lower(network(seed))
        drawn = given_to(graph, seed)
        given = {i: np.concatenate([v, np.full_like(v[:1], -128), np.full_like(v[:1], 127)]) for i, v in drawn.items()}
        plan = choose(graph, ("rows", "whole")[seed // 4 % 2], variant(graph, CORE))
        made.append(Case.of(f"net{seed}", plan, given, CORE))
    return made


def test_the_networks_have_every_kernel_of_words() -> None:
    graphs = [lower(network(seed)) for seed in range(12)]
    names = {choose_kernels(g, CORE.families).name(node) for g in graphs for node in steps(g)}
    assert names >= KERNELS


def test_kernels_of_words_equal_the_golden_model(tmp_path: Path) -> None:
    assert problem_of(cases(), tmp_path) is None


def test_kernels_of_words_equal_the_golden_model_where_addresses_are_odd(tmp_path: Path) -> None:
    """An application may hand in an image from any address; here no address is taken for one of words."""
    header = library_header("dw_mac16_words.h")
    text = header.read_text()
    assert "& 3) == 0" in text
    (tmp_path / header.name).write_text(text.replace("& 3) == 0", "& 3) == 4"))
    assert problem_of(cases(), tmp_path) is None


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_plane_of_raised_bytes_is_the_plane(compiler: str, tmp_path: Path) -> None:
    (tmp_path / "check.c").write_text(CHECK)
    command = [compiler, "-O1", *STRICT, *SANITIZE[compiler], *LIBRARY, str(tmp_path / "check.c")]
    subprocess.run([*command, "-o", str(tmp_path / "check")], check=True)
    run = subprocess.run([str(tmp_path / "check")], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")
