"""Writes docs/reference/operators.md: what the rooms say of their operators, and what other engines take.

`make map`. All that stands there comes from the registry of operators, from the networks that conformance is tested
with, from what they found (docs/results/conformance.json) and from docs/make/peers.toml; a test holds the page to them.
"""

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, get_args

from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.comparing import COMPARISONS
from depthwise.codegen.formats.tflite.functions import BINARY, TABLES, UNARY
from depthwise.codegen.formats.tflite.instead import WAYS
from depthwise.codegen.formats.tflite.unsigned import OTHERWISE, SAME_IN_INT8
from depthwise.codegen.formats.tflite.variables import KINDS as VARIABLES
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.general.table import TABLE
from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.operators import OPERATORS, Operator, Storage
from depthwise.codegen.operators.parts.rows import RowAccess
from depthwise.codegen.operators.registry import MADE
from depthwise.codegen.schedule.reads import access_of
from depthwise.codegen.targets.cores import CORES
from tests.support.conformance.harness import all_cases, drawn
from tests.support.networks import NAMED_NETWORKS

from .pages import DOCS, RESULTS
from .peers import Peer, peers

PAGE: Final = DOCS / "reference" / "operators.md"
COMPARED: Final = RESULTS / "conformance.json"
SEEDS: Final = 40
HEAD: Final = """# Operators

Each has a room, a file of its name in `codegen/operators` ([how one is added and why](../adr/0014-operator-rooms.md)).
An operator that is not here is refused when the model is read, by its name and layer. Made by `make map`
(`docs/make/operators.py`) from the rooms, their kernels and the networks that they are tested with. Where no
other limit is given: the batch is 1, activations are int8 with one scale, and a fixed-point multiplier bridges the
scales.
"""
COLUMNS: Final = ("operator", "computes", "limits", "rows", "kernels", "oracle", "networks", "bytes compared")
ABOUT: Final = """
*Kernels*: the families that have one, `general` for every core, the others faster where they can (`depthwise kernels`
says which layer gets which). *Oracle*, *networks* and *bytes compared*: [conformance](../results/conformance.md).
*Rows*: what one row of the output is made of, in the ways in which it happens:

"""
OWN: Final = """
## Of its own
In no file: what operators of files become while they are read and improved.

"""
STATE: Final = """
## State
{} have no room: while a file is read, a variable becomes a state, a tensor that the network keeps from run to run
(`codegen/formats/tflite/variables.py`).
"""
ELEMENTS: Final = """
## Functions of single elements
An int8 function of one element is known by 256 values. {tables} are such tables, computed by the golden model and
looked up on the board; {computed} are computed, since that takes less flash. Where several stand in a row, of either
kind, they become one table ([ADR 18](../adr/0018-tables.md)); clamps of an unchanged quantization go into the layer
before them. {comparisons} of a tensor and a number are tables of 0 and 1, by which SELECT_V2 and SELECT pick;
LOGICAL_AND, LOGICAL_OR and LOGICAL_NOT join them.

## Sizes and scales
Sizes that a file leaves open (-1) are followed from the inputs through every operator, and so are sizes that SHAPE
and its arithmetic compute: tflite-micro believes the 1 that such files have instead, LiteRT finds them. An operator
that only moves elements copies their bytes, as TFLite does, even where the file gives its output another
quantization; a note says so. CONCATENATION and PADV2 want one quantization, as tflite-micro does.
"""
FLOATS: Final = """
## In float32 between int8 layers
What a converter leaves between DEQUANTIZE and QUANTIZE is a table too, if it is computed of the elements of one tensor
and of numbers: any expression of the functions below. {tables} of int8 are tables as LiteRT has them,
which tflite-micro has not, and so is SQRT, whose fractions LiteRT cuts off; RSQRT of int8 is tflite-micro's table.
CAST of 8 bits gives the integers themselves. What a condition picks of float32 tensors is picked of the quantized ones.
Anything else in float32 in the middle of a network is refused by its layers.

{functions}.

## Behind the last int8 layer
Scores in float32 (SOFTMAX, LOGISTIC, LOG_SOFTMAX) go, which keeps their order. Any other layer of float32, or
operator that is not known, is left to the caller if nothing of 8 bits comes of it: TFLite_Detection_PostProcess,
decoded boxes, exponentials of sizes. So is arithmetic of indices (int32) that is not known, with all that comes of
it, where no layer with weights follows: MoveNet looks up joints where its heat maps are largest. What these layers
read are outputs of the network then, in int8 with scale and zero point in the header; a note of `inspect` says which
layers go and which tensors leave.

## uint8
Models of 2018 become int8, every value and zero point 128 less, and compute what LiteRT's reference kernels do, where
they are made of the operators below. Their weights keep a zero point of their own, means and RESIZE_BILINEAR round
halves up, LOGISTIC and TANH are tables of float32, CONCATENATION requantizes; FULLY_CONNECTED is scaled as in int8
([ADR 4](../adr/0004-dense-scales.md)). RESIZE_BILINEAR is taken where float32 rounds nothing (steps of 1/1024 of a
pixel), RELU6 where it keeps the quantization.

{unsigned}.

## Activations of 16 bits
Not taken but as scores of SOFTMAX and in the states of SVDF and LSTM, since both costs fall where microcontrollers are
short. By the kernels that are here:
- RAM: rings, maps and states hold two bytes for each value, twice what `depthwise plan` promises. Biases are int64: 8
  bytes of flash for each channel in place of 4.
- Time: sums of products of 16 by 8 bits need more than 32 bits (tflite-micro adds into int64), so SMLALD takes the
  place of SMLAD in the DSP kernels, and two registers that of one: tiles of half as many sums, weights loaded twice as
  often. Widening activations goes (SXTB16 is not needed), loading them takes twice the words. On a core without the
  DSP extension each product is added with carry. Requantizing an int64 takes two multiplications more for each value.
- Tables: a function of one element has 65,536 values. tflite-micro interpolates between 513 of them: 1,026 bytes each
  in place of 256, and a multiplication for each value.
- Exactness: every kernel family and every conformance network once more.

The Cortex-M4 would pay about twice the RAM and between once and twice the time; nothing here was measured, since
nothing of it is built. A network that needs more than 8 bits in one place is better served by a wider output.
"""
INSTEAD: Final = """
## In place of others
What an error says where a model has them:

"""
BESIDE: Final = """
## Beside other engines
Every operator that one of these takes with int8 activations. Limits are not compared, but for those that a name cannot
do without. *Folded*: never left in the C, *passed over*: read and left out, nothing: refused.

"""
LIMITS: Final = "Limits:"
OF_OWN: Final = COLUMNS.index("oracle")
NOWHERE: Final = "gone before code is made"
MOVES_NOTHING: Final = "none, nothing is moved"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(json.loads(COMPARED.read_text())))


