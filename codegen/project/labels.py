"""Names of a network's scores, one on each line of a file."""

import re
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

MOST_BYTES: Final = 1 << 20
HOW: Final = "give a UTF-8 text file with one label on each line"


def read_labels(path: Path) -> tuple[str, ...]:
    """Labels of a UTF-8 text file, one on each line; a byte-order mark and blank lines at the end are no labels.

    Two scores may have the same label, as two of ImageNet's do. Raises InputError if the file cannot be read, and for a
    line in it that is blank or holds control characters.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} has {path.stat().st_size:,} bytes, at most {MOST_BYTES:,} are read", HOW)
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read labels {path}: {error}", HOW) from None
    labels = tuple(line.strip() for line in re.split(r"\r\n|\r|\n", text.rstrip()))
    for number, label in enumerate(labels, 1):
        if not label or not label.isprintable():
            what = "is blank" if not label else "holds control characters"
            raise InputError(f"line {number} of labels {path} {what}", HOW)
    return labels


def check_labels(graph: Graph, labels: tuple[str, ...]) -> None:
    """Raise InputError, with both numbers, unless there are no labels or one for each score of the one output."""
    if labels and len(graph.outputs) != 1:
        raise InputError(
            f"there are labels, {graph.name} has {len(graph.outputs)} outputs",
            "leave --labels out: they name one output",
        )
    scores = graph.tensors[graph.outputs[0]].elements
    if labels and len(labels) != scores:
        raise InputError(f"there are {len(labels)} labels, {graph.name} has {scores} scores", "give one on each line")
