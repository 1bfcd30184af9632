"""Generated C, compiled strictly by two compilers and held against the golden model on every tensor."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.tflite.reader import read_model
from tests.compiled import LIB, STRICT, Compiled, compile_network, write_library
from tests.models import INT8_MODELS, model_path
from tests.networks import NAMED_NETWORKS, random_network


def images(compiled: Compiled, random: int) -> list[Array]:
    shape = compiled.graph.tensors[compiled.graph.inputs[0]].shape
    rng = np.random.default_rng(1)
    constant = [np.full(shape, value, np.int8) for value in (-128, 127, 0)]
    return [*constant, *(rng.integers(-128, 128, shape, np.int8) for _ in range(random))]


def assert_equal_to_golden(compiled: Compiled, random: int) -> None:
    for image in images(compiled, random):
        golden = run(compiled.graph, image)
        scores, traced = compiled.run(image)
        assert scores.tobytes() == golden[compiled.graph.outputs[0]].tobytes()
        for tensor, data in traced.items():
            assert data == golden[tensor].tobytes(), f"tensor {tensor} differs"


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_equal_the_golden_model_on_every_tensor(name: str, compiler: str, tmp_path: Path) -> None:
    compiled = compile_network(read_model(model_path(name)), tmp_path, compiler)
    assert_equal_to_golden(compiled, random=3)


SINGLE_INPUT = [name for name, make in NAMED_NETWORKS.items() if len(make().inputs) == 1]


@pytest.mark.parametrize("name", SINGLE_INPUT)
def test_each_operator_equals_the_golden_model(name: str, tmp_path: Path) -> None:
    assert_equal_to_golden(compile_network(NAMED_NETWORKS[name](), tmp_path), random=3)


@pytest.mark.parametrize("seed", range(60))
def test_generated_networks_equal_the_golden_model(seed: int, tmp_path: Path) -> None:
    assert_equal_to_golden(compile_network(random_network(seed), tmp_path), random=2)


MAIN = """
#include <stdio.h>
#include <stdlib.h>
#include "net.h"
void net_trace(int slot, int row, const int8_t *data, int bytes)
{ (void)row; fwrite(&slot, sizeof slot, 1, stdout); fwrite(&bytes, sizeof bytes, 1, stdout);
  fwrite(data, 1, (size_t)bytes, stdout); }
int main(void)
{
    int8_t *image = malloc(NET_INPUT_SIZE), *scores = malloc(NET_OUTPUT_SIZE);
    if (fread(image, 1, NET_INPUT_SIZE, stdin) != NET_INPUT_SIZE) { return 1; }
    net_run(image, scores);
    fwrite(scores, 1, NET_OUTPUT_SIZE, stdout);
    free(image); free(scores);
    return 0;
}
"""


@pytest.mark.parametrize("name", [*INT8_MODELS, *(f"random {seed}" for seed in range(10))])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_no_byte_outside_a_buffer_is_touched(name: str, compiler: str, tmp_path: Path) -> None:
    """AddressSanitizer with the caller's buffers on the heap, exactly as large as the header says; every tensor."""
    graph = random_network(int(name.split()[1])) if " " in name else read_model(model_path(name))
    made, traced = write_library(graph, tmp_path, PassOptions())
    lowered = made.graph
    (tmp_path / "main.c").write_text(MAIN)
    program = tmp_path / "program"
    sources = [str(tmp_path / "net.c"), str(tmp_path / "main.c")]
    flags = [*STRICT, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{tmp_path}", f"-I{LIB}"]
    subprocess.run([compiler, *flags, *sources, "-o", str(program)], check=True)
    shape = lowered.tensors[lowered.inputs[0]].shape
    image = np.random.default_rng(2).integers(-128, 128, shape, np.int8)
    done = subprocess.run([str(program)], input=image.tobytes(), capture_output=True, check=True)
    golden = run(lowered, image)
    rows: dict[int, bytes] = {}
    at, scores = 0, golden[lowered.outputs[0]].tobytes()
    while at < len(done.stdout) - len(scores):
        slot, count = np.frombuffer(done.stdout, np.int32, 2, at).tolist()
        rows[slot] = rows.get(slot, b"") + done.stdout[at + 8 : at + 8 + count]
        at += 8 + count
    assert done.stdout[at:] == scores
    assert [rows[slot] for slot in range(len(traced))] == [golden[t].tobytes() for t in traced]
