"""Searching the built site as a browser does that has it from a disk: the site's own scripts, run by node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.host.site import PAGES

SEARCH: Final = Path(__file__).resolve().parents[1] / "support" / "site_search.cjs"
NODE: Final = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="no node on PATH"),
    pytest.mark.skipif(not (PAGES / "index.html").exists(), reason="no site: make site"),
]


def found(words: str) -> list[str]:
    """Places in the site that hold words, the best first."""
    command = [str(NODE), str(SEARCH), str(PAGES), words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    places: list[str] = json.loads(done.stdout)
    return places


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("scratch", "reference/kernels.html"),
        ("stm32loader", "guide/flashing.html"),
        ("depthwise doctor", "reference/commands.html"),
    ],
)
def test_words_are_found_on_a_page_that_lies_on_a_disk(words: str, page: str) -> None:
    places = found(words)
    assert any(place.startswith(page) for place in places), places
    assert all((PAGES / place.partition("#")[0]).exists() for place in places)


def test_a_word_that_is_nowhere_is_not_found() -> None:
    assert found("zyxwvutsrqponm") == []
