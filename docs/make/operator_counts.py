"""Networks of one layer counted on the virtual Cortex-M4: one firmware for many, one start of QEMU."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.errors import ToolError
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core, core
from tests.support.conformance.harness import given_to
from tests.support.core_program import core_program
from tests.support.operator_networks import operator_network
from tests.support.programs import Case

from .counting import address, counts_in

M4: Final = core("cortex-m4")
BOARD: Final = "mps2-m4"
PART: Final = 60  # networks in a firmware
Named = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A network by name, its case, and the instructions and cycles of one inference."""

    name: str
    case: Case
    instructions: int
    cycles: int


def counted(networks: Sequence[Named], plugin: Path, target: Core = M4) -> list[Counted]:
    """Counts of networks, by name and seed, with the kernels of a core that a Cortex-M4 can run.

    Raises ToolError where scores are not equal to the golden model's.
    """
    found: list[Counted] = []
    for first in range(0, len(networks), PART):
        taken = enumerate(networks[first : first + PART])
        part = [(name, _case(name, seed, number, target)) for number, (name, seed) in taken]
        found += _counted(part, plugin)
    return found


def _case(name: str, seed: int, number: int, target: Core) -> Case:
    """A network with its first input."""
    graph = operator_network(name, seed)
    lowered = lower(graph)
    given = {tensor: values[:1] for tensor, values in given_to(graph, seed).items()}
    return Case.of(f"net{number}", choose(lowered, "rows", variant(lowered, target)), given, target)


def _counted(part: Sequence[tuple[str, Case]], plugin: Path) -> list[Counted]:
    with tempfile.TemporaryDirectory() as scratch:
        program = core_program([case for _, case in part], BOARD, Path(scratch) / "project", trace=False)
        begin, end = (address(program.project, name) for name in ("core_begin", "core_end"))
        log = Path(scratch) / "counts.txt"
        faults = program.faults(extra=("-plugin", f"{plugin},begin={begin:#x},end={end:#x}"), log=log)
        counts = counts_in(log)
    if faults:
        raise ToolError(f"networks differ on {BOARD}: {faults}")
    return [Counted(name, case, *count) for (name, case), count in zip(part, counts, strict=True)]
