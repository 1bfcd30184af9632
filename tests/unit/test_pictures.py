"""Pictures and arrays as they come from cameras, scanners and other programs: read right, or one named error."""

import io
import json
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from PIL import Image, ImageFile

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.host.data.arrays import open_array
from depthwise.host.data.calibration import DataOptions, data_from
from depthwise.host.data.pictures import FORMATS, SUFFIXES, read_pixels, white
from depthwise.host.train.training_data import folder_data
from tests.support.commands import call
from tests.support.float_networks import images, mobilenet

SIDE = 16
RAMP = np.arange(256, dtype=np.uint8).reshape(SIDE, SIDE)
COLOURS = np.stack([RAMP, RAMP[::-1], RAMP.T], axis=-1)
WRITTEN = sorted(set(FORMATS) & {*Image.SAVE, "GIF", "BMP", "TIFF", "WEBP", "TGA", "ICO"})
LOSSY = {"JPEG", "WEBP", "AVIF", "JPEG2000", "BLP"}


def gray(path: Path) -> Any:
    return read_pixels(path, (SIDE, SIDE), 1, resize=False)[..., 0]


def colour(path: Path) -> Any:
    return read_pixels(path, (SIDE, SIDE), 3, resize=False)


@pytest.mark.parametrize("name", ["png", "tiff", "pgm"])
def test_a_16_bit_picture_is_scaled_and_not_clipped_to_white(tmp_path: Path, name: str) -> None:
    deep = (RAMP.astype(np.uint16) << 8) + 7
    Image.fromarray(deep).save(tmp_path / f"deep.{name}")
    found = gray(tmp_path / f"deep.{name}")
    assert np.abs(found - deep / 257).max() < 1e-3
    assert colour(tmp_path / f"deep.{name}").shape == (SIDE, SIDE, 3)


def test_a_12_bit_picture_has_4095_as_white() -> None:
    assert white("x.tiff", "I;16", np.full((2, 2), 4095, np.float32), {258: (12,)}) == 4095
    assert white("x.tiff", "I;16", np.full((2, 2), 4095, np.float32), {258: (16,)}) == 65_535


@pytest.mark.parametrize("scale", [1 / 255, 1])
def test_a_picture_of_real_numbers_is_read_with_1_or_255_as_white(tmp_path: Path, scale: float) -> None:
    Image.fromarray(RAMP.astype(np.float32) * np.float32(scale)).save(tmp_path / "x.tiff")
    assert np.abs(gray(tmp_path / "x.tiff") - RAMP).max() < 1e-3


@pytest.mark.parametrize("most", [1.5, 300, float("nan"), -1])
def test_real_numbers_of_no_known_white_are_refused_with_their_ends(tmp_path: Path, most: float) -> None:
    Image.fromarray(np.full((SIDE, SIDE), most, np.float32)).save(tmp_path / "x.tiff")
    with pytest.raises(InputError, match=rf"has values {most:g} to {most:g}, 0 to"):
        gray(tmp_path / "x.tiff")


@pytest.mark.parametrize("format_", WRITTEN)
def test_every_format_that_pillow_reads_by_itself_is_read(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"x{FORMATS[format_][0]}"
    source = Image.fromarray(COLOURS if format_ not in {"GIF", "MSP", "XBM", "SPIDER", "BLP"} else RAMP)
    mode = {"MSP": "1", "XBM": "1", "SPIDER": "F", "BLP": "P", "ICNS": "RGBA"}.get(format_, source.mode)
    options: dict[str, Any] = {"sizes": [(SIDE, SIDE)]} if format_ == "ICO" else {}
    source.convert(mode).save(path, format_, **options)
    assert path.suffix in SUFFIXES
    if format_ == "ICNS":  # it makes sizes of its own
        assert read_pixels(path, (SIDE, SIDE), 3, resize=True).shape == (SIDE, SIDE, 3)
        return
    found = colour(path)
    wanted = np.asarray(source.convert(mode).convert("RGB")).astype(int)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).mean() < (25 if format_ in LOSSY else 1)


