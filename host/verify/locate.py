"""From a tensor that differs to its first element that does, how often it does, and why."""

import zlib
from typing import Final

from depthwise.codegen.graph import Node
from depthwise.codegen.operators import has_weights
from depthwise.host.link import BoardLink, Hello
from depthwise.host.progress import Step, Watch
from depthwise.host.project import Project

from .bench import Bench, Piece, samples_of
from .bisect import bisect
from .cases import Case, cases_of
from .explain.explain import by_samples, exactly, overwritten, unreliable
from .explain.facts import Facts, facts_of
from .explain.pattern import SeenBytes
from .explain.wrong_layer import WrongLayer
from .findings import BoardRun, Located, WrongTensor
from .inputs import varied_inputs
from .sampled_places import places
from .scores import locate_in_scores
from .verdict import Difference, ElementPlace, Excerpt

# Other inputs that an explanation has to hold for: more where one run tells little.
OTHERS: Final = 4
OTHERS_SMALL: Final = 12


def locate(
    *, project: Project, link: BoardLink, hello: Hello, runs: tuple[BoardRun, ...], wrong: WrongTensor, watch: Watch
) -> Located:
    """Find the first element of the layer that differs in the last run, and explain it."""
    facts = facts_of(project, runs[-1].stack_bytes)
    if wrong.crc is None:
        return locate_in_scores(
            project=project, link=link, hello=hello, runs=runs, node=wrong.node, facts=facts, watch=watch
        )
    bench = Bench(project, link, hello, runs[-1].case, wrong.node)
    found = bisect(bench, wrong.crc, lambda done: watch(Step(f"bisecting {wrong.node}", done, None)))
    if {wrong.crc, *found.crcs} != {wrong.crc}:
        return _unstable(bench, wrong.crc, found.pieces, facts)
    if found.position is None:
        cause = overwritten(
            f"the checksum of {wrong.node} is written over, or miscomputed",
            ("every byte of the tensor is right, its checksum is not", *facts.evidence),
            facts,
        )
        return Located(_difference(bench, None, wrong.crc, found.pieces), cause, found.pieces)
    return _explained(
        bench=bench, crc=wrong.crc, position=found.position, pieces=found.pieces, facts=facts, watch=watch
    )


def _explained(
    *, bench: Bench, crc: int, position: int, pieces: tuple[Piece, ...], facts: Facts, watch: Watch
) -> Located:
    """Explain a difference that came again each time, looking at more of the tensor if its checksum is not enough."""
    layers = (_layer(bench, bench.case, crc), *_others(bench, watch))
    watch(Step(f"explaining {bench.node}", 0, None))
    cause = exactly(layers, facts)
    if cause is None:
        shape, kept = _shape(bench), layers[0].kept_out
        wanted = places(shape, position, len(pieces[-1].data))
        for number, offset in enumerate(wanted):
            watch(Step(f"looking at {bench.node}", number, len(wanted)))
            pieces = (*pieces, bench.look(offset))
            if pieces[-1].crc != crc:
                return _unstable(bench, crc, pieces, facts)
        watch(Step(f"explaining {bench.node}", 0, None))
        samples = samples_of(bench, pieces)
        weighted = has_weights(bench.node.op)
        seen = SeenBytes(samples.positions, samples.expected, samples.got, shape=shape, kept=kept, weighted=weighted)
        cause = by_samples(layers, seen, facts)
    return Located(_difference(bench, position, crc, pieces), cause, pieces)


def _unstable(bench: Bench, crc: int, pieces: tuple[Piece, ...], facts: Facts) -> Located:
    difference = _difference(bench, None, crc, pieces)
    cause = unreliable(str(bench.node), difference.seen, difference.runs, facts)
    return Located(difference, cause, pieces)


def _others(bench: Bench, watch: Watch) -> tuple[WrongLayer, ...]:
    """The same layer with a few other inputs: what explains one has to explain all."""
    found, count = list[WrongLayer](), OTHERS if bench.project.graph.output_of(bench.node).rows > 1 else OTHERS_SMALL
    for number, case in enumerate(
        cases_of(bench.project, varied_inputs(bench.project.graph, count, bench.project.passes.input_range))
    ):
        watch(Step("running other inputs", number, count))
        bench.link.infer(case.image.tobytes(), bench.hello)
        *before, crc = bench.link.crcs(bench.hello)[: bench.slot + 1]
        right = (zlib.crc32(case.golden[t].tobytes()) for t in bench.project.traced)
        if all(a == b for a, b in zip(before, right, strict=False)):
            found.append(_layer(bench, case, crc))
    return tuple(found)


def _layer(bench: Bench, case: Case, crc: int) -> WrongLayer:
    survivors = bench.project.made.survivors
    kept = (tuple(survivors[t].kept.tolist()) for t in (bench.node.inputs[0], bench.node.output))
    return WrongLayer(
        bench.project.graph, bench.node, values=case.golden, crc=crc, kept_in=next(kept), kept_out=next(kept)
    )


def _shape(bench: Bench) -> tuple[int, int, int]:
    """Rows, columns and channels of the tensor; one pixel where it is no image."""
    about = bench.project.graph.output_of(bench.node)
    return about.rows, about.row_bytes // about.shape[-1], about.shape[-1]


def _difference(bench: Bench, position: int | None, crc: int, pieces: tuple[Piece, ...]) -> Difference:
    """Describe the difference; channels are numbered as in the model."""
    right, node = zlib.crc32(bench.wanted), bench.node
    seen = sum(c != right for c in (crc, *(p.crc for p in pieces)))
    place = excerpt = None
    if position is not None:
        piece = next(p for p in pieces if p.offset <= position < p.offset + len(p.data))
        excerpt = Excerpt.of(piece.offset, bench.wanted[piece.offset :][: len(piece.data)], piece.data)
        place = _place(bench, node, position, excerpt)
    return Difference(
        input=bench.case.name,
        layer=node.layer,
        kind=node.op.kind,
        tensor=node.output,
        place=place,
        excerpt=excerpt,
        seen=seen,
        runs=1 + len(pieces),
    )


def _place(bench: Bench, node: Node, position: int, excerpt: Excerpt) -> ElementPlace:
    kept = bench.project.made.survivors[node.output].kept
    row, at = divmod(position, bench.project.graph.output_of(node).row_bytes)
    into = position - excerpt.offset
    return ElementPlace(row, at // len(kept), int(kept[at % len(kept)]), excerpt.expected[into], excerpt.got[into])
