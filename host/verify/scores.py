"""A difference that only the scores show: where, whether it comes again, and whether another rounding explains it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from depthwise.codegen.golden import Mode, run
from depthwise.host.progress import Step, StepProgress
from depthwise.host.project import Project

from .bench import Bench
from .cases import run_case
from .element_place import place_of
from .explain.cause import Cause
from .explain.explain import overwritten, rounded, unlocated, unreliable
from .explain.project_facts import Facts
from .explain.rounding import ABOUT
from .findings import BoardRun, Located
from .generated import Values
from .verdict import Difference, Excerpt

REPEATS: Final = 3


def locate_in_scores(bench: Bench, runs: tuple[BoardRun, ...], facts: Facts, watch: StepProgress) -> Located:
    """Repeat the last run, and tell what its scores show."""
    first, right = runs[-1].scores, bench.outputs
    answers = [first, *_repeated(bench, watch)]
    difference = Difference.of(bench.node, bench.case.name, sum(a != right for a in answers), len(answers))
    if any(a != first for a in answers):
        return Located(difference, unreliable("the scores", difference.seen, difference.runs, facts))
    excerpt = Excerpt.of(0, bench.wanted, bench.project.received(first)[bench.node.output])
    at = next(i for i, (a, b) in enumerate(zip(excerpt.expected, excerpt.got, strict=True)) if a != b)
    found = replace(difference, place=place_of(bench, at, excerpt), excerpt=excerpt)
    return Located(found, _cause(bench.project, runs, excerpt, facts))


def _repeated(bench: Bench, watch: StepProgress) -> Iterator[bytes]:
    """Scores of the same input, again."""
    for number in range(REPEATS):
        watch(Step("repeating the input", number, REPEATS))
        yield run_case(bench.project, bench.link, bench.hello, bench.case).output


def _cause(project: Project, runs: tuple[BoardRun, ...], excerpt: Excerpt, facts: Facts) -> Cause:
    counted = f"{excerpt.differing} of {len(excerpt.got)} scores differ, each time the same"
    if project.traced:
        text = "every tensor was computed as it has to be, the last one too"
        return overwritten(
            "the scores are written over after they were computed", (text, counted, *facts.evidence), facts
        )
    for mode in ABOUT:
        if all(_scores(project, r.case.inputs, mode) == r.scores for r in runs):
            return rounded(mode, (f"all scores of {len(runs)} inputs are what mode `{mode.value}` gives", counted))
    return unlocated((counted, *facts.evidence))


def _scores(project: Project, inputs: Values, mode: Mode) -> bytes:
    return project.given_back(run(project.graph, inputs, mode))
