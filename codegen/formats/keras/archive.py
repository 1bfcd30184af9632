"""Opens a `.keras` archive in memory: its configuration as JSON, its weights as bytes. Nothing is unpacked to disk."""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from depthwise.codegen.errors import ModelError, UnsupportedError

SIGNATURE: Final = b"PK\x03\x04"
METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
MOST_CONFIG_BYTES: Final = 16 << 20
MOST_WEIGHT_BYTES: Final = 1 << 30
MOST_MEMBERS: Final = 1000
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """A model as Keras saves it: the serialized object of `config.json`, and the bytes of `model.weights.h5`."""

    config: dict[str, Any]
    weights: bytes


def open_archive(data: bytes, name: str) -> Archive:
    """Read a `.keras` file of Keras 3. Raises ModelError where it is damaged, UnsupportedError for other versions."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_members(packed, name)
            version = str(_json(packed, METADATA, name).get("keras_version", "unknown"))
            config = _json(packed, CONFIG, name)
            weights = _member(packed, WEIGHTS, MOST_WEIGHT_BYTES, name)
    except DAMAGE as error:
        raise ModelError(f"{name} is a damaged .keras file: {error}", "copy or save it again") from None
    if not version.startswith("3."):
        raise UnsupportedError(f"{name} was saved by Keras {version[:20]}, Keras 3 is read", "save it with Keras 3")
    return Archive(config, weights)


def _check_members(packed: zipfile.ZipFile, name: str) -> None:
    members = packed.namelist()
    if len(members) > MOST_MEMBERS:
        raise ModelError(f"{name} holds {len(members)} files, at most {MOST_MEMBERS} are read")
    for member in members:
        path = PurePosixPath(member.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise ModelError(f"{name} holds a file that leads out of it: {member[:80]!r}", "do not trust this file")
    for needed in (METADATA, CONFIG, WEIGHTS):
        if needed not in members:
            raise ModelError(f"{name} holds no {needed}", "give a .keras file as model.save() writes it")


def _member(packed: zipfile.ZipFile, member: str, most: int, name: str) -> bytes:
    with packed.open(member) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ModelError(f"{member} of {name} has more than {most:,} bytes unpacked", "do not trust this file")
    return data


def _json(packed: zipfile.ZipFile, member: str, name: str) -> dict[str, Any]:
    found = json.loads(_member(packed, member, MOST_CONFIG_BYTES, name))
    if not isinstance(found, dict):
        raise ModelError(f"{member} of {name} holds {type(found).__name__}, it must be an object")
    return found
