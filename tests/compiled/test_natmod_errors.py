"""What a native module refuses, and in which words: both numbers, and what helps."""

import re
from pathlib import Path

import pytest

from depthwise.codegen.passes import PassOptions
from tests.support.natmods import exported, in_project, native

TRY = """
data = bytearray(open("digits.weights", "rb").read())
image = bytes(m.INPUT_BYTES)
def moved(by):
    memory = bytearray(len(data) + by)
    memory[by:] = data
    return memoryview(memory)[by:]
def damaged(at, value):
    copy = bytearray(data)
    copy[at] ^= value
    return bytes(copy)
try:
    {step}
except Exception as error:
    print(type(error).__name__ + ": " + str(error))
"""
REFUSED = {
    "m.Model().run(bytes(1023))": "ValueError: input has 1023 bytes, digits takes 1024",
    "m.Model().push_row(bytes(33))": "ValueError: row has 33 bytes, digits takes 32",
    "m.Model().run(5)": "TypeError: object with buffer protocol required",
    "m.Model(data[:47])": "ValueError: weights have 47 bytes, digits takes {all}",
    "m.Model(data[:-1])": "ValueError: weights have {short} bytes, digits takes {all}",
    "m.Model(b'RIFF' + data[4:])": "ValueError: weights begin with 0x46464952, digits takes 0x54575744",
    "m.Model(damaged(4, 3))": "ValueError: weights are of version 2, digits takes 1",
    "m.Model(damaged(9, 1))": "ValueError: weights of another export have {other} bytes, digits takes {constants}",
    "m.Model(damaged(500, 1))": "ValueError: weights are damaged: CRC-32 0x*, digits takes 0x*",
    "m.Model(damaged(500, 1), check=False).run(image); print('run')": "run",
    "m.Model(moved(3))": "ValueError: weights lie at 0x*, digits takes multiples of 0x4 or a buffer",
    "m.Model(buffer=bytearray(9))": "ValueError: buffer has 9 bytes, digits takes {buffer}",
    "m.Model(buffer=bytes(m.BUFFER_BYTES))": "TypeError: object with buffer protocol required",
    "m.Model(buffer=moved(1))": "ValueError: buffer lies at 0x*, digits takes multiples of 0x4",
    "m.Model(wait=1)": "TypeError: Model takes weights, buffer and check",
    "m.Model(1, 2, 3, 4)": "TypeError: *",
    "m.Model('elsewhere/digits.weights')": "OSError: [Errno 2] ENOENT",
    "m.Model().scores.append(1)": "",
    "net = m.Model(); net.scores.append(1); net.run(image)": "ValueError: scores have 11 bytes, digits takes 10",
    "m.Model().colour": "AttributeError: 'Model' object has no attribute 'colour'",
    "m.Model().best = 3": "AttributeError: 'Model' object has no attribute 'best'",
}


@pytest.mark.parametrize("step", REFUSED)
def test_what_does_not_fit_is_refused_with_both_numbers(step: str) -> None:
    project = native()
    constants = project.manifest["constant_bytes"]
    numbers = {"all": constants + 48, "short": constants + 47, "constants": constants, "other": constants ^ 256}
    expected = REFUSED[step].format(**numbers, buffer=project.manifest["buffer_bytes"])
    printed = "".join(in_project(project, TRY.format(step=step)))
    pattern = ".*".join(map(re.escape, expected.split("*")))
    assert re.fullmatch(pattern, printed), printed


def test_weights_of_another_model_or_for_other_kernels_are_refused() -> None:
    project = native()
    ours = project.folder / "digits.weights"
    theirs = exported("armv6m").folder / "digits.weights"
    for other, refused in (
        (theirs, r"ValueError: weights of another export have \d+ bytes, digits takes \d+"),
        (_other(ours, 12, 4), "ValueError: weights are of another export: CRC-32 0xffffffff, digits takes 0x.*"),
        (_other(ours, 16, 32), "ValueError: weights are of another model: SHA-256 0xffffffff, digits takes 0x.*"),
    ):
        printed = in_project(project, TRY.format(step=f"m.Model({str(other)!r})"))
        assert re.fullmatch(refused, "".join(printed))


def _other(path: Path, at: int, count: int) -> Path:
    """Weights whose head says something else: from byte 12 on their CRC-32, from 16 on the model's SHA-256."""
    data = path.read_bytes()
    other = path.with_suffix(f".other{at}")
    other.write_bytes(data[:at] + b"\xff" * count + data[at + count :])
    return other


def test_missing_weights_are_named(tmp_path: Path) -> None:
    project = native()
    (tmp_path / "digits.mpy").write_bytes((project.folder / "build/x64/digits.mpy").read_bytes())
    step = f"import sys; sys.modules.clear(); sys.path.insert(0, {str(tmp_path)!r}); import digits as m; m.Model()"
    printed = in_project(project, TRY.format(step=step))
    assert printed == ["OSError: digits.weights is not beside digits.mpy: copy it there, or give Model a path"]


FAILING = """
import io
class Weights(io.BytesIO):
    def readinto(self, buffer, count):
        if self.fails:
            raise OSError(5)
        return super().readinto(buffer, count)
    fails = False
file = Weights(open("digits.weights", "rb").read())
net = m.Model(file)
image = bytes(m.INPUT_BYTES)
row = bytes(m.ROW_BYTES)
good = digest(net.run(image))
net.begin()
file.fails = True
def row_until_error():
    for y in range(32):
        try:
            net.push_row(row)
        except Exception as error:
            return type(error).__name__ + ": " + str(error)
print(row_until_error())
file.fails = False
print(row_until_error())
print(digest(net.run(image)) == good)
"""


def test_a_file_that_fails_in_the_middle_leaves_no_wrong_scores() -> None:
    printed = in_project(native(), FAILING)
    assert printed == ["OSError: [Errno 5] EIO", "ValueError: a row before this one failed: begin again", "True"]


def test_a_file_that_ends_early_is_refused() -> None:
    project = native()
    step = "import io; m.Model(io.BytesIO(data[:-100]))"
    all_bytes = project.manifest["constant_bytes"] + 48
    printed = "".join(in_project(project, TRY.format(step=step)))
    assert re.fullmatch(rf"ValueError: weights end after {all_bytes - 100} bytes, digits takes {all_bytes}", printed)


def test_an_input_outside_of_the_promised_range_is_refused_by_a_trace_build() -> None:
    project = native(trace=True, passes=PassOptions((-128, 100)))
    printed = in_project(project, TRY.format(step="m.Model().run(bytes(70) + b'\\x78' + bytes(953))"))
    assert printed == ["ValueError: input has value 120 at position 70, digits was exported for -128...100"]


def test_a_canary_build_computes_the_same() -> None:
    run = "print(digest(m.Model().run(bytes(range(256)) * 4)))"
    assert in_project(native(canary=True), run) == in_project(native(), run)
