"""What a training came to, as text: the networks that were tried, how often which class is right, what is wrong."""

from typing import Any, Final

from rich.markup import escape

from depthwise.host.console import out, table

from .accuracy_views import show_confusion

Card = dict[str, Any]
CURVE_ROWS: Final = 6
COSTS: Final = (
    ("ram_bytes", "RAM"),
    ("ram_needed", "with firmware"),
    ("flash_needed", "flash"),
    ("milliseconds", "ms"),
)
FRONT: Final = "on the front: none tried is right as often, as fast and as small, and better in one of these"


def show_card(card: Card) -> None:
    """Print a model card."""
    if card["tried"]:
        _show_tried(card["tried"])
    for title, text in _lines(card):
        out().print(f"[bold]{escape(title)}[/bold]: {escape(text)}", soft_wrap=True)
    if card["curve"]:
        _show_curve(card["curve"])
    show_confusion(card["confusion"])
    for finding in card["findings"]:
        out().print(f"[yellow]look:[/yellow]  {escape(finding['text'])}", soft_wrap=True)
        out().print(f"[bold]next:[/bold]  {escape(finding['hint'])}", soft_wrap=True)


def _lines(card: Card) -> tuple[tuple[str, str], ...]:
    facts, measured, count = card["model"], card["measured"], card["data"]["validation"]
    stages = () if card["tried"] else card["training"]["stages"].items()
    tests = ((f"test, {kind}", measured[f"test_{kind}"]) for kind in ("float", "int8"))
    return (
        *((name, _stage(stage, count)) for name, stage in stages),
        ("network", f"{facts['architecture']}, {facts['macs']:,} MACs, {facts['parameters']:,} parameters"),
        ("RAM", f"{facts['ram_bytes']:,} bytes at least, by the planner"),
        ("int8", card["training"]["quantization"]),
        *((title, f"{m['right']} of {m['of']} right, {100 * m['accuracy']:.1f}%") for title, m in tests),
    )


def _stage(stage: Card, validation: int) -> str:
    right = f"{100 * stage['validation_accuracy']:.1f}% of {validation} validation pictures right"
    return f"{stage['epochs']} epochs, loss {stage['loss']:.3f}, {right}"


def _show_tried(tried: list[Card]) -> None:
    """Networks, the best first; those with fewer epochs were dropped on the way."""
    costs = [(key, heading) for key, heading in COSTS if key in tried[0]]
    numbers = ("epochs", "validation", "MACs", *(heading for _, heading in costs))
    headings = ((heading, "right") for heading in numbers)
    made = table("networks tried", ("network", "name"), *headings, ("front", "left"))
    for one in tried:
        right = f"{100 * one['validation_accuracy']:.1f}%"
        figures = (f"{one[key]:,}" for key in ("macs", *(key for key, _ in costs)))
        mark = "yes" if one["on_front"] else ""
        made.add_row(escape(one["architecture"]), str(one["epochs"]), right, *figures, mark)
    out().print(made)
    out().print(FRONT, soft_wrap=True)


def _show_curve(curve: list[Card]) -> None:
    """Some epochs, evenly over all, the best of them marked."""
    best = min(curve, key=lambda e: (e["validation_loss"], -e["accuracy"]))["number"]
    wanted = {round((len(curve) - 1) * at / (CURVE_ROWS - 1)) + 1 for at in range(CURVE_ROWS)} | {best}
    headings = ((name, "right") for name in ("loss", "validation loss", "validation"))
    made = table("learning", ("epoch", "right"), *headings, ("", "left"))
    for epoch in (e for e in curve if e["number"] in wanted):
        losses = (f"{epoch[key]:.3f}" for key in ("loss", "validation_loss"))
        mark = "kept" if epoch["number"] == best else ""
        made.add_row(str(epoch["number"]), *losses, f"{100 * epoch['accuracy']:.1f}%", mark)
    out().print(made)
