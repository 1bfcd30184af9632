"""Patterns of inputs: Python and C make the same bytes, boards make them too, and a wrong one is found out."""

import ctypes
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.errors import LinkError
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import InputPattern, Link, PatternedInput, PatternedPiece, PatternKind
from depthwise.host.verify import verify
from depthwise.host.verify.generated import generated
from tests.support.compiled import STRICT
from tests.support.fake_board import FakeBoard, serving, traced_board
from tests.support.projects import built

APP = Path(__file__).parents[2] / "firmware" / "app"
NOISE, ALTERNATING = PatternKind.NOISE, PatternKind.ALTERNATING
PATTERNS = (
    InputPattern(NOISE, -128, 127, 0),
    InputPattern(NOISE, -128, 127, 2**32 - 1),
    InputPattern(NOISE, -3, 90, 123_456_789),
    InputPattern(NOISE, 5, 5, 77),
    InputPattern(ALTERNATING, -128, 127),
    InputPattern(ALTERNATING, 0, 0, 9),
)
CALL = """#include "pattern.h"
void fill(int8_t *out, uint32_t seed, int low, int high, int kind, uint32_t first, uint32_t count);
void fill(int8_t *out, uint32_t seed, int low, int high, int kind, uint32_t first, uint32_t count)
{
    const struct dw_pattern p = {seed, (int8_t)low, (int8_t)high, (uint8_t)kind};
    for (uint32_t i = 0; i < count; i++) { out[i] = dw_pattern_value(&p, first + i); }
}
"""


def test_python_and_c_make_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "call.c").write_text(CALL)
    made = tmp_path / "made.so"
    sources = [tmp_path / "call.c", APP / "pattern.c"]
    subprocess.run(["gcc", *STRICT, "-shared", "-fPIC", f"-I{APP}", *sources, "-o", made], check=True)
    fill = ctypes.CDLL(str(made)).fill
    for pattern in PATTERNS:
        for first in (0, 1, 4095, 2**24 - 5000):
            out = np.zeros(5000, np.int8)
            seed, start = ctypes.c_uint32(pattern.seed), ctypes.c_uint32(first)
            fill(out.ctypes.data_as(ctypes.c_void_p), seed, pattern.low, pattern.high, pattern.kind, start, 5000)
            assert np.array_equal(out, pattern.values(5000, first))


def test_the_generator_is_the_one_of_the_protocol() -> None:
    """Values of docs/reference/protocol.md: firmware of today and a tool of tomorrow have to agree on them."""
    assert InputPattern(NOISE, -128, 127, 1).values(8).tolist() == [-47, 22, -110, 23, -7, -39, 77, 120]
    assert InputPattern(ALTERNATING, -1, 4).values(3, first=1).tolist() == [4, -1, 4]


def test_noise_reaches_every_value_about_as_often() -> None:
    values = InputPattern(NOISE, -128, 127, 5).values(256 * 400)
    counts = np.bincount(values.astype(np.int64) + 128, minlength=256)
    assert (counts > 300).all()
    assert (counts < 500).all()
    assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 0.02


def test_a_board_makes_its_inputs_and_an_older_one_is_sent_them() -> None:
    project = built("host")
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated(project.graph, 7, 3)).equal
        sent = link.traffic.sent_bytes
    assert sent < 7 * project.input_bytes / 2
    board = traced_board(project)
    with serving(board) as url, Link.open(url) as link:
        assert verify(project, link, generated(project.graph, 2, 3)).equal
    assert board.generated == 0
    newer = replace(traced_board(project), flags=3)
    with serving(newer) as url, Link.open(url) as link:
        assert verify(project, link, generated(project.graph, 2, 3)).equal
    assert newer.generated >= 2


def test_a_board_that_makes_other_bytes_than_described_is_an_error_not_a_difference() -> None:
    board = FakeBoard(lambda image: image[:4], 100, 4, flags=2)
    pattern = InputPattern(NOISE, -5, 5, 1)
    other = PatternedInput(b"\1" * 100, (PatternedPiece(pattern, 0, 100),))
    with (
        serving(board) as url,
        Link.open(url) as link,
        pytest.raises(LinkError, match=r"made other bytes 0 to 99 of an input.*expected"),
    ):
        link.infer(other, link.hello())


@pytest.mark.parametrize(
    "fill",
    [
        PatternedPiece(InputPattern(NOISE, 5, 4, 1), 0, 64),
        PatternedPiece(InputPattern(NOISE, -5, 5, 1), 0, 4096),
    ],
)
def test_what_cannot_be_made_is_refused(fill: PatternedPiece) -> None:
    """Low above high, and more bytes than an input has."""
    project = built("host")
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        with pytest.raises(LinkError, match="refused GENERATE: OUT_OF_RANGE"):
            link.infer(PatternedInput(bytes(project.input_bytes), (fill,)), link.hello())
        assert verify(project, link, generated(project.graph, 1, 0)).equal
