"""Networks whose constants lie apart from the code compute the same bytes, stretch after stretch."""

import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from depthwise.host.demo import MODEL
from tests.support.compiled import LIBRARY, STRICT
from tests.support.detached import written
from tests.support.models import read
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.programs import CALLED, CALLING, SANITIZE, TELLING
from tests.support.residual_networks import residual_chain
from tests.support.scattered_networks import scattered

NETWORKS: Final = [
    "digits",
    "kws_dscnn_int8",
    "vww_96_int8",
    *(f"random {n}" for n in range(5)),
    "residual 0",
    "residual 1",
    "mul_map",
    "minimum_channels",
    "transpose_conv",
    "scattered 4",
    "scattered 19",
    "scattered 24",
]
WAYS: Final = [("host", "auto"), ("host", "rows"), ("host", "whole"), ("cortex-m4", "auto"), ("cortex-m55", "auto")]


def graph_of(name: str) -> Graph:
    match name.split():
        case ["digits"]:
            return read_model(MODEL)
        case ["random", seed]:
            return random_network(int(seed))
        case ["scattered", seed]:
            return scattered(int(seed))
        case ["residual", seed]:
            return residual_chain(int(seed))
        case [named] if named in NAMED_NETWORKS:
            return NAMED_NETWORKS[named]()
        case _:
            return read(name)


def said(flags: list[str], folder: Path, given: bytes) -> "subprocess.CompletedProcess[bytes]":
    """What the program says: optimized, or with every check, which takes less time to compile without optimization."""
    sources = [str(folder / "net.c"), str(folder / "program.c")]
    command = ["gcc", *STRICT, *flags, f"-I{folder}", *LIBRARY, *sources, "-o", str(folder / "program")]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return subprocess.run([str(folder / "program")], input=given, check=True, capture_output=True, cwd=folder)


@pytest.mark.parametrize(("core_name", "schedule"), WAYS)
@pytest.mark.parametrize("name", NETWORKS)
def test_detached_constants_are_found_stretch_by_stretch(
    name: str, core_name: str, schedule: str, tmp_path: Path
) -> None:
    graph = optimize(graph_of(name)).graph
    view = written(graph, schedule, core_name, tmp_path)
    (tmp_path / "called.h").write_text(CALLED)
    shape = graph.tensors[graph.inputs[0]].shape
    images = np.random.default_rng(5).integers(-128, 128, (2, *shape[1:]), np.int8)
    wanted = run(graph, images)[graph.outputs[0]].tobytes()
    used = {step.stretch for step in view.steps if step.reads_constants}
    for flags in (["-O1"], ["-O0", SANITIZE, *CALLING["gcc"], TELLING, "-include", "called.h"]):
        done = said(flags, tmp_path, images.tobytes())
        assert done.stdout == wanted
        assert int(done.stderr) == (2 * len(used) if len(used) > 1 else len(used))
