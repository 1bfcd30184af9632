"""What `make core-samples` found: every operator that was sampled ran on every virtual core, and nothing differed."""

import json

from docs.make.conformance import PAGE, SAMPLES, STATE, page
from tests.support.core_samples import BOARDS


def test_every_operator_ran_on_every_virtual_core_without_a_fault() -> None:
    found = json.loads(SAMPLES.read_text())
    assert "xtensa-lx" in BOARDS
    assert {name: of["faults"] for name, of in found.items() if of["faults"]} == {}
    assert {name for name, of in found.items() if set(of["boards"]) != set(BOARDS)} == set()
    assert min(count for of in found.values() for count in of["boards"].values()) > 0


def test_the_page_says_what_was_found() -> None:
    assert page(json.loads(STATE.read_text()), json.loads(SAMPLES.read_text())) == PAGE.read_text()
