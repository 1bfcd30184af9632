"""Builds wheel and sdist into dist/, and tries the wheel as somebody would who has nothing else: `make release`.

It is tried with every Python of PYTHONS that is on PATH; those that are not are named.

The wheel is installed into a new environment with the extras `build` and `report`, without a compiler of the system on
PATH; the commands of the README's beginning run there. Needs what pip needs to install; QEMU of the system is used.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from depthwise.codegen.version import VERSION
from depthwise.host.site import page_names

from .pages import REPOSITORY

DIST: Final = REPOSITORY / "dist"
# Programs that are to be found; no compiler, no linker.
PROGRAMS: Final = (
    *("sh", "make", "env", "mkdir", "rm", "cp", "mv", "dirname", "basename", "uname"),
    *("qemu-system-arm", "qemu-system-riscv32"),
)
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
COMMANDS: Final = (
    "depthwise --version",
    "depthwise doctor --json",
    "depthwise docs --json",
    "depthwise demo --keep demo",
    "depthwise fit demo/model.tflite",
    "depthwise inspect demo/model.tflite --core cortex-m4",
    "depthwise plan demo/model.tflite --ram 20K",
    "depthwise export demo/model.tflite -b netduinoplus2 -o project --trace",
    "depthwise build project",
    "depthwise verify project --virtual",
    "depthwise bench project --virtual",
    *(
        command
        for board in ("mps2-m4", "rv32-virt")
        for command in (
            f"depthwise export demo/model.tflite -b {board} -o {board} --trace",
            f"depthwise build {board}",
            f"depthwise verify {board} --virtual",
        )
    ),
    "depthwise report project -o report.html",
)


def main() -> int:
    """Build, look into, and try; 1 where something is not as it has to be."""
    page_names()  # an error where there is no site
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="depthwise-release-") as folder:
        python = _environment(sys.executable, Path(folder) / "builds")
        _run([python, "-m", "pip", "install", "--quiet", "build"], Path(folder))
        _run([python, "-m", "build", "--quiet", "--outdir", str(DIST), str(REPOSITORY)], Path(folder))
        (wheel,) = DIST.glob(f"depthwise-{VERSION}-*.whl")
        (sdist,) = DIST.glob(f"depthwise-{VERSION}.tar.gz")
        for path in (wheel, sdist):
            print(f"{path.name}: {path.stat().st_size:,} bytes")  # noqa: T201
        names = zipfile.ZipFile(wheel).namelist()
        assert "depthwise/host/site/pages/index.html" in names, "the wheel has no site"
        return max([_tried_by(wheel, version, Path(folder)) for version in PYTHONS])


def _tried_by(wheel: Path, version: str, folder: Path) -> int:
    """Try the wheel with a version of Python; 1 if that fails, 0 also where there is no such Python here."""
    python = _python(version)
    print(f"Python {version}{'' if python else ': not on PATH, not tried'}", flush=True)  # noqa: T201
    return 0 if python is None else _tried(python, wheel, folder / f"tried-{version}")


def _python(version: str) -> str | None:
    """A Python of a version on PATH that runs: names of pyenv's are there for versions that are not chosen, too."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for folder in os.environ["PATH"].split(os.pathsep):
        found = shutil.which(f"python{version}", path=folder)
        if found is not None:
            done = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False)
            said, _, interpreter = done.stdout.strip().partition(" ")
            if done.returncode == 0 and said == version:
                return interpreter
    return None


def _environment(python: str, folder: Path) -> str:
    _run([python, "-m", "venv", str(folder)], folder.parent)
    return str(folder / "bin" / "python")


def _tried(interpreter: str, wheel: Path, folder: Path) -> int:
    """Run the commands with the wheel alone; 1 if one fails."""
    python = _environment(interpreter, folder)
    _run([python, "-m", "pip", "install", "--quiet", f"{wheel}[build,report]"], folder)
    programs, work = folder / "programs", folder / "work"
    programs.mkdir()
    work.mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found is not None, f"there is no {name} on this machine"
        (programs / name).symlink_to(found)
    surroundings = {**os.environ, "PATH": f"{folder / 'bin'}:{programs}", "PYTHONPATH": ""}
    failed = 0
    for command in COMMANDS:
        done = subprocess.run(command.split(), cwd=work, env=surroundings, capture_output=True, text=True, check=False)
        print(f"{'ok' if done.returncode == 0 else 'FAILED':6} {command}", flush=True)  # noqa: T201
        if done.returncode:
            failed = 1
            print(f"{done.stdout}{done.stderr}")  # noqa: T201
    return failed


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
