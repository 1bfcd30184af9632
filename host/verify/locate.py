"""From a tensor that differs to its first element that does, how often it does, and why."""

import zlib
from dataclasses import replace
from typing import Final

from depthwise.codegen.operators import has_weights
from depthwise.host.progress import Step, StepProgress

from .bench import Bench, Piece, samples_of
from .bisect import Bisected, bisect
from .cases import Case, cases_of, run_case
from .element_place import place_of
from .explain.explain import by_samples, exactly, overwritten, unreliable
from .explain.pattern import SeenBytes
from .explain.project_facts import Facts, facts_of
from .explain.wrong_layer import WrongLayer
from .findings import BoardRun, Located
from .inputs import in_sequences, varied_inputs
from .sampled_places import places
from .scores import locate_in_scores
from .verdict import Difference, Excerpt

# Other inputs that an explanation has to hold for: more where one run tells little.
OTHERS: Final = 4
OTHERS_SMALL: Final = 12


def locate(bench: Bench, crc: int | None, runs: tuple[BoardRun, ...], watch: StepProgress) -> Located:
    """Find the first element of the bench's tensor that differs in the last of the runs, and explain it.

    `crc` is the tensor's checksum on the board, None where only the scores are known to differ.
    """
    facts, node = facts_of(bench.project, runs[-1].stack_bytes), bench.node
    if crc is None:
        return locate_in_scores(bench, runs, facts, watch)
    found = bisect(bench, crc, lambda done: watch(Step(f"bisecting {node}", done, None)))
    if {crc, *found.crcs} != {crc}:
        return _unstable(bench, crc, found.pieces, facts)
    if found.position is None:
        cause = overwritten(
            f"the checksum of {node} is written over, or miscomputed",
            ("every byte of the tensor is right, its checksum is not", *facts.evidence),
            facts,
        )
        return Located(_difference(bench, found, crc), cause, found.pieces)
    return _explained(bench, crc, found, facts, watch)


def _explained(bench: Bench, crc: int, found: Bisected, facts: Facts, watch: StepProgress) -> Located:
    """Explain a difference that came again each time, looking at more of the tensor if its checksum is not enough."""
    layers = (_layer(bench, bench.case, crc), *_others(bench, watch))
    watch(Step(f"explaining {bench.node}", 0, None))
    cause = exactly(layers, facts)
    if cause is None:
        found = _looked_around(bench, found, watch)
        if {crc, *found.crcs} != {crc}:
            return _unstable(bench, crc, found.pieces, facts)
        watch(Step(f"explaining {bench.node}", 0, None))
        cause = by_samples(layers, _seen(bench, found.pieces, layers[0].kept_out), facts)
    return Located(_difference(bench, found, crc), cause, found.pieces)


def _looked_around(bench: Bench, found: Bisected, watch: StepProgress) -> Bisected:
    """Look at more of the tensor; stops where it is not what it was before."""
    assert found.position is not None
    wanted = places(_shape(bench), found.position, len(found.pieces[-1].data))
    for number, offset in enumerate(wanted):
        watch(Step(f"looking at {bench.node}", number, len(wanted)))
        found = replace(found, pieces=(*found.pieces, bench.look(offset)))
        if len(set(found.crcs)) > 1:
            break
    return found


def _seen(bench: Bench, pieces: tuple[Piece, ...], kept: tuple[int, ...]) -> SeenBytes:
    samples, weighted = samples_of(bench, pieces), has_weights(bench.node.op)
    return SeenBytes(
        samples.positions, samples.expected, samples.got, shape=_shape(bench), kept=kept, weighted=weighted
    )


def _unstable(bench: Bench, crc: int, pieces: tuple[Piece, ...], facts: Facts) -> Located:
    difference = _difference(bench, Bisected(None, pieces), crc)
    cause = unreliable(str(bench.node), difference.seen, difference.runs, facts)
    return Located(difference, cause, pieces)


def _others(bench: Bench, watch: StepProgress) -> tuple[WrongLayer, ...]:
    """The same layer with a few other inputs: what explains one has to explain all."""
    found, count = list[WrongLayer](), OTHERS if bench.project.graph.output_of(bench.node).rows > 1 else OTHERS_SMALL
    length = bench.case.runs
    varied = varied_inputs(bench.project.graph, count * length, bench.project.passes.input_range)
    for number, case in enumerate(cases_of(bench.project, in_sequences(varied, length))):
        watch(Step("running other inputs", number, count))
        run_case(bench.project, bench.link, bench.hello, case)
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
    """Rows of all runs, columns and channels of the tensor; one pixel a run where it is no image."""
    about = bench.project.graph.output_of(bench.node)
    return bench.case.runs * about.rows, about.row_bytes // about.shape[-1], about.shape[-1]


def _difference(bench: Bench, found: Bisected, crc: int) -> Difference:
    """Describe the difference; channels are numbered as in the model."""
    right, position = zlib.crc32(bench.wanted), found.position
    seen = sum(c != right for c in (crc, *found.crcs))
    difference = Difference.of(bench.node, bench.case.name, seen, 1 + len(found.pieces))
    if position is None:
        return difference
    piece = next(p for p in found.pieces if p.offset <= position < p.offset + len(p.data))
    excerpt = Excerpt.of(piece.offset, bench.wanted[piece.offset :][: len(piece.data)], piece.data)
    return replace(difference, place=place_of(bench, position, excerpt), excerpt=excerpt)
