"""Each layer of Keras that is read computes what Keras does; its quantized network is computed alike everywhere."""

# ruff: noqa: PLW0108 — a layer is made where it is called, not before

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from depthwise.codegen.floats import run, simplify
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.formats.keras.layers import IN_TRAINING, LAYERS
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes import lower
from depthwise.codegen.quantize.input_levels import quantized_inputs
from depthwise.codegen.quantize.quantize import quantize
from depthwise.codegen.schedule import choose
from tests.support.arrays import assert_close
from tests.support.exactness import problem_of
from tests.support.oracles import differing
from tests.support.programs import Case

keras = pytest.importorskip("keras", reason="needs the extra `train`")
L: Final[Any] = keras.layers
Made = Callable[[Any], Any]
IMAGE, LINE, VECTOR = (8, 6, 4), (12, 4), (10,)
COUNT: Final = 16

ops: Final[Any] = keras.ops
# Ways to call each class of layer on what it takes; names of classes go on in `_` and what differs. Several classes
# that stand in one network are joined by `+`.
OF_IMAGES: Final[dict[str, Made]] = {
    "Conv2D": lambda x: L.Conv2D(6, 3, strides=2, padding="same", activation="relu")(x),
    "Conv2D_groups": lambda x: L.Conv2D(6, 3, groups=2)(L.BatchNormalization()(L.ReLU()(x))),
    "Conv2D_dilated": lambda x: L.Conv2D(3, (3, 2), dilation_rate=2, use_bias=False)(x),
    "DepthwiseConv2D": lambda x: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same")(x),
    "SeparableConv2D": lambda x: L.SeparableConv2D(5, 3, padding="same", activation="relu6")(x),
    "Conv2DTranspose": lambda x: L.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu")(x),
    "Conv2DTranspose_valid": lambda x: L.Conv2DTranspose(3, (3, 2), strides=2, use_bias=False)(x),
    "Dense": lambda x: L.Dense(5)(x),
    "Concatenate": lambda x: L.Concatenate()([x, L.Conv2D(3, 1)(x), L.MaxPooling2D(3, 1, padding="same")(x)]),
    "Concatenate_rows": lambda x: L.Concatenate(axis=1)([L.Conv2D(4, 1)(x), L.ReLU()(x)]),
    "Add": lambda x: L.Add()([x, L.Conv2D(4, 1)(x), L.ReLU()(x)]),
    "Subtract": lambda x: L.Subtract()([x, L.Conv2D(4, 1)(x)]),
    "Multiply": lambda x: L.Multiply()([x, L.GlobalAveragePooling2D(keepdims=True)(x)]),
    "Maximum": lambda x: L.Maximum()([x, L.Conv2D(4, 1)(x), L.ReLU()(x)]),
    "Minimum": lambda x: L.Minimum()([L.Conv2D(4, 1)(x), L.Conv2D(4, 1)(x)]),
    "Add_number": lambda x: L.Conv2D(3, 1)(1.0 + x),
    "Subtract_number": lambda x: L.Conv2D(4, 1)(x) - 0.5,
    "Subtract_from_number": lambda x: 1 - x,
    "Multiply_number": lambda x: L.Conv2D(4, 1)(x) * 2.0,
    "TrueDivide": lambda x: L.Conv2D(4, 1)(x) / 3.0,
    "Divide": lambda x: ops.divide(x, 0.7),
    "Absolute": lambda x: ops.absolute(x),
    "Negative": lambda x: -x,
    "Square": lambda x: ops.square(x),
    "Maximum_number": lambda x: ops.maximum(x, 0.25),
    "Minimum_number": lambda x: ops.minimum(x, 0.25),
    "Average": lambda x: L.Average()([x, L.Conv2D(4, 1)(x), L.ReLU()(x)]),
    "UpSampling2D": lambda x: L.UpSampling2D((2, 3))(x),
    "UpSampling2D_bilinear": lambda x: L.UpSampling2D((2, 3), interpolation="bilinear")(x),
    "GlobalMaxPooling2D": lambda x: L.GlobalMaxPooling2D()(x),
    "GlobalMaxPooling2D_kept": lambda x: L.GlobalMaxPooling2D(keepdims=True)(x),
    "GlobalAveragePooling2D": lambda x: L.GlobalAveragePooling2D()(x),
    "MaxPooling2D": lambda x: L.MaxPooling2D(2)(x),
    "AveragePooling2D": lambda x: L.AveragePooling2D(3, 2, padding="same")(x),
    "ZeroPadding2D": lambda x: L.ZeroPadding2D(((1, 2), (0, 3)))(x),
    "Cropping2D": lambda x: L.Cropping2D(((1, 2), (0, 3)))(x),
    "Permute": lambda x: L.Permute((3, 1, 2))(x),
    "Flatten": lambda x: L.Flatten()(x),
    "Reshape": lambda x: L.Reshape((4, -1))(x),
    "BatchNormalization": lambda x: L.BatchNormalization()(L.ReLU()(x)),
    "Rescaling": lambda x: L.Rescaling([0.5, 1, 2, 4], offset=[1, 0, -1, 2])(x),
    "Normalization": lambda x: L.Normalization(mean=[0.5, 1, 2, -1], variance=[1, 2, 3, 4])(x),
    "PReLU": lambda x: L.PReLU(shared_axes=[1, 2])(x),
    "PReLU_each": lambda x: L.PReLU()(x),
    "LeakyReLU": lambda x: L.LeakyReLU(negative_slope=0.15)(x),
    "ELU": lambda x: L.ELU()(x),
    "ReLU": lambda x: L.ReLU()(x),
    "ReLU_clamped": lambda x: L.ReLU(max_value=0.8)(x),
    "ReLU_leaky": lambda x: L.ReLU(max_value=1.5, negative_slope=0.25)(x),
    "Softmax": lambda x: L.Softmax()(x),
    "Softmax_rows": lambda x: L.Softmax(axis=1)(x),
    "GetItem+Flip": lambda x: ops.flip(x[:, 1::2, -1:0:-2], 2)[:, :, -1],
    "Roll+Take+Repeat": lambda x: ops.repeat(ops.roll(ops.take(x, [3, 0, -2], -1), 2, 1), 2, axis=2),
    "Split+Stack+Max": lambda x: ops.max(ops.stack(ops.split(x, 2, axis=-1), axis=2), axis=-1),
    "Split_places+Unstack": lambda x: ops.unstack(ops.split(x, [2, 5], axis=1)[1], 3, axis=1)[1],
    "Mean_rows": lambda x: ops.mean(x, axis=2, keepdims=True),
    "Sum+ExpandDims+Tile": lambda x: ops.tile(ops.expand_dims(ops.sum(x, axis=[1, 3]), 1), (1, 3, 2)),
    "Min+Squeeze+Transpose": lambda x: ops.transpose(ops.squeeze(ops.min(x, axis=1, keepdims=True), 1), (0, 2, 1)),
    "Clip": lambda x: ops.clip(x, -0.5, 0.7),
    "CenterCrop+Resizing": lambda x: L.Resizing(9, 7)(L.CenterCrop(5, 4)(x)),
    "Resize": lambda x: ops.image.resize(x, (4, 9), interpolation="nearest"),
    "Relu+Relu6+Sigmoid": lambda x: ops.relu(x) + ops.relu6(x) * ops.sigmoid(x),
    "Tanh+Silu+Softsign": lambda x: ops.maximum(ops.tanh(x), ops.silu(x)) - ops.softsign(x),
    "Elu+Celu+Selu": lambda x: ops.minimum(ops.selu(ops.elu(x)), ops.celu(x)),
    "HardSigmoid+HardSilu+HardTanh": lambda x: ops.hard_sigmoid(x) * ops.hard_silu(x) + ops.hard_tanh(x),
    "LeakyRelu": lambda x: ops.leaky_relu(x, negative_slope=0.1),
    "LogSoftmax": lambda x: ops.log_softmax(x),
}
ACTIVATIONS: Final = (
    "elu",
    "hard_sigmoid",
    "hard_silu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "relu6",
    "sigmoid",
    "silu",
    "softmax",
    "tanh",
)
OF_SEQUENCES: Final[dict[str, Made]] = {
    "Conv1D": lambda x: L.Conv1D(6, 3, strides=2, padding="same", activation="relu")(x),
    "Conv1D_causal": lambda x: L.BatchNormalization()(L.Conv1D(5, 3, dilation_rate=2, padding="causal")(x)),
    "Conv1D_twice": lambda x: L.ReLU()(L.Conv1D(3, 2)(L.ReLU()(L.BatchNormalization()(L.Conv1D(5, 3)(x))))),
    "Conv1DTranspose": lambda x: L.Conv1DTranspose(3, 3, strides=2, padding="same")(x),
    "DepthwiseConv1D": lambda x: L.DepthwiseConv1D(3, depth_multiplier=2)(x),
    "SeparableConv1D": lambda x: L.SeparableConv1D(5, 3, activation="silu")(x),
    "Dense_sequence": lambda x: L.Dense(5, activation="tanh")(x),
    "MaxPooling1D": lambda x: L.MaxPooling1D(2)(x),
    "AveragePooling1D": lambda x: L.AveragePooling1D(3, 2, padding="same")(x),
    "GlobalMaxPooling1D": lambda x: L.GlobalMaxPooling1D()(x),
    "GlobalAveragePooling1D": lambda x: L.GlobalAveragePooling1D(keepdims=True)(x),
    "ZeroPadding1D": lambda x: L.ZeroPadding1D((1, 2))(x),
    "Cropping1D": lambda x: L.Cropping1D((1, 2))(x),
    "UpSampling1D": lambda x: L.UpSampling1D(2)(x),
    "Concatenate_time": lambda x: L.Concatenate(axis=1)([L.Conv1D(4, 3)(x), L.Conv1D(4, 2)(x)]),
    "Add_sequence": lambda x: L.Add()([L.Conv1D(4, 3, padding="same")(x), x]),
    "GRU": lambda x: L.GRU(3)(x[:, :4]),
    "LSTM": lambda x: L.LSTM(3, return_sequences=True, go_backwards=True)(x[:, :3]),
    "SimpleRNN+Bidirectional": lambda x: L.Bidirectional(L.SimpleRNN(3, return_sequences=True))(x[:, :3]),
    "Dot": lambda x: L.Dot(axes=(2, 2))([x, L.Dense(4)(x)]),
    "Matmul": lambda x: ops.matmul(x, L.Dense(5)(ops.transpose(x, (0, 2, 1)))),
    "PReLU_sequence": lambda x: L.PReLU(shared_axes=[1])(L.Conv1D(4, 3)(x)),
}
OF_VECTORS: Final[dict[str, Made]] = {
    "Dense_vector": lambda x: L.Dense(4, activation="sigmoid")(L.BatchNormalization()(L.Dense(6)(x))),
    "Multiply_vector": lambda x: L.Multiply()([L.Dense(6)(x), L.Dense(6, activation="hard_sigmoid")(x)]),
    "RepeatVector": lambda x: L.Conv1D(3, 2)(L.RepeatVector(4)(L.Dense(6)(x))),
    "Concatenate_vector": lambda x: L.Concatenate()([L.Dense(6)(x), L.Dense(3, activation="tanh")(x), x]),
}