def page(compared: Mapping[str, Any]) -> str:
    """The page, of operators that were compared as `docs/results/conformance.json` has it."""
    rows = rows_taken()
    every = sorted((*OPERATORS, *MADE), key=lambda o: o.kind)
    lines = {o.kind: _line(o, rows.get(o.kind, ()), compared) for o in every}
    read = [line for kind, line in lines.items() if kind in schema.OPERATORS]
    own = [line[:OF_OWN] for kind, line in lines.items() if kind not in schema.OPERATORS]
    counted = f"{len(read)} operators; {_found(compared)}.\n\n"
    ours = [HEAD, counted, table(COLUMNS, read), ABOUT, _ways(rows), OWN, table(COLUMNS[:OF_OWN], own)]
    return "".join(
        [*ours, STATE.format(listed(VARIABLES)), _elements(), _floats(), INSTEAD, _ways_out(), BESIDE, _beside(peers())]
    )


def _found(compared: Mapping[str, Any]) -> str:
    states = compared.values()
    networks, size = (sum(state[key] for state in states) for key in ("cases", "bytes"))
    differ = sum(len(state["faults"]) for state in states)
    return f"{networks:,} random networks of them, {size:,} bytes compared, {differ} networks differ"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown, its cells as they are but for bars."""
    names = list(head)
    cells = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in chain([names, ["---"] * len(names)], cells))


def rows_taken() -> dict[str, tuple[type[RowAccess], ...]]:
    """Ways in which each operator takes its rows in the named networks and in those of its conformance."""
    found: dict[str, set[type[RowAccess]]] = {}
    for graph in _networks():
        for node in graph.nodes:
            found.setdefault(node.op.kind, set()).add(type(access_of(graph, node)))
    return {kind: tuple(way for way in get_args(RowAccess) if way in ways) for kind, ways in found.items()}


def _networks() -> Iterator[Graph]:
    yield from (make() for make in NAMED_NETWORKS.values())
    yield from (drawn(case, seed) for case in all_cases().values() for seed in range(SEEDS))


def _line(operator: Operator[Any], rows: Iterable[type[RowAccess]], compared: Mapping[str, Any]) -> list[str]:
    kind, kernels = operator.kind, kernels_of(operator)
    ways = "" if kernels == NOWHERE else ", ".join(map(way_of, rows))
    return [
        _room(operator),
        sentence(operator.operation),
        limits(operator.operation),
        ways,
        kernels,
        *_compared(kind, compared),
    ]


def _room(operator: Operator[Any]) -> str:
    file = operator.operation.__module__.removeprefix("depthwise.").replace(".", "/")
    return f"[{operator.kind}](../../{file}.py)"


def sentence(operation: type[Any]) -> str:
    """The first sentence of an operation's docstring."""
    return re.split(r"\.(?:\s|$)", _paragraphs(operation)[0], maxsplit=1)[0]


