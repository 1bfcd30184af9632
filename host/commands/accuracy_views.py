"""How often each class is right, and what is taken for what, as text."""

from typing import Any, Final

from rich.markup import escape

from depthwise.host.api.evaluating import Evaluation
from depthwise.host.api.picture_inputs import Accuracy
from depthwise.host.console import out, table
from depthwise.host.data.confusion import Confusion

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
        out().print(f"[bold]{name}[/bold]: {right_text(confusion)}")
    rows = table("right, by class", ("class", "name"), ("inputs", "right"), ("float", "right"), ("int8", "right"))
    for place, name in enumerate(made.int8.classes):
        found = (str(confusion.right[place]) for _, confusion in both)
        rows.add_row(escape(name), str(made.int8.shown[place]), *found)
    out().print(rows)
    show_confusion(made.int8.card(), "what the int8 network takes for what")
    if made.next_step:
        out().print(f"[yellow]next:[/yellow]  {escape(made.next_step)}", soft_wrap=True)


def show_accuracy(made: Accuracy, port: str) -> None:
    """Print how often a board is right about labelled pictures, and what it takes for what."""
    as_golden = "the golden model answers the same to each"
    if any(a.board != a.golden for _, _, a in made.pictures):
        as_golden = f"the golden model: {right_text(made.golden)}"
    out().print(f"[bold]on {escape(port)}[/bold]: {right_text(made.board)}; {as_golden}", soft_wrap=True)
    show_confusion(made.board.card())


def right_text(confusion: Confusion) -> str:
    """How many are right, of how many."""
    right, of = int(confusion.right.sum()), int(confusion.counts.sum())
    return f"{right} of {of} right, {confusion.accuracy:.1%}"