def activation(name: str) -> Made:
    return lambda x: L.Activation(name)(x)


LAYERS_OF: Final[dict[str, tuple[tuple[int, ...], Made]]] = {
    **{name: (IMAGE, made) for name, made in OF_IMAGES.items()},
    **{f"Activation_{name}": (IMAGE, activation(name)) for name in ACTIVATIONS},
    **{name: (LINE, made) for name, made in OF_SEQUENCES.items()},
    **{name: (VECTOR, made) for name, made in OF_VECTORS.items()},
}


def test_every_layer_that_is_read_is_here() -> None:
    assert {part.split("_")[0] for name in LAYERS_OF for part in name.split("+")} == set(LAYERS) - set(IN_TRAINING)


def saved(model: Any, folder: Path) -> Graph:
    from tests.support.make_keras_fixture import randomize  # noqa: PLC0415 — imports Keras

    randomize(model, 3)
    model.save(folder / "model.keras")
    return read_network(folder / "model.keras")


def random_inputs(graph: Graph) -> dict[int, Array]:
    rng = np.random.default_rng(4)
    return {i: rng.normal(0, 2, (COUNT, *graph.tensors[i].shape[1:])).astype(np.float32) for i in graph.inputs}


def assert_alike(graph: Graph, wanted: list[Array], given: dict[int, Array], folder: Path) -> None:
    """The float graph computes what is wanted; its int8 form is computed alike by golden, tflite-micro and C."""
    for network in (graph, simplify(graph)):
        found = run(network, given)
        for output, right in zip(network.outputs, wanted, strict=True):
            assert found[output].shape == right.shape
            assert_close(found[output], right, rtol=1e-5, atol=1e-5 * max(1, float(np.abs(right).max())))
    made = quantize(graph, lambda: iter([given]))
    levels = quantized_inputs(made.built, given)
    for case in range(3):
        one = {i: values[case : case + 1] for i, values in levels.items()}
        assert differing(made.graph, one, write_model(made.graph)) == {}
    lowered = lower(made.graph)
    few = {i: values[:3] for i, values in levels.items()}
    planned = [Case.of(f"net_{way}", choose(lowered, way), few) for way in ("rows", "whole")]
    assert problem_of(planned, folder) is None


