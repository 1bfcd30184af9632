"""Images of the read-only filesystem are read by MicroPython."""

from pathlib import Path

import pytest

from depthwise.host.build.romfs import romfs_image
from tests.support.natmods import python

READ = """
import os, vfs
image = memoryview(open("image", "rb").read())
vfs.mount(vfs.VfsRom(image), "/rom")
def show(folder):
    for name, kind, *_ in sorted(os.ilistdir(folder)):
        path = folder + "/" + name
        if kind == 0x4000:
            show(path)
        else:
            file = open(path, "rb")
            print(path, bytes(memoryview(file)).hex(), file.read().hex())
show("/rom")
"""
TREES: dict[str, dict[str, bytes]] = {
    "nothing": {},
    "one file": {"a": b"x"},
    "an empty file": {"a": b"", "b": b"y"},
    "folders": {"main.py": b"1", "lib/vww.mpy": bytes(range(200)), "lib/vww.weights": bytes(5000), "lib/x/y/z": b"zz"},
    "many": {f"file{i}": bytes([i]) * i for i in range(150)},
}


@pytest.mark.parametrize("tree", TREES)
def test_micropython_reads_what_was_written(tree: str, tmp_path: Path) -> None:
    files = TREES[tree]
    image = romfs_image(files)
    assert len(image) % 2 == 0
    (tmp_path / "image").write_bytes(image)
    assert python(READ, tmp_path) == [f"/rom/{p} {d.hex()} {d.hex()}" for p, d in sorted(files.items())]
