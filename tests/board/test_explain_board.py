"""Causes that only a board has: its stack, its memory."""

from depthwise.host.verify.explain.cause import CauseKind
from tests.support.broken import (
    behind,
    patched,
)
from tests.support.canary import stray
from tests.support.judged import SOURCE, failure, verdict_of

LAYER_2 = "digits_layer02_conv_2d_paired(&in"  # as a Cortex-M3 has it


def test_a_stack_that_reaches_into_the_network_is_told_with_its_room() -> None:
    # A frame of 18,400 bytes ends in the network's state. What lies between is spared, or the board would crash.
    waste = (
        "static __attribute__((noinline)) void waste(void) "
        "{ volatile int8_t frame[18400]; extern uint32_t dw_bss_end[]; "
        "for (int i = 0; i < 18400; i++) { if (frame + i < (int8_t *)&digits_static_state + 2176 || "
        "frame + i >= (int8_t *)dw_bss_end) { frame[i] = 1; } } }\n"
    )
    step = "/* Computes row y of one step. */"
    project = patched("netduino2-20k", (SOURCE, step, f"{waste}{step}"), behind(LAYER_2, "waste();"))
    cause = verdict_of(project).cause
    assert cause is not None
    assert cause.kind is CauseKind.STACK
    assert "the stack has used all 15,904 bytes that RAM leaves for it" in cause.evidence


def test_a_canary_that_died_is_memory_written_over() -> None:
    call = "run_step(state, step, y);"
    project = patched("netduinoplus2", (SOURCE, call, f"{call} if (step == 3) {{ {stray('digits')} }}"), canary=True)
    assert failure(lambda: verdict_of(project)).kind is CauseKind.OVERWRITTEN
