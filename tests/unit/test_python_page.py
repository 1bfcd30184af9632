"""docs/guide/python.md: its Python runs as it stands, but for what needs a compiler and an emulator."""

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = [b for b in BLOCK.findall((ROOT / "docs" / "guide" / "python.md").read_text()) if "QEMU" not in b]
    (tmp_path / "host").symlink_to(ROOT / "host")
    monkeypatch.chdir(tmp_path)
    exec(compile("\n".join(blocks), "python.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "<Network digits.tflite: int8, 15 layers, 281,472 MACs>"
    assert printed[-1] == "[0 0 1 1 2 2 3 3]"
