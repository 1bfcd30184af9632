"""A difference that only the scores show: where, whether it comes again, and whether another rounding explains it."""

from typing import Final

from depthwise.codegen.golden import Mode, run
from depthwise.codegen.graph import Array, Node
from depthwise.host.link import BoardLink, Hello
from depthwise.host.progress import Step, Watch
from depthwise.host.project import Project

from .explain.cause import Cause
from .explain.explain import overwritten, rounded, unlocated, unreliable
from .explain.facts import Facts
from .explain.rounding import ABOUT
from .findings import BoardRun, Located
from .verdict import Difference, ElementPlace, Excerpt

REPEATS: Final = 3


def locate_in_scores(
    *,
    project: Project,
    link: BoardLink,
    hello: Hello,
    runs: tuple[BoardRun, ...],
    node: Node,
    facts: Facts,
    watch: Watch,
) -> Located:
    """Repeat the last run, and tell what its scores show."""
    case, first = runs[-1].case, runs[-1].scores
    right = case.golden[node.output].tobytes()
    answers = [first]
    for number in range(REPEATS):
        watch(Step("repeating the input", number, REPEATS))
        answers.append(link.infer(case.image.tobytes(), hello).output)
    seen = sum(a != right for a in answers)
    if any(a != first for a in answers):
        difference = Difference(
            input=case.name,
            layer=node.layer,
            kind=node.op.kind,
            tensor=node.output,
            place=None,
            excerpt=None,
            seen=seen,
            runs=len(answers),
        )
        return Located(difference, unreliable("the scores", seen, len(answers), facts))
    excerpt = Excerpt.of(0, right, first)
    at = next(i for i, (a, b) in enumerate(zip(excerpt.expected, excerpt.got, strict=True)) if a != b)
    kept = project.made.survivors[node.output].kept
    place = ElementPlace(0, 0, int(kept[at % len(kept)]), excerpt.expected[at], excerpt.got[at])
    difference = Difference(
        input=case.name,
        layer=node.layer,
        kind=node.op.kind,
        tensor=node.output,
        place=place,
        excerpt=excerpt,
        seen=seen,
        runs=len(answers),
    )
    return Located(difference, _cause(project, runs, excerpt, facts))


def _cause(project: Project, runs: tuple[BoardRun, ...], excerpt: Excerpt, facts: Facts) -> Cause:
    counted = f"{excerpt.differing} of {len(excerpt.got)} scores differ, each time the same"
    if project.traced:
        text = "every tensor was computed as it has to be, the last one too"
        return overwritten(
            "the scores are written over after they were computed", (text, counted, *facts.evidence), facts
        )
    for mode in ABOUT:
        if all(_scores(project, r.case.image, mode) == r.scores for r in runs):
            return rounded(mode, (f"all scores of {len(runs)} inputs are what mode `{mode.value}` gives", counted))
    return unlocated((counted, *facts.evidence))


def _scores(project: Project, image: Array, mode: Mode) -> bytes:
    return run(project.graph, image, mode)[project.graph.outputs[0]].tobytes()
