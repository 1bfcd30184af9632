"""SimpleRNN, GRU, LSTM and Bidirectional, step by step: layers of a .keras file forget between two calls.

TensorFlow Lite's own LSTM remembers from run to run; Keras' starts from zeros each time unless it is `stateful`. Gates
that the input gives are one matrix for all steps.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.operators import Activation, Add, Concatenation, Mul, Operation, Pack

from . import cells
from .call import SEQUENCE, Call
from .config import layer_config
from .slicing import WHOLE, sliced

MOST_STEPS: Final = 256


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a layer computes a step, how many gates it has and vectors of biases, and what Keras calls its cell."""

    step: cells.Step
    _: KW_ONLY
    gates: int
    biases: int
    cell: str


KINDS: Final[Mapping[str, _Kind]] = {
    "GRU": _Kind(cells.gru, gates=3, biases=2, cell="gru_cell"),
    "LSTM": _Kind(cells.lstm, gates=4, biases=1, cell="lstm_cell"),
    "SimpleRNN": _Kind(cells.simple, gates=1, biases=1, cell="simple_rnn_cell"),
}
MERGES: Final[Mapping[str, Operation]] = {"mul": Mul(Activation.NONE), "sum": Add(Activation.NONE)}


def recurrent(call: Call) -> int:
    """SimpleRNN, GRU, LSTM: the last step's vector, or those of all steps in the order in which they were made."""
    made = _steps(call)
    return _packed(call, made) if call.layer.flag("return_sequences", default=False) else made[-1]


def bidirectional(call: Call) -> int:
    """Bidirectional: there and back, both in the order of time, joined."""
    mode = call.layer.settings.get("merge_mode", "concat")
    if mode not in ("concat", *MERGES):
        raise UnsupportedError(f"{call.layer} has merge_mode {str(mode)[:20]!r}", "use concat, sum or mul")
    there, back = (_inner(call, key) for key in ("layer", "backward_layer"))
    sequences = there.layer.flag("return_sequences", default=False)
    ways = [_steps(there), _steps(back)]
    ends = (
        [_packed(c, made) for c, made in ((there, ways[0]), (back, ways[1][::-1]))]
        if sequences
        else [w[-1] for w in ways]
    )
    shape = call.build.shape(ends[0])
    if mode in MERGES:
        return call.build.node(call.name, MERGES[mode], tuple(ends), shape)
    wide = sum(call.build.shape(end)[-1] for end in ends)
    return call.build.node(call.name, Concatenation(len(shape) - 1), tuple(ends), (*shape[:-1], wide))


def _inner(call: Call, key: str) -> Call:
    """One of the two layers, `go_backwards` being what tells them apart."""
    entry = call.layer.settings.get(key)
    layer = layer_config(entry)
    if layer.kind not in KINDS:
        raise UnsupportedError(f"{call.layer} turns {layer}", f"these are done: {', '.join(KINDS)}")
    place = {"layer": "forward_layer", "backward_layer": "backward_layer"}[key]
    return replace(call, layer=layer, path=f"{call.path}/{place}")


def _steps(call: Call) -> list[int]:
    """What each step gives, in the order in which they are made."""
    kind = KINDS[call.layer.kind]
    for key in ("return_state", "stateful"):
        call.layer.only(key, False)
    call.layer.only("reset_after", True)
    if len(call.shape) != SEQUENCE or call.shape[1] > MOST_STEPS:
        raise UnsupportedError(
            f"{call.layer} works on [1, T, C] of at most {MOST_STEPS} steps, its input has shape {call.shape}",
            "shorten the sequence: by strides, or by pooling",
        )
    cell = cells.Cell(call, kind.cell, gates=kind.gates, biases=kind.biases)
    gates, state, made = cell.inputs(), None, list[int]()
    times = range(call.shape[1])
    for time in reversed(times) if call.layer.flag("go_backwards", default=False) else times:
        name = f"{call.name}/{time}"
        state = kind.step(cell, name, sliced(call.reading(gates), f"{name}/gates", [WHOLE, time]), state)
        made.append(state[0])
    return made


def _packed(call: Call, steps: list[int]) -> int:
    units = call.build.shape(steps[0])[-1]
    return call.build.node(call.name, Pack(1), tuple(steps), (1, len(steps), units))
