"""Pooling layers: through windows, and over everything."""

import numpy as np

from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D, Pads, ReduceMax

from .call import Call, sequence_of


def pool(call: Call, op: type[AveragePool2D] | type[MaxPool2D]) -> int:
    """MaxPooling1D and 2D, AveragePooling1D and 2D."""
    on = call.on_image() if call.layer.rank == 1 else call
    kernel = call.layer.sizes("pool_size", 2)
    stride = call.layer.sizes("strides") if call.layer.settings.get("strides") is not None else kernel
    height, width, channels = on.image()
    pads: Pads = call.layer.pads((height, width), kernel, stride)
    on.swept(kernel, stride, (1, 1), pads, channels)
    made = call.build.pool(call.name, on.x, op(kernel, stride, pads, Activation.NONE))
    return sequence_of(call.build, call.name, made) if call.layer.rank == 1 else made


def global_average(call: Call) -> int:
    """GlobalAveragePooling1D and 2D."""
    on, kept = _everything(call)
    return _ended(call, call.build.mean(call.name, on.x, keep=kept), kept)


def global_max(call: Call) -> int:
    """GlobalMaxPooling1D and 2D."""
    on, kept = _everything(call)
    axes = call.build.constant(f"{call.name}/axes", np.array([1, 2], np.int32))
    channels = on.image()[2]
    shape = (1, 1, 1, channels) if kept else (1, channels)
    return _ended(call, call.build.node(call.name, ReduceMax((1, 2)), (on.x, axes), shape), kept)


def _everything(call: Call) -> tuple[Call, bool]:
    call.layer.only("data_format", "channels_last", None)
    on = call.on_image() if call.layer.rank == 1 else call
    on.image()
    return on, call.layer.flag("keepdims", default=False)


def _ended(call: Call, x: int, kept: bool) -> int:
    return sequence_of(call.build, call.name, x) if kept and call.layer.rank == 1 else x
