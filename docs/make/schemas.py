"""Writes docs/reference/schemas: a JSON schema of what each command prints with --json, and of the manifest.

`python -m docs.make.schemas`. They are found from samples (schema_samples.py); a test holds the commands to them, and
them to the samples. `version` goes up when a field goes, or changes its type; a new field does not change it.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from .pages import DOCS
from .schema_of import Schema, mismatches, schema_of
from .schema_samples import samples

FOLDER: Final = DOCS / "reference" / "schemas"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
VERSIONS: Final[dict[str, int]] = {}  # of those that are no longer 1


def main() -> int:
    """Write every schema; 1, and nothing written, if one of them would refuse what it has allowed."""
    with TemporaryDirectory() as folder:
        made = {name: document(name, given) for name, given in samples(Path(folder)).items()}
    FOLDER.mkdir(exist_ok=True)
    narrower = [line for name, schema in made.items() for line in taken_back(name, schema)]
    print("\n".join(narrower) or f"{len(made)} schemas")  # noqa: T201
    if narrower:
        return 1
    for name, schema in made.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(schema, indent=1) + "\n")
    return 0


def document(name: str, given: list[Any]) -> Schema:
    """The schema of a command's samples, with its name and version."""
    version = VERSIONS.get(name, 1)
    head = {"$schema": DRAFT, "$id": f"urn:depthwise:{name}:{version}", "title": name, "version": version}
    return {**head, **schema_of(given)}


def taken_back(name: str, schema: Schema) -> list[str]:
    """Fields that the committed schema of the same version promises and this one does not."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return []
    before = json.loads(path.read_text())
    return [] if before["version"] != schema["version"] else list(_lost(before, schema, name))


def _lost(before: Schema, now: Schema, place: str) -> list[str]:
    found = [f"{place}: {f} was always there" for f in before.get("required", ()) if f not in now.get("required", ())]
    for field, schema in before.get("properties", {}).items():
        if field in now.get("properties", {}):
            found += _lost(schema, now["properties"][field], f"{place}.{field}")
        else:
            found.append(f"{place}: {field} is gone")
    return found


def committed(name: str) -> Schema:
    """A schema as it is committed."""
    schema: Schema = json.loads((FOLDER / f"{name}.json").read_text())
    return schema


__all__ = ["committed", "document", "main", "mismatches", "taken_back"]

if __name__ == "__main__":
    sys.exit(main())
