"""One step of SimpleRNN, GRU and LSTM, as Keras computes it: vectors of gates, bent and joined."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array
from depthwise.codegen.operators import Activation, Add, FullyConnected, Mul, Operation, Sub

from .activations import joined, named
from .call import Call, sequence_of
from .slicing import WHOLE, sliced

NONE: Final = Activation.NONE
DEFAULTS: Final = {"activation": "tanh", "recurrent_activation": "sigmoid"}
State = tuple[int, ...] | None


class Cell:
    """The weights of a recurrent layer, and layers made of them; those of the steps are the same tensors."""

    def __init__(self, call: Call, named_as: str, *, gates: int, biases: int) -> None:
        self.call, self.build, self.units = call, call.build, call.layer.whole("units")
        wide, depth = gates * self.units, call.shape[-1]
        bias_shapes = [(biases, wide) if biases > 1 else (wide,)] * call.layer.flag("use_bias", default=True)
        shapes = [(depth, wide), (self.units, wide), *bias_shapes]
        self.kernel, recurrent, *bias = call.weights.arrays(f"{call.path}/cell", named_as, shapes)
        rows = bias[0].reshape(biases, wide) if bias else np.zeros((biases, wide), np.float32)
        self.bias, self.inner = rows[0], rows[-1]
        weights = (("recurrent", recurrent.T), *([("inner", self.inner)] if biases > 1 else []))
        self.recurrent = tuple(self.build.constant(f"{call.name}/{key}", v.astype(np.float64)) for key, v in weights)

    def inputs(self) -> int:
        """Gates that the input gives, of all steps: [1, T, gates · units]."""
        depth, wide = self.kernel.shape
        weights = self.kernel.T.reshape(wide, 1, 1, depth)
        made = self.build.conv(f"{self.call.name}/gates", self.call.on_image().x, weights, self.bias)
        return sequence_of(self.build, self.call.name, made)

    def matrix(self, name: str, hidden: int) -> int:
        """Gates that the last step gives."""
        reads = hidden, *self.recurrent
        return self.build.node(name, FullyConnected(NONE), reads, (1, self.kernel.shape[1]))

    def part(self, name: str, sums: int, first: int, last: int) -> int:
        """Some gates, one behind the other."""
        return sliced(self.call.reading(sums), name, [WHOLE, slice(first * self.units, last * self.units)])

    def bent(self, x: int, key: str) -> int:
        """A vector, bent as one of the layer's two activations says."""
        return named(self.call.reading(x), x, self.call.layer.settings.get(key, DEFAULTS[key]))

    def join(self, name: str, op: Operation, x: int, y: int) -> int:
        """Two vectors, element by element."""
        return self.build.node(name, op, (x, y), self.build.shape(x))

    def numbers(self, name: str, op: Operation, x: int, values: Array) -> int:
        """A vector and constants."""
        return joined(self.call, name, op, x, values=values)


Step = Callable[[Cell, str, int, State], tuple[int, ...]]


def _summed(cell: Cell, name: str, gates: int, state: State) -> int:
    return gates if state is None else cell.join(f"{name}/sum", Add(NONE), gates, cell.matrix(f"{name}/h", state[0]))


def simple(cell: Cell, name: str, gates: int, state: State) -> tuple[int, ...]:
    """A step of SimpleRNN."""
    return (cell.bent(_summed(cell, name, gates, state), "activation"),)


def lstm(cell: Cell, name: str, gates: int, state: State) -> tuple[int, ...]:
    """A step of LSTM: gates for update, forgetting, what is new, and output; then its memory."""
    sums = _summed(cell, name, gates, state)
    keys = ("recurrent_activation", "recurrent_activation", "activation", "recurrent_activation")
    parts = (cell.part(f"{name}/{i}", sums, i, i + 1) for i in range(len(keys)))
    update, forget, new, output = (cell.bent(part, key) for part, key in zip(parts, keys, strict=True))
    memory = cell.join(f"{name}/new", Mul(NONE), update, new)
    if state is not None:
        kept = cell.join(f"{name}/kept", Mul(NONE), forget, state[1])
        memory = cell.join(f"{name}/memory", Add(NONE), kept, memory)
    return cell.join(f"{name}/out", Mul(NONE), output, cell.bent(memory, "activation")), memory


def gru(cell: Cell, name: str, gates: int, state: State) -> tuple[int, ...]:
    """A step of GRU: z · h + (1 − z) · new, which is new + z · (h − new)."""
    both, new = cell.part(f"{name}/x", gates, 0, 2), cell.part(f"{name}/new", gates, 2, 3)
    turn = 2 * cell.units
    if state is not None:
        inner = cell.matrix(f"{name}/h", state[0])
        both = cell.join(f"{name}/sum", Add(NONE), both, cell.part(f"{name}/inner", inner, 0, 2))
    elif cell.inner.any():
        both = cell.numbers(f"{name}/sum", Add(NONE), both, cell.inner[:turn])
    update, reset = (cell.bent(cell.part(f"{name}/{i}", both, i, i + 1), "recurrent_activation") for i in range(2))
    if state is not None:
        old = cell.join(f"{name}/old", Mul(NONE), reset, cell.part(f"{name}/old", inner, 2, 3))
        new = cell.join(f"{name}/both", Add(NONE), new, old)
    elif cell.inner.any():
        new = cell.join(
            f"{name}/both", Add(NONE), new, cell.numbers(f"{name}/old", Mul(NONE), reset, cell.inner[turn:])
        )
    new = cell.bent(new, "activation")
    if state is None:
        return (cell.join(name, Sub(NONE), new, cell.join(f"{name}/less", Mul(NONE), update, new)),)
    far = cell.join(f"{name}/far", Mul(NONE), update, cell.join(f"{name}/way", Sub(NONE), state[0], new))
    return (cell.join(name, Add(NONE), new, far),)
