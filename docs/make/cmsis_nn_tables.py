"""Tables of CMSIS-NN beside ours: in docs/results/operators-speed.md, and in docs/results/benchmarks.md."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import state_bytes

from .copying import copied_cycles
from .operator_counts import Counted
from .operator_flash import NetworkFlash

Row = dict[str, Any]
OPERATORS: Final = """
## Beside CMSIS-NN
{name}, `-O3`, on the same networks, inputs, board and model of cycles, by the
function that TensorFlow Lite Micro calls for such a layer (for CONCATENATION it calls none). Its cycles are those of
the call; ours have the copying of the inputs and of the output in them, and the column *alone* has not
(`docs/make/copying.py`): that is compared. *Buffers*: what its functions ask for beside tensors. *Its RAM*: these,
and inputs, output and state as whole tensors, each rounded up to 16 bytes as TensorFlow Lite Micro places them; our RAM
by rows holds of them what it has to. *Flash*: code and constants, what one and the same firmware grows by when it calls
the network, or CMSIS-NN's function, instead of doing nothing; linked without what nothing calls, and with the C
library's functions that copy in it before (`docs/make/operator_flash.py`). Ours is a whole network: its inputs go in,
its steps follow one another, its outputs come out. For CMSIS-NN an interpreter does that, which is not counted, and the
column *alone* behind it is ours without that: this is compared. What is not here CMSIS-NN has no function of int8 for;
ADD and MUL it has for two tensors of one shape. The second matrix of BATCH_MATMUL is transposed for it, in its cycles
where it is no constant. It takes the zero point of SVDF's memory for 0: its output is exact where that is so, as here
it is not. Measured where `$DEPTHWISE_CMSIS_NN` names its checkout (`docs/make/cmsis_nn.py`).

| operator | ours | alone | CMSIS-NN | times ours | our RAM | its RAM | buffers | flash | alone | its flash | output |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""
ALIGNED: Final = 16  # bytes: MicroArenaBufferAlignment() of TensorFlow Lite Micro
MODELS: Final = """
## CMSIS-NN on the same model of cycles
{name}, `-O3`: every layer of a model by the function that TensorFlow Lite
Micro calls, added up, without what an interpreter adds. It computes all channels of the model, our code those that the
exact passes leave. Measured where `$DEPTHWISE_CMSIS_NN` names its checkout (`docs/make/cmsis_nn.py`); every layer is in
`cmsis-nn.json`. *Flash*: code and constants, of ours the library's, of CMSIS-NN what a firmware that does nothing grows
by when it calls its functions, an interpreter not counted.

| model | depthwise | CMSIS-NN | times ours | our flash | its flash | its output |
|---|---|---|---|---|---|---|
"""
OTHERS: Final = """
## CMSIS-NN on other cores
The same sources compiled for cores without instructions for two products at a time; executed instructions.

| core | model | depthwise | CMSIS-NN | times ours | its output |
|---|---|---|---|---|---|
"""
KINDS: Final = """
By operator:

| model | operator | layers | depthwise | CMSIS-NN | times ours | its largest buffer |
|---|---|---|---|---|---|---|
"""


def named(figures: Row) -> str:
    """The engine and when its sources are from."""
    return f"CMSIS-NN, {date.fromisoformat(figures['date']):%B %Y}"


def operators(found: Sequence[Counted], figures: Row, flash: Mapping[str, NetworkFlash]) -> str:
    """Section of networks of one layer, with the bytes of flash of ours by name."""
    theirs = figures["operators"]
    lines = (_operator(one, theirs[one.name], flash[one.name]) for one in found if one.name in theirs)
    return OPERATORS.format(name=_of_commit(figures)) + "".join(lines)


def _of_commit(figures: Row) -> str:
    return f"{named(figures)} (commit {figures['commit'][:11]})"


def _operator(one: Counted, theirs: Row, flash: NetworkFlash) -> str:
    plan, buffers = one.case.plan, theirs["buffer_bytes"]
    alone = one.cycles - round(copied_cycles(plan.graph))
    counts = f"{one.cycles:,} | {alone:,} | {theirs['cycles']:,} | {theirs['cycles'] / alone:.1f}"
    ram = f"{state_bytes(plan):,} | {whole_bytes(plan.graph) + aligned(buffers):,} | {buffers:,}"
    bytes_of = f"{flash.whole:,} | {flash.alone:,} | {theirs['flash_bytes']:,}"
    return f"| {one.name} | {counts} | {ram} | {bytes_of} | {_output(theirs)} |\n"


def whole_bytes(graph: Graph) -> int:
    """Inputs, outputs and states of a network as whole tensors, where they are placed."""
    tensors = (*graph.inputs, *graph.outputs, *(s.before for s in graph.states))
    return sum(aligned(graph.tensors[t].nbytes) for t in tensors)


def aligned(size: int) -> int:
    """Bytes that a buffer takes in TensorFlow Lite Micro's arena."""
    return -(-size // ALIGNED) * ALIGNED


def _output(theirs: Row) -> str:
    return "exact" if theirs["exact"] else "not exact"


def peer(figures: Row, model: str) -> Row:
    """A row of the peers on a model."""
    counts = {key: figures["models"][model][key] for key in ("instructions", "cycles")}
    return {"engine": f"{named(figures)}, -O3", **counts, "output": _output(figures["models"][model])}


def models(m4: Sequence[Row], layers: Row, figures: Row) -> str:
    """Section of models, beside our rows of the Cortex-M4 and our layers."""
    ours = {r["model"]: r for r in m4}
    text = MODELS.format(name=_of_commit(figures))
    for model, theirs in figures["models"].items():
        if model in ours:
            counts = _beside(ours[model], theirs, "cycles")
            flash = f"{ours[model]['flash_bytes']:,} | {theirs['flash_bytes']:,}"
            text += f"| {model} | {counts} | {flash} | {_output(theirs)} |\n"
    return text + KINDS + "".join(line for model in figures["models"] for line in _kinds(model, layers, figures))


def _beside(ours: Row, theirs: Row, unit: str) -> str:
    return f"{ours[unit]:,} | {theirs[unit]:,} | {theirs[unit] / ours[unit]:.1f}"


def others(rows: Sequence[Row], figures: Row) -> str:
    """Section of models on other cores, beside our rows of them."""
    text = OTHERS
    for ours in rows:
        theirs = figures["models"].get(ours["model"], {}).get("others", {}).get(ours["board"])
        if theirs:
            counts = _beside(ours, theirs, "instructions")
            text += f"| {ours['core']} | {ours['model']} | {counts} | {_output(theirs)} |\n"
    return text


def _kinds(model: str, layers: Row, figures: Row) -> Iterator[str]:
    ours, theirs = layers.get(model, []), figures["models"][model]["layers"]
    for kind in dict.fromkeys(r["operator"] for r in theirs):
        of_kind = [r for r in theirs if r["operator"] == kind]
        mine = sum(r["cycles"] for r in ours if r["operator"] == kind)
        cycles = sum(r["cycles"] for r in of_kind)
        cells = [model, kind, str(len(of_kind)), f"{mine:,}" if mine else "", f"{cycles:,}"]
        cells += [f"{cycles / mine:.1f}" if mine else "", f"{max(r['buffer_bytes'] for r in of_kind):,}"]
        yield f"| {' | '.join(cells)} |\n"
