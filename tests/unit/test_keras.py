"""`.keras` files: the same numbers as Keras computes, and no way for a file to run code or to reach elsewhere."""

import random
import sys
from collections.abc import Callable
from typing import Any, Final, cast

import h5py
import numpy as np
import pytest

from depthwise.codegen.errors import ModelError, ToolError, UnsupportedError
from depthwise.codegen.floats import run, simplify
from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.formats.keras.call import Call
from depthwise.codegen.formats.keras.config import layer_config
from depthwise.codegen.formats.keras.layers import LAYERS, apply
from depthwise.codegen.formats.keras.reader import parse_keras
from depthwise.codegen.formats.keras.weights import WeightFile
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, Conv2D
from depthwise.codegen.passes.dead import drop_dead
from tests.support.arrays import assert_close
from tests.support.keras_files import archive, conv, conv_weights, layer, sequential, sound, weight_file
from tests.support.keras_scores import assert_scores
from tests.support.places import FIXTURES


def test_every_layer_computes_what_keras_does() -> None:
    with np.load(FIXTURES / "every_layer.npz") as stored:
        graph = read_network(FIXTURES / "every_layer.keras")
        assert_scores(graph, stored["images"], stored["scores"])
        assert np.ptp(stored["scores"]) > 0.1
    again = parse_model(write_model(graph), "again")
    assert again.nodes == graph.nodes


def test_a_file_put_together_by_hand_reads() -> None:
    graph = simplify(parse_keras(sound(), "hand"))
    (node,) = graph.nodes
    assert isinstance(node.op, Conv2D)
    assert node.op.activation is Activation.RELU6
    weights = graph.inputs_of(node)[1].data
    np.testing.assert_array_equal(weights, conv_weights()["layers/conv2d/vars/0"].transpose(3, 0, 1, 2))


def read(config: Any, weights: bytes | None = None, **members: bytes) -> Graph:
    return parse_keras(
        archive(config, weight_file(conv_weights()) if weights is None else weights, **members), "hostile"
    )


def spoiled(change: Callable[[h5py.File], None]) -> bytes:
    return weight_file({}, change)


def external_link(file: h5py.File) -> None:
    file["layers/conv2d/vars/0"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file: h5py.File) -> None:
    file["elsewhere"] = conv_weights()["layers/conv2d/vars/0"]
    file["layers/conv2d/vars/0"] = h5py.SoftLink("/elsewhere")