def test_of_an_animation_the_first_picture_is_read(tmp_path: Path) -> None:
    first, second = (Image.fromarray(p) for p in (RAMP, 255 - RAMP))
    first.save(tmp_path / "x.gif", save_all=True, append_images=[second])
    assert np.abs(gray(tmp_path / "x.gif").astype(int) - RAMP).max() <= 1


def test_palettes_alpha_and_print_colours_become_what_is_seen(tmp_path: Path) -> None:
    whole = Image.fromarray(COLOURS)
    ways = {"p.png": whole.quantize(256), "a.png": whole.convert("RGBA"), "c.tiff": whole.convert("CMYK")}
    for name, picture in ways.items():
        picture.save(tmp_path / name)
        assert np.abs(colour(tmp_path / name).astype(int) - COLOURS).mean() < 12, name
    Image.fromarray(RAMP).convert("LA").save(tmp_path / "la.png")
    assert (gray(tmp_path / "la.png") == RAMP).all()
    assert (colour(tmp_path / "la.png") == RAMP[..., None]).all()
    Image.fromarray(RAMP > 100).save(tmp_path / "1.png")
    assert (gray(tmp_path / "1.png") == np.where(RAMP > 100, 255, 0)).all()


def test_a_phones_picture_is_read_upright(tmp_path: Path) -> None:
    tall = np.zeros((24, SIDE), np.uint8)
    tall[:4] = 255
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(np.rot90(tall)).save(tmp_path / "x.jpg", exif=exif, quality=95)
    found = read_pixels(tmp_path / "x.jpg", (SIDE, 24), 1, resize=False)[..., 0]
    assert found.shape == (24, SIDE)
    assert found[:3].mean() > 200
    assert found[8:].mean() < 50


