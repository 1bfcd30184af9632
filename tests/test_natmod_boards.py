"""Digits as a native module computes the golden bytes on each architecture, behind a loader of the tests' own."""

import zlib

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.host.natmod import build_natmods
from depthwise.host.project import Project

from .mpy_sample import BOARDS, Call, run_module
from .natmods import LABELS, exported, images


def expected(project: Project, image: Array) -> tuple[str, str]:
    """Scores, and the checksums of all tensors, as the tests' firmware prints them."""
    golden = project.computed(run(project.reference, image[None]))
    scores = golden[project.graph.outputs[0]].reshape(-1)
    crcs = (zlib.crc32(golden[t].tobytes()).to_bytes(4, "little").hex() for t in project.traced)
    return " ".join(map(str, scores.tolist())), "".join(crcs)


def calls(project: Project, given: Array) -> list[Call]:
    """What a module is asked: whole images, one row by row, refusals, constants of the network."""
    found = [Call("make", "Model", ((project.folder / "digits.weights").read_bytes(),), "<Model>")]
    for image in given:
        scores, crcs = expected(project, image)
        found += [Call("method", "run", (image.tobytes(),), scores), Call("method", "crcs", (), crcs)]
    rows, scores = list(given[0].reshape(32, 32)), expected(project, given[0])[0]
    best = str(np.argmax([int(s) for s in scores.split()]))
    found += [
        Call("method", "begin", (), "None"),
        *(Call("method", "push_row", (row.tobytes(),), str(y == 31)) for y, row in enumerate(rows)),
        Call("get", "scores", (), scores),
        Call("get", "best", (), best),
        Call("get", "labels", (), " ".join(LABELS)),
        Call("get", "input_shape", (), "32 32 1"),
        Call("get", "input_zero_point", (), "-128"),
        Call("get", "model_sha256", (), project.model_sha256),
        Call("method", "run", (bytes(1000),), "ValueError: input has 1000 bytes, digits takes 1024"),
        Call("make", "Model", (bytes(60),), f"ValueError: weights have 60 bytes, digits takes {weights(project)}"),
    ]
    return found


def weights(project: Project) -> int:
    return (project.folder / "digits.weights").stat().st_size


@pytest.mark.board
@pytest.mark.parametrize("arch", [*BOARDS, "xtensa"])
def test_digits_are_computed_to_the_bit_on_every_architecture(arch: str) -> None:
    project = exported(arch, trace=True, labels=LABELS)
    given = images(project)
    asked = calls(project, np.concatenate([given[:3], given[-2:]]))
    (built,) = build_natmods(project)
    printed = run_module(built.path.read_bytes(), arch, project.folder, tuple(asked))
    assert printed == ["ready", *(call.printed for call in asked), "end"]
