"""JSON schemas of docs/reference/schemas: those of what commands print, and one for every command."""

import functools
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from depthwise.host.command_group import COMMANDS
from docs.make.schema_of import mismatches, schema_of
from docs.make.schema_samples import samples
from docs.make.schemas import FOLDER, committed, document, taken_back

NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.json"))
# Schemas by another name than a command's.
FORMS: Final = {
    "board",
    "boards-new",
    "error",
    "inspect-core",
    "inspect-versus-full",
    "manifest",
    "zoo-costs",
    "zoo-list",
    "zoo-toolbox",
}
WITHOUT: Final = {"completion", "export", "zoo"}


@functools.cache
def printed() -> dict[str, list[Any]]:
    with TemporaryDirectory() as folder:
        return samples(Path(folder))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_command_prints_is_what_its_schema_says(name: str) -> None:
    schema = committed(name)
    for sample in printed()[name]:
        assert list(mismatches(sample, schema)) == []
    assert document(name, printed()[name]) == schema, "`python -m docs.make.schemas` writes the schemas"


def test_every_command_has_a_schema_and_every_schema_has_samples() -> None:
    assert set(NAMES) == set(printed())
    assert set(COMMANDS) - WITHOUT == set(NAMES) - FORMS


def test_a_schema_refuses_what_was_not_seen() -> None:
    schema = schema_of([{"a": 1, "files": {"x": "1"}}, {"a": None, "b": [0.5, 1], "files": {}}])
    assert list(mismatches({"a": 2, "b": [1], "files": {"y": "2"}, "more": ()}, schema)) == []
    assert list(mismatches({"a": True, "b": ["x"], "files": {"y": 2}}, schema)) == [
        "$.a is True, not integer or null",
        "$.b[0] is 'x', not number",
        "$.files.y is 2, not string",
    ]
    assert list(mismatches({"files": {}}, schema)) == ["$.a is missing"]


def test_a_field_that_goes_needs_a_new_version() -> None:
    schema = committed("ports")
    assert taken_back("ports", schema) == []
    fewer = {**schema, "properties": {}, "required": []}
    assert taken_back("ports", fewer) == ["ports: ports was always there", "ports: ports is gone"]
    assert taken_back("ports", {**fewer, "version": 2}) == []
