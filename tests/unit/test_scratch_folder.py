"""A scratch folder is gone behind its block, whenever a signal comes."""

import tempfile
from pathlib import Path

import pytest

from depthwise.codegen.scratch_folder import scratch_folder


def test_it_is_gone_behind_the_block_with_what_lies_in_it() -> None:
    with scratch_folder("test") as folder:
        (folder / "inside").mkdir()
        assert folder.name.startswith("depthwise-test-")
    assert not folder.exists()


def test_an_interruption_right_behind_its_making_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def interrupted(folder: Path, mode: int) -> None:
        make(folder, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), scratch_folder("test"):
        pass
    assert list(tmp_path.iterdir()) == []
