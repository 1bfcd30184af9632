"""What ships: the wheel holds every file of the four folders that git has, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from depthwise.codegen.version import VERSION
from tests.support.places import ROOT

FOLDERS = ("codegen", "host", "templates", "firmware")


def test_the_wheel_holds_what_git_has(tmp_path: Path) -> None:
    source = tmp_path / "source"  # setuptools keeps what it built last time in the folder it builds in
    for name in (*FOLDERS, "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        source.mkdir(exist_ok=True)
        copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {n.removeprefix("depthwise/") for n in zipfile.ZipFile(wheel).namelist() if n.startswith("depthwise/")}
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True)
    assert packed == {name.removeprefix("host/package/") for name in listed.stdout.split()}


def test_the_main_job_imports_no_machine_learning_framework() -> None:
    """TensorFlow, tflite-micro and LiteRT never load in the main job."""
    script = "import depthwise.host.cli, sys; print([m for m in sys.modules if 'tensorflow' in m or 'tflite_m' in m])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_importing_it_loads_neither_numpy_nor_click() -> None:
    script = "import depthwise, sys; print(sorted({'numpy', 'click', 'rich', 'serial', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "depthwise", "--version"], check=True, capture_output=True, text=True)
    assert VERSION in done.stdout
