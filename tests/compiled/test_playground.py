"""The playground in a report: WebAssembly that answers what a board does, on pictures as Python reads them."""

import re
from base64 import b64decode, b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.host.api.picture_inputs import pixel_levels
from depthwise.host.data.pictures import read_pixels
from depthwise.host.demo import MODEL, load_digits
from depthwise.host.report import NoPlayground, Playground, Subject, playground_of, report_page, subject_of
from tests.support.commands import call
from tests.support.float_networks import mobilenet
from tests.support.networks import dense_network
from tests.support.playground import Picture, play, runs_here

image = pytest.importorskip("PIL.Image", reason="pip install 'depthwise[images]'")
pytest.importorskip("ziglang", reason="pip install 'depthwise[build]'")
HOSTILE: Final = '</script><script>alert("1")</script>'
# Sizes of pictures, their channels for the network, and what it takes: narrower, taller, larger, as they are.
SIZES: Final = (
    ((57, 91), 1, (32, 32)),
    ((200, 31), 3, (32, 64)),
    ((20, 20), 1, (33, 47)),
    ((96, 96), 3, (96, 96)),
    ((240, 320), 3, (96, 96)),
    ((7, 1), 1, (5, 5)),
)


@cache
def subject() -> Subject:
    return subject_of(MODEL)


@cache
def playground() -> Playground:
    made = playground_of(subject())
    assert isinstance(made, Playground)
    return made


@pytest.mark.skipif(not runs_here(), reason="no node")
def test_every_byte_in_the_page_is_the_golden_models_and_every_pixel_pythons(tmp_path: Path) -> None:
    digits, rng = load_digits(), np.random.default_rng(0)
    pictures = [Picture(rng.integers(0, 256, (*s, 4), dtype=np.uint8), channels, to) for s, channels, to in SIZES]
    played = play(playground(), digits.images, pictures)
    made = subject().made
    assert made is not None
    golden = run(made.reference, digits.images)[made.reference.outputs[0]]
    assert played.differ == 0
    np.testing.assert_array_equal(played.scores, golden)
    for picture, scaled in zip(pictures, played.scaled, strict=True):
        image.fromarray(picture.rgba[..., :3]).save(tmp_path / "p.png")
        wanted = read_pixels(tmp_path / "p.png", picture.size, picture.channels, resize=True)
        np.testing.assert_array_equal(scaled, wanted)


@pytest.mark.skipif(not runs_here(), reason="no node")
def test_a_page_that_computes_other_bytes_says_so() -> None:
    golden = bytearray(b64decode(playground().golden))
    golden[3] ^= 1
    damaged = replace(playground(), golden=b64encode(golden).decode())
    assert play(damaged, load_digits().images[:1], []).differ == 1


def test_pixels_become_what_the_network_takes_for_them() -> None:
    graph = subject().graph
    assert pixel_levels(graph, None).tolist() == list(range(-128, 128))
    assert pixel_levels(graph, (0.0, 0.5)).tolist()[::85] == [-128, -86, -43, -1]  # 0.5 is 127.499… steps
    assert b64decode(playground().levels) == pixel_levels(graph, None).tobytes()


def test_the_only_script_is_the_one_that_the_page_allows_and_labels_are_text() -> None:
    pytest.importorskip("matplotlib", reason="pip install 'depthwise[report]'")
    page = report_page(subject(), playground=replace(playground(), scores=(HOSTILE, *"123456789")))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'"
    assert f'content="{policy}"' in unescape(page)
    assert page.count("<script") == 1
    assert "&lt;/script&gt;&lt;script&gt;" in page
    assert not re.search(r"https?:|fetch\(|XMLHttp|import\(|\bsrc=", script)


def test_a_page_without_ziglang_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="pip install 'depthwise[report]'")
    monkeypatch.setattr("depthwise.host.report.wasm.importable", lambda _: False)
    told = call("report", MODEL, "-o", tmp_path / "r.html").output
    page = (tmp_path / "r.html").read_text()
    assert "without a playground: ziglang is not installed; pip install 'depthwise[build]'" in told
    assert "<script" not in page
    assert "pip install &#39;depthwise[build]&#39;" in page


def test_networks_that_take_no_picture_have_none(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(write_model(mobilenet()))
    assert isinstance(playground_of(subject_of(path)), NoPlayground)
    path.write_bytes(write_model(dense_network()))
    found = playground_of(subject_of(path))
    assert isinstance(found, NoPlayground)
    assert "image" in found.reason
