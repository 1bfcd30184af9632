"""The project folder belongs to its user: a re-export touches files of ours alone, whole or not at all."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.disk import DISK, Disk
from depthwise.codegen.project.replace import finish_interrupted, replace_project
from depthwise.codegen.version import MANIFEST_VERSION, VERSION

OLD = {"Makefile": b"all:", "network/net.c": b"old", "network/gone/x.h": b"x", "app/main.c": b"main"}
NEW = {"Makefile": b"all:", "network/net.c": b"new, longer", "app/main.c": b"changed", "extra/deep/y.c": b"y"}
MINE = {".git/HEAD": b"ref", "main/my_app.c": b"mine", "network/mine.c": b"beside", "build/firmware.elf": b"\x7fELF"}


def whole(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Contents of a project with the manifest that lists them."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    texts = dict.fromkeys(("name", "board", "core", "project", "build_flags", "build_id"), "x")
    model = {"file": "m.tflite", "sha256": "0" * 64}
    manifest = {"manifest_version": MANIFEST_VERSION, "tool_version": VERSION, **texts, "model": model, "files": hashes}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; empty folders as names that end with a slash."""
    return {
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b""
        if path.is_dir()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() or not any(path.iterdir())
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with files of the user's own in it."""
    replace_project(tmp_path / "p", whole(OLD), replace=False)
    put(tmp_path / "p", MINE)
    return tmp_path / "p"


def test_a_reexport_replaces_our_files_and_keeps_every_other_one(project: Path) -> None:
    replace_project(project, whole(NEW), replace=True)
    assert content_of(project) == {**whole(NEW), **MINE}


def test_a_file_that_stays_as_it_is_is_not_written_again(project: Path) -> None:
    before = (project / "Makefile").stat()
    replace_project(project, whole(NEW), replace=True)
    assert (project / "Makefile").stat().st_mtime_ns == before.st_mtime_ns
    assert (project / "Makefile").stat().st_ino == before.st_ino


@pytest.mark.parametrize("edited", ["network/net.c", "network/gone/x.h"])
def test_an_edited_file_of_ours_stops_the_export_which_names_it(project: Path, edited: str) -> None:
    (project / edited).write_bytes(b"my fix")
    before = content_of(project)
    with pytest.raises(ProjectError, match=rf"{edited} in .* was edited since the export; give --overwrite-edited"):
        replace_project(project, whole(NEW), replace=True)
    assert content_of(project) == before


def test_an_edit_that_is_what_would_be_written_is_fine(project: Path) -> None:
    (project / "network/net.c").write_bytes(NEW["network/net.c"])
    replace_project(project, whole(NEW), replace=True)
    assert content_of(project) == {**whole(NEW), **MINE}


def test_told_to_overwrite_edited_files_a_backup_is_kept_that_clobbers_none(project: Path) -> None:
    (project / "network/net.c").write_bytes(b"my fix")
    (project / "network/net.c").chmod(0o640)
    put(project, {"network/net.c.orig": b"an older backup"})
    kept = replace_project(project, whole(NEW), replace=True, overwrite_edited=True)
    assert kept == (project / "network/net.c.orig2",)
    saved = {"network/net.c.orig": b"an older backup", "network/net.c.orig2": b"my fix"}
    assert content_of(project) == {**whole(NEW), **MINE, **saved}
    assert (project / "network/net.c.orig2").stat().st_mode & 0o777 == 0o640


def test_an_edited_file_that_is_no_longer_generated_is_kept_as_a_backup(project: Path) -> None:
    (project / "network/gone/x.h").write_bytes(b"my fix")
    replace_project(project, whole(NEW), replace=True, overwrite_edited=True)
    assert content_of(project) == {**whole(NEW), **MINE, "network/gone/x.h.orig": b"my fix"}


def test_a_file_of_the_users_in_the_place_of_a_new_one_is_never_overwritten(project: Path) -> None:
    put(project, {"extra/deep/y.c": b"mine"})
    before = content_of(project)
    for overwrite in (False, True):
        with pytest.raises(ProjectError, match=r"extra/deep/y.c in .* stands where the export writes a file"):
            replace_project(project, whole(NEW), replace=True, overwrite_edited=overwrite)
    assert content_of(project) == before


def test_a_file_of_ours_that_was_deleted_is_written_again(project: Path) -> None:
    (project / "app/main.c").unlink()
    replace_project(project, whole(OLD), replace=True)
    assert content_of(project) == {**whole(OLD), **MINE}


def test_without_force_a_project_is_not_replaced(project: Path) -> None:
    with pytest.raises(ProjectError, match="already holds a project; give --force"):
        replace_project(project, whole(NEW), replace=False)


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b'{"manifest_version": 3, "name": "Dark mode", "version": "1.0"}', "of another program"),
        (b'{"manifest_version": 3, "na', "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (b"[1]", "of another program"),
        (whole(OLD)["manifest.json"].replace(b'"manifest_version": 3', b'"manifest_version": 2'), "of version 2"),
        (whole(OLD)["manifest.json"].replace(b"app/main.c", b"../../main.c"), r"'../../main.c'"),
        (whole(OLD)["manifest.json"].replace(b'"files"', b'"other"'), "lists no files"),
        (whole(OLD)["manifest.json"].replace(b'"build_id"', b'"other"'), "lacks build_id"),
    ],
)
def test_a_folder_is_ours_only_if_its_manifest_says_so_in_full(tmp_path: Path, manifest: bytes, words: str) -> None:
    put(tmp_path / "p", {**OLD, "manifest.json": manifest})
    before = content_of(tmp_path / "p")
    with pytest.raises(ProjectError, match=words):
        replace_project(tmp_path / "p", whole(NEW), replace=True, overwrite_edited=True)
    assert content_of(tmp_path / "p") == before


