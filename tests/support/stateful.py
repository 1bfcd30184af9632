"""Layers with state for generated networks, and sequences of inputs."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.formats.tflite.variables import filled
from depthwise.codegen.graph import Array, DType, Quantization, State, Tensor
from depthwise.codegen.operators import Svdf, SvdfState
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
    kept(build, before, memory, filled(after, after))
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
