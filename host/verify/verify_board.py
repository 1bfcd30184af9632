"""Holds a board against the golden model, bit for bit, and finds the first element that differs."""

import zlib
from collections import deque
from collections.abc import Iterable, Sized
from dataclasses import replace
from typing import Final

from depthwise.codegen.errors import InputError, LinkError, TimeoutLinkError
from depthwise.codegen.graph import Node
from depthwise.codegen.operators.costs import total_macs
from depthwise.host.link import BoardLink, Hello
from depthwise.host.link.speed import answering_speed
from depthwise.host.progress import Step, StepProgress, nobody
from depthwise.host.project import Project

from .bench import Bench
from .board_answers import Answer, answer_of
from .cases import Case, Inputs, cases_of, run_case
from .every_byte import check_traced, every_byte
from .explain.explain import our_bug
from .explain.project_facts import stack_room
from .findings import BoardRun, Located, WrongTensor
from .identity import check_identity
from .layer_times import layer_times
from .locate import locate
from .predicted_time import predicted_time
from .verdict import Verdict
from .verify_report import VerifyReport

# Runs of earlier inputs that are remembered: what explains a difference has to explain them too.
KEPT: Final = 8


def verify(
    project: Project, link: BoardLink, inputs: Inputs, watch: StepProgress = nobody, *, full: bool = False
) -> Verdict:
    """Run every input on the board and compare: the scores, and in a trace build every tensor.

    Tensors are compared by their checksums; `full`: byte by byte, which takes a run for each window.
    Stops at the first difference, names it and explains it. Raises StaleFirmwareError or OtherBuildError if the
    firmware is not this project's, LinkError if the board cannot be talked to.
    """
    total = len(inputs) * project.sequence if isinstance(inputs, Sized) else None
    return verify_cases(project, link, cases_of(project, inputs), watch, total, full=full).verdict


def verify_cases(
    project: Project,
    link: BoardLink,
    cases: Iterable[Case],
    watch: StepProgress = nobody,
    total: int | None = None,
    *,
    full: bool = False,
) -> VerifyReport:
    """As `verify`, on cases, with all that was seen on the way."""
    if full:
        check_traced(project)
    hello = greeted(link)
    check_identity(project, hello)
    verdict, runs = replace(_blank(project, hello), full=full), deque[BoardRun](maxlen=KEPT)
    answers = list[Answer]()
    for case in cases:
        watch(Step("verifying", verdict.inputs, total))
        if case.false_claim is not None:
            return VerifyReport(
                replace(verdict, difference=case.false_claim, cause=our_bug()), hello, link.traffic, case=case
            )
        verdict, run, wrong = _compared(project, link, hello, case, verdict)
        runs.append(run)
        answers.append(answer_of(project, run))
        if wrong is not None:
            bench = Bench(project, link, hello, case, wrong.node)
            unequal: tuple[Bench, Located] | None = (bench, locate(bench, wrong.crc, tuple(runs), watch))
        else:
            unequal = every_byte(project, link, hello, run, watch) if full else None
        if unequal is not None:
            return replace(_reported(verdict, *unequal, run), answers=tuple(answers))
    if not verdict.inputs:
        raise InputError("no input was given, nothing was compared", "give --inputs 1 or more")
    layers = layer_times(project, link, hello, runs[-1].case.runs)
    verdict = replace(verdict, damaged_frames=link.damaged, layers=layers, baud=link.traffic.baud)
    return VerifyReport(verdict, hello, link.traffic, answers=tuple(answers))


def _reported(verdict: Verdict, bench: Bench, found: Located, run: BoardRun) -> VerifyReport:
    """A report of the first difference."""
    link = bench.link
    told = replace(verdict, difference=found.difference, cause=found.cause)
    verdict = replace(told, damaged_frames=link.damaged, baud=link.traffic.baud)
    return VerifyReport(
        verdict, bench.hello, link.traffic, case=run.case, node=bench.node, pieces=found.pieces, scores=run.scores
    )


def greeted(link: BoardLink) -> Hello:
    """Who answers. Where nobody does, tries other speeds, to tell what is wrong."""
    try:
        return link.hello()
    except TimeoutLinkError as error:
        speed = answering_speed(link)
        if not speed:
            raise
        raise LinkError(
            f"no answer to HELLO from {link.name}: {speed}", "correct the clock in the board's files"
        ) from error


def _blank(project: Project, hello: Hello) -> Verdict:
    return Verdict(
        name=hello.name,
        board=project.board.name or project.board.title,
        core=hello.core,
        inputs=0,
        tensors=len(project.traced) or 1,
        bytes_compared=0,
        ticks=0,
        clock_hz=hello.clock_hz,
        macs=total_macs(project.graph),
        ram_bytes=hello.ram_bytes,
        stack_bytes=0,
        damaged_frames=0,
        difference=None,
        stack_room=stack_room(project),
        predicted=predicted_time(project),
    )


def _compared(
    project: Project, link: BoardLink, hello: Hello, case: Case, so_far: Verdict
) -> tuple[Verdict, BoardRun, WrongTensor | None]:
    """Run one case; the updated verdict, and the first tensor that differs, if one does."""
    result = run_case(project, link, hello, case)
    compared, wrong = len(result.output), None
    for tensor, crc in zip(project.traced, link.crcs(hello), strict=True):
        compared += case.golden[tensor].nbytes
        if wrong is None and crc != zlib.crc32(case.golden[tensor].tobytes()):
            wrong = WrongTensor(_writer(project, tensor), crc)
    for tensor, data in project.received(result.output).items():
        if wrong is None and data != case.golden[tensor].tobytes():
            wrong = WrongTensor(_writer(project, tensor), None)
    stack = max(so_far.stack_bytes, result.stack_bytes)
    total = so_far.bytes_compared + compared
    updated = replace(
        so_far,
        inputs=so_far.inputs + case.runs,
        bytes_compared=total,
        ticks=result.cycles // case.runs,
        stack_bytes=stack,
    )
    return updated, BoardRun(case, result.output, stack), wrong


def _writer(project: Project, tensor: int) -> Node:
    return next(n for n in project.graph.nodes if n.output == tensor)
