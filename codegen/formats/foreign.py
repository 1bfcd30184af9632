"""Files that are no model which is read here, told by their first bytes, and the way from each to one that is."""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ModelError, UnsupportedError

FIRST: Final = 64 * 1024
CONVERTER: Final = "tf.lite.TFLiteConverter.from_saved_model('FOLDER').convert() gives the bytes of a .tflite file"
KERAS: Final = "open it in Keras 3 and save it again: keras.models.load_model('FILE').save('model.keras')"
TORCH: Final = "convert it where it was trained: litert_torch.convert(model.eval(), (sample,)).export('model.tflite')"
ONNX: Final = "convert it to a .tflite file, for example by `onnx2tf -i FILE` (pip install onnx2tf)"
UNPACK: Final = "unpack it, and give the .tflite or .keras file in it"
BYTES_AGAIN: Final = (
    'give the .tflite file that it was made from, or make one of it again: python3 -c "import re, sys; '
    "sys.stdout.buffer.write(bytes(int(x, 16) for x in re.findall(r'0x([0-9a-fA-F]{2})\\b', sys.stdin.read())))\" "
    "< FILE > model.tflite"
)
# Of the formats that have a signature: what it is, and what to do.
SIGNATURES: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras 2 saves models (.h5)", KERAS),
    (b"version https://git-lfs.github.com/spec/", "a pointer of Git LFS, not the model itself", "run `git lfs pull`"),
    (b"\x08\x01\x12", "a SavedModel's saved_model.pb", f"{CONVERTER} (give it the whole folder)"),
    (b"\x80\x02", "a Python pickle, as PyTorch saved models, which is never opened", TORCH),
    (b"\x80\x04", "a Python pickle, which is never opened", TORCH),
    (b"\x1f\x8b", "a gzip archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"\x93NUMPY", "an array of NumPy", "give the model itself"),
)
ONNX_START: Final = re.compile(rb"\x08[\x02-\x1f](?:\x12.[ -~]|:|B)", re.DOTALL)
C_ARRAY: Final = re.compile(rb"\{\s{0,99}0x[0-9a-fA-F]{1,2},\s{0,99}0x[0-9a-fA-F]{1,2}\s{0,99},")
WEB_PAGE: Final = re.compile(rb"\s{0,99}<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def refuse_folder(path: Path) -> None:
    """Raise UnsupportedError for a folder, with the way from a SavedModel, if it is one."""
    if not path.is_dir():
        return
    if (path / "saved_model.pb").is_file():
        raise UnsupportedError(f"{path} is a SavedModel of TensorFlow", CONVERTER.replace("FOLDER", path.name))
    raise UnsupportedError(f"{path} is a folder", "give a .tflite or .keras file")


def refuse_foreign(data: bytes, name: str) -> None:
    """Raise UnsupportedError for bytes of a known other kind, ModelError for an empty file."""
    if not data:
        raise ModelError(f"{name} is empty", "copy or save it again")
    first = data[:FIRST]
    found = next(((what, way) for start, what, way in SIGNATURES if first.startswith(start)), None)
    found = found or _text(first) or _archive(data, first)
    if found is None and (ONNX_START.match(first) or name.lower().endswith(".onnx")):
        found = "an ONNX model", ONNX
    if found is not None:
        what, way = found
        raise UnsupportedError(f"{name} is {what}", way.replace("FILE", name))


def _text(first: bytes) -> tuple[str, str] | None:
    if C_ARRAY.search(first):
        return "C source with an array of bytes", BYTES_AGAIN
    if WEB_PAGE.match(first):
        return "a web page", "the download went wrong: take the link to the raw file"
    if b'"modelTopology"' in first:
        return "a model of TensorFlow.js", "convert the Keras model or SavedModel that it was made from"
    return None


def _archive(data: bytes, first: bytes) -> tuple[str, str] | None:
    if first[257:262] == b"ustar":
        return "a tar archive", UNPACK
    if not first.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None  # what is damaged is told by the reader of .keras archives
    if any(member.endswith("data.pkl") for member in names):
        return "a PyTorch file, which is never opened", TORCH
    if "config.json" in names or "model.weights.h5" in names:
        return None
    if any(member.endswith("saved_model.pb") for member in names):
        return "a zip archive with a SavedModel", f"unpack it; {CONVERTER}"
    return "a zip archive", UNPACK
