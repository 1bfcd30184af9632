"""Every byte of every traced tensor instead of their checksums: one run of the network for each window of bytes."""

import zlib
from dataclasses import replace

from depthwise.codegen.errors import InputError
from depthwise.host.link import BoardLink, Hello
from depthwise.host.progress import Step, StepProgress
from depthwise.host.project import Project

from .bench import Bench, Piece
from .element_place import place_of
from .explain.cause import Cause
from .explain.explain import overwritten, unreliable
from .explain.project_facts import facts_of
from .findings import BoardRun, Located
from .verdict import Difference, Excerpt


def check_traced(project: Project) -> None:
    """Raises InputError for a build whose tensors cannot be looked at."""
    if not project.traced:
        raise InputError("a build without a trace shows no tensors", "export with --trace, build and flash")


def every_byte(
    project: Project, link: BoardLink, hello: Hello, run: BoardRun, watch: StepProgress
) -> tuple[Bench, Located] | None:
    """The first byte that differs in a case whose checksums were all right; None if there is none. Raises LinkError."""
    writers = {node.output: node for node in project.graph.nodes}
    for tensor in project.traced:
        bench = Bench(project, link, hello, run.case, writers[tensor])
        found = _first(bench, watch)
        if found is not None:
            return bench, _located(bench, found, run)
    return None


def _first(bench: Bench, watch: StepProgress) -> Piece | None:
    """The first window that is not as it has to be."""
    offset, total = 0, len(bench.wanted)
    while offset < total:
        watch(Step(f"reading {bench.node}", offset, total))
        piece = bench.look(offset)
        if bench.first_difference(piece) is not None:
            return piece
        offset += len(piece.data)
    return None


def _located(bench: Bench, piece: Piece, run: BoardRun) -> Located:
    position = bench.first_difference(piece)
    assert position is not None
    excerpt = Excerpt.of(piece.offset, bench.wanted[piece.offset :][: len(piece.data)], piece.data)
    difference = Difference.of(bench.node, run.case.name, 1, 2)
    place = place_of(bench, position, excerpt)
    return Located(replace(difference, place=place, excerpt=excerpt), _cause(bench, piece, run), (piece,))


def _cause(bench: Bench, piece: Piece, run: BoardRun) -> Cause:
    facts = facts_of(bench.project, run.stack_bytes)
    if piece.crc != zlib.crc32(bench.wanted):
        return unreliable(str(bench.node), 1, 2, facts)
    summary = f"bytes of {bench.node} are wrong, and its checksum is right: one of both is written over"
    return overwritten(summary, facts.evidence, facts)
