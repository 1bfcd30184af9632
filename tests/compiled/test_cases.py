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

from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.labels import read_labels
from tests.support.compiled import compile_network
from tests.support.models import FOLDER

CASES: Final = FOLDER.parent / "cases"
FILES: Final = sorted(CASES.glob("*.tflite"))
MEMORY: Final = 200 << 20
# CRC-32 of the output bytes for the input below, by LiteRT's reference kernels.
RIGHT: Final = {
    "dilated2d": 0x61442BF8,
    "dilated_dw": 0xE743E9CD,
    "conv1d": 0xBF240F67,
    "sigmoid": 0x1663A535,
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
WORKS: Final = ("m7", "dw31s2", "asym16", "nobias")
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
    """The golden model's first output."""
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
    """The C gives what the golden model gives."""
    made = optimize(graph)
    image = given(graph.tensors[graph.inputs[0]].shape, 0)
    reference = run(made.reference, image)[made.reference.outputs[0]]
    scores, _ = compile_network(graph, folder, passes=PassOptions()).run(image)
    assert scores.tobytes() == reference.tobytes()


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