def test_an_eps_that_calls_itself_png_starts_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **_: started.append(a))
    path = tmp_path / "x.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 16 16\n%%EndComments\nshowpage\n")
    with pytest.raises(InputError, match=r"cannot read image .* no format that is read"):
        gray(path)
    assert not started
    assert "EPS" not in FORMATS


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_picture_with_more_pixels_than_it_has_bytes_is_refused_before_any_is_decoded(
    side: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *a: decoded.append(a))
    content = io.BytesIO()
    Image.fromarray(RAMP).save(content, "PNG")
    bomb = bytearray(content.getvalue())
    bomb[16:24] = side.to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    (tmp_path / "x.png").write_bytes(bomb)
    with pytest.raises(InputError, match="pixels, at most 64,000,000 are read"):
        gray(tmp_path / "x.png")
    assert not decoded


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_picture_is_one_named_error_or_a_picture(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    format_ = sorted({"PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "TGA", "ICO", "QOI"})[seed % 10]
    content = io.BytesIO()
    Image.fromarray(COLOURS).save(content, format_)
    data = bytearray(content.getvalue())
    for at in rng.integers(0, len(data), 6):
        data[at] = int(rng.integers(256))
    path = tmp_path / "broken.img"
    path.write_bytes(data[: int(rng.integers(1, len(data) + 1))])
    try:
        assert read_pixels(path, (SIDE, SIDE), 3, resize=True).shape == (SIDE, SIDE, 3)
    except InputError as error:
        assert "broken.img" in str(error)  # noqa: PT017 - either is right


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "small.tflite"
    path.write_bytes(write_model(mobilenet(side=SIDE)))
    return path


def quantize(model: Path, *more: object) -> Result:
    return call("quantize", model, "-o", model.with_name("out.tflite"), "--force", *more)


def test_a_file_that_is_not_taken_is_named(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.fromarray(COLOURS).save(folder / "a.gif")
    Image.fromarray(COLOURS).save(folder / "b.png")
    (folder / "labels.txt").write_text("cat")
    (folder / "c.heic").write_bytes(b"")
    done = quantize(model, "--data", folder, "--range", "0..1", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["calibration_inputs"] == 2
    assert "not read, neither an image by their name nor .npy: c.heic, labels.txt" in done.stderr


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 1), (0, 255), (-2, 2)])
def test_the_range_fixes_the_input_whatever_contrast_the_pictures_have(
    model: Path, tmp_path: Path, low: int, high: int
) -> None:
    folder = tmp_path / "dull"
    folder.mkdir()
    for i in range(4):
        Image.fromarray(90 + i + COLOURS // 16).save(folder / f"{i}.png")
    assert quantize(model, "--data", folder, "--range", f"{low}..{high}").exit_code == 0
    graph = read_model(model.with_name("out.tflite"))
    q = graph.tensors[graph.inputs[0]].quantization
    assert q is not None
    assert q.scale == np.float32((high - low) / 255)
    pixels = np.arange(256)
    real = (pixels - 128 - q.zero_point) * q.scale
    assert np.abs(real - (low + pixels * (high - low) / 255)).max() <= q.scale / 2 * 1.0001


def test_real_inputs_beyond_the_range_are_refused_with_both_numbers(model: Path, tmp_path: Path) -> None:
    values = images(mobilenet(side=SIDE), 4, 1)
    values = values / np.abs(values).max()
    np.save(tmp_path / "x.npy", values)
    assert quantize(model, "--data", tmp_path / "x.npy", "--range", "-1..1").exit_code == 0
    np.save(tmp_path / "x.npy", values * 255)
    done = quantize(model, "--data", tmp_path / "x.npy", "--range", "-1..1")
    assert done.exit_code == 2
    assert "--range says -1 to 1" in done.stderr
    assert f"values from {255 * values[0].min():g} to {255 * values[0].max():g}" in done.stderr


@pytest.mark.parametrize("dtype", ["int8", "int16", "uint16", "int64", "bool", "complex64"])
def test_integers_of_unknown_meaning_are_refused(model: Path, tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "x.npy", np.ones((2, SIDE, SIDE, 3), dtype))
    done = quantize(model, "--data", tmp_path / "x.npy", "--range", "0..1")
    assert done.exit_code == 2
    assert f"x.npy holds {dtype}" in done.stderr


def test_a_range_of_one_value_is_refused(model: Path) -> None:
    done = quantize(model, "--random", "--range", "1..1")
    assert done.exit_code == 2
    assert "is a single value" in done.stderr


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }"


@pytest.mark.parametrize(
    "header",
    [
        "{(((",
        HEADER % "4000000000, 4000000000",
        HEADER % "-1",
        HEADER % "2",
        HEADER.replace("<f4", "|O") % "1",
        HEADER.replace("<f4", "nonsense") % "1",
        "(" * 5000,
        "[" * 9000 + "]" * 900,
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
    ],
)
def test_a_damaged_array_is_one_named_error(tmp_path: Path, header: str) -> None:
    text = header.encode() + b"\n"
    (tmp_path / "x.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(4))
    with pytest.raises(InputError, match=r"cannot read .*x\.npy"):
        open_array(tmp_path / "x.npy")


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{", b"PK\x03\x04", b"\x80\x04K\x01."]
)
def test_what_is_no_array_is_one_named_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npy").write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read .*x\.npy"):
        open_array(tmp_path / "x.npy")
    with pytest.raises(InputError, match="cannot read"):
        data_from(mobilenet(side=SIDE), tmp_path / "x.npy", DataOptions())


def test_training_reads_gifs_and_pictures_on_their_side(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for i in range(10):
            Image.fromarray(np.roll(RAMP, i)).save(tmp_path / name / f"{i}.gif")
    data = folder_data(tmp_path, SIDE, 1, 1)
    assert sum(len(part.labels) for part in (data.training, data.validation, data.test)) == 20