@pytest.mark.parametrize("name", LAYERS_OF)
def test_a_layer_computes_what_keras_does(name: str, tmp_path: Path) -> None:
    shape, made = LAYERS_OF[name]
    image = keras.Input(shape)
    x = L.Conv2D(4, 1)(image) if shape == IMAGE else L.Conv1D(4, 1)(image) if shape == LINE else image
    model = keras.Model(image, made(x))
    graph = saved(model, tmp_path)
    given = random_inputs(graph)
    wanted = model.predict(given[graph.inputs[0]], verbose=0)
    assert_alike(graph, [wanted], given, tmp_path)


def test_several_inputs_and_outputs_and_models_inside(tmp_path: Path) -> None:
    one, two = keras.Input(IMAGE), keras.Input(IMAGE)
    inner_in = keras.Input(IMAGE)
    inner_x = L.Conv2D(4, 3, padding="same")(inner_in)
    inner = keras.Model(inner_in, [inner_x, L.GlobalAveragePooling2D()(inner_x)])
    x, vector = inner(L.Add()([one, L.Conv2D(4, 1)(two)]))
    inside = keras.Sequential([keras.Input((4,)), L.Dense(6, activation="silu"), L.Dense(3)])
    model = keras.Model([one, two], [L.ReLU()(x), inside(vector)])
    graph = saved(model, tmp_path)
    given = random_inputs(graph)
    wanted = model.predict([given[i] for i in graph.inputs], verbose=0)
    assert_alike(graph, list(wanted), given, tmp_path)
