"""What TensorFlow's converter makes of Keras: conditions, and floats that are picked."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.golden import run
from depthwise.codegen.passes import optimize
from tests.support.networks import image
from tests.support.oracles import litert

SIZE = (8, 8, 3)


def converted() -> bytes:
    """A network with an output for each way in which a condition picks."""
    tf = pytest.importorskip("tensorflow", reason="needs the extra `train`")
    keras = tf.keras
    keras.utils.set_random_seed(1)
    ops = keras.ops
    x = keras.layers.Input(SIZE)
    y = keras.layers.Conv2D(4, 3, padding="same")(x)
    outputs = [
        keras.layers.Activation("hard_shrink")(y),
        ops.cast(y > 0.1, "float32") * y,
        ops.where(ops.logical_and(y > -0.3, y < 0.4), y, 0.5 * y),
        ops.where(ops.logical_not(ops.logical_or(y > 0.3, y < -0.4)), y, -y),
    ]
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(x, outputs))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    draws = np.random.default_rng(0).normal(size=(4, 1, *SIZE)).astype(np.float32)
    converter.representative_dataset = lambda: ([draw] for draw in draws)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    content: bytes = converter.convert()
    return content


def test_what_the_converter_picks_has_litert_s_bytes() -> None:
    data = converted()
    graph = parse_model(data, "converted")
    made = optimize(graph)
    for seed in range(3):
        given = image(graph, seed)
        mine, right = run(graph, given), litert(data, graph, given, OpResolverType.BUILTIN_REF)
        for tensor, values in right.items():
            assert np.array_equal(mine[tensor].ravel(), values.ravel()), graph.tensors[tensor]
        shorter = run(made.graph, given)
        for tensor, kept in zip(graph.outputs, made.graph.outputs, strict=True):
            assert mine[tensor].tobytes() == shorter[kept].tobytes()
