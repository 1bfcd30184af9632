"""Labels as editors save them, in the header of every kind of project."""

from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.labels import read_labels
from depthwise.codegen.project.project_kinds import KINDS, kinds_of
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.demo import MODEL

PETS = ("cat", "dog", "bird")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcat\ndog\nbird\n",
        b"cat\r\ndog\r\nbird\r\n",
        b"cat\rdog\rbird",
        b"  cat \ndog\t\nbird\n\n \n",
    ],
)
def test_labels_are_the_same_from_every_editor(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.txt").write_bytes(content)
    assert read_labels(tmp_path / "l.txt") == PETS


def test_two_scores_may_have_the_same_label(tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_text("crane\ncrane\n")
    assert read_labels(tmp_path / "l.txt") == ("crane", "crane")


def test_a_line_separator_of_unicode_inside_a_label_is_not_two_labels(tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_bytes("a\u2028b\n".encode())
    with pytest.raises(InputError, match=r"line 1 of labels .* holds control characters"):
        read_labels(tmp_path / "l.txt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"cat\n\nbird\n", "line 2 of labels .* is blank"),
        (b"", "line 1 of labels .* is blank"),
        (b"cat\n\x1b[31mdog\n", "line 2 of labels .* holds control characters"),
        (b"cat\0\n", "holds control characters"),
        (b"\xff\xfec\0a\0t\0\n\0", "cannot read labels"),
        (b"caf\xe9\n", "cannot read labels"),
        (b"x" * 2_000_000, "at most 1,048,576 are read"),
    ],
)
def test_what_is_no_list_of_labels_is_one_named_error(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "l.txt").write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_labels(tmp_path / "l.txt")


@pytest.mark.parametrize("kind", KINDS)
def test_labels_reach_the_header_of_every_kind_of_project(tmp_path: Path, kind: str) -> None:
    labels = ('"0"', "één", *"23456789")
    target = next(name for name, b in boards().items() if kind in kinds_of(b))
    export(MODEL, tmp_path / "p", ExportOptions(board=board(target), project=kind, labels=labels))
    (header,) = (path for path in (tmp_path / "p").rglob("digits.h"))
    text = header.read_text()
    assert "static const char *const DIGITS_LABELS[DIGITS_OUTPUT_SIZE] = {\n" in text
    assert '    "\\0420\\042",\n    "\\303\\251\\303\\251n",\n    "2",\n' in text


def test_a_header_without_labels_names_none(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "q", ExportOptions(board=board("host")))
    assert "LABELS" not in next((tmp_path / "q").rglob("digits.h")).read_text()
