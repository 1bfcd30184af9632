"""From blocks to the layers they stand for, each with its name, inputs and output shape, in order."""

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from enum import Enum
from math import prod

from depthwise.codegen.errors import InputError
from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, Head, Pair

IMAGE = "image"
NONE = Activation.NONE
ONE = (1, 1)


class LayerKind(Enum):
    """One layer, as frameworks know it."""

    CONV = "convolution"
    DEPTHWISE = "depthwise convolution"
    DENSE = "fully connected"
    ADD = "sum of two"
    POOL = "maximum pooling"
    SHUFFLE = "channel shuffle"
    MEAN = "mean over all positions"
    SOFTMAX = "softmax"
    HARD_SWISH = "x · min(max(x + 3, 0), 6) / 6"
    RAISED = "min(max(x + 3, 0), 6)"
    SIXTH = "x / 6"
    WEIGHED = "channels times numbers"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: reads the outputs of `inputs` (layer names, or `image`), writes `shape`, [H, W, C] or [N].

    A mean of shape [1, 1, C] keeps its axes.

    `normalized` layers are followed by BatchNorm before their activation while they are trained. Padding is SAME.
    """

    name: str
    kind: LayerKind
    inputs: tuple[str, ...]
    _: KW_ONLY
    shape: tuple[int, ...]
    kernel: Pair = ONE
    stride: Pair = ONE
    groups: int = 1
    activation: Activation = NONE
    normalized: bool = False


def layers(architecture: Architecture) -> tuple[Layer, ...]:
    """All layers of an architecture. Raises InputError where groups do not divide the channels."""
    found = [Layer(IMAGE, LayerKind.POOL, (), shape=architecture.image)]
    for number, block in enumerate(architecture.blocks):
        name = "stem" if number == 0 else f"block{number}"
        found.extend(_swished(block, _block(name, block, found[-1])))
    found += _head(architecture, found[-1])
    return tuple(found[1:])


def weights_shape(layer: Layer, image: tuple[int, ...]) -> tuple[int, ...] | None:
    """Shape of a layer's weights in TensorFlow Lite's order, given the shape it reads; None if it has none."""
    match layer.kind:
        case LayerKind.CONV:
            return (layer.shape[-1], *layer.kernel, image[-1] // layer.groups)
        case LayerKind.DEPTHWISE:
            return (1, *layer.kernel, layer.shape[-1])
        case LayerKind.DENSE:
            return (layer.shape[-1], prod(image))
        case _:
            return None


def _block(name: str, block: Block, before: Layer) -> Iterator[Layer]:
    wanted = block.residual and block.stride == ONE and before.shape[-1] == block.channels
    linear = wanted or block.kind in {BlockKind.BOTTLENECK, BlockKind.FUSED}
    last = NONE if linear else block.activation
    made = _inner(name, block, before, last)
    yield from made
    if wanted:
        behind = NONE if block.kind in {BlockKind.BOTTLENECK, BlockKind.FUSED} else block.activation
        inputs = (before.name, made[-1].name)
        yield Layer(f"{name}_add", LayerKind.ADD, inputs, shape=made[-1].shape, activation=behind)


def _swished(block: Block, made: Iterable[Layer]) -> Iterator[Layer]:
    """Layers of a block with a hard swish of its own behind each that has the block's activation, if it has that."""
    now: dict[str, str] = {}
    for given in made:
        layer = replace(given, inputs=tuple(now.get(name, name) for name in given.inputs))
        if not block.hard_swish or not layer.normalized or layer.activation is NONE:
            yield layer
            continue
        swish = Layer(f"{layer.name}_swish", LayerKind.HARD_SWISH, (layer.name,), shape=layer.shape)
        now[layer.name] = swish.name
        yield from (replace(layer, activation=NONE), swish)


def _squeezed(name: str, block: Block, before: Layer) -> list[Layer]:
    """Hu and others, "Squeeze-and-Excitation Networks" (2018), with a hard sigmoid; nothing where a block has none."""
    if not block.squeeze:
        return []
    channels = before.shape[-1]
    mean = Layer(f"{name}_mean", LayerKind.MEAN, (before.name,), shape=(1, 1, channels))
    narrow = replace(_conv(f"{name}_squeeze", mean, block.squeeze, activation=Activation.RELU), normalized=False)
    wide = replace(_conv(f"{name}_excite", narrow, channels, activation=NONE), normalized=False)
    raised = Layer(f"{name}_raised", LayerKind.RAISED, (wide.name,), shape=wide.shape)
    gate = Layer(f"{name}_gate", LayerKind.SIXTH, (raised.name,), shape=wide.shape)
    weighed = Layer(f"{name}_weighed", LayerKind.WEIGHED, (before.name, gate.name), shape=before.shape)
    return [mean, narrow, wide, raised, gate, weighed]