def test_a_folder_with_other_things_is_never_written_to(tmp_path: Path) -> None:
    put(tmp_path, {"photo.jpg": b"mine"})
    with pytest.raises(ProjectError, match="is no depthwise project"):
        replace_project(tmp_path, whole(NEW), replace=True)
    assert content_of(tmp_path) == {"photo.jpg": b"mine"}


def test_a_fresh_repository_can_be_exported_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {".git/HEAD": b"ref", ".gitignore": b"build/"})
    monkeypatch.chdir(tmp_path)
    replace_project(Path(), whole(OLD), replace=False)
    replace_project(Path(), whole(NEW), replace=True)
    assert content_of(tmp_path) == {**whole(NEW), ".git/HEAD": b"ref", ".gitignore": b"build/"}


def test_out_may_be_a_link_to_a_folder_and_is_made_with_its_parents(tmp_path: Path) -> None:
    replace_project(tmp_path / "a" / "b", whole(OLD), replace=False)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "b")
    replace_project(tmp_path / "link", whole(NEW), replace=True)
    assert (tmp_path / "link").is_symlink()
    assert content_of(tmp_path / "a" / "b") == whole(NEW)


def test_out_that_is_a_file_or_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for out in (tmp_path / "file", tmp_path / "link", tmp_path / "file" / "p"):
        with pytest.raises(ProjectError):
            replace_project(out, whole(OLD), replace=True)
    assert content_of(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("name", ["network/net.c", "network", "manifest.json"])
def test_nothing_is_written_through_a_link_inside_the_project(project: Path, name: str, tmp_path: Path) -> None:
    (project / name).rename(tmp_path / "outside")
    (project / name).symlink_to(tmp_path / "outside")
    before = content_of(tmp_path)
    with pytest.raises(ProjectError, match=r"is a symbolic link"):
        replace_project(project, whole(NEW), replace=True, overwrite_edited=True)
    assert content_of(tmp_path) == before


def test_a_pipe_in_the_place_of_a_file_does_not_hang_the_export(project: Path) -> None:
    (project / "app/main.c").unlink()
    os.mkfifo(project / "app/main.c")
    with pytest.raises(ProjectError, match="is no file"):
        replace_project(project, whole(NEW), replace=True)


def test_names_that_differ_in_case_alone_are_refused(project: Path) -> None:
    put(project, {"Extra/mine.c": b"mine"})
    with pytest.raises(ProjectError, match="differ in case alone"):
        replace_project(project, whole(NEW), replace=True)
    with pytest.raises(ProjectError, match="has both"):
        replace_project(project, whole({**OLD, "makefile": b""}), replace=True)


def test_two_exports_at_once_are_one_and_one_clear_error(project: Path) -> None:
    class Second(Disk):
        """Starts another export when the first has begun."""

        def __getattribute__(self, name: str) -> object:
            if name == "keep":
                with pytest.raises(ProjectError, match="another command is exporting"):
                    replace_project(project, whole(OLD), replace=True)
                with pytest.raises(ProjectError, match="another command is exporting"):
                    finish_interrupted(project)
            return getattr(DISK, name)

    replace_project(project, whole(NEW), replace=True, disk=Second())
    assert content_of(project) == {**whole(NEW), **MINE}


class Breaking:
    """Does steps until one is to fail: then, and before it is done, `fails` is called; half a file is written first."""

    def __init__(self, step: int, fails: "Failure") -> None:
        self.left = step
        self.fails = fails

    def __getattr__(self, name: str) -> object:
        def step(*arguments: object) -> None:
            if self.left == 0:
                if name == "write":
                    path, data, *_ = arguments
                    assert isinstance(path, Path)
                    assert isinstance(data, bytes)
                    path.write_bytes(data[: len(data) // 2])
                self.fails(self)
            self.left -= 1
            getattr(DISK, name)(*arguments)

        return step


class Failure:
    """How a step fails."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __call__(self, disk: Breaking) -> None:
        if self.how == "killed":
            os._exit(9)
        if self.how == "once":
            disk.left = -1
        raise OSError(28, "No space left on device")


def steps(folder: Path, files: Mapping[str, bytes], **options: bool) -> int:
    """How many steps a replacement takes."""
    counting = Breaking(-1, Failure("never"))
    replace_project(folder, files, replace=True, disk=counting, **options)  # type: ignore[arg-type]
    return -1 - counting.left


def attempt(folder: Path, disk: Breaking) -> None:
    """Replace in a process of its own, which may end at any step."""
    child = os.fork()
    if not child:
        try:
            replace_project(folder, whole(NEW), replace=True, overwrite_edited=True, disk=disk)  # type: ignore[arg-type]
        except ProjectError:
            os._exit(2)
        os._exit(0)
    os.waitpid(child, 0)


EDITED = {"app/main.c": b"my fix"}
BEFORE = {**whole(OLD), **MINE, **EDITED}
AFTER = {**whole(NEW), **MINE, "app/main.c.orig": b"my fix"}


def fresh(folder: Path) -> Path:
    replace_project(folder, whole(OLD), replace=False)
    put(folder, {**MINE, **EDITED})
    return folder


def test_killed_at_any_step_the_project_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    total = steps(fresh(tmp_path / "count"), whole(NEW), overwrite_edited=True)
    assert total > 40
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
        with pytest.raises(ProjectError):
            broken = Breaking(step, Failure("once"))
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
        "from tests.unit.test_project_folder import whole\n"
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
        "from tests.unit.test_project_folder import NEW, OLD, whole\n"
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
