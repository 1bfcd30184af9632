"""The reference of errors: every error that the sources raise, by its kind, with the next step that it tells."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from depthwise.codegen import errors

from .pages import REPOSITORY
from .site_tables import cell, table

HEAD: Final = """# Errors

Every error that you can cause is one line that names the thing and both numbers, and a line with the next step:

```text
error: the network needs 44,184 bytes of RAM, microbit has 16,384
next:  try a smaller network
```

The exit code is 2. With `--json` it is an object of the same parts ([schema](schemas/error.json)): `error`, `hint`,
`kind` (below), `exit_code`. In Python it is an exception with `message` and `hint`; `depthwise.DepthwiseError` is the
root of all. Anything else is a bug of ours (exit code 70), and says how to report it.

What goes wrong on the way to a board: [flashing](../guide/flashing.md#when-something-goes-wrong). What a difference
means: [verify](../guide/verify.md#why).

This page is made of the sources. *Slanted* words stand for what an error names.

```text
{tree}
```
"""
TREE_AT: Final = "DepthwiseError "
SOMETHING: Final = "…"
FOLDERS: Final = ("codegen", "host")


@dataclass(frozen=True, slots=True)
class Raised:
    """One place that raises an error: its kind, what happened and the next step, as Markdown."""

    kind: str
    message: str
    hint: str


def errors_page() -> str:
    """The text of the page."""
    found = sorted(set(raised_in(FOLDERS)), key=lambda raised: raised.message.lower())
    doc = inspect.cleandoc(errors.__doc__ or "")
    tree = doc[doc.index(TREE_AT) :].partition("\n\n")[0]
    parts = [HEAD.format(tree=tree)]
    for kind, about in kinds().items():
        rows = [(raised.message, raised.hint) for raised in found if raised.kind == kind]
        if rows:
            parts.append(f"\n## {kind}\n{cell(about)}\n\n{table(('error', 'next step'), rows)}")
    return "".join(parts)


def kinds() -> dict[str, str]:
    """Kinds of errors in the order of their file, each with what it says of itself."""
    classes = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, errors.DepthwiseError)]
    return {found.__name__: (found.__doc__ or "").partition("\n")[0] for found in classes}


def raised_in(folders: Iterable[str]) -> Iterator[Raised]:
    """Every error of these folders of the repository whose message begins with words of its own."""
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            yield from _raised(path)


def _raised(path: Path) -> Iterator[Raised]:
    known, constants = kinds(), _constants(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known and node.args:
            message, *rest = (_told(argument, constants) for argument in node.args)
            named = [_told(keyword.value, constants) for keyword in node.keywords if keyword.arg == "hint"]
            if message.replace(SOMETHING, "").strip(" *:"):
                yield Raised(node.func.id, message, ([*rest, *named] or [_usual_hint(node.func.id)])[0])


def _usual_hint(kind: str) -> str:
    return cell(errors.DAMAGED) if kind == "ModelError" else ""


def _told(node: ast.expr, constants: Mapping[str, str]) -> str:
    """The words of a message; what is put in is its name, slanted."""
    match node:
        case ast.Constant(value=str() as text):
            return cell(text)
        case ast.Name(id=name) if name in constants:
            return cell(constants[name])
        case ast.JoinedStr(values=values):
            return "".join(_told(value, constants) for value in values)
        case ast.FormattedValue(value=value):
            return _told(value, constants)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"*{cell(name.strip('_').replace('_', ' ').lower())}*"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _told(left, constants) + _told(right, constants)
    return SOMETHING


def _constants(path: Path) -> Mapping[str, str]:
    """Texts that have a name in a file, or in a file that it imports them from."""
    own = {**_all_constants(), **_texts(ast.parse(path.read_text()))}
    return {name: text for name, text in own.items() if text}


@cache
def _all_constants() -> Mapping[str, str]:
    """Texts by names that mean one text everywhere."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            for name, text in _texts(ast.parse(path.read_text())).items():
                found[name] = text if found.get(name, text) == text else ""
    return found


def _texts(tree: ast.Module) -> Mapping[str, str]:
    return {
        node.target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
