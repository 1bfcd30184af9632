"""docs/tutorials/keras.md is followed, from training to the verdict."""

from pathlib import Path

import pytest

from tests.support.document_runs import Place, accept, follow
from tests.support.documents import blocks_of
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "tutorials" / "keras.md"


def test_what_the_tutorial_shows_is_so(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pytest.importorskip("keras", reason="needs the extra `train`")
    place = Place(tmp_path)
    for block in blocks_of(PAGE):
        follow(block, place)
    accept(PAGE, place, update=request.config.getoption("--update-golden"))
