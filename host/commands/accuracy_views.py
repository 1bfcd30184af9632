"""How often each class is right, and what is taken for what, as text."""

from typing import Any, Final

from rich.markup import escape

from depthwise.host.api.evaluating import Evaluation
from depthwise.host.console import out, table

MOST_CLASSES: Final = 12  # whose confusion is a table that fits


def show_confusion(confusion: dict[str, Any], title: str = "what is taken for what") -> None:
    """Print a confusion, as its card says it, if it is a table that fits."""
    classes = list(confusion["classes"])
    if len(classes) > MOST_CLASSES:
        return
    headings = (*((escape(name), "right") for name in classes), ("right", "right"))
    made = table(title, ("shown", "name"), *headings)
    for name, counts in zip(classes, confusion["counts"], strict=True):
        recall = confusion["classes"][name]["recall"]
        made.add_row(escape(name), *(str(n) for n in counts), f"{100 * recall:.0f}%")
    out().print(made)


def show_evaluation(made: Evaluation) -> None:
    """Print how often a float network and its int8 form are right: all in all, and by class; and the next step."""
    both = (("float", made.real), ("int8", made.int8))
    for name, confusion in both:
        right, of = int(confusion.right.sum()), int(confusion.counts.sum())
        out().print(f"[bold]{name}[/bold]: {right} of {of} right, {confusion.accuracy:.1%}")
    rows = table("right, by class", ("class", "name"), ("inputs", "right"), ("float", "right"), ("int8", "right"))
    for place, name in enumerate(made.int8.classes):
        right = (str(confusion.right[place]) for _, confusion in both)
        rows.add_row(escape(name), str(made.int8.shown[place]), *right)
    out().print(rows)
    show_confusion(made.int8.card(), "what the int8 network takes for what")
    if made.next_step:
        out().print(f"[yellow]next:[/yellow]  {escape(made.next_step)}", soft_wrap=True)
