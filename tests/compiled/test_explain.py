"""Each kind of cause on something that is really broken so: the verdict names the right one, with its place."""

import socket
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.passes import PassOptions
from depthwise.host.demo import MODEL
from depthwise.host.verify.explain.cause import CauseKind
from tests.support.broken import (
    SINGLE_ROUNDING,
    SINGLE_ROUNDING_ELSEWHERE,
    SINGLE_ROUNDING_SIGNED,
    Edit,
    behind,
    patched,
)
from tests.support.fake_board import serving, traced_board
from tests.support.judged import LAYER_2, SOURCE, failure, judged, verdict_of
from tests.support.projects import built

WEIGHTS: Final = "network/digits_weights.h"
OUTPUT_2: Final = "out"


# What is broken: edits of the project, the cause, the layer, words of the explanation.
BROKEN: Final[dict[str, tuple[tuple[Edit, ...], CauseKind, int, str]]] = {
    "a weight": (
        ((WEIGHTS, "digits_data00_weights[72] = {\n    -90,", "digits_data00_weights[72] = {\n    -26,"),),
        CauseKind.CONSTANTS,
        0,
        "the weight at kernel row 0, column 0, input channel 0 of channel 0 is -26, not -90",
    ),
    "a bias": (
        ((WEIGHTS, "digits_data00_bias[8] = {\n    -1930,", "digits_data00_bias[8] = {\n    2166,"),),
        CauseKind.CONSTANTS,
        0,
        "the bias of channel 0 is ",
    ),
    "a multiplier": (
        (
            (
                WEIGHTS,
                "digits_data00_multipliers[8] = {\n    1840064740,",
                "digits_data00_multipliers[8] = {\n    1841113316,",
            ),
        ),
        CauseKind.CONSTANTS,
        0,
        "the multiplier of channel 0 is 1841113316, not 1840064740",
    ),
    "a shift": (
        ((WEIGHTS, "digits_data00_shifts[8] = {\n    8,", "digits_data00_shifts[8] = {\n    7,"),),
        CauseKind.CONSTANTS,
        0,
        "the shift of channel 0 is ",
    ),
    "an erased piece of flash": (
        ((WEIGHTS, "98, -114, 73, -127, 58, 127, -42, 78, -33, -22, -12, 3,", "-1, " * 12),),
        CauseKind.CONSTANTS,
        2,
        "channels that differ: 0, 1, 2, 3; ",
    ),
    "single rounding": (
        (SINGLE_ROUNDING, SINGLE_ROUNDING_SIGNED, SINGLE_ROUNDING_ELSEWHERE),
        CauseKind.ROUNDING,
        0,
        "TFLITE_SINGLE_ROUNDING",
    ),
    "single rounding of MEAN": ((SINGLE_ROUNDING_ELSEWHERE,), CauseKind.ROUNDING, 12, "TFLITE_SINGLE_ROUNDING"),
    "a loop that ends one early": (
        (
            (
                SOURCE,
                "dw_fours(&pixels, 1, IN_C, OUT_W, out, data);",
                "dw_fours(&pixels, 1, IN_C - 1, OUT_W, out, data);",
            ),
        ),
        CauseKind.CODE,
        2,
        "the last input channel is left out",
    ),
    "padding on the wrong side": (
        ((SOURCE, "DILATION_W = 1, PAD_LEFT = 1 }", "DILATION_W = 1, PAD_LEFT = 0 }"),),
        CauseKind.CODE,
        1,
        "the kernel lies one column behind its place",
    ),
    "a pixel in two": (
        (behind(LAYER_2, f"for (int i = 16; i < 256; i += 32) {{ {OUTPUT_2}[i] ^= 3; }}"),),
        CauseKind.CODE,
        2,
        "only every second column differs",
    ),
    "an edge": (
        (behind(LAYER_2, f"for (int i = 0; i < 16; i++) {{ {OUTPUT_2}[240 + i] ^= 1; }}"),),
        CauseKind.CODE,
        2,
        "only column 15 of 16 differs: an edge",
    ),
    "a stray write": (
        (behind(LAYER_2, f"if (y == 7) {{ memset({OUTPUT_2} + 40, 77, 9); }}"),),
        CauseKind.OVERWRITTEN,
        2,
        "they lie together, 9 bytes from byte 1,832 of the tensor on",
    ),
    "scores that are written over": (
        (("app/session.c", "runs++;", "output[3] ^= 1;\n            runs++;"),),
        CauseKind.OVERWRITTEN,
        14,
        "every tensor was computed as it has to be",
    ),
    "a flip at times": (
        (behind(LAYER_2, f"static int runs; if (y == 7 && ++runs % 3 == 0) {{ {OUTPUT_2}[100] ^= 4; }}"),),
        CauseKind.UNRELIABLE,
        2,
        "layer 2 (CONV_2D) differed in ",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_cause_of_a_difference_is_named(what: str) -> None:
    edits, kind, layer, words = BROKEN[what]
    verdict = verdict_of(patched("host", *edits))
    assert verdict.difference is not None
    assert verdict.cause is not None
    assert verdict.difference.layer == layer
    assert verdict.cause.kind is kind, verdict.cause
    assert words in " | ".join((verdict.cause.summary, *verdict.cause.evidence)), verdict.cause
    (changed,) = (e for e in verdict.cause.evidence if e.startswith("changed since the export: "))
    assert edits[0][0] in changed


def test_single_rounding_is_told_from_the_scores_alone() -> None:
    edits = (SINGLE_ROUNDING, SINGLE_ROUNDING_SIGNED, SINGLE_ROUNDING_ELSEWHERE)
    cause = verdict_of(patched("host", *edits, trace=False)).cause
    assert cause is not None
    assert cause.kind is CauseKind.ROUNDING
    assert "mode `single`" in cause.evidence[0]


def test_the_same_firmware_as_exported_is_equal() -> None:
    assert verdict_of(patched("host")).equal


@pytest.mark.parametrize("every", [2, 3, 7])
def test_a_board_whose_memory_flips_at_times_is_not_reliable(every: int) -> None:
    project = built("host")

    def flip(tensors: list[bytes], run: int) -> list[bytes]:
        if run % every == 0:
            tensors[5] = tensors[5][:300] + bytes([tensors[5][300] ^ 16]) + tensors[5][301:]
        return tensors

    with serving(traced_board(project, flip)) as url:
        verdict = judged(project, url, count=9)
    assert verdict.difference is not None
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.UNRELIABLE
    assert (verdict.difference.layer, verdict.difference.place) == (5, None)
    assert 0 < verdict.difference.seen < verdict.difference.runs


def test_a_board_that_answers_as_it_should_is_equal() -> None:
    project = built("host")
    with serving(traced_board(project)) as url:
        assert judged(project, url).equal


def test_firmware_of_another_model_is_stale_and_its_project_is_named(tmp_path: Path) -> None:
    model = tmp_path / "other.tflite"
    model.write_bytes(MODEL.read_bytes() + b"\0")
    cause = failure(lambda: verdict_of(built("host"), built("host", model).firmware))
    assert cause.kind is CauseKind.STALE
    assert f"the image on disk is {built('host').firmware}, built 20" in cause.summary


def test_another_build_of_the_same_model_is_told_with_both_numbers() -> None:
    ours, plain = built("host"), built("host", passes=PassOptions(input_range=(-100, 100)))
    cause = failure(lambda: verdict_of(ours, plain.firmware))
    assert cause.kind is CauseKind.OTHER_BUILD
    assert f"build id {plain.manifest['build_id']}, here {ours.manifest['build_id']}" in cause.summary
    untraced = failure(lambda: verdict_of(ours, built("host", trace=False).firmware))
    assert untraced.kind is CauseKind.OTHER_BUILD
    assert "traced tensors 0, here 15" in untraced.summary


def test_firmware_that_tells_no_build_id_is_held_against_all_else_it_tells() -> None:
    project = built("host")
    board = traced_board(project)
    board.texts = board.texts[:4]
    with serving(board) as url:
        assert judged(project, url).equal
    board.ram_bytes += 4
    with serving(board) as url:
        cause = failure(lambda: judged(project, url))
    assert cause.kind is CauseKind.OTHER_BUILD
    assert f"RAM of the network {board.ram_bytes:,}, here {board.ram_bytes - 4:,}" in cause.summary


def test_garbage_on_the_line_is_the_link_and_its_text_is_shown() -> None:
    board = traced_board(built("host"))
    board.spoil = lambda _a, _n: b"\0rst:0x10 (RTCWDT_RTC_RESET),boot:0x13\r\n\0"
    with serving(board) as url:
        cause = failure(lambda: judged(built("host"), url))
    assert cause.kind is CauseKind.LINK
    assert "RTCWDT_RTC_RESET" in cause.summary


def test_a_board_that_restarts_is_told_as_such() -> None:
    board = traced_board(built("host"))

    def forget(data: bytes, count: int) -> bytes:
        if count == 6:
            board.image.clear()
        return data

    board.hear = forget
    with serving(board) as url:
        assert failure(lambda: judged(built("host"), url)).kind is CauseKind.RESTARTED


def test_a_broken_promise_is_told_as_such() -> None:
    project = built("host", passes=PassOptions(input_range=(-100, 90)))
    assert failure(lambda: verdict_of(project)).kind is CauseKind.PROMISE


def test_a_closed_port_is_the_link() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"socket://127.0.0.1:{probe.getsockname()[1]}"
        assert failure(lambda: judged(built("host"), url)).kind is CauseKind.LINK
