"""A search that was interrupted goes on where it stood, and comes to the same end."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from depthwise.codegen.zoo.catalogue import Scaling
from depthwise.host.train.candidates import candidates
from depthwise.host.train.checkpoints import restored
from depthwise.host.train.fit import Epoch, TrainingBudget
from depthwise.host.train.halving import Found, search
from tests.support.painted import skies

BUDGET = TrainingBudget(4, batch=16)


def searched(folder: Path, stop_at: int | None = None) -> tuple[Found, list[tuple[str, int]]]:
    """Interrupted while the epoch of that number, over all, is told."""
    told: list[tuple[str, int]] = []
    data = skies()
    able = candidates(Scaling(alpha=0.5, resolution=8, image_channels=1), 2, None, None, "digits")

    def report(name: str, epoch: Epoch, _of: int) -> None:
        told.append((name, epoch.number))
        if len(told) == stop_at:
            raise KeyboardInterrupt

    return search(able, lambda _: data, BUDGET, report, folder=folder), told


def test_an_interrupted_search_goes_on_where_it_stood_to_the_same_end(tmp_path: Path) -> None:
    whole, half = tmp_path / "whole", tmp_path / "half"
    whole.mkdir()
    half.mkdir()
    wanted, epochs = searched(whole)
    with pytest.raises(KeyboardInterrupt):
        searched(half, stop_at=3)
    found, rest = searched(half)
    assert rest == epochs[3:]
    assert found.tried == wanted.tried
    assert found.epochs == wanted.epochs
    for one, other in zip(found.model.get_weights(), wanted.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4"])
def test_a_damaged_file_is_not_gone_on_from(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "digits.npz").write_bytes(content)
    nothing: Any = None
    for file in ("digits.npz", "none.npz"):
        assert restored(tmp_path / file, "key", nothing, nothing) is None
