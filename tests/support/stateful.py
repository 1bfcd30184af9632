"""Layers with state for generated networks, and sequences of inputs."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.formats.tflite.variables import filled
from depthwise.codegen.graph import Array, DType, Node, Quantization, State, Tensor
from depthwise.codegen.operators import Svdf, SvdfState, UnidirectionalSequenceLstm, UnidirectionalSequenceLstmState
from depthwise.codegen.operators.unidirectional_sequence_lstm_state import made_bytes
from tests.support.network_builder import SPREAD, Builder


def svdf(build: Builder, x: int, units: int, rank: int, steps: int, *, wide: bool, spread: float = 1.0) -> int:
    """SVDF over x [1, I]: `rank` filters for each unit, each with a memory of `steps`, int16 where it is `wide`."""
    filters, inputs, levels = units * rank, build.shape(x)[1], 256 if wide else 1
    feature = build.weights((filters, inputs), 0, per_channel=False)
    memory = _memory(build, (1, filters * steps), _sums_scale(build, x, feature, inputs) / levels, wide)
    time = _time_weights(build, filters, steps, wide)
    scale = float(np.float32(build.quantization(memory).scale) * np.float32(build.quantization(time).scale))
    reach = SPREAD * levels * 73 * levels * float(np.sqrt(rank * steps))
    biases = build.rng.normal(0, min(reach, 2.0**28), units).astype(np.int32)
    bias = build.constant(biases, Quantization((scale,), (0,)))
    output = build.tensor((1, units), build.activation(scale * reach / SPREAD / spread))
    before = _before(build, memory)
    build.node(SvdfState(), (x, before, feature), memory)
    build.nodes.append(replace(build.nodes[-1], op=Svdf(rank), inputs=(memory, time, bias), output=output))
    return output


def lstm(
    build: Builder, x: int, units: int, *, clip: float = 0.0, spread: float = 1.0, time_major: bool = False
) -> int:
    """LSTM over x [1, T, I], or [T, 1, I]: hidden values of T steps; cells of a scale that is a power of two."""
    batch, steps, inputs = build.shape(x)
    if time_major:
        batch, steps = steps, batch
    weights = [build.weights((units, n), 0, per_channel=False) for n in (inputs, units) for _ in range(4)]
    biases = [_gate_bias(build, x, w, inputs) for w in weights[:4]]
    shape = (steps, batch, units) if time_major else (batch, steps, units)
    output = build.tensor(shape, build.activation(float(build.rng.choice([1 / 128, 1 / 200])) * spread))
    hidden = build.tensor((1, units), build.quantization(output))
    power = int(build.rng.choice([-15, -12, -11, -10, -9, -6, 0, 2]))
    cells = build.tensor((1, units), Quantization((2.0**power,), (0,)), DType.INT16)
    before = _before(build, hidden), _before(build, cells)
    made = build.tensor((1, made_bytes(steps, units)), build.quantization(output))
    build.tensors[made] = replace(build.tensors[made], name=f"{UnidirectionalSequenceLstm.kind}/steps")
    build.node(UnidirectionalSequenceLstmState(time_major, clip), (x, *before, *weights, *biases), made)
    layer = build.nodes[-1].layer
    build.nodes += [Node(layer, UnidirectionalSequenceLstm(steps, units), (made,), t) for t in (output, hidden, cells)]
    return output


def _gate_bias(build: Builder, x: int, weights: int, inputs: int) -> int:
    scale = float(np.float32(build.quantization(x).scale) * np.float32(build.quantization(weights).scale))
    values = build.rng.normal(0, 73 * SPREAD * np.sqrt(inputs), build.shape(weights)[0]).astype(np.int32)
    return build.constant(values, Quantization((scale,), (0,)))


def _memory(build: Builder, shape: tuple[int, ...], scale: float, wide: bool) -> int:
    quantization = build.activation(scale)
    if wide:
        quantization = replace(quantization, zero_points=(0,))
    return build.tensor(shape, quantization, DType.INT16 if wide else DType.INT8)


def _before(build: Builder, memory: int) -> int:
    """What a memory is at the beginning of a run, as a reader names it."""
    after = build.tensors[memory]
    before = build.tensor(after.shape, after.quantization, after.dtype)
    build.tensors[before] = replace(build.tensors[before], name=f"{after.name}/before")
    initial = filled(after, after) if after.dtype is DType.INT8 else np.zeros(after.shape, np.int16)
    kept(build, before, memory, initial)
    return before


def _sums_scale(build: Builder, x: int, weights: int, inputs: int) -> float:
    return build.quantization(x).scale * build.quantization(weights).scale * 73 * float(np.sqrt(inputs))


def _time_weights(build: Builder, filters: int, steps: int, wide: bool) -> int:
    if not wide:
        return build.weights((filters, steps), 0, per_channel=False)
    values = build.rng.integers(-32767, 32768, (filters, steps)).astype(np.int16)
    return build.constant(values, Quantization((build.scale(1e-6, 1e-4),), (0,)))


def read(build: Builder, shape: tuple[int, ...], quantization: Quantization) -> int:
    """What a variable holds at the beginning of a run."""
    return build.tensor(shape, quantization)


def kept(build: Builder, before: int, after: int, initial: Array) -> State:
    """Let the network keep a tensor's value for the next run, where `before` is read."""
    initial.setflags(write=False)
    state = State(before, after, initial)
    build.states.append(state)
    return state


def steps_of(tensor: Tensor, count: int, seed: int) -> Array:
    """A sequence of inputs [count, …]: noise, with steps of few values and of both ends of the type among them."""
    rng, limits = np.random.default_rng(seed), np.iinfo(tensor.dtype.value)
    found = []
    for _ in range(count):
        choices = rng.integers(limits.min, limits.max + 1, (64, 2, 1)[int(rng.integers(3))])
        if rng.integers(4) == 0:
            choices = np.array([limits.min, limits.max])
        found.append(rng.choice(choices, tensor.shape))
    return np.concatenate(found).astype(tensor.dtype.value)
