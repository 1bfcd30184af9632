"""What compilers call on small cores computes what Python's integers say."""

import ctypes
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.places import ROOT

HEADERS = ROOT / "firmware" / "micropython"
WORDS = st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 2, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1])
SIGNED = WORDS.map(lambda w: w - (w >> 31 << 32))
WIDE = st.integers(0, 2**64 - 1) | WORDS
SOURCE = """
#include "dw_wide.h"
uint64_t multiply(uint64_t a, uint64_t b);
uint64_t divide(uint32_t a, uint32_t b);
uint64_t divide_signed(int32_t a, int32_t b);
uint64_t multiply(uint64_t a, uint64_t b) { return dw_multiply(a, b); }
uint64_t divide(uint32_t a, uint32_t b) { return dw_divide(a, b); }
uint64_t divide_signed(int32_t a, int32_t b) { return dw_divide_signed(a, b); }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("wide")
    (folder / "wide.c").write_text(SOURCE)
    strict = ("-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover=all")
    command = ["gcc", "-O2", "-shared", "-fPIC", *strict, f"-I{HEADERS}", str(folder / "wide.c")]
    subprocess.run([*command, "-o", str(folder / "wide.so")], check=True)
    found = ctypes.CDLL(str(folder / "wide.so"))
    for name, argument in (
        ("multiply", ctypes.c_uint64),
        ("divide", ctypes.c_uint32),
        ("divide_signed", ctypes.c_int32),
    ):
        function = getattr(found, name)
        function.argtypes, function.restype = [argument, argument], ctypes.c_uint64
    return found


@given(a=WIDE, b=WIDE)
def test_products_are_right_in_their_lowest_64_bits(library: ctypes.CDLL, a: int, b: int) -> None:
    assert library.multiply(a, b) == a * b % 2**64


@given(a=SIGNED, b=SIGNED)
def test_products_with_sign_are_the_same_bits(library: ctypes.CDLL, a: int, b: int) -> None:
    assert library.multiply(a % 2**64, b % 2**64) == a * b % 2**64


@given(a=WORDS, b=WORDS)
def test_division_gives_quotient_and_remainder(library: ctypes.CDLL, a: int, b: int) -> None:
    quotient, remainder = divmod(a, b) if b else (0, a)
    assert library.divide(a, b) == remainder << 32 | quotient


@example(a=-(2**31), b=-1)
@given(a=SIGNED, b=SIGNED)
def test_division_with_sign_goes_towards_zero(library: ctypes.CDLL, a: int, b: int) -> None:
    quotient = abs(a) // abs(b) * (-1 if (a < 0) != (b < 0) else 1) if b else 0
    remainder = a - quotient * b
    assert library.divide_signed(a, b) == (remainder % 2**32) << 32 | quotient % 2**32
