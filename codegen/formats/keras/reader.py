"""From a `.keras` file to a float graph, by its configuration and its weights alone.

Keras names the weights of a layer after its class and its place among the layers of that class, inside the
model it belongs to: `layers/conv2d_1/vars/0` are those of the second Conv2D.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from depthwise.codegen.errors import ModelError, UnsupportedError, together
from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.graph import Graph

from .archive import open_archive
from .call import Call
from .config import LARGEST, LayerConfig, layer_config
from .layers import LAYERS, apply, unsupported
from .weights import WeightFile

MODELS: Final = ("Functional", "Sequential", "Model")
MOST_LAYERS: Final = 10_000
DEEPEST: Final = 8

# Name of a layer, number of its call, and of the tensor among those that it writes.
LayerOutput = tuple[str, int, int]


def parse_keras(data: bytes, name: str) -> Graph:
    """Parse the bytes of a `.keras` file of Keras 3 into a float graph with batch 1.

    Raises ModelError where it is damaged, UnsupportedError for a layer that is not done, or that is code.
    """
    archive = open_archive(data, name)
    model = layer_config(archive.config)
    with WeightFile(archive.weights) as weights:
        reader = _Reader(weights)
        outputs = reader.model(model, "", (), 0)
    return reader.build.finish(name, *outputs)


class _Reader:
    """Walks a model and the models inside it, and adds their layers to one network."""

    def __init__(self, weights: WeightFile) -> None:
        self.build = FloatBuilder()
        self.weights = weights

    def model(self, model: LayerConfig, path: str, inputs: tuple[int, ...], depth: int) -> tuple[int, ...]:
        """Add all layers of a model that reads tensors `inputs` (none: it has inputs of its own)."""
        if model.kind not in MODELS:
            raise UnsupportedError(f"{model} is no Functional or Sequential model", "build it from Keras layers")
        entries = model.settings.get("layers")
        if not isinstance(entries, list) or not 0 < len(entries) <= MOST_LAYERS or depth > DEEPEST:
            raise ModelError(f"{model} has no list of layers, or models nested {depth} deep")
        layers = _layers(entries)
        paths = _paths(layers, path, drop_input=model.kind == "Sequential")
        if model.kind == "Sequential":
            return self._sequential(model, layers, paths, inputs, depth)
        return self._functional(model, layers, paths, inputs, depth)

    def _sequential(
        self, model: LayerConfig, layers: Sequence[LayerConfig], paths: Sequence[str], x: tuple[int, ...], depth: int
    ) -> tuple[int, ...]:
        for layer, path in zip(layers, paths, strict=True):
            if layer.kind == "InputLayer":
                x = x or (self._input(layer),)
            elif not x:
                shape = model.settings.get("build_input_shape")
                x = (self._input_of(model, shape),) if shape is not None else ()
                x = self._called(layer, path, x, depth)
            else:
                x = self._called(layer, path, x, depth)
        return x

    def _functional(
        self, model: LayerConfig, layers: Sequence[LayerConfig], paths: Sequence[str], x: tuple[int, ...], depth: int
    ) -> tuple[int, ...]:
        known: dict[LayerOutput, int] = {}
        given = self._given(model, layers, x)
        waiting = [(layer, path, i) for layer, path in zip(layers, paths, strict=True) for i in _calls(layer)]
        while waiting:
            left = []
            for layer, path, i in waiting:
                if layer.kind == "InputLayer":
                    known[layer.name, i, 0] = given[layer.name] if layer.name in given else self._input(layer)
                    continue
                reads = _places_in(layer.calls[i])
                if all(place in known for place in reads):
                    made = self._called(layer, path, tuple(known[place] for place in reads), depth)
                    known |= {(layer.name, i, at): tensor for at, tensor in enumerate(made)}
                else:
                    left.append((layer, path, i))
            if len(left) == len(waiting):
                raise ModelError(f"{left[0][0]} of model {model.name!r} reads what no layer writes")
            waiting = left
        ends = _places(model.settings.get("output_layers"))
        if not ends or not all(place in known for place in ends):
            raise ModelError(f"model {model.name!r} has outputs {ends[:4]} that no layer writes")
        return tuple(known[place] for place in ends)

    def _given(self, model: LayerConfig, layers: Sequence[LayerConfig], x: tuple[int, ...]) -> dict[str, int]:
        """Tensors of a model's inputs by the layer's name: those it is called with, or its own in their order."""
        names = [name for name, _, _ in _places(model.settings.get("input_layers"))]
        if x:
            return dict(zip(names, x, strict=False))
        own = {layer.name: layer for layer in layers if layer.kind == "InputLayer"}
        return {name: self._input(own[name]) for name in names if name in own}

    def _called(self, layer: LayerConfig, path: str, inputs: tuple[int, ...], depth: int) -> tuple[int, ...]:
        if not inputs:
            raise ModelError(f"{layer} reads nothing", "give the model an input of a fixed shape")
        if layer.kind in MODELS:
            return self.model(layer, path, inputs, depth + 1)
        return apply(Call(layer, self.build, self.weights, path, inputs))

    def _input(self, layer: LayerConfig) -> int:
        return self._input_of(layer, layer.settings.get("batch_shape", layer.settings.get("batch_input_shape")))

    def _input_of(self, layer: LayerConfig, shape: object) -> int:
        if not isinstance(shape, list) or not 1 < len(shape) <= 5 or shape[0] not in (None, 1):
            raise UnsupportedError(f"{layer} has shape {str(shape)[:60]}", "give it a fixed shape and batch None or 1")
        sizes = [n for n in shape[1:] if type(n) is int and 0 < n <= LARGEST]
        if len(sizes) != len(shape) - 1:
            raise UnsupportedError(f"{layer} has shape {shape}, every size must be fixed", "fix the input's size")
        return self.build.input(layer.name, 1, *sizes)


def _layers(entries: Sequence[object]) -> list[LayerConfig]:
    """Entries of a model's `layers`, checked. Raises UnsupportedError for all whose class is not read."""
    layers, refused = list[LayerConfig](), list[UnsupportedError]()
    for entry in entries:
        try:
            layer = layer_config(entry)
        except UnsupportedError as error:
            refused.append(error)
            continue
        layers.append(layer)
        if layer.kind not in (*LAYERS, *MODELS, "InputLayer"):
            refused.append(unsupported(layer))
    if refused:
        raise together(refused)
    return layers


