"""Projects of frameworks compiled against the stand-ins of tests/stubs: programs of this machine, served over TCP."""

import functools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.compiled import STRICT
from tests.support.kept import scratch
from tests.support.places import STUBS

HOST_BOARD: Final = board("host").folder / "board.c"
APP: Final = board("host").folder.parent.parent / "app"
RENAMED: Final = (
    "init",
    "receive",
    "send",
    "speed",
    "set_speed",
    "cycles_start",
    "cycles",
    "clock_hz",
    "stack_used",
    "core",
)
STRICT_CPP: Final = ("-std=gnu++17", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZE: Final = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
SOURCES: Final = (".c", ".cpp", ".ino")


@dataclass(frozen=True, slots=True)
class Stub:
    """A stand-in: folder of tests/stubs, what is defined for the compiler, where the project includes from."""

    folder: str
    defines: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


ROOM: Final = "-DSERIAL_RX_BUFFER_SIZE=512"
STUBS_OF: Final = {
    "esp-idf": (Stub("esp-idf", (), ("components/digits",)), Stub("esp-idf", ("-DSTUB_USB",), ("components/digits",))),
    "zephyr": (Stub("zephyr", (), ("modules/digits",)),),
    "arduino": tuple(
        Stub("arduino", defines, ("libraries/digits/src",))
        for defines in (
            ("-DSERIAL_ROOM=512", ROOM),
            ("-DSERIAL_ROOM=256", "-DARDUINO_ARCH_ESP32"),
            ("-DSERIAL_ROOM=512", ROOM, "-DSTUB_CORTEX_M=4"),
            ("-DSERIAL_ROOM=512", ROOM, "-DSTUB_CORTEX_M=7"),
        )
    ),
    "platformio": (
        Stub("arduino", ("-DSERIAL_ROOM=256", "-DARDUINO_ARCH_ESP32"), ("lib/digits/src", "src")),
        Stub("arduino", ("-DSERIAL_ROOM=512", ROOM), ("lib/digits/src", "src")),
    ),
}
CASES: Final = tuple((kind, stub) for kind, stubs in STUBS_OF.items() for stub in stubs)


@functools.cache
def exported(kind: str, *, trace: bool = True, context: bool = False, canary: bool = False) -> Project:
    """The bundled model as a project of a kind, for a board that is offered as each of them."""
    folder = scratch() / "project"
    options = ExportOptions(board=board("esp32-devkitc"), project=kind, trace=trace, context=context, canary=canary)
    export(MODEL, folder, options)
    return open_project(folder)


def sources(project: Project) -> list[Path]:
    """Sources of the application and of the network."""
    return sorted(p for p in project.folder.rglob("*") if p.suffix in SOURCES and "examples" not in p.parts)


def flags(project: Project, stub: Stub) -> list[str]:
    """What every compiler is told."""
    places = (STUBS, STUBS / stub.folder, *(project.folder / i for i in stub.includes))
    return [*stub.defines, *(f"-I{p}" for p in places)]


def language(source: Path) -> list[str]:
    """Warnings and language of a source: C strictly, C++ and a sketch as Arduino's builder compiles it."""
    if source.suffix == ".c":
        return ["-std=gnu99", *STRICT[2:]]
    return [*STRICT_CPP, *(["-x", "c++", "-include", "Arduino.h"] if source.suffix == ".ino" else [])]


def program(project: Project, stub: Stub, folder: Path, compiler: str = "gcc") -> Path:
    """Compile a project and its stand-in with sanitizers into a program."""
    own, stand_in = sources(project), [p for p in (STUBS / stub.folder).iterdir() if p.suffix in SOURCES]
    objects = []
    for number, source in enumerate([*own, *stand_in]):
        objects.append(folder / f"{number}.o")
        command = [compiler, *SANITIZE, *language(source), *flags(project, stub), "-c", str(source)]
        subprocess.run([*command, "-o", str(objects[-1])], check=True)
    renamed = [f"-Ddw_board_{n}=tcp_{n}" for n in RENAMED]
    serial = [compiler, *SANITIZE, *renamed, f"-I{APP}", "-c", str(HOST_BOARD), "-o", str(folder / "tcp.o")]
    subprocess.run(serial, check=True)
    made = folder / "program"
    link = [compiler, *SANITIZE, *map(str, objects), str(folder / "tcp.o"), "-lstdc++", "-o", str(made)]
    subprocess.run(link, check=True)
    return made


def compile_strictly(kind: str, command: tuple[str, ...], folder: Path) -> None:
    """Compile every source of a project with every warning an error; skips, saying so, without the compiler."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    project = exported(kind)
    for stub in STUBS_OF[kind]:
        compile_sources(project, stub, sources(project), folder, command)


def compile_sources(
    project: Project, stub: Stub, compiled: list[Path], folder: Path, command: tuple[str, ...] = ("gcc",)
) -> None:
    """Compile some sources with every warning an error."""
    for source in compiled:
        told = [*command, *language(source), *flags(project, stub), "-c", str(source)]
        subprocess.run([*told, "-o", str(folder / "o")], check=True)
