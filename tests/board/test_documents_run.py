"""Documents are followed: every block of code in them is run, written or compiled, and prints what the page says."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from depthwise.host.demo import MODEL
from tests.support.chips import chip_of
from tests.support.document_runs import Place, accept, follow
from tests.support.documents import Block, blocks_of
from tests.support.labelled import digit_pictures
from tests.support.places import ROOT

# Pages of worked examples that other tests carry out: in a copy of the product, or with TensorFlow.
ELSEWHERE: Final = {"docs/extending.md", "docs/tutorials/keras.md"}
PAGES: Final = [
    page
    for page in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    if str(page.relative_to(ROOT)) not in ELSEWHERE and any(b.language != "text" for b in blocks_of(page))
]
NEEDING: Final = [block for page in PAGES for block in blocks_of(page) if block.needs]
GOLDEN: Final = ROOT / "tests" / "golden"
# A port that a page names, and the emulated board that is there for it.
PORTS: Final = {"nucleo.md": ("/dev/ttyUSB0", "nucleo-f446re")}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A reader's folder: a model, labels, the header of a network with several inputs."""
    shutil.copyfile(MODEL, tmp_path / "model.tflite")
    (tmp_path / "labels.txt").write_text("\n".join(map(str, range(10))))
    (tmp_path / "stereo").mkdir()
    shutil.copyfile(GOLDEN / "stereo.h", tmp_path / "stereo" / "stereo.h")
    return Place(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_so(page: Path, place: Place, request: pytest.FixtureRequest) -> None:
    blocks = [block for block in blocks_of(page) if not block.needs]
    if any("images" in block.text for block in blocks):
        digit_pictures(place.folder / "images")
    with ExitStack() as stack:
        if page.name in PORTS:
            name, board = PORTS[page.name]
            place.ports = {name: stack.enter_context(chip_of(board))["url"]}
        for block in blocks:
            follow(block, place)
    accept(page, place, update=request.config.getoption("--update-golden"))


@pytest.mark.parametrize("block", NEEDING, ids=str)
def test_what_cannot_be_run_here_says_what_it_needs(block: Block) -> None:
    pytest.skip(f"needs {block.needs}")
