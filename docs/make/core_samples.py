"""Runs networks of every operator on every virtual core: columns of docs/results/conformance.md.

`make core-samples`. The first NETWORKS of those that conformance is tested with (conformance.py), each program with as
many as a board's RAM holds; checksums of every tensor are compared.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.project.whole_file import write_all_whole
from depthwise.codegen.schedule import state_bytes
from depthwise.codegen.targets.boards import Board, board
from depthwise.codegen.targets.cores import core
from tests.support.core_program import core_program
from tests.support.core_samples import BOARDS, samples
from tests.support.programs import Case

from .conformance import PAGE, SAMPLES, STATE, page

NETWORKS: Final = 5
SPARE: Final = 4096  # bytes of RAM for the stack, the inputs and outputs of a run, the serial line
Named = tuple[str, Case]


def main() -> None:
    """Run all, write what was found, and the page."""
    found: dict[str, Any] = {}
    for name in BOARDS:
        for operator, networks, faults in _on_board(board(name)):
            of = found.setdefault(operator, {"boards": {}, "faults": {}})
            of["boards"][name] = networks
            of["faults"] |= faults
    kept = json.loads(STATE.read_text())
    write_all_whole({SAMPLES: f"{json.dumps(found, indent=1)}\n".encode(), PAGE: page(kept, found).encode()})


def _on_board(target: Board) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Operators, how many networks of each ran, and what differed."""
    networks: dict[str, int] = {}
    faults: dict[str, dict[str, str]] = {}
    for seed in range(NETWORKS):
        for part in _programs(list(samples(core(target.core), seed)), target.ram_bytes - SPARE):
            with tempfile.TemporaryDirectory() as folder:
                seen = core_program([case for _, case in part], target.name, Path(folder) / "project").faults()
            for operator, case in part:
                networks[operator] = networks.get(operator, 0) + 1
                if case.name in seen:
                    faults.setdefault(operator, {})[f"{target.name} {seed}"] = seen[case.name]
    return ((operator, count, faults.get(operator, {})) for operator, count in networks.items())


def _programs(cases: Sequence[Named], most: int) -> Iterator[list[Named]]:
    """Cases in parts that take no more bytes of RAM than `most`."""
    part: list[Named] = []
    taken = 0
    for named in cases:
        size = state_bytes(named[1].plan)
        if part and taken + size > most:
            yield part
            part, taken = [], 0
        part.append(named)
        taken += size
    yield part


if __name__ == "__main__":
    main()
