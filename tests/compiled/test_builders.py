"""`depthwise build` of every kind of project: what is called, what is said where something is missing or fails."""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.errors import DoesNotFitError, ToolError
from depthwise.codegen.project.project_kinds import KINDS
from depthwise.host.build import build
from depthwise.host.build.elf import sections
from depthwise.host.cli import main
from depthwise.host.kinds import ROOMS
from depthwise.host.project import Project, open_project
from tests.support.frameworks import exported


@dataclass(frozen=True, slots=True)
class Case:
    """A framework's program, how it is called in a project's folder, where it leaves image and object file."""

    kind: str
    command: str
    image: str
    library: str

    @property
    def tool(self) -> str:
        return self.command.split()[0]


CASES: Final = (
    Case("esp-idf", "idf.py -DIDF_TARGET=esp32 build", "build/digits_verify.elf", "build/esp-idf/digits/digits.c.obj"),
    Case(
        "arduino",
        "arduino-cli compile --fqbn esp32:esp32:esp32 --libraries libraries --build-path build "
        "--build-property compiler.c.extra_flags=-O2 verify",
        "build/verify.ino.elf",
        "build/libraries/digits/digits.c.o",
    ),
    Case(
        "platformio",
        "pio run -d . -e esp32-devkitc",
        ".pio/build/esp32-devkitc/firmware.elf",
        ".pio/build/esp32-devkitc/lib1/digits/digits.c.o",
    ),
    Case(
        "zephyr",
        "west build -b esp32_devkitc/esp32/procpu -d build .",
        "build/zephyr/zephyr.elf",
        "build/modules/digits/digits.c.obj",
    ),
)
SOURCE: Final = (
    "const int constant[25] = {1}; int set = 1; int empty[10]; int get(int i) { return constant[i] + set + empty[i]; }"
)


def install(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program in front of all others; what it is called with is recorded."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$PWD|{name} $*" >> {shlex.quote(str(folder))}/calls\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder / "calls"


def makes(case: Case, folder: Path) -> str:
    """Script of a program that leaves an image and an object file, and counts its steps."""
    folder.mkdir(exist_ok=True)
    made = folder / "made.o"
    (folder / "made.c").write_text(SOURCE)
    subprocess.run(["gcc", "-c", str(folder / "made.c"), "-o", str(made)], check=True)
    copies = (f"mkdir -p {Path(to).parent} && cp {shlex.quote(str(made))} {to}" for to in (case.image, case.library))
    return "\n".join(["echo '[1/2] compiling'", *copies, "echo '[2/2] linking'"])


def fresh(kind: str, folder: Path) -> Project:
    """A project of a kind in a folder of its own."""
    subprocess.run(["cp", "-r", str(exported(kind).folder), str(folder)], check=True)
    return open_project(folder)


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_every_kind_of_project_has_a_recipe_but_for_modules_that_are_linked_here() -> None:
    assert ROOMS.keys() == set(KINDS.values())
    assert {kind for kind, room in ROOMS.items() if room.recipe is None} == {k for k in ROOMS if k.detached}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.kind)
def test_the_frameworks_own_program_is_called_in_the_projects_folder(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = fresh(case.kind, tmp_path / "p")
    calls = install(tmp_path / "bin", case.tool, makes(case, tmp_path / "bin"), monkeypatch)
    steps: list[tuple[int, int]] = []
    sizes = build(project, lambda done, of: steps.append((done, of)))
    assert calls.read_text() == f"{project.folder}|{case.command}\n"
    assert steps == [(1, 2), (2, 2)]
    assert project.firmware == project.folder / case.image
    assert sizes.flash_bytes >= sizes.library_flash_bytes >= 100 + 4
    assert (sizes.ram_bytes, sizes.library_ram_bytes) == (44, 44)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.kind)
