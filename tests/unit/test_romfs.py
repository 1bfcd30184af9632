"""Images of the read-only filesystem hold file data where it can be used in place."""

import pytest

from depthwise.host.build.romfs import romfs_image


@pytest.mark.parametrize("length", range(1, 9))
def test_data_lies_at_multiples_of_four_whatever_precedes_it(length: int) -> None:
    marks = [bytes([200 + i]) * 9 for i in range(4)]
    files = {"n" * (length + i): mark for i, mark in enumerate(marks)} | {f"lib/{'m' * length}": b"\x7f" * 9}
    image = romfs_image(files)
    assert all(image.index(mark) % 4 == 0 for mark in [*marks, b"\x7f" * 9])
