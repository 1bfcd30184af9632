"""An export that is interrupted at any point leaves the old project or the new one, and every file of the user's."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.replace import finish_interrupted, replace_project
from tests.support.project_folders import (
    AFTER,
    BEFORE,
    MINE,
    NEW,
    OLD,
    Breaking,
    Failure,
    attempt,
    content_of,
    fresh,
    put,
    steps,
    whole,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with files of the user's own in it."""
    replace_project(tmp_path / "p", whole(OLD), replace=False)
    put(tmp_path / "p", MINE)
    return tmp_path / "p"


def test_killed_at_any_step_the_project_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    total = steps(fresh(tmp_path / "count"), whole(NEW), overwrite_edited=True)
    assert total > 30
    seen = set()
    for step in range(total):
        folder = fresh(tmp_path / str(step))
        attempt(folder, Breaking(step, Failure("killed")))
        # The command that finishes may be killed, too.
        for again in range(0, total, 7):
            child = os.fork()
            if not child:
                finish_interrupted(folder, Breaking(again, Failure("killed")))  # type: ignore[arg-type]
                os._exit(0)
            os.waitpid(child, 0)
        finish_interrupted(folder)
        found = content_of(folder)
        assert found in (BEFORE, AFTER), step
        seen.add(found == AFTER)
    assert seen == {False, True}


@pytest.mark.parametrize("how", ["once", "always"])
def test_a_disk_that_is_full_at_any_step_leaves_the_old_project_or_the_new_one(tmp_path: Path, how: str) -> None:
    total = steps(fresh(tmp_path / "count"), whole(NEW), overwrite_edited=True)
    for step in range(total):
        folder = fresh(tmp_path / str(step))
        broken = Breaking(step, Failure(how))
        with pytest.raises(ProjectError, match="No space left on device"):
            replace_project(folder, whole(NEW), replace=True, overwrite_edited=True, disk=broken)  # type: ignore[arg-type]
        if how == "once":  # whole at once, without another command
            rest = {name: b for name, b in content_of(folder).items() if not name.startswith(".depthwise-staged")}
            assert rest in (BEFORE, AFTER), step
        finish_interrupted(folder)
        assert content_of(folder) in (BEFORE, AFTER), step
        replace_project(folder, whole(NEW), replace=True, overwrite_edited=True)
        assert content_of(folder) == AFTER


def test_a_first_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    for step in range(steps(tmp_path / "count", whole(NEW))):
        broken = Breaking(step, Failure("once"))
        with pytest.raises(ProjectError):
            replace_project(tmp_path / "a" / "p", whole(NEW), replace=False, disk=broken)  # type: ignore[arg-type]
        finish_interrupted(tmp_path / "a" / "p")
        if (tmp_path / "a" / "p" / "manifest.json").exists():
            assert content_of(tmp_path / "a" / "p") == whole(NEW)
            break
        assert not (tmp_path / "a").exists(), step


def test_a_file_that_cannot_grow_leaves_the_old_project(project: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from depthwise.codegen.project.replace import replace_project\n"
        "from tests.support.project_folders import whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "replace_project(Path(sys.argv[1]), whole({'network/net.c': b'x' * 6000}), replace=True)\n"
    )
    before = content_of(project)
    done = subprocess.run([sys.executable, "-c", program, project], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert content_of(project) == before


def test_killed_at_a_random_time_the_project_is_the_old_or_the_new_one(project: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from depthwise.codegen.project.replace import replace_project\n"
        "from tests.support.project_folders import NEW, OLD, whole\n"
        "print('go', flush=True)\n"
        "while True:\n"
        "    for files in (NEW, OLD):\n"
        "        replace_project(Path(sys.argv[1]), whole(files), replace=True)\n"
    )
    for attempted in range(12):
        with subprocess.Popen([sys.executable, "-c", program, project], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(0.003 * attempted + 0.002)
            running.send_signal(signal.SIGKILL)
        finish_interrupted(project)
        assert content_of(project) in ({**whole(OLD), **MINE}, {**whole(NEW), **MINE})


def test_a_file_edited_after_an_export_was_killed_is_not_lost(tmp_path: Path) -> None:
    total = steps(fresh(tmp_path / "count"), whole(NEW), overwrite_edited=True)
    for step in range(0, total, 3):
        folder = fresh(tmp_path / str(step))
        attempt(folder, Breaking(step, Failure("killed")))
        (folder / "network/net.c").write_bytes(b"typed just now")
        try:
            finish_interrupted(folder)
        except ProjectError as error:
            assert "network/net.c was changed" in str(error)  # noqa: PT017 - most steps raise nothing
        assert (folder / "network/net.c").read_bytes() == b"typed just now"
        finish_interrupted(folder)
        found = {name: b for name, b in content_of(folder).items() if name != "network/net.c"}
        assert found in ({n: b for n, b in known.items() if n != "network/net.c"} for known in (BEFORE, AFTER)), step


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", ".depthwise-staged/commit.json"])
def test_a_record_that_came_with_a_folder_names_nothing_outside(project: Path, name: str) -> None:
    change = {"name": name, "old": None, "new": hashlib.sha256(b"evil").hexdigest()}
    record = json.dumps({"version": 1, "changes": [change], "folders": []}).encode()
    put(project / ".depthwise-staged", {"commit.json": record, "new/0": b"evil", "old/0": b""})
    with pytest.raises(ProjectError, match="names what is not in the project"):
        finish_interrupted(project)


def test_a_staging_folder_that_is_a_link_is_not_followed(project: Path, tmp_path: Path) -> None:
    put(tmp_path / "precious", {"photo.jpg": b"mine"})
    (project / ".depthwise-staged").symlink_to(tmp_path / "precious")
    for command in (finish_interrupted, lambda p: replace_project(p, whole(NEW), replace=True)):
        with pytest.raises(ProjectError, match="no folder of an interrupted export"):
            command(project)
    assert content_of(tmp_path / "precious") == {"photo.jpg": b"mine"}
