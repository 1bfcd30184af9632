"""What the module of a network is asked behind the tests' own loader, and what it has to answer."""

import zlib

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.host.project import Project
from tests.support.mpy_sample import Call
from tests.support.natmods import LABELS


def weights_of(project: Project) -> bytes:
    """The weights file."""
    return (project.folder / f"{project.manifest['name']}.weights").read_bytes()


def expected(project: Project, image: Array) -> tuple[str, str]:
    """Scores, and the checksums of all tensors, as the tests' firmware prints them."""
    golden = project.computed(run(project.reference, image[None]))
    scores = golden[project.graph.outputs[0]].reshape(-1)
    crcs = (zlib.crc32(golden[t].tobytes()).to_bytes(4, "little").hex() for t in project.traced)
    return " ".join(map(str, scores.tolist())), "".join(crcs)


def image_calls(project: Project, given: Array, made_from: tuple[bytes, ...]) -> list[Call]:
    """A model of these arguments, then whole images: scores and every tensor."""
    found = [Call("make", "Model", made_from, "<Model>")]
    for image in given:
        scores, crcs = expected(project, image)
        found += [Call("method", "run", (image.tobytes(),), scores), Call("method", "crcs", (), crcs)]
    return found


def digits_calls(project: Project, given: Array, made_from: tuple[bytes, ...]) -> list[Call]:
    """The same, and an image row by row, refusals, constants of the network."""
    rows, scores = list(given[0].reshape(32, 32)), expected(project, given[0])[0]
    best = str(np.argmax([int(s) for s in scores.split()]))
    short = len(weights_of(project))
    return [
        *image_calls(project, given, made_from),
        Call("method", "begin", (), "None"),
        *(Call("method", "push_row", (row.tobytes(),), str(y == 31)) for y, row in enumerate(rows)),
        Call("get", "scores", (), scores),
        Call("get", "best", (), best),
        Call("get", "labels", (), " ".join(LABELS)),
        Call("get", "input_shape", (), "32 32 1"),
        Call("get", "input_zero_point", (), "-128"),
        Call("get", "model_sha256", (), project.model_sha256),
        Call("method", "run", (bytes(1000),), "ValueError: input has 1000 bytes, digits takes 1024"),
        Call("make", "Model", (bytes(60),), f"ValueError: weights have 60 bytes, digits takes {short}"),
    ]
