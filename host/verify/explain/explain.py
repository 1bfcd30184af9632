"""From what was observed to a cause: exact hypotheses first, then the stack, then the pattern of wrong bytes."""

from collections.abc import Iterable
from typing import Final

from depthwise.codegen.arithmetic.fixedpoint import Mode

from .cause import Cause, CauseKind
from .code_mistakes import mistake_of
from .damaged_constants import damage_of
from .pattern import SeenBytes, pattern_of
from .project_facts import Facts
from .rounding import ABOUT, rounding_of
from .wrong_layer import WrongLayer

REBUILD: Final = "build and flash this project again as it was exported"
SUPPLY: Final = "check supply, decoupling and clock, and run again; try a lower clock or another board"


def exactly(layers: tuple[WrongLayer, ...], facts: Facts) -> Cause | None:
    """A cause that gives the board's tensors exactly, from their checksums alone: one layer with several inputs."""
    layer, proven = layers[0], _proven(layers)
    mode = rounding_of(layers)
    if mode is not None:
        return rounded(mode, (f"{layer.node} in mode `{mode.value}`: {proven}", *facts.evidence))
    mistake = mistake_of(layers)
    if mistake is None:
        return None
    return Cause(
        CauseKind.CODE,
        f"the code of {layer.node} is not what was generated, or miscompiled: {mistake}",
        (proven, *facts.evidence),
        _code_step(facts),
    )


def by_samples(layers: tuple[WrongLayer, ...], seen: SeenBytes, facts: Facts) -> Cause:
    """A cause from bytes that were looked at, of the first of these inputs."""
    layer = layers[0]
    damage = damage_of(layers, seen.positions, seen.got, seen.differs)
    if damage is not None:
        either = "" if damage.alone else ", or another of that channel that gives the same"
        summary = f"a constant of {layer.node} is damaged on the board: {damage}{either}"
        return Cause(CauseKind.CONSTANTS, summary, (_proven(layers), *facts.evidence), _flash_step(facts))
    if facts.overflown:
        return overflown(layer, facts)
    pattern = pattern_of(seen)
    evidence = (*pattern.evidence, *facts.evidence)
    match pattern.kind:
        case CauseKind.CONSTANTS:
            summary = (
                f"constants of some channels of {layer.node} are damaged on the board, or its code treats them apart"
            )
            return Cause(CauseKind.CONSTANTS, summary, evidence, _flash_step(facts))
        case CauseKind.OVERWRITTEN:
            return overwritten(f"something writes over the output of {layer.node}", evidence, facts)
        case _:
            summary = f"the code of {layer.node} is not what was generated, or miscompiled"
            return Cause(CauseKind.CODE, summary, evidence, _code_step(facts))


def _proven(layers: tuple[WrongLayer, ...]) -> str:
    return f"that gives the checksum of the whole tensor, with each of {len(layers)} inputs"


def rounded(mode: Mode, evidence: tuple[str, ...]) -> Cause:
    """The board rounds in another way."""
    step = f"undo what changes the rounding, then {REBUILD}"
    return Cause(CauseKind.ROUNDING, f"the board computes with {ABOUT[mode]}", evidence, step)


def unreliable(what: str, seen: int, runs: int, facts: Facts) -> Cause:
    """The same input gives different results."""
    if facts.overflown:
        return Cause(CauseKind.STACK, *_stack(facts))
    evidence = (f"{what} differed in {seen} of {runs} runs with the same input", *facts.evidence)
    summary = "the board's memory, supply or clock is not reliable: the same input gives different results"
    return Cause(CauseKind.UNRELIABLE, summary, evidence, SUPPLY)


def overwritten(summary: str, evidence: tuple[str, ...], facts: Facts) -> Cause:
    """Memory is written over by something that is not the network."""
    step = "look for stray writes of the application and of DMA"
    if not facts.canary:
        step += "; export with --canary, which names the buffer"
    return Cause(CauseKind.OVERWRITTEN, summary, evidence, step)


def overflown(layer: WrongLayer, facts: Facts) -> Cause:
    """The stack reaches into other memory."""
    summary, evidence, step = _stack(facts)
    return Cause(CauseKind.STACK, summary, (f"{layer.node} is the first layer that differs", *evidence), step)


def unlocated(evidence: Iterable[str]) -> Cause:
    """A build without a trace shows that the scores differ, and no more."""
    summary = "the scores differ, and firmware without a trace cannot tell where that begins"
    return Cause(CauseKind.UNLOCATED, summary, tuple(evidence), "export with --trace, build, flash and verify again")


def our_bug() -> Cause:
    """What this tool has proven does not hold."""
    summary = "a channel that was proven constant is not: a bug of depthwise"
    return Cause(CauseKind.TOOL, summary, (), "please report it with the model")


def _stack(facts: Facts) -> tuple[str, tuple[str, ...], str]:
    used = f"the stack has used all {facts.stack_room:,} bytes that RAM leaves for it"
    step = "give the stack more RAM (export --ram with less for the network), or use less of it in the application"
    return "the stack overflows into the memory of the network", (used, *facts.evidence), step


def _code_step(facts: Facts) -> str:
    if facts.edited or facts.newer:
        return REBUILD
    return "try another compiler version or -O1 for this file; please report it with the bundle"


def _flash_step(facts: Facts) -> str:
    again = (
        "flash the firmware again, verified; if it comes back, the flash is worn or the supply sags while it is written"
    )
    return REBUILD if facts.edited or facts.newer else again
