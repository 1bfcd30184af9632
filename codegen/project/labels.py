"""Names of a network's scores, one on each line of a file."""

from pathlib import Path

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph


def read_labels(path: Path) -> tuple[str, ...]:
    """Labels of a UTF-8 text file, one on each line. Raises InputError if it cannot be read."""
    try:
        return tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot read labels {path}: {error}", "give a text file with one label on each line"
        ) from None


def check_labels(graph: Graph, labels: tuple[str, ...]) -> None:
    """Raise InputError, with both numbers, unless there are no labels or one for each score."""
    scores = graph.tensors[graph.outputs[0]].elements
    if labels and len(labels) != scores:
        raise InputError(f"there are {len(labels)} labels, {graph.name} has {scores} scores", "give one on each line")
