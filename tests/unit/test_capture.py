"""Pictures from a board's camera: whole files of the right pixels, none written over, whatever befalls the line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from depthwise.codegen.errors import InputError, LinkError, RestartedError
from depthwise.host.capture.capturing import Captured, CaptureRequest, capture
from depthwise.host.data.calibration import DataOptions, data_from
from depthwise.host.link import Link
from depthwise.host.progress import nobody
from tests.support.camera_board import Camera, camera_board
from tests.support.commands import call
from tests.support.fake_board import FakeBoard, serving
from tests.support.float_networks import mobilenet

RNG = np.random.default_rng(5)


def pixels(count: int, *shape: int) -> np.ndarray:
    return RNG.integers(0, 256, (count, *shape)).astype(np.uint8)


def take(
    board: FakeBoard, folder: Path, label: str = "cat", count: int | None = 3, pause: Callable[[float], None] = nobody
) -> Captured:
    request = CaptureRequest(folder=folder, label=label, count=count, every=0.0)
    with serving(board) as url, Link.open(url, answer_seconds=0.05) as link:
        return capture(link, request, nobody, pause)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_png_files_of_the_very_pixels(tmp_path: Path, channels: int) -> None:
    given = pixels(3, 5, 30, channels)
    found = take(camera_board(Camera(given)), tmp_path)
    assert [f.name for f in found.files] == ["00001.png", "00002.png", "00003.png"]
    for file, picture in zip(found.files, given, strict=True):
        with Image.open(file) as opened:
            assert opened.mode == ("L" if channels == 1 else "RGB")
            np.testing.assert_array_equal(np.asarray(opened).reshape(picture.shape), picture)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["00001.png", "00002.png", "00003.png", "cat"]


@pytest.mark.parametrize(("shape", "stored"), [((4, 3, 2), (4, 3, 2)), ((1, 1, 300), (300,))])
@pytest.mark.parametrize("dtype", ["int8", "int16", "float32", "uint8"])
def test_features_are_arrays_of_the_very_numbers(
    tmp_path: Path, dtype: str, shape: tuple[int, ...], stored: tuple[int, ...]
) -> None:
    given = RNG.normal(0, 60, (2, *shape)).astype(dtype)
    found = take(camera_board(Camera(given)), tmp_path, count=2)
    for file, values in zip(found.files, given, strict=True):
        read = np.load(file)
        assert read.dtype == ("uint8" if dtype == "uint8" else "float32")
        np.testing.assert_array_equal(read, values.reshape(stored))


def test_the_same_command_goes_on_behind_what_is_there(tmp_path: Path) -> None:
    board = camera_board(Camera(pixels(9, 4, 4, 1)))
    first = take(board, tmp_path, count=2).files
    before = {file: file.read_bytes() for file in first}
    (tmp_path / "cat" / "00007.png").write_bytes(first[0].read_bytes())
    found = take(board, tmp_path, count=5)
    assert [f.name for f in found.files] == ["00008.png", "00009.png"]
    assert found.there == 5
    assert {file: file.read_bytes() for file in first} == before
    assert take(board, tmp_path, count=5).files == ()


@pytest.mark.parametrize("fault", [lambda _: b"", lambda data: data[:4] + bytes([data[4] ^ 1]) + data[5:]])
def test_damaged_rows_are_fetched_again(tmp_path: Path, fault: Callable[[bytes], bytes]) -> None:
    given = pixels(2, 6, 70, 1)
    board = camera_board(Camera(given), spoil=lambda data, number: fault(data) if number % 5 == 0 else data)
    for file, picture in zip(take(board, tmp_path, count=2).files, given, strict=True):
        with Image.open(file) as opened:
            np.testing.assert_array_equal(np.asarray(opened)[..., None], picture)


def test_ctrl_c_leaves_whole_pictures_alone(tmp_path: Path) -> None:
    def interrupt(_: float) -> None:
        if len(list((tmp_path / "cat").iterdir())) == 2:
            raise KeyboardInterrupt

    found = take(camera_board(Camera(pixels(9, 4, 4, 1))), tmp_path, count=None, pause=interrupt)
    assert found.interrupted
    assert found.there == len(found.files) == len(list((tmp_path / "cat").iterdir())) == 2


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [(8, LinkError, r"camera gives no picture \(ROW\) \(1 new"), (4, RestartedError, r"it restarted \(1 new")],
)
def test_a_board_that_fails_is_told_with_what_is_whole(
    tmp_path: Path, status: int, kind: type[LinkError], message: str
) -> None:
    def second(picture: int, row: int) -> int:
        return status if (picture, row) == (2, 2) else 0

    with pytest.raises(kind, match=message):
        take(camera_board(Camera(pixels(3, 4, 4, 1), fails=second)), tmp_path)
    assert [p.name for p in (tmp_path / "cat").iterdir()] == ["00001.png"]


def test_firmware_without_a_camera_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match=r"takes no pictures.*--capture"):
        take(FakeBoard(lambda image: image, 4, 4), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\x04\0\x04\0\x01\0\x09", "values of type 9, 0 to 3"),
        (b"\x04\0\0\0\x01\0\0", "pictures of 4x0x1"),
        (b"\x04", "in 1 bytes, 7"),
    ],
)
def test_a_camera_that_makes_no_sense_is_refused(tmp_path: Path, body: bytes, message: str) -> None:
    board = FakeBoard(lambda image: image, 4, 4, others=lambda _command, _body: (0, body))
    with pytest.raises(LinkError, match=message):
        take(board, tmp_path)


def test_pictures_of_another_size_are_not_mixed_in(tmp_path: Path) -> None:
    take(camera_board(Camera(pixels(1, 4, 5, 1))), tmp_path, "dog", 1)
    with pytest.raises(InputError, match=r"00001.png is 4x5x1, the board's camera takes 4x4x3"):
        take(camera_board(Camera(pixels(1, 4, 4, 3))), tmp_path)


@pytest.mark.parametrize("label", ["", ".", "..", "a/b", "a\\b", ".hidden", "a\nb"])
def test_a_label_is_the_name_of_a_folder(tmp_path: Path, label: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a folder"):
        take(camera_board(Camera(pixels(1, 4, 4, 1))), tmp_path, label)


def test_the_command_prints_what_was_taken_and_ends_well(tmp_path: Path) -> None:
    with serving(camera_board(Camera(pixels(2, 4, 4, 3)))) as url:
        where = ("--port", url, "-o", tmp_path, "--count", 2)
        told = call("capture", *where, "--label", "cat")
        assert told.exit_code == 0
        assert "2 new pictures, 4x4x3 of uint8; 2 in all" in told.stdout
        printed: dict[str, Any] = json.loads(call("capture", *where, "--label", "dog", "--json").stdout)
    assert printed["taken"] == printed["there"] == 2
    assert printed["interrupted"] is False
    assert call("capture", "--label", "cat", "-o", tmp_path).exit_code == 2


def test_what_was_captured_is_data_of_the_quantizer(tmp_path: Path) -> None:
    graph = mobilenet()
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    given = {label: pixels(2, *shape) for label in ("cat", "dog")}
    for label, pictures in given.items():
        take(camera_board(Camera(pictures)), tmp_path, label, 2)
    found = data_from(graph, tmp_path, DataOptions((0.0, 255.0)))
    assert found.labelled is not None
    assert found.labelled.classes == ("cat", "dog")
    np.testing.assert_array_equal(next(found.batches(4)), np.concatenate([*given.values()]))
