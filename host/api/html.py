"""Tables for notebooks; whatever a model or a file is called stays text."""

from collections.abc import Iterable, Sequence
from html import escape


def html_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An HTML table: numbers with thousands separated and on the right, None empty."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    match value:
        case None:
            return "<td></td>"
        case bool() | str():
            return f'<td style="text-align:left">{escape(str(value))}</td>'
        case int():
            return f'<td style="text-align:right">{value:,}</td>'
        case float():
            return f'<td style="text-align:right">{value:,.1f}</td>'
        case _:
            return f"<td>{escape(str(value))}</td>"