def external_storage(file: h5py.File) -> None:
    group = file.create_group("layers/conv2d/vars")
    group.create_dataset("0", (3, 3, 3, 4), "f4", external=[("/etc/passwd", 0, 432)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((3, 3, 3, 4), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", (3, 3, 3, 4))
    file.create_group("layers/conv2d/vars").create_virtual_dataset("0", layout)


def of_objects(file: h5py.File) -> None:
    file.create_group("layers/conv2d/vars").create_dataset("0", (3, 3, 3, 4), h5py.string_dtype())


def of_another_layer(file: h5py.File) -> None:
    file["layers/conv2d/vars/0"] = conv_weights()["layers/conv2d/vars/0"]
    file["layers/conv2d/vars"].attrs["name"] = "other"


ONE = sequential(conv())
LAMBDA = layer("Lambda", "evil", function={"class_name": "__lambda__", "config": {"code": "4wAAAAA="}})
BACKEND = {**layer("Dense", "evil", units=3), "module": "os.path"}
REGISTERED = {**layer("Dense", "mine", units=3), "registered_name": "my_package>MyDense"}
HOSTILE: dict[str, tuple[Callable[[], Graph], str]] = {
    "lambda": (lambda: read(sequential(LAMBDA)), r"'evil' \(Lambda\) runs Python code"),
    "foreign_module": (lambda: read(sequential(BACKEND)), r"'evil' \(Dense\) is custom code \(os\.path\.Dense\)"),
    "registered": (lambda: read(sequential(REGISTERED)), r"'mine' .*custom code \(my_package>MyDense\)"),
    "subclassed_model": (
        lambda: read({**ONE, "module": "mine", "class_name": "Mine", "registered_name": "mine>Mine"}),
        "custom code",
    ),
    "activation_object": (
        lambda: read(sequential(conv(activation={"class_name": "function", "config": "evil"}))),
        r"'conv' \(Conv2D\) has activation",
    ),
    "unknown_layer": (
        lambda: read(sequential(layer("ConvLSTM2D", "memory"))),
        r"'memory' \(ConvLSTM2D\) is not supported",
    ),
    "external_link": (lambda: read(ONE, spoiled(external_link)), "'conv' are a link"),
    "soft_link": (lambda: read(ONE, spoiled(soft_link)), "'conv' are a link"),
    "external_storage": (lambda: read(ONE, spoiled(external_storage)), "'conv' lie outside"),
    "virtual": (lambda: read(ONE, spoiled(virtual)), "'conv' lie outside"),
    "strings": (lambda: read(ONE, spoiled(of_objects)), "'conv' needs weights 0 of shape"),
    "another_layer": (lambda: read(ONE, spoiled(of_another_layer)), "'conv' has the weights of 'other'"),
    "wrong_shape": (lambda: read(sequential(conv(filters=9))), r"\(3, 3, 3, 9\).*\(3, 3, 3, 4\)"),
    "missing": (lambda: read(sequential(conv(), conv("second"))), "'second' has no 'conv2d_1'"),
    "no_hdf5": (lambda: read(ONE, b"nothing"), "no HDF5"),
    "half": (lambda: read(sequential(conv(dtype="float16"))), "computes in float16"),
    "negative_filters": (lambda: read(sequential(conv(filters=-1))), "filters -1"),
    "huge_padding": (lambda: read(sequential(layer("ZeroPadding2D", "pad", padding=10**9))), "'pad'.*padding"),
    "kernel_too_large": (lambda: read(sequential(conv(kernel_size=[9, 9]))), "makes -2x-2x4 of 6x6"),
    "groups": (lambda: read(sequential(conv(groups=2))), "2 groups of 3 channels and 4 filters"),
    "crop_all": (lambda: read(sequential(layer("Cropping2D", "crop", cropping=3))), "leaves 0x0 of 6x6"),
    "huge_scale": (lambda: read(sequential(layer("UpSampling2D", "up", size=[60000, 60000]))), "makes 360000x360000"),
    "bicubic": (lambda: read(sequential(layer("UpSampling2D", "up", interpolation="bicubic"))), "interpolation"),
    "permute_batch": (lambda: read(sequential(layer("Permute", "turn", dims=[0, 1, 2]))), "dims"),
    "threshold": (lambda: read(sequential(layer("ReLU", "jump", threshold=1.0))), "threshold"),
    "axis_of_batch": (lambda: read(sequential(layer("Concatenate", "join", axis=0))), "along axis 0"),
    "one_operand": (lambda: read(sequential(layer("Multiply", "times"))), "joins 1 tensors"),
    "line_of_images": (lambda: read(sequential(layer("MaxPooling1D", "max"))), r"works on \[1, L, C\]"),
    "no_input": (
        lambda: read({**ONE, "config": {"name": "m", "layers": [conv()]}}),
        "reads nothing",
    ),
    "list_as_config": (lambda: read([1, 2]), "config.json .*list"),
    "deep_json": (lambda: read(b"[" * 100_000), "damaged"),
    "bomb": (lambda: read(b" " * (17 << 20)), "more than"),
    "traversal": (lambda: read(ONE, **{"../../etc/cron.d/evil": b"x"}), "leads out of it"),
    "absolute": (lambda: read(ONE, **{"/etc/evil": b"x"}), "leads out of it"),
    "keras_2": (lambda: read(ONE, **{"metadata.json": b'{"keras_version": "2.15.0"}'}), "saved by Keras 2"),
    "no_archive": (lambda: parse_keras(b"PK\x03\x04nothing", "hostile"), "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_says_why(name: str) -> None:
    attempt, message = HOSTILE[name]
    with pytest.raises(ModelError, match=message):
        attempt()


def functional(inbound: Any, outputs: Any = ("conv", 0, 0)) -> Graph:
    start = {**layer("InputLayer", "image", batch_shape=[None, 6, 6, 3]), "inbound_nodes": []}
    node = {**conv(), "inbound_nodes": inbound}
    config = {"name": "m", "layers": [start, node], "input_layers": ["image", 0, 0], "output_layers": list(outputs)}
    return read({**ONE, "class_name": "Functional", "config": config})


def reads(*history: Any) -> list[Any]:
    return [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": list(history)}}], "kwargs": {}}]


def test_a_functional_network_reads() -> None:
    assert len(functional(reads("image", 0, 0)).nodes) == 1


def test_inputs_come_in_the_order_of_the_model_whatever_the_order_of_its_layers() -> None:
    starts = [
        {**layer("InputLayer", name, batch_shape=[None, 6, 6, 3]), "inbound_nodes": []} for name in ("right", "left")
    ]
    node = {**conv(), "inbound_nodes": [*reads("right", 0, 0), *reads("left", 0, 0)]}
    ends = {"input_layers": [["left", 0, 0], ["right", 0, 0]], "output_layers": [["conv", 1, 0], ["conv", 0, 0]]}
    graph = read({**ONE, "class_name": "Functional", "config": {"name": "m", "layers": [*starts, node], **ends}})
    assert [graph.tensors[i].name for i in graph.inputs] == ["left", "right"]
    readers = {n.output: n.inputs[0] for n in graph.nodes}
    assert [readers[o] for o in graph.outputs] == list(graph.inputs)


@pytest.mark.parametrize(
    ("inbound", "outputs", "message"),
    [
        (reads("conv", 0, 0), ("conv", 0, 0), "reads what no layer writes"),
        (reads("image", 0, 1), ("conv", 0, 0), "reads what no layer writes"),
        (reads("image", "0", 0), ("conv", 0, 0), "names a tensor"),
        (reads("image", 0, 0), ("gone", 0, 0), "outputs .*gone"),
        ([{"args": [[[[[[[[[[[]]]]]]]]]]]}], ("conv", 0, 0), "too deeply"),
        ([7], ("conv", 0, 0), "reads nothing"),
    ],
)
def test_wiring_that_leads_nowhere_is_refused(inbound: Any, outputs: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        functional(inbound, outputs)


KEYS = (
    *("activation", "axis", "center", "cropping", "depth_multiplier", "dilation_rate", "dims", "epsilon", "filters"),
    *("groups", "interpolation", "invert", "keepdims", "kernel_size", "max_value", "mean", "negative_slope", "offset"),
    *("output_padding", "padding", "pool_size", "scale", "shared_axes", "size", "strides", "target_shape", "threshold"),
    *("units", "use_bias", "variance", "axes", "n", "height", "width", "repeats", "shift", "indices_or_sections"),
    *("x_min", "x_max", "normalize", "initial", "antialias", "merge_mode", "reset_after", "return_sequences"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, 0, 1, 3, -1, 1.5, float("nan"), float("inf"), True, "same", "causal", "x", "silu", {}, {"a": 1}, 10**9),
    *([], [1], [2, 2], [1, 2, 3], [[1, 2], [0, 1]], [[1], [2]], [None], [1.5, 2.5], [[[1.0] * 4]], ["a"], [True, True]),
)
SHAPES = ((1, 6), (1, 8, 4), (1, 6, 5, 4), (1, 2, 3, 4, 5), (1, 4, 4), (1, 1, 4))


PART: Final = [{"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}, 1]
# What stands beside a tensor where a layer is called.
BESIDE: Final = {"GetItem": PART, "Take": [0, 1]}
SOUND: Final = {
    "filters": 4,
    "units": 3,
    "dims": [1, 2, 3],
    "target_shape": [-1],
    "axis": 1,
    "axes": [0, 2, 1],
    "n": 2,
    "height": 2,
    "width": 3,
    "repeats": 2,
    "shift": 1,
    "indices_or_sections": [1],
    "x_min": -1.0,
    "x_max": 1.0,
}
# Settings without which a layer has another default.
WITHOUT_AXIS: Final = ("BatchNormalization", "Concatenate", "LogSoftmax", "Normalization")


class Ones:
    """Weights of every layer, all 1."""

    def arrays(self, _path: str, _layer: str, shapes: Any) -> tuple[np.ndarray, ...]:
        return tuple(np.ones(shape, np.float32) for shape in shapes)


@pytest.mark.parametrize("kind", LAYERS)
def test_settings_of_any_kind_make_a_layer_or_are_refused(kind: str) -> None:
    rng = random.Random(kind)
    made, hints = 0, set[str]()
    for _ in range(150):
        size = [3] if "1D" in kind else [3, 3]
        sound = {k: v for k, v in SOUND.items() if k != "axis" or kind not in WITHOUT_AXIS}
        sound |= {"kernel_size": size} | ({"axes": [2, 2]} if kind == "Dot" else {})
        sound |= {key: layer("LSTM", "way", units=2) for key in ("layer", "backward_layer")}
        settings = sound | {key: rng.choice(VALUES) for key in rng.sample(KEYS, rng.randint(0, 3))}
        build, shapes = FloatBuilder(), rng.sample(SHAPES, 2)
        inputs = tuple(build.input(f"input{i}", *rng.choice(shapes)) for i in range(rng.choice((1, 1, 2, 3))))
        try:
            called = {"inbound_nodes": [{"args": [None, BESIDE.get(kind, 2.0)]}]}
            config = layer_config(layer(kind, "any", **settings) | called)
            outputs = apply(Call(config, build, cast(WeightFile, Ones()), "", inputs))
            if not set(outputs) <= set(build.inputs):
                build.finish("any", *outputs)
            made += 1
        except ModelError as error:
            hints.add(error.hint)
    assert made
    assert "" not in hints


def test_every_truncation_is_refused() -> None:
    data = sound()
    for length in range(4, len(data) - 1, 7):
        with pytest.raises(ModelError):
            parse_keras(data[:length], "cut")


def test_without_h5py_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sound()
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ToolError) as caught:
        parse_keras(data, "hand")
    assert "pip install 'depthwise[train]'" in str(caught.value)


def test_a_sequence_is_an_image_of_width_1_and_reshaped_at_its_ends_alone() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(3, 2, 4)).astype(np.float32), rng.normal(size=(2, 4, 5)).astype(np.float32)
    weights = weight_file({"layers/conv1d/vars/0": first, "layers/conv1d_1/vars/0": second})
    graph = read(line(conv1d("one", 4, 3), layer("ReLU", "relu"), conv1d("two", 5, 2)), weights)
    kinds = [node.op.kind for node in drop_dead(graph).nodes]
    assert kinds == ["RESHAPE", "CONV_2D", "RELU", "CONV_2D", "RESHAPE"]
    x = rng.normal(size=(1, 8, 2)).astype(np.float32)
    hidden = np.maximum(sum(x[0, at : at + 6] @ first[at] for at in range(3)), 0)
    wanted = sum(hidden[at : at + 5] @ second[at] for at in range(2))
    assert_close(run(graph, x)[graph.outputs[0]][0], wanted, rtol=1e-5, atol=1e-5)


def line(*layers: Any) -> Any:
    """A Sequential model that takes sequences [8, 2]."""
    start = layer("InputLayer", "line", batch_shape=[None, 8, 2])
    return {**ONE, "config": {"name": "model", "layers": [start, *layers]}}


def conv1d(name: str, filters: int, taps: int) -> Any:
    return layer("Conv1D", name, filters=filters, kernel_size=[taps], strides=[1], use_bias=False)


def test_all_layers_that_are_not_read_are_told_at_once() -> None:
    with pytest.raises(UnsupportedError) as caught:
        read(sequential(layer("ConvLSTM2D", "memory"), conv(), layer("Attention", "looking"), LAMBDA))
    assert [told.split(";")[0] for told in caught.value.message.splitlines()[1:]] == [
        "  layer 'memory' (ConvLSTM2D) is not supported",
        "  layer 'looking' (Attention) is not supported",
        "  layer 'evil' (Lambda) runs Python code stored in the file",
    ]


def test_inputs_and_outputs_by_name_are_taken_in_the_order_of_names() -> None:
    starts = [layer("InputLayer", name, batch_shape=[None, 4]) for name in ("b", "a")]
    total = {**layer("Subtract", "total"), "inbound_nodes": [{"args": [[tensor("a"), tensor("b")]], "kwargs": {}}]}
    config = {
        "name": "m",
        "layers": [*({**start, "inbound_nodes": []} for start in starts), total],
        "input_layers": {"y": ["b", 0, 0], "x": ["a", 0, 0]},
        "output_layers": {"only": ["total", 0, 0]},
    }
    graph = read({**ONE, "class_name": "Functional", "config": config})
    assert [graph.tensors[i].name for i in graph.inputs] == ["a", "b"]
    assert graph.nodes[0].inputs == graph.inputs


def tensor(name: str) -> Any:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


def test_a_lambda_names_the_way_out() -> None:
    with pytest.raises(UnsupportedError) as caught:
        read(sequential(LAMBDA))
    assert "never runs" in caught.value.hint