def test_the_next_step_after_a_build_is_to_flash(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = fresh(case.kind, tmp_path / "p")
    install(tmp_path / "bin", case.tool, makes(case, tmp_path / "bin"), monkeypatch)
    assert f"depthwise flash {project.folder}" in called("build", str(project.folder)).output.replace("\n", "")
    told = json.loads(called("build", str(project.folder), "--json").stdout)
    assert told["firmware"] == str(project.folder / case.image)


@pytest.mark.parametrize(
    ("kind", "tool", "install_it"),
    [
        ("esp-idf", "idf.py", "ESP-IDF 5.1 or later and run `. $IDF_PATH/export.sh`"),
        ("arduino", "arduino-cli", "arduino-cli core install esp32:esp32"),
        ("platformio", "pio", "pip install platformio"),
        ("zephyr", "west", "pip install west"),
        ("library", "cmake", "apt install cmake"),
    ],
)
def test_a_missing_program_is_answered_with_how_to_get_it(
    kind: str, tool: str, install_it: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=f"{tool} is not installed") as caught:
        build(exported(kind))
    assert install_it in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "said", "numbers"),
    [
        ("esp-idf", "ld: region `dram0_0_seg' overflowed by 1234 bytes", "1,234 bytes too long for the dram0_0_seg"),
        (
            "esp-idf",
            "Error: app partition is too small for binary a.bin size 0x200000:\n  - Part 'factory' (overflow 0x89000)",
            "561,152 bytes too long for the application partition",
        ),
        ("arduino", "Error during build: text section exceeds available space in board", "too long for the text"),
        (
            "platformio",
            "Error: The program size (2000000 bytes) is greater than maximum allowed (1310720 bytes)",
            "too long for the program",
        ),
        ("zephyr", "ld.bfd: region `FLASH' overflowed by 99 bytes", "99 bytes too long for the FLASH"),
    ],
)
def test_an_image_that_is_too_large_does_not_fit(
    kind: str, said: str, numbers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = next(c for c in CASES if c.kind == kind)
    install(tmp_path / "bin", case.tool, f"cat <<'E'\n{said}\nE\nexit 1", monkeypatch)
    with pytest.raises(DoesNotFitError, match=numbers) as caught:
        build(exported(kind))
    assert "of esp32-devkitc (1,310,720 bytes of flash" in caught.value.message
    assert "export --ram or --flash" in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "said", "hint"),
    [
        ("arduino", "Error during build: Platform 'esp32:esp32' not found: platform not installed", "core install"),
        ("zephyr", 'west: unknown command "build"; do you need to run this inside a workspace?', "ZEPHYR_BASE"),
        ("esp-idf", "main/board.c:1:1: error: no", ""),
    ],
)
def test_a_program_that_fails_is_quoted(
    kind: str, said: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = next(c for c in CASES if c.kind == kind)
    lines = "seq 100; " + f"cat <<'E' >&2\n{said}\nE\nexit 3"
    install(tmp_path / "bin", case.tool, lines, monkeypatch)
    with pytest.raises(ToolError, match=f"{case.tool} failed in") as caught:
        build(exported(kind))
    quoted = caught.value.message.splitlines()[1:]
    assert quoted[-1] == said
    assert len(quoted) == 12
    assert hint in caught.value.hint


def test_a_program_that_leaves_nothing_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = fresh("platformio", tmp_path / "p")
    install(tmp_path / "bin", "pio", "exit 0", monkeypatch)
    with pytest.raises(ToolError, match=r"cannot measure .*firmware\.elf"):
        build(project)


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"!<arch>\n" + b"x" * 60, b"\x7fELF\x01\x01" * 30])
def test_a_damaged_image_is_one_clear_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(ToolError, match="no ELF file"):
        sections(tmp_path / "f")


@pytest.mark.parametrize("kind", ["esp-idf", "library"])
def test_what_has_no_virtual_twin_is_not_verified_on_one(kind: str) -> None:
    result = called("verify", str(exported(kind).folder), "--virtual")
    assert result.exit_code == 2
    assert f"a project of kind {kind} for esp32-devkitc has no virtual twin" in result.stderr
    assert called("demo", "-b", "esp32-devkitc").exit_code == 2
