"""Damaged `.keras` archives: their configuration, the container, and the weights inside."""

import io
import zipfile
from functools import cache

from depthwise.codegen.formats.keras.reader import parse_keras
from tests.support.places import FIXTURES

from .damage import damaged
from .folders import exchanged

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"


@cache
def members() -> dict[str, bytes]:
    """Members of a sound archive in which every layer that is read occurs."""
    with zipfile.ZipFile(FIXTURES / "every_layer.keras") as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def try_archive(seed: int) -> None:
    """Read the damaged archive of a seed: its container, its configuration or its weights are damaged."""
    parts = dict(members())
    match seed % 4:
        case 0:
            data = damaged(_packed(parts), seed)
        case 1:
            parts[WEIGHTS] = damaged(parts[WEIGHTS], seed)
            data = _packed(parts)
        case _:
            parts[CONFIG] = damaged(parts[CONFIG], seed) if seed % 4 == 2 else exchanged(parts[CONFIG].decode(), seed)
            data = _packed(parts)
    parse_keras(data, "damaged")


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
