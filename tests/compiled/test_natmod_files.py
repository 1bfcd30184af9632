"""What lies beside a module: the example works in MicroPython as it is, and type checkers understand the stub."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.host.demo import MODEL
from depthwise.host.project import Project
from tests.support.models import model_path
from tests.support.natmods import FOLDER, LABELS, native, python

EXAMPLE = """
import sys
sys.path.append({folder!r})
import example, {name} as m
net = m.Model()
for path, width, height in {pictures}:
    best = example.classify(net, example.Picture(open(path, "rb").read(), width, height))
    print(best, bytes(memoryview(net.scores)).hex())
"""


def expected(project: Project, pixels: np.ndarray) -> str:
    """What the golden model makes of a picture, uint8 [H][W] or [H][W][3], taken at the example's places."""
    _, height, width, channels = project.reference.tensors[project.reference.inputs[0]].shape
    rows, columns = (np.arange(n) * pixels.shape[axis] // n for axis, n in enumerate((height, width)))
    image = (pixels[rows][:, columns].astype(np.int16) - 128).astype(np.int8).reshape(1, height, width, channels)
    scores = run(project.reference, image)[project.reference.outputs[0]].reshape(-1)
    return f"{scores.argmax()} {scores.tobytes().hex()}"


def rgb565(pixels: np.ndarray) -> bytes:
    """Two bytes a pixel, the high one first."""
    red, green, blue = (pixels[..., i].astype(np.uint16) for i in range(3))
    return bytes((red >> 3 << 11 | green >> 2 << 5 | blue >> 3).astype(">u2").tobytes())


@pytest.mark.parametrize("model", ["digits", "vww_96_int8"])
def test_the_example_classifies_lines_of_a_camera(model: str, tmp_path: Path) -> None:
    project = native(MODEL if model == "digits" else model_path(model))
    random, pictures, golden = np.random.default_rng(7), [], []
    for number, (height, width) in enumerate([(120, 160), (96, 96), (20, 30)]):
        colours = random.integers(0, 256, (height, width, 3), np.uint8)
        colours = colours // 8 * 8 if model != "digits" else colours  # what RGB565 keeps of each
        path = tmp_path / f"picture{number}"
        path.write_bytes(rgb565(colours) if model != "digits" else colours[..., 0].tobytes())
        pictures.append((str(path), width, height))
        golden.append(expected(project, colours if model != "digits" else colours[..., 0]))
    name = project.manifest["name"]
    script = EXAMPLE.format(folder=str(project.folder), name=name, pictures=pictures)
    assert python(script, project.folder / FOLDER) == golden


def test_the_example_of_what_is_no_picture_reads_a_file(tmp_path: Path) -> None:
    project = native(model_path("ad01_int8"))
    inputs = tmp_path / "input.bin"
    inputs.write_bytes(bytes(range(256)) * 2 + bytes(128))
    script = f"import sys; sys.path.append({str(project.folder)!r}); import example; example.main({str(inputs)!r})"
    (line,) = python(script, project.folder / FOLDER)
    image = np.frombuffer(inputs.read_bytes(), np.int8).reshape(1, -1)
    shape = project.reference.tensors[project.reference.inputs[0]].shape
    scores = run(project.reference, image.reshape(shape))[project.reference.outputs[0]].reshape(-1)
    assert line == f"{scores.argmax()} {scores.tolist()}"


USER = """
from array import array
import digits

net = digits.Model("digits.weights", buffer=bytearray(digits.BUFFER_BYTES))
scores: array[int] = net.run(bytes(digits.INPUT_BYTES))
net.begin()
done: bool = net.push_row(memoryview(bytearray(digits.ROW_BYTES)))
name: str = net.labels[net.best]
real: float = (net.scores[0] - net.output_zero_point) * net.output_scale
height, width, channels = net.input_shape
{extra}
"""


@pytest.mark.parametrize("trace", [False, True])
def test_type_checkers_understand_the_stub(*, trace: bool, tmp_path: Path) -> None:
    stub = (native(trace=trace, labels=LABELS).folder / "digits.pyi").read_text()
    (tmp_path / "digits.pyi").write_text(stub)
    (tmp_path / "user.py").write_text(USER.format(extra="crcs: bytes = net.crcs()"))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "user.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    refused = 'user.py:12: error: "Model" has no attribute "crcs"'
    assert done.stdout.startswith("Success" if trace else refused), done.stdout
