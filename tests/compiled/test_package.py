"""What ships: the wheel holds every file of the four folders that git has, and nothing else."""

import os
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import click

from depthwise.codegen.version import VERSION
from depthwise.host.cli import main
from depthwise.host.command_group import COMMANDS
from depthwise.host.demo import MODEL
from tests.support.places import ROOT

WITHOUT = shutil.ignore_patterns("pages", "__pycache__")
FOLDERS = ("codegen", "host", "templates", "firmware")


def test_the_wheel_holds_what_git_has(tmp_path: Path) -> None:
    source = tmp_path / "source"  # setuptools keeps what it built last time in the folder it builds in
    for name in (*FOLDERS, "pyproject.toml", "README.md", "LICENSE"):
        copy = partial(shutil.copytree, ignore=WITHOUT) if (ROOT / name).is_dir() else shutil.copyfile
        source.mkdir(exist_ok=True)
        copy(ROOT / name, source / name)
    page = source / "host" / "site" / "pages" / "guide" / "page.html"  # as `make site` would have it
    page.parent.mkdir(parents=True)
    page.touch()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {n.removeprefix("depthwise/") for n in zipfile.ZipFile(wheel).namelist() if n.startswith("depthwise/")}
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True)
    named = {name.removeprefix("host/package/") for name in listed.stdout.split()}
    assert packed == {*named, "host/site/pages/guide/page.html"}


def test_importing_it_loads_neither_numpy_nor_click() -> None:
    script = "import depthwise, sys; print(sorted({'numpy', 'click', 'rich', 'serial', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "depthwise", "--version"], check=True, capture_output=True, text=True)
    assert VERSION in done.stdout


def loaded(*arguments: str) -> set[str]:
    """Modules that a run of the command has loaded, but for those of Python itself."""
    script = """
import sys
from depthwise.host.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code
print(*(m for m in sys.modules if m.split(".")[0] not in sys.stdlib_module_names), file=sys.stderr)
"""
    env = {k: v for k, v in os.environ.items() if not k.startswith("COV")}  # what measures coverage loads more
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return set(done.stderr.split())


def packages(modules: set[str]) -> set[str]:
    return {m.split(".")[0] for m in modules if m[0] != "_"}


def test_help_loads_no_command() -> None:
    found = loaded("--help")
    assert packages(found) == {"click", "depthwise", "rich"}
    assert not any(m.startswith("depthwise.host.commands") for m in found)


def test_the_main_job_loads_what_it_needs(tmp_path: Path) -> None:
    """No framework of machine learning, no serial line, no reader of other files, no other command."""
    found = loaded("export", str(MODEL), "-b", "netduinoplus2", "-o", str(tmp_path / "project"))
    assert packages(found) == {"click", "depthwise", "jinja2", "markupsafe", "numpy", "rich"}
    own = {m for m in found if m.startswith("depthwise.")}
    assert {c for c in COMMANDS if f"depthwise.host.commands.{c}" in own} == {"export"}
    assert "depthwise.codegen.formats.keras.reader" not in own
    assert not {f"depthwise.host.{part}" for part in ("build", "emulate", "flash", "link", "train", "verify")} & own


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    context = click.Context(main)
    for name, said in COMMANDS.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=1000) == said
