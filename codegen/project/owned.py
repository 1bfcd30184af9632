"""Which files of a folder are ours: those that its manifest lists, each with the SHA-256 that it was written with."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.version import MANIFEST_VERSION

from .inside import is_inside
from .manifest_fields import wrong_field

MANIFEST: Final = "manifest.json"
MOST_BYTES: Final = 64 * 1024**2
MOST_FILES: Final = 10_000
SHA256: Final = re.compile(r"[0-9a-f]{64}")
ELSEWHERE: Final = "export to a new folder, and move files of your own there"
NO_MORE: Final = (".git", ".gitignore", ".gitattributes", ".gitmodules")  # in a folder that is as good as empty


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of the project in a folder as it was written, by name; the manifest itself is not listed.

    Raises ProjectError where there is no manifest, a damaged one, one of another program or of another version.
    """
    return dict(read_manifest(folder)["files"])


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a project folder, its version and its list of files checked; raises ProjectError as above."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has {path.stat().st_size:,} bytes, at most {MOST_BYTES:,} are read")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ProjectError(f"{folder} is no exported project", "run `depthwise export` first") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ProjectError(f"{path} is damaged: {error}", f"restore it, or {ELSEWHERE}") from None
    if not isinstance(manifest, dict) or not {"tool_version", "model", "project"} <= manifest.keys():
        raise ProjectError(f"{path} is the manifest of another program", "choose another folder")
    version = manifest.get("manifest_version")
    if version != MANIFEST_VERSION:
        raise ProjectError(f"{path} is of version {version!r}, this tool reads {MANIFEST_VERSION}", ELSEWHERE)
    wrong = _wrong(manifest)
    if wrong:
        raise ProjectError(f"{path} is damaged: {wrong}", f"restore it, or {ELSEWHERE}")
    return manifest


def _wrong(manifest: Mapping[str, Any]) -> str:
    """What a manifest lacks to say in full what we wrote; empty if nothing."""
    wrong = wrong_field(manifest)
    if wrong:
        return wrong
    model, files = manifest["model"], manifest.get("files")
    if not isinstance(model, dict) or not isinstance(model.get("file"), str) or not _is_hash(model.get("sha256")):
        return "it lacks the model's name and SHA-256"
    if not isinstance(files, dict) or not 0 < len(files) <= MOST_FILES:
        return "it lists no files"
    for name, digest in files.items():
        if not is_inside(name) or name == MANIFEST or not _is_hash(digest):
            return f"it lists {name[:80]!r} as {str(digest)[:80]!r}"
    return ""


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and SHA256.fullmatch(value) is not None


def claimed(out: Path, *, replace: bool) -> dict[str, str]:
    """Files of the project that an export to `out` replaces, with their SHA-256; none for a new or empty folder.

    Raises ProjectError for a folder of something else, and for a project unless `replace`.
    """
    if not out.exists() and not out.is_symlink():
        return {}
    if not out.is_dir():
        raise ProjectError(f"{out} exists and is no folder", "choose another folder")
    entries = {entry.name for entry in out.iterdir()}
    if entries <= set(NO_MORE):
        return {}
    if MANIFEST not in entries:
        raise ProjectError(f"{out} exists and is no depthwise project", "choose another folder")
    files = files_of(out)
    if not replace:
        raise ProjectError(
            f"{out} already holds a project", "give --force to replace it: files of your own are kept as they are"
        )
    return files
