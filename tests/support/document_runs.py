"""What a document says is done: commands by the command line itself, C by a compiler, Python as it stands."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner

from depthwise.host.cli import main
from tests.support.documents import Block, edit, is_printed, session_of, trimmed, write_new
from tests.support.kept import once
from tests.support.places import ROOT

WIDTH: Final = "100"
SECONDS: Final = 600
# A command of ours that this process can run: its words, a file for what it prints, whether it may fail, a comment.
ALONE: Final = re.compile(r"depthwise (?P<words>.*?)(?: > (?P<file>\S+))?(?P<anyhow> \|\| true)?(?:\s+#.*)?$")
SHELL: Final = re.compile(r"[|&;<>$*~`]")
# What a reader does once and a test does not: checked for names that are known.
INSTALLING: Final = ("pip", "apt", "make")
WARNINGS: Final = (
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-unused-function",
    "-Wno-unused-variable",
    "-Wno-unused-but-set-variable",
)


@dataclass(slots=True)
class Place:
    """Where a page is followed: a folder, names for its Python, URLs of ports, and what was printed otherwise."""

    folder: Path
    ports: Mapping[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    printed_otherwise: list[tuple[str, str]] = field(default_factory=list)


def follow(block: Block, place: Place) -> None:
    """Do what a block shows: write its file, run its commands, execute or compile it."""
    match block.language:
        case "diff":
            edit(place.folder / block.file, block.text)
        case _ if block.file:
            write_new(place.folder / block.file, block.text)
        case "console":
            for command, expected in session_of(block.text):
                _run(command, expected, block, place)
        case "sh":
            for line in _whole_lines(block.text):
                _run(line, "", block, place)
        case "python":
            _execute(block, place)
        case "c":
            _compile(block, place)
        case "text":
            pass
        case language:
            raise AssertionError(f"{block}: nobody knows what to do with {language}")


def _whole_lines(text: str) -> Iterator[str]:
    yield from (line for line in text.replace("\\\n", "").splitlines() if line.strip() and not line.startswith("#"))


def _run(command: str, expected: str, block: Block, place: Place) -> None:
    for name, url in place.ports.items():
        command = command.replace(name, url)
    words = shlex.split(command, comments=True)
    if words[0] in INSTALLING:
        _check_installing(words, block)
        return
    alone = ALONE.match(command)
    if alone and not SHELL.search(alone["words"]):
        code, said = _called(shlex.split(alone["words"]), place.folder)
        if alone["file"]:
            (place.folder / alone["file"]).write_text(said)
            said = ""
        code = 0 if alone["anyhow"] else code
    else:
        code, said = _in_shell(command, place.folder)
    assert code == 0, f"{block}: {command}\n{said}"
    for name, url in place.ports.items():
        said = said.replace(url, name)
    if not is_printed(said, expected):
        place.printed_otherwise.append((expected, f"{trimmed(said)}\n"))


def _called(words: list[str], folder: Path) -> tuple[int, str]:
    """The command line in this process, in a folder."""
    if words[0] == "build" and len(words) == 2:
        _share_build(folder / words[1])
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = CliRunner(env=_surroundings(folder)).invoke(main, words, prog_name="depthwise")
    finally:
        os.chdir(before)
    return done.exit_code, done.output


def _surroundings(folder: Path) -> dict[str, str]:
    programs = f"{folder / '.bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": programs, "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONPATH": ""}


def _in_shell(command: str, folder: Path) -> tuple[int, str]:
    """A line of the shell, for which `depthwise` is this one."""
    program = folder / ".bin" / "depthwise"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m depthwise "$@"\n')
        program.chmod(0o755)
    environment = {**os.environ, **_surroundings(folder)}
    run = [shutil.which("bash") or "bash", "-c", command]
    streams: Mapping[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(run, cwd=folder, env=environment, timeout=SECONDS, check=False, **streams)
    return done.returncode, done.stdout


def _share_build(project: Path) -> None:
    """Bring what another page has built of the same files, as new as can be; else build it for all."""
    files = sorted(path for path in project.rglob("*") if path.is_file() and path.name != "manifest.json")
    if not (project / "Makefile").exists() or not (project / "app").exists():
        return
    contents = sha256(b"".join(str(p.relative_to(project)).encode() + p.read_bytes() for p in files)).hexdigest()

    def make(folder: Path) -> None:
        done = CliRunner().invoke(main, ["build", str(project)])
        assert done.exit_code == 0, done.output
        shutil.copytree(project / "build", folder / "build")

    made = once(f"document {contents}", make)
    shutil.rmtree(project / "build", ignore_errors=True)
    shutil.copytree(made / "build", project / "build", copy_function=shutil.copyfile)


@cache
def _known_names() -> tuple[set[str], set[str], str]:
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    return extras, targets, (ROOT / ".ci" / "run").read_text()


def _check_installing(words: list[str], block: Block) -> None:
    """What is to be installed or made has a name that is known: extras, targets of the Makefile, packages of CI."""
    extras, targets, packages = _known_names()
    given = [word for word in words[1:] if not word.startswith("-")]
    match words[0]:
        case "pip":
            wanted = [extra for word in given for extra in re.findall(r"depthwise\[(.*)\]", word)]
            unknown = {extra for names in wanted for extra in names.split(",")} - extras
        case "make":
            unknown = set(given) - targets
        case _:
            unknown = {word for word in given[1:] if word not in packages}
    assert not unknown, f"{block}: nobody knows {', '.join(sorted(unknown))}"


def _execute(block: Block, place: Place) -> None:
    before = Path.cwd()
    os.chdir(place.folder)
    try:
        exec(compile(block.text, str(block), "exec"), place.names)
    finally:
        os.chdir(before)


def _compile(block: Block, place: Place) -> None:
    """Whole files as they are; statements within a function, behind the lines that include headers."""
    lines = block.text.splitlines(keepends=True)
    heads = [line for line in lines if line.startswith("#")]
    rest = [line for line in lines if not line.startswith("#")]
    whole = any(re.match(r"(?:static )?(?:int|void) \w+\(", line) for line in rest)
    body = "".join(rest) if whole else f"static void shown(void)\n{{\n{textwrap.indent(''.join(rest), '    ')}}}\n"
    source = place.folder / f"block{block.line}.c"
    source.write_text(f"{place.names.get('c_before', '')}{''.join(heads)}{body}")
    headers = [f"-I{path.parent}" for path in place.folder.rglob("*.h")]
    command = ["gcc", *WARNINGS, "-fsyntax-only", *dict.fromkeys(headers), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block}\n{done.stderr}"


def accept(page: Path, place: Place, *, update: bool) -> None:
    """Compare what was printed with the page, or write it there if that is wanted."""
    text = page.read_text()
    for expected, said in place.printed_otherwise:
        if update:
            text = text.replace(expected, said, 1)
            page.write_text(text)
        assert update, f"{page.name} says\n{expected}but it is\n{said}`pytest FILE --update-golden` writes it"
