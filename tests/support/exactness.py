"""Holds programs against the golden model: every byte, every row once and in order, nothing multiplied twice."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from depthwise.codegen.operators.costs import macs, total_macs
from tests.support.programs import SCORES, Case, Problem, Rows, run_program


def problem_of(cases: Sequence[Case], folder: Path, compiler: str = "clang", level: str = "-O0") -> Problem | None:
    """What is wrong with the first case that is not as the golden model says; None if all are."""
    try:
        reports = run_program(cases, folder, compiler, level)
        for case in cases:
            for number in range(case.count):
                seen = difference(case, number, next(reports))
                if seen:
                    return Problem(case.name, seen)
        assert next(reports, None) is None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace")
        named = [name for name in re.findall(r"(\w+)\.c\b", said) if name in {case.name for case in cases}]
        return Problem(named[-1] if named else cases[0].name, said[-4000:])
    return None


def difference(case: Case, number: int, rows: dict[int, Rows]) -> str:
    """How the rows reported for one image differ from the golden model's, or empty."""
    graph = case.plan.graph
    for tensor in (n.output for n in case.plan.steps):
        order = [row for row, _ in rows.get(tensor, [])]
        if order != list(range(graph.tensors[tensor].rows)):
            return f"image {number}: rows of tensor {tensor} were computed in the order {order}"
        if b"".join(data for _, data in rows[tensor]) != case.golden[tensor][number].tobytes():
            return f"image {number}: tensor {tensor} differs"
    if rows[SCORES] != [(0, case.wanted(number))]:
        return f"image {number}: the scores differ"
    spent = multiplied(case, rows)
    return "" if spent == total_macs(graph) else f"{spent} multiplications were traced, not {total_macs(graph)}"


def multiplied(case: Case, rows: dict[int, Rows]) -> int:
    """Multiply-accumulates behind the rows that were reported."""
    graph = case.plan.graph
    return sum(macs(graph, node) * len(rows.get(node.output, [])) // graph.output_of(node).rows for node in graph.nodes)
