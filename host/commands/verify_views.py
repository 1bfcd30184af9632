"""How verdicts look on a terminal."""

from rich.markup import escape

from depthwise.host.console import out, table
from depthwise.host.verify.predicted_time import PredictedTime
from depthwise.host.verify.verdict import BOARD, Verdict
from depthwise.host.verify.verify_boards import BoardOutcome

SHOWN = 8
COLOURS = {"equal": "green", "different": "red", "failed": "yellow"}


def show(verdict: Verdict) -> None:
    """Print a verdict."""
    console = out()
    rows = table(f"{verdict.name} on {verdict.board} ({verdict.core})", ("", "left"), ("", "left"))
    rows.show_header = False
    rows.add_row("inputs", f"{verdict.inputs}")
    rows.add_row("compared", _compared(verdict))
    rows.add_row("network's RAM", f"{verdict.ram_bytes:,} bytes")
    if verdict.stack_bytes:
        room = f" of {verdict.stack_room:,}" if verdict.stack_room else ""
        rows.add_row("stack used", f"{verdict.stack_bytes:,}{room} bytes")
    rows.add_row("counter", f"{_ticks(verdict)} for one inference of {verdict.macs:,} MACs")
    if verdict.layers:
        counted = sum(layer.ticks for layer in verdict.layers)
        rows.add_row("in layers", f"{counted:,} ticks, the rest are checksums of the trace and the order of calls")
    if verdict.milliseconds is not None:
        rows.add_row("time", f"{verdict.milliseconds:,.3f} ms at {verdict.clock_hz / 1e6:g} MHz")
    if verdict.predicted is not None:
        rows.add_row("predicted", predicted_text(verdict.predicted))
    if verdict.baud:
        rows.add_row("line", f"{verdict.baud:,} baud")
    if verdict.damaged_frames:
        rows.add_row("damaged frames", f"{verdict.damaged_frames} (repeated)")
    console.print(rows)
    if verdict.stack_overflown:
        console.print("[yellow]warning[/yellow]: the stack has used all there is, and may have gone further")
    if verdict.difference is None:
        console.print("[green]equal[/green]: 0 bytes differ from the golden model")
    else:
        _show_difference(verdict)


def _compared(verdict: Verdict) -> str:
    """How much, and how: equal checksums are no proof of equal bytes, if nearly one."""
    bytes_ = f"{verdict.bytes_compared:,} bytes in {verdict.tensors} tensors per input"
    return f"{bytes_}, {'byte by byte' if verdict.full else 'tensors by CRC-32'}" if verdict.tensors > 1 else bytes_


def _ticks(verdict: Verdict) -> str:
    """Ticks, and whose: those of an emulator are easily taken for the chip's."""
    whose = "" if verdict.clock == BOARD else f" {whose_ticks(verdict.clock)},"
    return f"{verdict.ticks:,} ticks{whose}"


def whose_ticks(clock: str) -> str:
    """Whose clock ticks are of."""
    return "of the board's clock" if clock == BOARD else f"of {clock}'s clock, not of a chip"


def predicted_text(predicted: PredictedTime) -> str:
    """Predicted cycles, and time at the board's clock."""
    time = (
        ""
        if predicted.milliseconds is None
        else f", {predicted.milliseconds:,.1f} ms at {predicted.clock_hz / 1e6:g} MHz"
    )
    return f"{predicted.cycles:,} cycles and {predicted.waits:,} of waiting for flash{time}"


def show_layers(verdict: Verdict) -> None:
    """Print what each layer took."""
    if not verdict.layers:
        said = "the board does not count ticks of layers: export with --trace, build and flash"
        out().print(said if verdict.equal else "ticks of layers are told of a board that is equal", soft_wrap=True)
        return
    rows = table(
        f"layers, {whose_ticks(verdict.clock)}",
        ("layer", "right"),
        ("operator", "name"),
        ("output", "left"),
        ("MACs", "right"),
        ("ticks", "right"),
        ("predicted", "right"),
    )
    for one in verdict.layers:
        predicted = "" if one.predicted is None else f"{one.predicted:,}"
        macs = f"{one.macs:,}" if one.macs else ""
        rows.add_row(str(one.layer), one.operator, one.output, macs, f"{one.ticks:,}", predicted)
    out().print(rows)


def _show_difference(verdict: Verdict) -> None:
    difference, cause, console = verdict.difference, verdict.cause, out()
    assert difference is not None
    assert cause is not None
    console.print(f"[red]different[/red]: {escape(str(difference))}", soft_wrap=True)
    excerpt = difference.excerpt
    if excerpt is not None and difference.place is not None:
        pairs = zip(excerpt.expected, excerpt.got, strict=True)
        first = next(i for i, (a, b) in enumerate(pairs) if a != b)
        for what, values in (("expected", excerpt.expected), ("board", excerpt.got)):
            shown = " ".join(f"{v:4d}" for v in values[first : first + SHOWN])
            console.print(f"  {what:8s} {shown}", soft_wrap=True)
        console.print(f"  {excerpt.differing} of the {len(excerpt.got)} bytes from byte {excerpt.offset:,} on differ")
        console.print(f"  in {difference.seen} of {difference.runs} runs with this input")
    console.print(f"[bold]{cause.kind.value}[/bold]: {escape(cause.summary)}", soft_wrap=True)
    for text in cause.evidence:
        console.print(f"  - {escape(text)}", soft_wrap=True)
    console.print(f"[yellow]next:[/yellow]  {escape(cause.next_step)}", soft_wrap=True)


def show_outcomes(outcomes: tuple[BoardOutcome, ...]) -> None:
    """Print how several boards came out: a table, then what is wrong with each that is not equal."""
    rows = table(
        f"{len(outcomes)} boards", ("port", "name"), ("verdict", "name"), ("inputs", "right"), ("ticks", "right")
    )
    rows.add_column("cause")
    for outcome in outcomes:
        word = f"[{COLOURS[outcome.word]}]{outcome.word}[/]"
        rows.add_row(escape(outcome.port), word, *_numbers(outcome))
    out().print(rows)
    for outcome in outcomes:
        if outcome.report is not None and not outcome.report.verdict.equal:
            out().print(f"\n[bold]{escape(outcome.port)}[/bold]")
            _show_difference(outcome.report.verdict)
        elif outcome.error is not None:
            out().print(f"\n[bold]{escape(outcome.port)}[/bold]\n{escape(outcome.error.message)}", soft_wrap=True)
            out().print(f"[yellow]next:[/yellow]  {escape(outcome.error.hint)}", soft_wrap=True)


def _numbers(outcome: BoardOutcome) -> tuple[str, str, str]:
    if outcome.report is None:
        return "", "", escape(type(outcome.error).__name__)
    verdict = outcome.report.verdict
    return f"{verdict.inputs}", f"{verdict.ticks:,}", verdict.cause.kind.value if verdict.cause else ""
