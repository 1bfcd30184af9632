"""The house as docs/architecture.md draws it: folders, what they import, sizes, and a sentence for every file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from docs.make.architecture import MODULES, PAGE, TOPS, differences, edges_of, first_line, modules_page
from docs.make.imports import folder_edges, imported, ordered, tree_of
from tests.support.places import ROOT

ADVICE: Final = "`python -m docs.make.architecture --accept` writes the table, for review"
MOST_TOP_FILES: Final = 8
MOST_NAMING_FILES: Final = 8
MOST_LINES: Final = 400
MOST_FUNCTION_LINES: Final = 30
# What is imported of the product: from a module, these names.
IMPORTED: Final = re.compile(r"^ *from (depthwise\.[\w.]+) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*tops: str) -> list[Path]:
    """Python files below folders of the repository, relative to it."""
    return sorted(p.relative_to(ROOT) for top in tops for p in (ROOT / top).rglob("*.py"))


def functions(file: Path) -> Iterator[Function]:
    """Functions and methods of a file; expressions, which hold none, are not looked into."""
    left: list[ast.AST] = [tree_of(ROOT / file)]
    while left:
        node = left.pop()
        if isinstance(node, Function):
            yield node
        left += (inside for inside in ast.iter_child_nodes(node) if not isinstance(inside, ast.expr))


def body_lines(function: Function) -> int:
    """Lines of a function's statements: without signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def test_folders_import_exactly_what_the_table_says() -> None:
    changes = differences(edges_of(PAGE.read_text()), folder_edges(ROOT, TOPS))
    assert changes == [], ADVICE


def test_a_folder_imports_only_folders_above_it_in_the_table() -> None:
    allowed = edges_of(PAGE.read_text())
    order = list(allowed)
    for folder, there in allowed.items():
        assert all(order.index(other) < order.index(folder) for other in there), folder


def test_folders_that_import_each_other_are_named() -> None:
    with pytest.raises(ValueError, match=r"import each other.*: a, b$"):
        ordered({"a": frozenset({"b"}), "b": frozenset({"a"}), "c": frozenset()})


def test_codegen_knows_nothing_of_the_host() -> None:
    reached = {str(there) for file in files("codegen") for there in imported(ROOT, file)}
    assert [name for name in reached if not name.startswith("codegen/")] == []


def test_tests_import_nothing_private_of_the_product() -> None:
    for file in files("tests", "docs/make"):
        for module, names in IMPORTED.findall((ROOT / file).read_text()):
            assert not re.search(r"\b_", f"{module} {names}".replace(".", " ")), f"{file}: {module}"


def test_the_top_of_codegen_stays_small() -> None:
    assert len(list((ROOT / "codegen").glob("*.py"))) <= MOST_TOP_FILES


@pytest.mark.parametrize("operator", ["Relu6", "MaxPool2D"])
def test_few_files_know_an_operator_by_name(operator: str) -> None:
    naming = [str(f) for f in files("codegen", "host") if re.search(rf"\b{operator}\b", (ROOT / f).read_text())]
    assert len(naming) <= MOST_NAMING_FILES, naming


def test_no_file_is_long() -> None:
    lines = {str(f): len((ROOT / f).read_text().splitlines()) for f in files("codegen", "host", "docs", "tests")}
    assert {f: n for f, n in lines.items() if n > MOST_LINES} == {}


def test_no_function_of_the_product_is_long() -> None:
    found = {f"{f}:{fn.name}": body_lines(fn) for f in files("codegen", "host", "docs") for fn in functions(f)}
    assert {name: n for name, n in found.items() if n > MOST_FUNCTION_LINES} == {}


def test_the_first_docstring_line_of_every_file_is_a_sentence() -> None:
    assert [str(f) for f in files("codegen", "host", "docs") if not first_line(ROOT / f).endswith(".")] == []


def test_the_page_of_modules_is_that_of_the_sources() -> None:
    assert MODULES.read_text() == modules_page(), "`make map` writes it"