def _paths(layers: Sequence[LayerConfig], path: str, *, drop_input: bool) -> list[str]:
    seen: Counter[str] = Counter()
    paths = []
    for layer in layers:
        group = _snake(layer.kind)
        skipped = drop_input and layer.kind == "InputLayer"
        number = seen[group]
        seen[group] += not skipped
        inside = f"layers/{group}_{number}" if number else f"layers/{group}"
        paths.append(f"{path}/{inside}" if path else inside)
    return paths


def _snake(kind: str) -> str:
    """Keras' group name of a class: `DepthwiseConv2D` is `depthwise_conv2d`, `ReLU` is `re_lu`."""
    words = re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", re.sub(r"\W", "", kind))
    return words.lower()


def _calls(layer: LayerConfig) -> range:
    return range(max(len(layer.calls), 1) if layer.kind == "InputLayer" else len(layer.calls))


def _places_in(call: object) -> list[LayerOutput]:
    """Places (layer, number of its call) that one call of a layer reads, in order."""
    found = [_place(value) for value in _tensors(call.get("args") if isinstance(call, dict) else None, 0)]
    if isinstance(call, dict) and isinstance(call.get("kwargs"), dict):
        found += [_place(value) for value in _tensors(list(call["kwargs"].values()), 0)]
    return found


def _tensors(value: object, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise ModelError("the configuration nests the arguments of a layer too deeply")
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        yield value["config"].get("keras_history") if isinstance(value.get("config"), dict) else None
    elif isinstance(value, list):
        for item in value:
            yield from _tensors(item, depth + 1)


def _places(value: object) -> list[LayerOutput]:
    """Ends of a model: one [name, call, tensor], a list of them, or some by name, which Keras sorts."""
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value)]
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_place(value)]
    return [_place(v) for v in value] if isinstance(value, list) else []


def _place(value: object) -> LayerOutput:
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[0], str) or not _are_numbers(value[1:]):
        raise ModelError(f"the configuration names a tensor as {str(value)[:60]}", "save the model again")
    return value[0], value[1], value[2]


def _are_numbers(values: list[object]) -> bool:
    return all(type(value) is int for value in values)
