"""The project folder belongs to its user: a re-export touches files of ours alone, whole or not at all."""

import os
from pathlib import Path
from typing import cast

import pytest

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.disk import DISK, Disk
from depthwise.codegen.project.replace import finish_interrupted, replace_project
from tests.support.project_folders import MINE, NEW, OLD, content_of, put, whole


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
    class Second:
        """Starts another export when the first has begun."""

        def __getattr__(self, name: str) -> object:
            if name == "keep":
                with pytest.raises(ProjectError, match="another command is exporting"):
                    replace_project(project, whole(OLD), replace=True)
                with pytest.raises(ProjectError, match="another command is exporting"):
                    finish_interrupted(project)
            return getattr(DISK, name)

    replace_project(project, whole(NEW), replace=True, disk=cast(Disk, Second()))
    assert content_of(project) == {**whole(NEW), **MINE}
