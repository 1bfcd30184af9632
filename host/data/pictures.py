"""Reads pictures of every usual format into pixel values, whatever their depth, palette or orientation.

Pillow tells a format by the first bytes, not by the name. It is given the formats below and no others: EPS, for
one, would start Ghostscript on a file that calls itself PNG.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError, ToolError

MOST_PIXELS: Final = 64_000_000
# Decoded by Pillow itself and the libraries in it; those without a signature come last. With the ends of their names.
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "GIF": (".gif",),
    "BMP": (".bmp",),
    "DIB": (".dib",),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "AVIF": (".avif", ".avifs"),
    "JPEG2000": (".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
    "QOI": (".qoi",),
    "ICO": (".ico",),
    "CUR": (".cur",),
    "ICNS": (".icns",),
    "PCX": (".pcx",),
    "DCX": (".dcx",),
    "SGI": (".sgi", ".rgb", ".rgba", ".bw"),
    "DDS": (".dds",),
    "BLP": (".blp",),
    "FTEX": (".ftc", ".ftu"),
    "GBR": (".gbr",),
    "FITS": (".fits", ".fit"),
    "FLI": (".fli", ".flc"),
    "PIXAR": (".pxr",),
    "PSD": (".psd",),
    "SUN": (".ras",),
    "MSP": (".msp",),
    "IM": (".im",),
    "XBM": (".xbm",),
    "XPM": (".xpm",),
    "XVTHUMB": (".xv",),
    "SPIDER": (".spi", ".spider"),
    "TGA": (".tga", ".vda", ".icb", ".vst"),
}
SUFFIXES: Final = frozenset(suffix for suffixes in FORMATS.values() for suffix in suffixes)
USUAL: Final = "PNG, JPEG, GIF, BMP, TIFF, WebP and others that Pillow decodes by itself"
DEPTH_TAG: Final = 258  # TIFF 6.0, BitsPerSample
PHOTOMETRIC_TAG: Final = 262  # 0: white is zero

Floats = NDArray[np.float32]


def is_picture(path: Path) -> bool:
    """Tell by its name whether a file is to be read as a picture."""
    return path.suffix.lower() in SUFFIXES


def read_pixels(path: Path, size: tuple[int, int], channels: int, *, resize: bool) -> NDArray[Any]:
    """Pixels [H,W,channels] from 0 to 255: uint8, or float32 where a file has more than 8 bits; upright by its EXIF.

    `size` is (width, height), `channels` 1 (gray) or 3 (RGB). Of an animation the first picture is read. Transparency
    is left out, as by TensorFlow's and Keras' readers. Raises InputError for a picture that cannot be read or has
    another size (without `resize`), ToolError without Pillow.
    """
    pillow = _pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, and of odd metadata: both are judged here
            with pillow.open(path, formats=_known(pillow)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    found = f"{opened.width}x{opened.height}"
                    raise InputError(f"{path.name} has {found} pixels, at most {MOST_PIXELS:,} are read")
                return _fitted(pillow, path.name, opened, size, channels, resize=resize)
    except InputError:
        raise
    except pillow.DecompressionBombError:
        raise InputError(f"{path.name} has too many pixels, at most {MOST_PIXELS:,} are read") from None
    except pillow.UnidentifiedImageError:
        raise InputError(
            f"cannot read image {path}: it has no format that is read", f"remove it, or save it as {USUAL}"
        ) from None
    except Exception as error:  # a decoder may stumble over a damaged file in any way
        raise InputError(f"cannot read image {path}: {error}", "remove or replace it") from None


def _fitted(
    pillow: ModuleType, name: str, opened: Any, size: tuple[int, int], channels: int, *, resize: bool
) -> NDArray[Any]:
    from PIL import ImageOps  # noqa: PLC0415 - only pictures need it

    tags = dict(getattr(opened, "tag_v2", {}))  # of TIFF; a picture that was turned has lost them
    image = _plain(pillow, name, ImageOps.exif_transpose(opened), channels, tags)
    if image.size != size:
        if not resize:
            found, wanted = (f"{width}x{height}" for width, height in (image.size, size))
            raise InputError(f"{name} is {found}, the network takes {wanted}", "scale it, or --resize")
        for step in ((size[0], image.height), size):  # columns first: which of both does, differs between Pillows
            image = image.resize(step, pillow.Resampling.BILINEAR)
    pixels: NDArray[Any] = np.asarray(image)
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], channels, axis=2)


def _plain(pillow: ModuleType, name: str, image: Any, channels: int, tags: Mapping[int, Any]) -> Any:
    """The picture as L or RGB, or as F with values 0 to 255 where it is gray with more than 8 bits."""
    if image.mode == "F" or image.mode.startswith("I"):
        values = np.asarray(image).astype(np.float32)
        scaled = values * np.float32(255 / white(name, image.mode, values, tags))
        return pillow.fromarray(255 - scaled if tags.get(PHOTOMETRIC_TAG) == 0 else scaled)
    if image.mode in {"La", "RGBa"}:
        image = image.convert(image.mode.upper())
    if image.mode in {"P", "PA", "LAB", "HSV", "CMYK", "YCbCr"}:
        image = image.convert("RGB")
    return image.convert("L" if channels == 1 else "RGB")


def white(name: str, mode: str, values: Floats, tags: Mapping[int, Any]) -> float:
    """What white is in a gray picture of more than 8 bits: 65,535 of integers, unless a TIFF file says fewer bits.

    Of real numbers 1, or 255 where all of them are whole. Raises InputError for values beyond.
    """
    low, high = float(values.min()), float(values.max())
    if mode == "F":
        whole = high > 1 and bool((values == np.rint(values)).all())
        white = 255 if whole else 1
    else:
        bits = tags.get(DEPTH_TAG, (16,))[0]
        white = (1 << bits if 8 < bits < 16 else 1 << 16) - 1
    if not 0 <= low <= high <= white:
        raise InputError(f"{name} has values {low:g} to {high:g}, 0 to {white:,} are read", "save it with 8 or 16 bits")
    return white


def _known(pillow: ModuleType) -> tuple[str, ...]:
    pillow.init()
    return tuple(name for name in FORMATS if name in pillow.OPEN)


def _pillow() -> ModuleType:
    try:
        from PIL import Image  # noqa: PLC0415 - only pictures need it
    except ImportError:
        raise ToolError(
            "reading images needs Pillow", "pip install 'depthwise[images]', or give an .npy file"
        ) from None
    return Image
