"""Layers that move elements: padding, cropping, new shapes, turned axes, larger images."""

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph.windows import Pair
from depthwise.codegen.operators import Pads, ResizeBilinear, ResizeNearestNeighbor, Slice

from .call import MOST_ELEMENTS, SMALLER, Call, sequence_of
from .slicing import sliced

MOST: int = 4096
REST = -1


def _borders(call: Call, key: str) -> Pads:
    """Two numbers for each axis of the image: [[top, bottom], [left, right]], or fewer that stand for them."""
    call.layer.only("data_format", "channels_last", None)
    given = call.layer.settings.get(key, 1)
    if call.layer.rank == 1:
        pair = [given, given] if isinstance(given, int) else given
        amounts: object = [pair, [0, 0]]
    else:
        amounts = [[given, given]] * 2 if isinstance(given, int) else given
        if isinstance(amounts, list) and len(amounts) == 2:
            amounts = [[a, a] if isinstance(a, int) else a for a in amounts]
    flat = [n for pair in amounts for n in pair] if _is_pairs(amounts) else []  # type: ignore[attr-defined]
    if len(flat) != 4 or not all(type(n) is int and 0 <= n <= MOST for n in flat):
        raise ModelError(f"{call.layer} has {key} {str(given)[:40]}, it must be two whole numbers for each axis")
    return Pads(*flat)


def _is_pairs(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, list) and len(v) == 2 for v in value)


def zero_padding(call: Call) -> int:
    """ZeroPadding1D, ZeroPadding2D."""
    pads = _borders(call, "padding")
    on = call.on_image() if call.layer.rank == 1 else call
    made = call.build.pad(call.name, on.x, on.swept((1, 1), (1, 1), (1, 1), pads, on.image()[2]))
    return sequence_of(call.build, call.name, made) if call.layer.rank == 1 else made


def cropping(call: Call) -> int:
    """Cropping1D, Cropping2D: SLICE."""
    gone = _borders(call, "cropping")
    on = call.on_image() if call.layer.rank == 1 else call
    height, width, channels = on.image()
    shape = 1, height - gone.top - gone.bottom, width - gone.left - gone.right, channels
    if min(shape) < 1:
        raise ModelError(f"{call.layer} leaves {shape[1]}x{shape[2]} of {height}x{width}", "crop less")
    begin = 0, gone.top, gone.left, 0
    size = REST, shape[1] if gone.bottom else REST, shape[2] if gone.right else REST, REST
    made = call.build.slice(call.name, on.x, Slice(begin, size), shape)
    return sequence_of(call.build, call.name, made) if call.layer.rank == 1 else made


def center_crop(call: Call) -> int:
    """CenterCrop of a larger image."""
    call.layer.only("data_format", "channels_last", None)
    (height, width, _), wanted = call.image(), (call.layer.whole("height"), call.layer.whole("width"))
    gone = height - wanted[0], width - wanted[1]
    if min(gone) < 0:
        raise UnsupportedError(f"{call.layer} makes {wanted} of {height}x{width}", "crop a larger image, or resize it")
    spans = [slice(n // 2, n // 2 + size) for n, size in zip(gone, wanted, strict=True)]
    return sliced(call, call.name, [slice(None), *spans])


def resizing(call: Call) -> int:
    """Resizing, and `keras.ops.image.resize`: to a size, by the nearest pixel or between four."""
    call.layer.only("interpolation", "bilinear", "nearest")
    for key in ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"):
        call.layer.only(key, False)
    if "height" in call.layer.settings:
        size = call.layer.whole("height"), call.layer.whole("width")
    else:
        size = call.layer.pair("size")
    return _resized(call, call, size)


def up_sampling(call: Call) -> int:
    """UpSampling1D, UpSampling2D: to the nearest pixel, or between four."""
    call.layer.only("interpolation", "nearest", *(["bilinear"] if call.layer.rank == 2 else []))
    on = call.on_image() if call.layer.rank == 1 else call
    (height, width, _), times = on.image(), call.layer.sizes("size", 2)
    return _resized(call, on, (height * times[0], width * times[1]))


def _resized(call: Call, on: Call, size: Pair) -> int:
    call.layer.only("data_format", "channels_last", None)
    height, width, channels = on.image()
    if size[0] * size[1] * channels > MOST_ELEMENTS:
        raise ModelError(f"{call.layer} makes {size[0]}x{size[1]}x{channels} of {height}x{width}", SMALLER)
    shape = call.build.constant(f"{call.name}/size", np.array(size, np.int32))
    bilinear = call.layer.settings.get("interpolation") == "bilinear"
    kind = ResizeBilinear if bilinear else ResizeNearestNeighbor
    op = kind(size, align_corners=False, half_pixel_centers=True)
    made = call.build.node(call.name, op, (on.x, shape), (1, *size, channels))
    return sequence_of(call.build, call.name, made) if call.layer.rank == 1 else made


def flatten(call: Call) -> int:
    """Flatten."""
    return call.build.reshape(call.name, call.x, 1, int(np.prod(call.shape)))


def reshape(call: Call) -> int:
    """Reshape; one size may be −1, what is left."""
    wanted, total = call.layer.settings.get("target_shape"), int(np.prod(call.shape))
    if not isinstance(wanted, list) or not all(type(n) is int and (n == -1 or 0 < n <= total) for n in wanted):
        raise ModelError(f"{call.layer} has target_shape {str(wanted)[:60]}")
    known = int(np.prod([n for n in wanted if n != -1], dtype=np.float64))
    if wanted.count(-1) > 1 or total % known or (-1 not in wanted and known != total):
        raise ModelError(f"{call.layer} makes {wanted[:8]} of {total} elements")
    return call.build.reshape(call.name, call.x, 1, *(total // known if n == -1 else n for n in wanted))


def permute(call: Call) -> int:
    """Permute: axes behind the batch in another order, counted from 1."""
    dims, rank = call.layer.settings.get("dims"), len(call.shape)
    if not isinstance(dims, list) or not all(type(n) is int for n in dims) or sorted(dims) != list(range(1, rank)):
        raise UnsupportedError(f"{call.layer} has dims {str(dims)[:40]}", f"name each of the axes 1 to {rank - 1} once")
    return call.build.transpose(call.name, call.x, 0, *dims)
