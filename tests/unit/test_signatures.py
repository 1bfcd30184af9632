"""No public function or value takes more than five arguments by position: what there is more of is named."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
MOST: Final = 5
FILES: Final = sorted(path for root in ("codegen", "host") for path in (ROOT / root).rglob("*.py"))


def positional(node: ast.AST) -> int:
    """How many arguments a public function or dataclass takes by position; its own object is none of them."""
    match node:
        case ast.FunctionDef(name=name, args=arguments) if not name.startswith("_"):
            names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
            return len(names) - (names[:1] in (["self"], ["cls"]))
        case ast.ClassDef(name=name, decorator_list=decorators) if not name.startswith("_"):
            said = " ".join(map(ast.unparse, decorators))
            return 0 if "dataclass" not in said or "kw_only=True" in said else len(list(_fields(node)))
        case _:
            return 0


def _fields(made: ast.ClassDef) -> Iterator[str]:
    for line in made.body:
        match line:
            case ast.AnnAssign(annotation=ast.Name(id="KW_ONLY")):
                return
            case ast.AnnAssign(annotation=ast.Subscript(value=ast.Name(id="ClassVar"))):
                continue
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if "init=False" not in ast.unparse(value or line):
                yield name


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def f(a, b, c, d, e, g): ...", 6),
        ("def f(a, b, *, c, d, e, g): ...", 2),
        ("def f(self, a, /, b): ...", 2),
        ("def _f(a, b, c, d, e, g): ...", 0),
        ("class A:\n  a: int\n  b: int", 0),
        ("@dataclass\nclass A:\n  a: int\n  b: int = 0\n  c: int = field(init=False)", 2),
        ("@dataclass(kw_only=True)\nclass A:\n  a: int", 0),
        ("@dataclass\nclass A:\n  kind: ClassVar[str]\n  a: int", 1),
        ("@dataclass\nclass A:\n  a: int\n  _: KW_ONLY\n  b: int", 1),
    ],
)
def test_arguments_by_position_are_counted(source: str, count: int) -> None:
    assert positional(ast.parse(source).body[0]) == count


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_public_takes_more_than_five_arguments_by_position(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text()))
    assert [n.name for n in nodes if positional(n) > MOST] == []  # type: ignore[attr-defined]


def test_no_two_files_of_the_host_and_no_file_of_both_halves_have_one_name() -> None:
    """But for the commands, which are called what the user types."""
    found = defaultdict(list)
    for path in (p for root in ("codegen", "host") for p in (ROOT / root).rglob("*.py")):
        if path.name != "__init__.py" and path.parent != ROOT / "host" / "commands":
            found[path.name].append(path.relative_to(ROOT).parts)
    assert [paths for paths in found.values() if len(paths) > 1 and any(p[0] == "host" for p in paths)] == []


def test_no_class_of_the_host_is_called_as_another_one() -> None:
    found = defaultdict(list)
    for path in (p for root in ("codegen", "host") for p in (ROOT / root).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT).parts)
    twice = {name for name, paths in found.items() if len(paths) > 1 and any(p[0] == "host" for p in paths)}
    assert twice <= {"Link"}  # of a board, and between two layers of a network
