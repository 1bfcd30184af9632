"""Random networks of single operators: `python -m docs.make.conformance [OPERATOR …]`, docs/results/conformance.md.

CASES networks of each operator, three ways: tflite-micro, the golden model and the generated C, by rows and whole,
under AddressSanitizer and UndefinedBehaviorSanitizer. Operators that were compared before are left as they are
unless they are named.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from depthwise.codegen.project.whole_file import write_all_whole
from depthwise.codegen.targets.boards import board
from docs.make import operators
from docs.make.pages import RESULTS
from tests.support.conformance.case import Case
from tests.support.conformance.harness import BATCH, Found, all_cases, compare
from tests.support.core_samples import BOARDS

CASES: Final = 500
PAGE: Final = RESULTS / "conformance.md"
STATE: Final = RESULTS / "conformance.json"
HEAD: Final = """# Conformance
Made by `make conformance` (`docs/make/conformance.py`): random networks of one operator each (shapes, ranks, axes,
strides, broadcasting, scales, zero points, extremes), every tensor compared three ways: the oracle, the golden model,
and the generated C by rows and whole, under ASan and UBSan. A sample runs in CI
(`tests/compiled/test_conformance.py`). The oracle is tflite-micro, or LiteRT's reference kernels (BUILTIN_REF) where
tflite-micro aborts or is known to be wrong.

*On cores*: how many of these networks ran on each of {cores} (QEMU), with the kernels that
the core has (`make core-samples`); a checksum of every tensor is compared with the golden model's.

| operator | oracle | networks | bytes compared | differing | on cores | differing there |
|---|---|---|---|---|---|---|
"""
SAMPLES: Final = RESULTS / "core-samples.json"


def main() -> None:
    """Compare what has not been compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    cases = all_cases()
    parser.add_argument("operators", nargs="*", metavar="OPERATOR", help="all that are left if none is named")
    names = parser.parse_args().operators
    unknown = sorted(set(names) - cases.keys())
    if unknown:
        parser.error(f"there are no cases of {', '.join(unknown)}; there are some of {', '.join(cases)}")
    kept: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
    wanted = names or [name for name in cases if kept.get(name, {}).get("cases", 0) < CASES]
    with Progress() as progress:
        for name in wanted:
            kept[name] = _state(cases[name], _compared(name, cases[name], progress))
            write_all_whole({STATE: f"{json.dumps(kept, indent=1)}\n".encode(), PAGE: page(kept, _sampled()).encode()})
    operators.main()
    faults = {name: state["faults"] for name, state in kept.items() if state["faults"]}
    print(json.dumps(faults, indent=1) if faults else "0 faults")  # noqa: T201
    raise SystemExit(bool(faults))


def _compared(name: str, case: Case, progress: Progress) -> Found:
    task, found = progress.add_task(name, total=CASES), Found()
    for first in range(0, CASES, BATCH):
        with tempfile.TemporaryDirectory() as folder:
            part = compare(case, first, BATCH, Path(folder))
        found.cases += part.cases
        found.compared += part.compared
        found.faults |= part.faults
        progress.update(task, completed=found.cases)
    return found


def _sampled() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SAMPLES.read_text()) if SAMPLES.exists() else {}
    return found


def _state(case: Case, found: Found) -> dict[str, Any]:
    faults = {str(seed): seen for seed, seen in found.faults.items()}
    return {"oracle": case.oracle.value, "cases": found.cases, "bytes": found.compared, "faults": faults}


def page(kept: dict[str, Any], on_cores: dict[str, Any]) -> str:
    """The page of what has been compared, and of what ran on virtual cores."""
    rows = (
        f"| {name} | {state['oracle']} | {state['cases']:,} | {state['bytes']:,} | {len(state['faults'])} | "
        f"{_on_cores(on_cores.get(name))} |\n"
        for name, state in sorted(kept.items())
    )
    return HEAD.format(cores=", ".join(board(name).core for name in BOARDS)) + "".join(rows)


def _on_cores(found: dict[str, Any] | None) -> str:
    if found is None:
        return "|"
    counts = sorted(set(found["boards"].values()))
    return f"{len(found['boards'])} × {'–'.join(map(str, counts))} | {len(found['faults'])}"


if __name__ == "__main__":
    main()
