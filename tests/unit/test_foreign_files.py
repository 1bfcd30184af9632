"""Files that people give in place of a model: told by what they are, with the way to a model."""

import io
import shlex
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.instead import TAKEN
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from tests.support.commands import call
from tests.support.float_networks import mobilenet
from tests.support.networks import NAMED_NETWORKS, add_network
from tests.support.places import FIXTURES


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return content.getvalue()


def tarred() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.tflite"))
    return content.getvalue()


def xxd(data: bytes) -> str:
    lines = (", ".join(f"0x{b:02x}" for b in data[i : i + 12]) for i in range(0, len(data), 12))
    return "unsigned char model_tflite[] = {\n  " + ",\n  ".join(lines) + f"\n}};\nunsigned int len = {len(data)};\n"


FOREIGN = {
    "model.h5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "an HDF5 file", "save('model.keras')"),
    "model.onnx": (b"\x08\x07\x12\x07pytorch\x1a\x032.1", "an ONNX model", "onnx2tf"),
    "other.onnx": (b"\x12\x00odd", "an ONNX model", "onnx2tf"),
    "model.tflite": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "Git LFS", "git lfs pull"),
    "model.cc": (xxd(MODEL.read_bytes()).encode(), "an array of bytes", "model.tflite"),
    "saved_model.pb": (b"\x08\x01\x12\xff\x01", "saved_model.pb", "from_saved_model"),
    "model.pth": (zipped("archive/data.pkl", "archive/version"), "a PyTorch file", "export('model.tflite')"),
    "old.pt": (b"\x80\x02\x8a\nl\xfc", "a Python pickle", "export('model.tflite')"),
    "model.zip": (zipped("model.tflite"), "a zip archive", "unpack it"),
    "saved.zip": (zipped("s/saved_model.pb"), "with a SavedModel", "from_saved_model"),
    "model.tar": (tarred(), "a tar archive", "unpack it"),
    "model.tgz": (b"\x1f\x8b\x08" + bytes(20), "a gzip archive", "unpack it"),
    "page.tflite": (b"\n<!DOCTYPE html><html>404</html>", "a web page", "raw file"),
    "model.json": (b'{"format": "layers-model", "modelTopology": {}}', "TensorFlow.js", "Keras model"),
    "x.npy": (b"\x93NUMPY\x01\x00", "an array", "the model itself"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_model_of_another_kind_is_recognised_and_the_way_is_shown(tmp_path: Path, name: str) -> None:
    content, what, way = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    for command in ("inspect", "plan", "quantize", "export"):
        options = {"quantize": ("-o", "q.tflite", "--random"), "export": ("-b", "host", "-o", tmp_path / "p")}
        result = call(command, tmp_path / name, *options.get(command, ()))
        assert result.exit_code == 2
        assert f"error: {name} is " in result.stderr
        assert what in result.stderr
        assert way in result.stderr
    assert not (tmp_path / "p").exists()


def test_a_saved_model_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    with pytest.raises(UnsupportedError, match="is a folder"):
        read_network(tmp_path / "saved")
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"\x08\x01\x12")
    with pytest.raises(UnsupportedError, match=r"is a SavedModel of TensorFlow; .*from_saved_model\('saved'\)"):
        read_network(tmp_path / "saved")


def test_an_empty_file_and_a_damaged_archive_are_named(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(b"")
    with pytest.raises(ModelError, match=r"m\.tflite is empty"):
        read_network(tmp_path / "m.tflite")
    (tmp_path / "m.keras").write_bytes(b"PK\x03\x04" + bytes(40))
    with pytest.raises(ModelError, match=r"damaged \.keras"):
        read_network(tmp_path / "m.keras")


def test_a_c_array_becomes_the_model_again_by_the_command_that_is_printed(tmp_path: Path) -> None:
    (tmp_path / "model.cc").write_text(xxd(MODEL.read_bytes()))
    with pytest.raises(UnsupportedError) as raised:
        read_network(tmp_path / "model.cc")
    command = raised.value.hint.partition("again: ")[2]
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    assert (tmp_path / "model.tflite").read_bytes() == MODEL.read_bytes()


@pytest.mark.parametrize("command", ["export", "plan"])
def test_export_and_plan_say_how_to_quantize_a_float_model(tmp_path: Path, command: str) -> None:
    model = tmp_path / "my models" / "small.tflite"
    model.parent.mkdir()
    model.write_bytes(write_model(mobilenet()))
    for path in (model, FIXTURES / "every_layer.keras"):
        options = ("-b", "host", "-o", tmp_path / "p") if command == "export" else ()
        result = call(command, path, *options)
        assert result.exit_code == 2
        assert f"error: {path.name} is a float model, an int8 one is needed" in result.stderr
        assert f"depthwise quantize {shlex.quote(str(path))} -o {path.stem}_int8.tflite" in result.stderr


def test_a_network_with_two_inputs_is_taken_by_every_command(tmp_path: Path) -> None:
    (tmp_path / "two.tflite").write_bytes(write_model(add_network()))
    for command in (
        ("inspect", tmp_path / "two.tflite"),
        ("inspect", tmp_path / "two.tflite", "--core", "cortex-m4"),
        ("plan", tmp_path / "two.tflite"),
        ("export", tmp_path / "two.tflite", "-b", "host", "-o", tmp_path / "p"),
    ):
        assert call(*command).exit_code == 0, command


@pytest.mark.parametrize("operator", TAKEN)
def test_what_is_named_as_a_replacement_is_not_refused_next(tmp_path: Path, operator: str) -> None:
    networks = (make() for make in NAMED_NETWORKS.values())
    graph = next(graph for graph in networks if operator in {node.op.kind for node in graph.nodes})
    (tmp_path / "m.tflite").write_bytes(write_model(graph))
    export(tmp_path / "m.tflite", tmp_path / "p", ExportOptions(board=board("host")))


def test_an_unknown_operator_is_answered_with_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("GATHER_ND" if name == "SOFTMAX" else name for name in schema.OPERATORS)
    monkeypatch.setattr(schema, "OPERATORS", tuple(names))
    with pytest.raises(UnsupportedError, match=r"\(GATHER_ND\) is not supported; replace .* CONV_2D, .*operators\.md$"):
        read_network(MODEL)
