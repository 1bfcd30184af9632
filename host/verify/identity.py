"""Refuses to compare with firmware that is not the project's, and says what it is instead."""

import hashlib
import json
from datetime import datetime

from depthwise.codegen.errors import OtherBuildError, StaleFirmwareError
from depthwise.host.link import Hello
from depthwise.host.project import Project


def check_identity(project: Project, hello: Hello) -> None:
    """Raises StaleFirmwareError for another model, OtherBuildError for another build; both name what is on disk."""
    name, sha = project.manifest["name"], project.model_sha256
    if hello.model_sha256 != sha:
        raise StaleFirmwareError(
            f"the board runs {hello.name!r} of model {hello.model_sha256[:12]}, "
            f"this project is {name!r} of model {sha[:12]}: stale firmware{_sibling(project, hello.model_sha256)}; "
            f"{about_image(project)}",
            "build and flash this project again",
        )
    differing = _differing(project, hello)
    if differing:
        raise OtherBuildError(
            f"the board runs another build of {name!r} than this project's: {'; '.join(differing)}; "
            f"{about_image(project)}",
            "build and flash this project again",
        )


def about_image(project: Project) -> str:
    """The firmware image on disk: when it was built, and its hash."""
    if not project.firmware.exists():
        return f"no image has been built in {project.folder}"
    digest = hashlib.sha256(project.firmware.read_bytes()).hexdigest()
    built = datetime.fromtimestamp(project.firmware.stat().st_mtime).astimezone()
    return f"the image on disk is {project.firmware}, built {built:%Y-%m-%d %H:%M}, SHA-256 {digest[:12]}"


def _differing(project: Project, hello: Hello) -> list[str]:
    """What the board says of its build that the manifest says otherwise.

    Sizes are held against it always; of the rest a build id settles it, if there is one.
    """
    manifest = project.manifest
    told: list[tuple[str, int | str, int | str]] = [
        ("RAM of the network", hello.ram_bytes, manifest["ram_bytes"]),
        ("traced tensors", hello.traced if hello.trace else 0, len(project.traced)),
        ("input bytes", hello.input_bytes, project.input_bytes),
        ("output bytes", hello.output_bytes, project.output_bytes),
    ]
    if hello.build_id != manifest["build_id"]:
        told.append(("core", hello.core, manifest["core"]))
        told.append(("compiler flags", hello.build_flags, manifest["build_flags"]))
        if hello.build_id:
            told.append(("build id", hello.build_id, manifest["build_id"]))
    return [f"{what} {_shown(board)}, here {_shown(ours)}" for what, board, ours in told if board != ours]


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _sibling(project: Project, sha: str) -> str:
    """Names the project beside this one that the board's firmware was built from, if there is one."""
    for path in sorted(project.folder.resolve().parent.glob("*/manifest.json")):
        try:
            model = json.loads(path.read_text())["model"]["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if model == sha:
            return f" (that is the model of {path.parent})"
    return ""
