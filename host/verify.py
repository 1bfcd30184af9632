"""Holds a board against the golden model, bit for bit, and finds the first element that differs."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from depthwise.codegen.costs import total_macs
from depthwise.codegen.errors import InputError, LinkError, ProjectError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Node

from .link import Capture, Hello, Link
from .project import Project
from .verdict import Difference, Verdict

Inputs = Iterable[tuple[str, Array]]
Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Case:
    """One input, and what the board has to make of it: every tensor it computes, in its channels."""

    name: str
    image: bytes
    golden: dict[int, Array]


def verify(project: Project, link: Link, inputs: Inputs, tick: Tick = lambda _: None) -> Verdict:
    """Run every input on the board and compare: the scores, and in a trace build every tensor.

    Stops at the first difference and names it. Raises LinkError if the firmware is not this project's.
    """
    hello = link.hello()
    check_identity(project, hello)
    verdict = _blank(project, hello)
    for name, image in inputs:
        tick(name)
        check_promise(project, name, image)
        golden = run(project.reference, image)
        false_claim = _false_claim(project, name, golden)
        if false_claim is not None:
            return replace(verdict, difference=false_claim)
        case = _Case(name, image.tobytes(), project.computed(golden))
        verdict, different = _compare(project, link, hello, case, verdict)
        if different is not None:
            found = _locate(project, link, hello, case, different)
            return replace(verdict, difference=found, damaged_frames=link.damaged)
    if not verdict.inputs:
        raise InputError("no input was given, nothing was compared", "give --inputs 1 or more")
    return replace(verdict, damaged_frames=link.damaged)


def check_identity(project: Project, hello: Hello) -> None:
    """Refuse to compare with another model's firmware. Raises ProjectError naming both hashes."""
    if hello.model_sha256 != project.model_sha256:
        raise ProjectError(
            f"the board runs {hello.name!r} of model {hello.model_sha256[:12]}, "
            f"this project is {project.manifest['name']!r} of model {project.model_sha256[:12]}: stale firmware",
            "build and flash this project again",
        )
    if hello.trace != bool(project.traced):
        raise ProjectError(
            f"the board's firmware has {hello.traced} traced tensors, this project {len(project.traced)}",
            "build and flash this project again",
        )


def check_promise(project: Project, name: str, image: Array) -> None:
    """Refuse an input outside of the range the network was exported for. Raises InputError naming the value."""
    low, high = project.passes.input_range
    values = image.astype(np.int64)
    outside = np.flatnonzero((values < low) | (values > high))
    if len(outside):
        raise InputError(
            f"input {name!r} has value {image.ravel()[outside[0]]} at position {outside[0]}, "
            f"the project was exported with --assume-input-range {low}..{high}",
            "export it again with a wider range, or without",
        )


def _false_claim(project: Project, name: str, golden: Mapping[int, Array]) -> Difference | None:
    """First channel that was proven constant and is not: never, unless this tool is wrong."""
    for node in project.reference.nodes:
        survivor = project.made.survivors.get(node.output)
        if survivor is None:
            continue
        value = golden[node.output][..., survivor.known]
        places = np.argwhere(value != survivor.values)
        if len(places):
            at = tuple(int(i) for i in places[0])
            row, column = at[1:3] if value.ndim == 4 else (0, 0)
            claimed = int(np.broadcast_to(survivor.values, value.shape)[at])
            channel = int(survivor.known[at[-1]])
            return Difference(
                name,
                node.layer,
                node.op.kind,
                node.output,
                row,
                column,
                channel,
                int(value[at]),
                claimed,
                "a channel that was proven constant is not: a bug of depthwise, please report it with the model",
            )
    return None


def _blank(project: Project, hello: Hello) -> Verdict:
    return Verdict(
        name=hello.name,
        board=project.board.name,
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
    )


