"""Small inputs that once failed, by name: each gives its right value or one named error, in bounded time and memory.

They lie beside the real models, in a folder `cases`; a file that is not listed here must be refused or read.
"""

import resource
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.passes import lower, optimize
from depthwise.codegen.project.labels import read_labels
from depthwise.codegen.schedule import choose, steps
from depthwise.codegen.targets.cores import core
from tests.support.exactness import problem_of
from tests.support.models import FOLDER
from tests.support.oracles import litert, tflite_micro
from tests.support.programs import Case

CASES: Final = FOLDER.parent / "cases"
FILES: Final = sorted(CASES.glob("*.tflite"))
MEMORY: Final = 200 << 20
# CRC-32 of the output bytes for the input below, by LiteRT's reference kernels.
RIGHT: Final = {
    "dilated2d": 0x61442BF8,
    "dilated_dw": 0xE743E9CD,
    "conv1d": 0xBF240F67,
    "sigmoid": 0x1663A535,
    "softmax_map": 0xD64E08D7,
    "relu6_rescale": 0xA697588A,
    "resc_same": 0x7A41CCAC,
    "se_block": 0x99017469,
    "concat": 0x949FA04B,
    "dense4d": 0x76D5B1E9,
    "siamese": 0x9A2D04DB,
    "m7": 0xA0469E17,
    "dw31s2": 0x15689A7C,
    "asym16": 0x11E57913,
    "nobias": 0x3E8DB05D,
}
WORKS: Final = (
    "dense4d",
    "resc_same",
    "bn_mul",
    "se_block",
    "conv1d_gap",
    "sigmoid",
    "softmax_map",
    "relu6_rescale",
    "m7",
    "dw31s2",
    "asym16",
    "nobias",
)
ALL_LEAST: Final = ("soft1000", "softmax4096", "softmax8192")
REFUSED: Final = {
    "broken_1": "constant",
    "broken_2": "scale",
    "broken_3": "scale",
    "broken_5": "constant",
    "huge_add": "elements",
    "huge_mean": "elements",
    "huge_tall": "rows",
    "shift99": "scale",
}

pytestmark = pytest.mark.skipif(not FILES, reason=f"no cases in {CASES}; set DEPTHWISE_MODELS to the folder beside it")


def given(shape: tuple[int, ...], number: int) -> Array:
    """What input `number` of a network is given: element k is ((37 k + 11 (number + 1)) mod 256) − 128."""
    k = np.arange(int(np.prod(shape)))
    return ((37 * k + 11 * (number + 1)) % 256 - 128).astype(np.int8).reshape(shape)


def answer(graph: Graph) -> Array:
    """The golden model's first output, with int8 ends."""
    graph = lower(graph)
    inputs = {i: given(graph.tensors[i].shape, number) for number, i in enumerate(graph.inputs)}
    return run(graph, inputs)[graph.outputs[0]]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line with no more memory than a hostile file may take beside what the libraries need."""
    limit = resource.RLIMIT_AS, (1 << 31, 1 << 31)
    line = [sys.executable, "-m", "depthwise.host.cli", *arguments]
    return subprocess.run(
        line, capture_output=True, text=True, check=False, timeout=600, preexec_fn=lambda: resource.setrlimit(*limit)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_gives_its_right_value_or_one_named_error(path: Path, tmp_path: Path) -> None:
    done = command("export", str(path), "--core", "host", "-o", str(tmp_path / "p"))
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    name = path.stem
    if name in REFUSED:
        assert done.returncode == 2
        assert REFUSED[name] in done.stderr
    if done.returncode == 2:
        assert done.stderr.startswith("error: ")
        assert name not in (*WORKS, *ALL_LEAST)
        assert not (tmp_path / "p").exists()
        return
    graph = read_network(path)
    found = answer(graph)
    if name in RIGHT:
        assert f"{zlib.crc32(found.tobytes()):08x}" == f"{RIGHT[name]:08x}"
    if name in ALL_LEAST:
        level = run(graph, np.zeros(graph.tensors[graph.inputs[0]].shape, np.int8))[graph.outputs[0]]
        assert (level == -128).all()
    if graph.tensors[graph.inputs[0]].dtype is DType.INT8:
        assert_c(graph, tmp_path)


def assert_c(graph: Graph, folder: Path) -> None:
    """The C gives what the golden model gives, every tensor of it."""
    made = optimize(graph).graph
    inputs = {i: given(made.tensors[i].shape, number) for number, i in enumerate(made.inputs)}
    assert problem_of([Case.of("net", choose(made), inputs)], folder, "gcc") is None


def test_reference_kernels_round_a_fully_connected_once_where_tflite_micro_rounds_twice() -> None:
    """tinygamma_dw100o: an input for which LiteRT BUILTIN_REF gives another byte, and why."""
    path = CASES / "tinygamma_dw100o.tflite"
    graph = read_network(path)
    dense = next(n for n in graph.nodes if n.op.kind == "FULLY_CONNECTED")
    shape = graph.tensors[graph.inputs[0]].shape
    image = np.random.default_rng(0).integers(-128, 128, (1500, *shape[1:])).astype(np.int8)[478:479]
    golden, micro = run(graph, image), tflite_micro(path.read_bytes(), graph, image)
    reference = litert(path.read_bytes(), graph, image, OpResolverType.BUILTIN_REF)
    assert all(np.array_equal(golden[n.output], micro[n.output]) for n in graph.nodes)
    differing = [n.layer for n in graph.nodes if not np.array_equal(golden[n.output], reference[n.output])]
    assert differing == [dense.layer]
    once = compute(graph, dense, golden, Mode.FLOAT64)
    assert np.array_equal(once, reference[dense.output])


def test_what_was_predicted_too_high_is_within_15_percent() -> None:
    """predict_over: 27,338 cycles were counted on the virtual Cortex-M4 of netduinoplus2, gcc -O2."""
    graph = optimize(read_network(CASES / "predict_over.tflite")).graph
    kernels = choose_kernels(graph, core("cortex-m4").families)
    predicted = sum(layer_cycles(kernels.of(node)) for node in steps(graph))
    assert abs(predicted / 27_338 - 1) < 0.15


@pytest.mark.parametrize("name", ["hang.keras", "cut_header.npy"])
def test_damaged_files_end_in_one_error(name: str, tmp_path: Path) -> None:
    path = CASES / name
    if name.endswith(".npy"):
        model = str(CASES / "f_gray_float.tflite")
        done = command("quantize", model, "-o", str(tmp_path / "q.tflite"), "--data", str(path), "--range", "-1..1")
    else:
        done = command("inspect", str(path))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert done.stderr.startswith("error: ")


def test_a_byte_order_mark_is_no_part_of_a_label() -> None:
    assert read_labels(CASES / "labels_bom.txt") == ("cat", "dog", "bird")


def test_pixels_0_to_255_are_what_the_range_says(tmp_path: Path) -> None:
    out = tmp_path / "q.tflite"
    done = command(
        "quantize", str(CASES / "f_gray_float.tflite"), "-o", str(out), "--data", str(CASES / "gray8"), "--range=-1..1"
    )
    assert done.returncode == 0, done.stderr
    graph = read_network(out)
    quantization = optimize(graph).reference.tensors[optimize(graph).reference.inputs[0]].quantization
    assert quantization is not None
    assert quantization.scale == pytest.approx(2 / 255, rel=1e-6)
