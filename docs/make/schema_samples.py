"""What each command prints with --json, on inputs that show every form of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from click.testing import CliRunner

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import ImageSizes
from depthwise.host.cli import main as command_line
from depthwise.host.commands.flash import next_step
from depthwise.host.demo import MODEL
from depthwise.host.flash.flashing import Flashed
from depthwise.host.project import Project, open_project
from tests.support.camera_board import Camera, camera_board
from tests.support.collapse import float_digits
from tests.support.fake_board import serving, traced_board
from tests.support.float_networks import mobilenet
from tests.support.labelled import digit_arrays, digit_pictures
from tests.support.networks import depthwise_network
from tests.support.places import FIXTURES
from tests.support.port_networks import stereo_network

Samples = dict[str, list[Any]]
TIMES: Final = ("min_milliseconds", "median_milliseconds", "max_milliseconds")
LEAST: Final = ("--flash", "11900")  # room for weights as bytes alone
KINDS: Final = ("micropython", "library")


def samples(folder: Path) -> Samples:
    """Samples by the name of the command, or of the file: manifest, error."""
    models = _models(folder)
    return {
        **_of_models(models, folder),
        "manifest": _manifests(models, folder),
        "report": [_reported(*place) for place in (("bluepill", "cortex-m3"), (None, "cortex-m4"))],
        **_of_boards(folder),
        "boards-new": [
            run("boards", "new", "mine", "--like", "bluepill", *part, "-o", folder / f"mine{len(part)}")
            for part in ((), ("--part", "STM32F103RB"))
        ],
        "capture": [_captured(folder)],
        "train": json.loads((FIXTURES / "train_cards.json").read_text()),  # training holds what it prints to them
        **_of_tables(),
        "error": [run("inspect", folder / "nothing.tflite"), run("plan", MODEL, "--ram", "9Q")],
    }


def run(*arguments: object) -> Any:
    """What a command prints with --json, whatever its exit code."""
    return json.loads(CliRunner().invoke(command_line, [*map(str, arguments), "--json"]).stdout)


def _reported(board_name: str | None, core_name: str) -> dict[str, Any]:
    written = {"report": "report.html", "bytes": 3, "playground": True}
    return {"model": "digits.tflite", "board": board_name, "core": core_name, **written}


def _models(folder: Path) -> dict[str, Path]:
    graphs: dict[str, Graph] = {
        "float": mobilenet(),
        "stereo": stereo_network(),
        "dilated": depthwise_network(multiplier=2, dilation=(2, 2)),
    }
    for name, graph in graphs.items():
        (folder / f"{name}.tflite").write_bytes(write_model(graph))
    (folder / "labels.txt").write_text("\n".join(map(str, range(10))))
    return {"digits": MODEL, **{name: folder / f"{name}.tflite" for name in graphs}}


def _of_models(models: dict[str, Path], folder: Path) -> Samples:
    digits, floating = models["digits"], models["float"]
    labelled = ("--labels", folder / "labels.txt", "-b", "bluepill")
    placed = ("-b", "nucleo-f446re", "--ram-code")
    random = ("quantize", floating, "--random", "-o")
    return {
        "inspect": [run("inspect", digits, *labelled, "--proof"), *(run("inspect", m) for m in models.values())],
        "inspect-core": [
            *(run("inspect", digits, "--core", core) for core in ("cortex-m4", "cortex-m0", "rv32imc")),
            run("inspect", models["dilated"], "--core", "cortex-m4"),
        ],
        "inspect-versus-full": [run("inspect", digits, "--versus-full")],
        "fit": [run("fit", digits), run("fit", floating), run("fit", digits, *placed)],
        "plan": [run("plan", digits, *how) for how in ((), ("-b", "bluepill"), ("--flash", "40K"), placed)],
        "quantize": [
            made := run(*random, folder / "made.tflite"),
            run(*random, folder / "weighed.tflite", "--layer-costs", "--limit", "4"),
            _collapsed(made),
            _evaluated(folder),
        ],
    }


def _manifests(models: dict[str, Path], folder: Path) -> list[Any]:
    labelled = ("-b", "nucleo-f446re", "--trace", "--labels", folder / "labels.txt", "--ram", "20K", "--flash", "60K")
    ways = [(models["digits"], labelled), (models["stereo"], ("-b", "host"))]
    ways += [(models["digits"], ("-b", "nucleo-f446re", *more)) for more in (("--ram-code",), ("--ram", "3700"), LEAST)]
    ways += [(models["digits"], ("-b", "nucleo-f446re", "--project", kind)) for kind in KINDS]
    ways += [(models["digits"], ("-b", "nucleo-f446re", "--project", "library", "--app"))]
    return [run("export", model, *how, "-o", folder / f"p{number}") for number, (model, how) in enumerate(ways)]


def _of_boards(folder: Path) -> Samples:
    """Of commands that speak to boards: one that is played, right and wrong, and one that is not there."""
    export(MODEL, folder / "traced", ExportOptions(board=board("nucleo-f446re"), trace=True))
    export(MODEL, folder / "other", ExportOptions(board=board("bluepill"), trace=True))
    project, other = open_project(folder / "traced"), open_project(folder / "other")
    right, wrong = _asked(project, _same), _asked(project, _one_off)
    verified = [_on_pictures(project, folder), right[0], wrong[0], *_others_of(wrong[0]), _asked(other, _same)[0]]
    sizes = ImageSizes(flash_bytes=3, ram_bytes=2, library_flash_bytes=1, library_ram_bytes=1)
    parts = ((0x08000000, "build/firmware.bin", 3),)
    flashed = Flashed(
        board="bluepill", method="drive", port="", tries=1, bytes=3, parts=parts, checked=True, started=True
    )
    built = {"board": "bluepill", "firmware": "p/build/firmware.elf", **sizes.as_json()}
    return {
        "verify": [*verified, *_failed(project)],
        "demo": [{name: value for name, value in right[0].items() if name not in {"port", "bundle"}}],
        "chip": [{"board": "esp32-devkitc", "url": "socket://127.0.0.1:1", "runs_firmware": False}],
        "bench": [right[1], _asked(other, _same)[1], {**right[1], **dict.fromkeys(TIMES)}],
        "build": [built],
        "flash": [{**flashed.as_json(), "next": next_step(Path("p"), flashed)}],
    }


def _same(tensors: list[bytes], _: int) -> list[bytes]:
    return tensors


def _one_off(tensors: list[bytes], _: int) -> list[bytes]:
    """The first byte of the second tensor is another one."""
    return [tensors[0], bytes([tensors[1][0] ^ 1]) + tensors[1][1:], *tensors[2:]]


def _asked(project: Project, change: Callable[[list[bytes], int], list[bytes]]) -> list[Any]:
    with serving(replace(traced_board(project, change), flags=7)) as url:
        where = (project.folder, "--port", url)
        return [run("verify", *where, "-n", "1", "--no-bundle"), run("bench", *where, "-r", "2")]


def _evaluated(folder: Path) -> Any:
    """On labelled inputs."""
    (folder / "digits-float.tflite").write_bytes(write_model(float_digits()))
    given = ("--data", digit_arrays(folder / "arrays"), "--evaluate", folder / "arrays")
    return run("quantize", folder / "digits-float.tflite", *given, "-o", folder / "evaluated.tflite")


def _captured(folder: Path) -> Any:
    with serving(camera_board(Camera(np.zeros((1, 2, 3, 1), np.uint8)))) as url:
        return run("capture", "--port", url, "--label", "cat", "-o", folder / "captured", "--count", "1")


def _on_pictures(project: Project, folder: Path) -> Any:
    """On labelled pictures."""
    with serving(replace(traced_board(project), flags=7)) as url:
        pictures = digit_pictures(folder / "pictures")
        return run("verify", project.folder, "--port", url, "--images", pictures, "--limit", "10", "--no-bundle")


def _collapsed(sample: dict[str, Any]) -> dict[str, Any]:
    """Of a network that was lost: it names the layer to blame."""
    culprit = {"layer": 1, "name": "x", "operator": "CONV_2D", "sqnr_db": 1.5, "sqnr_alone_float_db": 20.5}
    return {**sample, "collapsed": True, "culprit": culprit}


def _others_of(sample: dict[str, Any]) -> list[dict[str, Any]]:
    """A difference that did not come again, and one in a sequence, of a board whose stack is known, with a bundle."""
    found = sample["difference"]
    passing, late = {**found, "place": None, "excerpt": None}, {**found, "place": {**found["place"], "run": 3}}
    told = {"stack_room": 4096, "bundle": "verify-bundle-1.zip", "milliseconds": None, "baud": 921_600}
    return [{**sample, **told, "difference": passing}, {**sample, "difference": late}]


def _failed(project: Project) -> list[Any]:
    """Two ports at which nobody listens."""
    found: list[Any] = run("verify", project.folder, "--port", "socket://127.0.0.1:1", "--port", "socket://127.0.0.1:2")
    return found


def _of_tables() -> Samples:
    """Of commands that list what is known."""
    port = {"port": "COM3", "description": "STLink", "usb": "0483:374b", "boards": ["nucleo-f446re"]}
    nameless = {**port, "usb": None, "boards": []}
    listed = run("boards")
    return {
        "boards": [{**listed, "ports": [{"port": "COM3", "description": "STLink"}]}],
        "board": [run("boards", name) for name in ("nucleo-f446re", "host")],
        "ports": [{"ports": [port, nameless]}],
        "doctor": [run("doctor")],
        "docs": [{"page": "index", "path": "/p/index.html", "url": "file:///p/index.html", "opened": False}],
        "zoo-list": [run("zoo", "list")],
        "zoo-costs": [run("zoo", "costs")],
        "zoo-toolbox": [run("zoo", "toolbox")],
    }
