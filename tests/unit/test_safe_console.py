"""Text from outside on a terminal: no control character, no markup, no traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.errors import LinkError
from depthwise.host.cli import main
from depthwise.host.console import out, table
from depthwise.host.link.protocol import parse_hello

HOSTILE = ["a\x1b[2Jb", "[/x]", "\x9b31m", "\u202eevil", "bell\x07"]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_and_markup_of_others_are_shown_as_text(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(text, (text, "left"))
    rows.add_row(text)
    out().print(rows)
    out().print(text)
    shown = capsys.readouterr().out
    assert all(c.isprintable() or c in "\n\t" for c in shown)


@pytest.mark.parametrize("name", ["[/x].tflite", "a[red]b.tflite", "\x1b[2J.tflite"])
def test_a_file_name_is_never_markup(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["inspect", str(tmp_path / name)])
    assert done.exit_code == 2
    assert "\x1b" not in done.output


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [(2, 0, "data bytes"), (4, 0, "input bytes"), (8, 0xFFFFFFFF, "output bytes"), (20, 0xFFFF, "traced tensors")],
)
def test_a_hello_with_absurd_numbers_is_refused(field: int, value: int, said: str) -> None:
    hello = bytearray(bytes([1, 0]) + (240).to_bytes(2, "little") + (10).to_bytes(4, "little") * 2)
    hello += (100).to_bytes(4, "little") + (1000).to_bytes(4, "little") + (3).to_bytes(2, "little")
    body = hello + b"\0".join([b"0" * 64, b"net", b"core", b"-O2", b"id", b""])
    assert parse_hello(bytes(body)).input_bytes == 10
    size = 2 if field in {2, 20} else 4
    body[field : field + size] = value.to_bytes(4, "little")[:size]
    with pytest.raises(LinkError, match=said):
        parse_hello(bytes(body))
