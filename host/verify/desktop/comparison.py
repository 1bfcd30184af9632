"""Compares LiteRT's tensors with the golden model's and tells, layer by layer, which rounding makes the difference."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import checked_inputs, compute_cases
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.host.project import Project

from .litert import Desktop, run_litert


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFinding:
    """How LiteRT's output of one layer differs from the board's arithmetic, over all inputs.

    `values` were compared, `differing` of them differ, by `largest` at most. `own` differ although the layer reads the
    same values: what this layer itself adds. `mode` is the arithmetic that gives LiteRT's output exactly from what
    LiteRT read; None with `own` > 0: none does, and `unexplained` values differ from the nearest. `carried` are the
    layers whose differences this one reads.
    """

    layer: int
    kind: str
    tensor: int
    values: int
    differing: int
    largest: int
    own: int
    mode: str | None
    unexplained: int
    carried: tuple[int, ...]

    @property
    def why(self) -> str:
        """The explanation in words; empty where nothing differs."""
        own = ""
        if self.own and self.mode:
            own = f"{self.own:,} by rounding as `{self.mode}`"
        elif self.own:
            own = f"{self.unexplained:,} unexplained"
        carried = self.carried if self.differing else ()
        from_before = f"carried over from layer {' and '.join(map(str, carried))}" if carried else ""
        return ", ".join(filter(None, (own, from_before)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One way to run LiteRT against the golden model, which is what the board computes; `ends` are the output tensors.

    `hidden` are layers whose tensor LiteRT keeps to itself. `same_class`: inputs for which both have the same highest
    score, in every output. `disturbed`: keeping all tensors for the comparison changed LiteRT's own output.
    """

    desktop: Desktop
    inputs: int
    ends: tuple[int, ...]
    layers: tuple[LayerFinding, ...]
    hidden: tuple[int, ...]
    same_class: int
    disturbed: bool

    @property
    def outputs(self) -> tuple[LayerFinding, ...]:
        """The layers that write the network's outputs; the last one where LiteRT shows none of them."""
        return tuple(layer for layer in self.layers if layer.tensor in self.ends) or self.layers[-1:]

    @property
    def unexplained(self) -> int:
        """Values that no known arithmetic gives."""
        return sum(layer.unexplained for layer in self.layers)

    @property
    def modes(self) -> tuple[str, ...]:
        """Arithmetics that layers of their own compute in, other than the board's."""
        return tuple(dict.fromkeys(layer.mode for layer in self.layers if layer.own and layer.mode))

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        about = {"desktop": self.desktop.name, "inputs": self.inputs, "same_class": self.same_class}
        layers = [{**asdict(layer), "why": layer.why} for layer in self.layers]
        return {**about, "disturbed": self.disturbed, "hidden": list(self.hidden), "layers": layers}


def compare_desktop(project: Project, desktop: Desktop, inputs: Mapping[int, Array] | Array) -> Comparison:
    """Run the project's model on int8 inputs [N, …] in LiteRT and in the golden model. Raises ToolError.

    `inputs` are arrays by tensor, or one array for a network with one input.
    """
    reference = project.reference
    content = (project.folder / "model.tflite").read_bytes()
    graph = parse_model(content, str(project.manifest["name"]))
    given = checked_inputs(reference, inputs)
    theirs = run_litert(desktop, content, graph, reference, given)
    values: dict[int, Array] = {**theirs.tensors, **given}
    if graph.outputs == reference.outputs:
        values |= dict(zip(graph.outputs, theirs.outputs, strict=True))
    golden, count = run(reference, given), len(given[reference.inputs[0]])
    found, hidden = _findings(reference, values, golden, desktop.mode)
    alike = [_best(golden[o], count) == _best(values[o], count) for o in reference.outputs]
    same = int(np.count_nonzero(np.all(alike, axis=0)))
    return Comparison(
        desktop=desktop,
        inputs=count,
        ends=reference.outputs,
        layers=found,
        hidden=hidden,
        same_class=same,
        disturbed=theirs.disturbed,
    )


def _best(scores: Array, count: int) -> Int64:
    """Place of the highest value for each input."""
    places: Int64 = scores.reshape(count, -1).argmax(axis=1).astype(np.int64)
    return places


def _findings(
    graph: Graph, values: Mapping[int, Array], golden: Mapping[int, Array], first: Mode
) -> tuple[tuple[LayerFinding, ...], tuple[int, ...]]:
    """Findings of all layers whose tensors are known, and the layers whose are not."""
    found, hidden, differing = list[LayerFinding](), list[int](), dict[int, int]()
    for node in graph.nodes:
        read = [t for t in node.inputs if graph.tensors[t].data is None]
        if any(t not in values for t in (*read, node.output)):
            hidden.append(node.layer)
            continue
        carried = tuple(differing[t] for t in read if t in differing)
        found.append(_finding(graph, node, values, golden[node.output], first=first, carried=carried))
        if found[-1].differing:
            differing[node.output] = node.layer
    return tuple(found), tuple(hidden)


def _finding(
    graph: Graph, node: Node, values: Mapping[int, Array], golden: Array, *, first: Mode, carried: tuple[int, ...]
) -> LayerFinding:
    theirs = values[node.output].astype(np.int64)
    off = np.abs(theirs - golden.reshape(theirs.shape).astype(np.int64))

    def wrong(mode: Mode) -> int:
        return int(np.count_nonzero(compute_cases(graph, node, values, mode).reshape(theirs.shape) != theirs))

    own = wrong(Mode.TFLM)
    others = {m: wrong(m) for m in dict.fromkeys((first, *Mode))} if own else {first: 0}
    nearest = min(others, key=lambda m: others[m])
    return LayerFinding(
        layer=node.layer,
        kind=node.op.kind,
        tensor=node.output,
        values=theirs.size,
        differing=int(np.count_nonzero(off)),
        largest=int(off.max()),
        own=own,
        mode=nearest.value if own and not others[nearest] else None,
        unexplained=others[nearest],
        carried=carried,
    )