def _compare(project: Project, link: Link, hello: Hello, case: _Case, so_far: Verdict) -> tuple[Verdict, int | None]:
    """Run one input; the updated verdict and the first tensor that differs, if one does."""
    result = link.infer(case.image, hello)
    output = project.graph.outputs[0]
    different = None
    compared = len(result.output)
    for tensor, crc in zip(project.traced, link.crcs(hello), strict=True):
        compared += case.golden[tensor].nbytes
        if different is None and crc != zlib.crc32(case.golden[tensor].tobytes()):
            different = tensor
    if different is None and result.output != case.golden[output].tobytes():
        different = output
    stack = max(so_far.stack_bytes, result.stack_bytes)
    total = so_far.bytes_compared + compared
    updated = replace(so_far, inputs=so_far.inputs + 1, bytes_compared=total, ticks=result.cycles, stack_bytes=stack)
    return updated, different


def _locate(project: Project, link: Link, hello: Hello, case: _Case, tensor: int) -> Difference:
    """Name the first element of the differing tensor that differs."""
    node = _writer(project, tensor)
    wanted = case.golden[tensor].tobytes()
    if tensor not in project.traced:
        again = link.infer(case.image, hello).output
        return _difference(project, case, node, *_first(node, wanted, again), "build with --trace to find the layer")
    slot = project.traced.index(tensor)
    position, got = _search(link, hello, case, node, slot)
    stable = link.crcs(hello)[slot] != zlib.crc32(wanted)
    return _difference(project, case, node, position, got, _meaning(project, node, stable=stable))


def _search(link: Link, hello: Hello, case: _Case, node: Node, slot: int) -> tuple[int, int]:
    """Position of the first differing byte, and the board's byte there, by bisection: one run for each step.

    All bytes before `low` are equal. Checksums that differ once differ for every longer stretch of the tensor.
    """
    wanted = case.golden[node.output].tobytes()
    low, high, width = 0, len(wanted), 0
    while low < high:
        at = low if high - low <= width else (low + high) // 2
        link.infer(case.image, hello, Capture(slot, at))
        window = link.window()
        width = len(window.data)
        if window.crc_before != zlib.crc32(wanted[:at]):
            high = at
        elif not width:
            raise LinkError(f"the board captured nothing of {node}", "build and flash this project again")
        elif window.data == wanted[at : at + width]:
            low = at + width
        else:
            position, got = _first(node, wanted[at:], window.data)
            return at + position, got
    raise _differed_once(node)


def _first(node: Node, wanted: bytes, got: bytes) -> tuple[int, int]:
    """Position of the first byte that differs, and what it is instead, as int8."""
    for position, (expected, found) in enumerate(zip(wanted, got, strict=False)):
        if expected != found:
            return position, int(np.uint8(found).view(np.int8))
    raise _differed_once(node)


def _differed_once(node: Node) -> LinkError:
    return LinkError(
        f"{node} differed once and was equal when run again",
        "the board's memory or its supply is not reliable: run again, check power and clock",
    )


def _difference(project: Project, case: _Case, node: Node, position: int, got: int, meaning: str) -> Difference:
    """Describe the differing element; channels are numbered as in the model."""
    about = project.graph.tensors[node.output]
    row, at = divmod(position, about.row_bytes)
    kept = project.made.survivors[node.output].kept
    return Difference(
        case.name,
        node.layer,
        node.op.kind,
        node.output,
        row,
        at // len(kept),
        int(kept[at % len(kept)]),
        int(case.golden[node.output].flat[position]),
        got,
        meaning,
    )


def _meaning(project: Project, node: Node, *, stable: bool) -> str:
    if not stable:
        return "the difference comes and goes: the board's memory, supply or clock is not reliable"
    if node == project.graph.nodes[0]:
        return "the first layer differs: damaged weights in flash, or an input that arrived damaged"
    return "all layers before it agree: this layer's weights in flash are damaged, or its code is miscompiled"


def _writer(project: Project, tensor: int) -> Node:
    return next(n for n in project.graph.nodes if n.output == tensor)
