"""Networks whose constants lie apart from the code compute the same bytes, stretch after stretch."""

import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import core
from depthwise.host.demo import MODEL
from tests.support.compiled import LIBRARY, STRICT
from tests.support.models import read
from tests.support.networks import random_network
from tests.support.residual_networks import residual_chain

# Every stretch is handed out in memory of its own, exactly as long as it is; the one before is given back.
PROGRAM: Final = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"
static const struct { size_t offset, size; } stretches[NET_STRETCHES] = { %s };
static int loads;
const uint8_t *net_constants(const struct net_state *state, int stretch)
{
    static uint8_t *loaded;
    static int number = -1, first = -1;
    if (stretch != number) {
        first = first < 0 ? stretch : first;
        if (stretch < number && stretch != first) { exit(3); }
        (void)state;
        FILE *const file = fopen("net.weights", "rb");
        free(loaded);
        loaded = malloc(stretches[stretch].size);
        fseek(file, (long)stretches[stretch].offset, SEEK_SET);
        if (fread(loaded, 1, stretches[stretch].size, file) != stretches[stretch].size) { exit(2); }
        fclose(file);
        number = stretch;
        loads++;
    }
    return loaded;
}
int main(void)
{
    int8_t image[NET_INPUT_SIZE], scores[NET_OUTPUT_SIZE];
    while (fread(image, 1, sizeof image, stdin) == sizeof image) {
        net_run(image, scores);
        fwrite(scores, 1, sizeof scores, stdout);
    }
    fprintf(stderr, "%%d", loads);
    return 0;
}
"""
NETWORKS: Final = [
    "digits",
    "kws_dscnn_int8",
    "vww_96_int8",
    *(f"random {n}" for n in range(5)),
    "residual 0",
    "residual 1",
]
WAYS: Final = [("host", "auto"), ("host", "rows"), ("host", "whole"), ("cortex-m4", "auto"), ("cortex-m55", "auto")]


def graph_of(name: str) -> Graph:
    match name.split():
        case ["digits"]:
            return read_model(MODEL)
        case ["random", seed]:
            return random_network(int(seed))
        case ["residual", seed]:
            return residual_chain(int(seed))
        case _:
            return read(name)


def written(graph: Graph, schedule: str, core_name: str, folder: Path) -> NetworkView:
    target = core(core_name)
    plan = choose(graph, schedule, variant(graph, target))
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False, core=target, detached=True)
    for file, text in render_network(view).items():
        (folder / file).write_text(text)
    assert view.blob is not None
    (folder / "net.weights").write_bytes(view.blob.content)
    table = ", ".join(f"{{ {s.offset}, {s.size} }}" for s in view.stretches)
    (folder / "program.c").write_text(PROGRAM % table)
    return view


@pytest.mark.parametrize(("core_name", "schedule"), WAYS)
@pytest.mark.parametrize("name", NETWORKS)
def test_detached_constants_are_found_stretch_by_stretch(
    name: str, core_name: str, schedule: str, tmp_path: Path
) -> None:
    graph = optimize(graph_of(name)).graph
    view = written(graph, schedule, core_name, tmp_path)
    sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [str(tmp_path / "net.c"), str(tmp_path / "program.c")]
    command = ["gcc", "-O1", *STRICT, *sanitize, f"-I{tmp_path}", *LIBRARY, *sources, "-o", str(tmp_path / "program")]
    subprocess.run(command, check=True, capture_output=True)
    shape = graph.tensors[graph.inputs[0]].shape
    images = np.random.default_rng(5).integers(-128, 128, (2, *shape[1:]), np.int8)
    done = subprocess.run(
        [str(tmp_path / "program")], input=images.tobytes(), check=True, capture_output=True, cwd=tmp_path
    )
    assert done.stdout == run(graph, images)[graph.outputs[0]].tobytes()
    used = {step.stretch for step in view.steps if step.reads_constants}
    assert int(done.stderr) == (2 * len(used) if len(used) > 1 else len(used))


def test_constants_that_are_detached_are_not_in_the_code(tmp_path: Path) -> None:
    view = written(optimize(read_model(MODEL)).graph, "auto", "host", tmp_path)
    assert view.detached_bytes == pytest.approx(view.weight_bytes - view.order.size, abs=64)
    text = (tmp_path / "net_weights.h").read_text()
    assert "static const int8_t" not in text
    assert len(text) < 4096
