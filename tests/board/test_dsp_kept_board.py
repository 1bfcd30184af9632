"""1x1 layers of eight inputs, which stay in registers: instructions on a board do what their twins in C do."""

from itertools import product
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.kernels.dsp import conv_2d_kept
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from tests.board.test_dsp_board import verified
from tests.support.clamped_networks import clamped
from tests.support.kept_networks import kept_chain, without_lines

SIZES: Final = ((4, 1), (5, 8), (6, 13), (7, 16), (16, 24), (9, 31), (5, 300))
CLAMPS: Final[tuple[tuple[int, int] | None, ...]] = (None, (-128, 100), (-40, 127))


@pytest.mark.parametrize(("number", "waits"), [*product(range(len(SIZES)), (False, True))])
def test_kept_inputs_compute_what_their_twins_do(
    number: int, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied words where flash waits, and others; steps that an instruction can hold, and others."""
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    graph, clamp = kept_chain(*SIZES[number]), CLAMPS[(number + waits) % 3]
    assert verified(clamped(graph, *clamp) if clamp else graph, tmp_path, NEVER if waits else ALWAYS)


@pytest.mark.parametrize(("number", "waits"), [(2, False), (4, True), (6, False), (5, True)])
def test_kept_inputs_without_lines_compute_what_their_twins_do(
    number: int, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    without_lines(monkeypatch)
    assert verified(kept_chain(*SIZES[number]), tmp_path, NEVER if waits else ALWAYS)