def _inner(name: str, block: Block, before: Layer, last: Activation) -> list[Layer]:
    channels, act = block.channels, block.activation
    match block.kind:
        case BlockKind.POOL:
            shape = _swept(before.shape, block.stride, before.shape[-1])
            return [Layer(name, LayerKind.POOL, (before.name,), shape=shape, kernel=block.kernel, stride=block.stride)]
        case BlockKind.CONV:
            return [_conv(name, before, channels, activation=last, kernel=block.kernel, stride=block.stride)]
        case BlockKind.SEPARABLE:
            depthwise = _depthwise(f"{name}_depthwise", before, block, act)
            return [depthwise, _conv(f"{name}_pointwise", depthwise, channels, activation=last)]
        case BlockKind.BOTTLENECK:
            wide = _expand(name, block, before)
            depthwise = _depthwise(f"{name}_depthwise", [before, *wide][-1], block, act)
            squeezed = _squeezed(name, block, depthwise)
            project = _conv(f"{name}_project", [depthwise, *squeezed][-1], channels, activation=last)
            return [*wide, depthwise, *squeezed, project]
        case BlockKind.FUSED:
            wide = _expand(name, block, before)
            read, kernel = [before, *wide][-1], block.kernel
            return [*wide, _conv(f"{name}_conv", read, channels, activation=last, kernel=kernel, stride=block.stride)]
        case BlockKind.SHUFFLE:
            return _shuffle_unit(name, block, before, last)


def _expand(name: str, block: Block, before: Layer) -> list[Layer]:
    if block.hidden == before.shape[-1]:
        return []
    return [_conv(f"{name}_expand", before, block.hidden, activation=block.activation)]


def _shuffle_unit(name: str, block: Block, before: Layer, last: Activation) -> list[Layer]:
    """Zhang and others, ShuffleNet (2017), figure 2 b; the first unit reads too few channels to group them."""
    for channels in (block.hidden, block.channels) if block.groups > 1 else ():
        if channels % block.groups:
            raise InputError(
                f"{name} has {channels} channels, {block.groups} groups do not divide them",
                "take a width whose channels the groups divide",
            )
    groups = block.groups if before.shape[-1] % block.groups == 0 else 1
    narrow = replace(_conv(f"{name}_reduce", before, block.hidden, activation=block.activation), groups=groups)
    shuffle = Layer(f"{name}_shuffle", LayerKind.SHUFFLE, (narrow.name,), shape=narrow.shape, groups=block.groups)
    between = [narrow, shuffle] if block.groups > 1 else [narrow]
    depthwise = _depthwise(f"{name}_depthwise", between[-1], block, NONE)
    wide = replace(_conv(f"{name}_grow", depthwise, block.channels, activation=last), groups=block.groups)
    return [*between, depthwise, wide]


def _depthwise(name: str, before: Layer, block: Block, activation: Activation) -> Layer:
    shape = _swept(before.shape, block.stride, before.shape[-1])
    kernel, stride = block.kernel, block.stride
    return Layer(
        name,
        LayerKind.DEPTHWISE,
        (before.name,),
        shape=shape,
        kernel=kernel,
        stride=stride,
        groups=1,
        activation=activation,
        normalized=True,
    )


def _conv(
    name: str, before: Layer, channels: int, *, activation: Activation, kernel: Pair = ONE, stride: Pair = ONE
) -> Layer:
    shape = _swept(before.shape, stride, channels)
    return Layer(
        name,
        LayerKind.CONV,
        (before.name,),
        shape=shape,
        kernel=kernel,
        stride=stride,
        groups=1,
        activation=activation,
        normalized=True,
    )


def _swept(shape: tuple[int, ...], stride: Pair, channels: int) -> tuple[int, ...]:
    return (-(-shape[0] // stride[0]), -(-shape[1] // stride[1]), channels)


def _head(architecture: Architecture, before: Layer) -> Iterator[Layer]:
    classes, last = architecture.classes, before
    if architecture.head in {Head.MEAN, Head.CELLS}:
        last = replace(_conv("classes", last, classes, activation=NONE), normalized=False)
        yield last
    if architecture.head in {Head.MEAN, Head.DENSE}:
        last = Layer("mean", LayerKind.MEAN, (last.name,), shape=last.shape[-1:])
        yield last
    if architecture.head in {Head.DENSE, Head.FLAT}:
        for number, width in enumerate(architecture.dense, 1):
            *_, last = made = _dense(f"dense{number}", last, width, architecture.blocks[-1])
            yield from made
        last = Layer("classes", LayerKind.DENSE, (last.name,), shape=(classes,))
        yield last
    yield Layer("softmax", LayerKind.SOFTMAX, (last.name,), shape=last.shape)


def _dense(name: str, before: Layer, width: int, block: Block) -> list[Layer]:
    """A fully connected layer with a block's activation."""
    activation = NONE if block.hard_swish else block.activation
    dense = Layer(name, LayerKind.DENSE, (before.name,), shape=(width,), activation=activation)
    swish = Layer(f"{name}_swish", LayerKind.HARD_SWISH, (name,), shape=(width,))
    return [dense, swish] if block.hard_swish else [dense]