def limits(operation: type[Any]) -> str:
    """The paragraph of an operation's docstring that begins with `Limits:`; nothing if there is none."""
    found = (p.removeprefix(LIMITS) for p in _paragraphs(operation) if p.startswith(LIMITS))
    return "".join(found).strip().removesuffix(".")


def _paragraphs(documented: type[Any]) -> list[str]:
    return [" ".join(p.split()) for p in (inspect.getdoc(documented) or "").split("\n\n")]


def way_of(access: type[RowAccess]) -> str:
    """What a way to take rows is called: its class, in words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", access.__name__).lower()


def _ways(rows: Mapping[str, Iterable[type[RowAccess]]]) -> str:
    seen = set(chain.from_iterable(rows.values()))
    return "".join(f"- *{way_of(way)}*: {_paragraphs(way)[0]}\n" for way in get_args(RowAccess) if way in seen)


def _floats() -> str:
    unsigned = sorted(op.kind for op in (*SAME_IN_INT8, *OTHERWISE) if op.kind in schema.OPERATORS)
    return FLOATS.format(
        functions=listed(sorted({*UNARY, *BINARY, "LEAKY_RELU", "GELU"})),
        tables=listed(TABLES),
        unsigned=listed(unsigned),
    )


def _ways_out() -> str:
    known = {o.kind for o in OPERATORS}
    return "".join(f"- {kind}: {way}\n" for kind, way in WAYS.items() if kind not in known)


def _elements() -> str:
    tabled = TABLE.operators
    single = [o for o in OPERATORS if o.unary_elementwise and kernels_of(o) != NOWHERE]
    tables, rest = ([o.kind for o in single if (o.operation in tabled) == asked] for asked in (True, False))
    return ELEMENTS.format(tables=listed(tables), computed=listed(rest), comparisons=listed(tuple(COMPARISONS)))


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def kernels_of(operator: Operator[Any]) -> str:
    """Families that have a kernel for an operator, the general one first."""
    if operator.storage is Storage.IS_INPUT:
        return MOVES_NOTHING
    able = [f.name for f in _families() if any(operator.operation in k.operators for k in f.kernels)]
    return ", ".join(dict.fromkeys(able)) or NOWHERE


def _families() -> list[Family]:
    every = {family: None for core in CORES.values() for family in reversed(core.families)}
    return list(every)


def _compared(kind: str, compared: Mapping[str, Any]) -> list[str]:
    states = [state for name, state in compared.items() if name.split()[0] == kind]
    oracles = ", ".join(dict.fromkeys(state["oracle"] for state in states))
    return [oracles, *(f"{sum(s[key] for s in states):,}" if states else "" for key in ("cases", "bytes"))]


def _beside(others: tuple[Peer, ...]) -> str:
    ours = dict.fromkeys(VARIABLES, "any")
    ours |= {o.kind: "folded" if kernels_of(o) == NOWHERE else "int8" for o in OPERATORS if o.kind in schema.OPERATORS}
    kinds = sorted(ours.keys() | {kind for peer in others for kind in peer.takes if peer.is_int8(kind)})
    rows = ([kind, ours.get(kind, ""), *(peer.cell(kind) for peer in others)] for kind in kinds)
    about = "".join(_about(peer) for peer in others)
    return table(("operator", "depthwise", *(peer.title for peer in others)), rows) + "\n" + about


def _about(peer: Peer) -> str:
    link = f"[{peer.title}]({peer.repository}/tree/{peer.commit})"
    return f"- {link}, commit {peer.commit[:8]} of {peer.date}: {peer.about}.\n"


if __name__ == "__main__":
    main()
