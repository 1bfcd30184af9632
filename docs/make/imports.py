"""Which folder of the product imports which, read from the sources: folders are those directly below codegen and host.

The files that lie in codegen or host itself are a folder of that name.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

Edges = Mapping[str, frozenset[str]]


def folder_edges(root: Path, tops: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each folder of `tops` below `root` the other folders that its files import; no entry is left out."""
    found: dict[str, set[str]] = {}
    for path in (p for top in tops for p in sorted((root / top).rglob("*.py"))):
        place = path.relative_to(root)
        here = folder_of(place)
        there = {folder_of(m) for m in imported(root, place)}
        found.setdefault(here, set()).update(there - {here})
    return {folder: frozenset(there) for folder, there in sorted(found.items())}


def folder_of(file: Path) -> str:
    """The folder that a file of the product belongs to."""
    return "/".join(file.parts[:-1][:2])


@cache
def tree_of(path: Path) -> ast.Module:
    """A source file, parsed."""
    return ast.parse(path.read_text())


@cache
def imported(root: Path, file: Path) -> tuple[Path, ...]:
    """Files of the product that a file imports, relative to `root` as it is."""
    nodes = ast.walk(tree_of(root / file))
    return tuple(_file(root, tuple(parts)) for node in nodes for parts in _names(node, file))


def ordered(edges: Edges) -> list[str]:
    """Folders such that each imports only those before it; ValueError names folders that import each other."""
    done: list[str] = []
    left = dict(edges)
    while left:
        ready = sorted(f for f, there in left.items() if there <= set(done))
        if not ready:
            raise ValueError(f"these folders import each other, or from those that do: {', '.join(sorted(left))}")
        done += ready
        left = {f: there for f, there in left.items() if f not in ready}
    return done


def _names(node: ast.AST, file: Path) -> list[list[str]]:
    """Dotted names that a statement imports, without `depthwise`; nothing for what is not ours."""
    if isinstance(node, ast.Import):
        full = [alias.name.split(".") for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level:
        base = [*file.parts[: -node.level], *(node.module or "").split(".")]
        return [[*filter(None, base), alias.name] for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        full = [[*(node.module or "").split("."), alias.name] for alias in node.names]
    else:
        return []
    return [name[1:] for name in full if name[0] == "depthwise" and len(name) > 1]


@cache
def _file(root: Path, parts: tuple[str, ...]) -> Path:
    """The file that a dotted name comes from: a module, or a package's own file."""
    place = Path(*parts)
    while not ((root / place).with_suffix(".py").exists() or (root / place).is_dir()):
        place = place.parent
    return place / "__init__.py" if (root / place).is_dir() else place.with_suffix(".py")
