"""The grid of faults that docs/results/faults.md shows."""

import json

from tests.support.places import ROOT

DOCUMENTED = ROOT / "docs" / "results" / "faults.json"


def test_the_documented_grid_has_no_wrong_verdict() -> None:
    table = json.loads(DOCUMENTED.read_text())
    rows = [row for chip in table.values() for row in chip.values()]
    assert sum(row["cases"] for row in rows) > 2000
    assert {row["wrong"] for row in rows} == {0}
    assert all(row["cases"] == row["first try"] + row["retry"] + row["reported"] for row in rows)
