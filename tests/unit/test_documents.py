"""The documents: links lead somewhere, README leads to all of them, and what they name is there."""

import importlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import depthwise
from docs.make.site_commands import commands_page
from docs.make.site_errors import errors_page
from docs.make.site_links import broken_links, foreign_addresses
from docs.make.site_manifest import manifest_page
from docs.make.site_python import python_page
from docs.make.site_sources import for_site, repository_url, site_places
from tests.support.places import ROOT

LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE: Final = re.compile(r"`[^`\n]*`")
WRITTEN: Final = re.compile(r"^`[^`]*`:$", re.MULTILINE)  # the file that a reader is to write
NAMED: Final = re.compile(r"(?<![\w./-])(?:codegen|host|tests|templates|firmware|docs)/[\w./*-]*[\w*/]")
OWN_DOCS: Final = re.compile(r"(?<![\w./-])docs/[\w./-]+\.(?:md|json|py)")
HERE: Final = f"{repository_url()}/blob/main/"  # this repository, where a link has to be absolute
MADE: Final = {  # page → module of docs/make, and its texts that the page holds word for word
    "benchmarks": ("bench_tables", ("HEAD",)),
    "boards": ("boards", ("HEAD", "FRAMEWORKS")),
    "compilers": ("compilers", ("HEAD",)),
    "faults": ("faults", ("HEAD",)),
    "link-faults": ("link_faults", ("HEAD",)),
    "memory": ("memory", ("HEAD",)),
    "micropython-table": ("micropython", ("HEAD",)),
    "quantization": ("quantization", ("HEAD", "TECHNIQUES_HEAD", "COLLAPSE_HEAD")),
    "verified": ("verified", ("HEAD",)),
    "zoo": ("zoo", ("HEAD", "COUNTED")),
}


def listed(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).exists()]


DOCUMENTS: Final = listed("*.md")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text())


def links(page: Path) -> list[tuple[Path, str]]:
    """Files that a page links to, each with an anchor or nothing."""
    text = CODE.sub("", prose(page))
    found = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]
    found += [f"{ROOT}/{link.removeprefix(HERE)}" for link in LINK.findall(text) if link.startswith(HERE)]
    parts = [link.partition("#") for link in found]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub names them."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", LINK.sub(lambda m: m[0][1 : m[0].index("]")], heading).lower()).replace(" ", "-")
        found[slug] = found.get(slug, 0) + 1
    return found.keys() | {f"{slug}-{n}" for slug, times in found.items() for n in range(1, times)}


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file_and_its_anchor_to_a_heading(page: Path) -> None:
    for path, anchor in links(page):
        assert path.exists(), f"{name(page)} links to {path}, which is not there"
        assert not anchor or anchor in anchors(path), f"{name(page)}: {name(path)} has no heading #{anchor}"


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page not in reached:
            reached.add(page)
            left += [path for path, _ in links(page) if path.suffix == ".md"]
    assert {name(p) for p in DOCUMENTS} - {name(p) for p in reached} == set()


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_every_file_of_ours_that_a_document_names_is_there(page: Path) -> None:
    text = WRITTEN.sub("", prose(page))
    for path in NAMED.findall("\n".join(CODE.findall(text))):
        there = any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()
        assert there, f"{name(page)} names {path}, which is not there"


def test_every_document_that_the_code_names_is_there() -> None:
    sources = listed("*.py", "*.c", "*.h", "*.cpp", "*.S", "*.j2", "*.toml", "Makefile")
    named = [(source, path) for source in sources for path in OWN_DOCS.findall(source.read_text())]
    missing = [f"{name(source)} names {path}" for source, path in named if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("page", sorted(MADE))
def test_the_text_of_a_made_page_is_that_of_its_script(page: str) -> None:
    module, texts = MADE[page]
    script = importlib.import_module(f"docs.make.{module}")
    written = (ROOT / "docs" / "results" / f"{page}.md").read_text()
    for text in texts:
        assert getattr(script, text).strip() in written


def glossary() -> list[list[str]]:
    """Word, meaning and place of each entry."""
    lines = (ROOT / "docs/reference/glossary.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [cells for cells in rows if cells[0] != "word"]


def test_every_word_of_the_glossary_has_one_meaning() -> None:
    words = [word for cells in glossary() for word in cells[0].replace("*", "").split(", ")]
    assert sorted(set(words)) == sorted(words)


def test_every_name_of_the_glossary_stands_in_the_file_that_is_given_for_it() -> None:
    for word, _, *where in glossary():
        for place in where[0].split("; "):
            path, *names = CODE.findall(place) or ["`codegen`"]
            text = (ROOT / path.strip("`")).read_text() if names else ""
            missing = [n for n in names if not re.search(rf"\b{n.strip('`')}\b", text)]
            assert missing == [], f"{word}: {path} has no {', '.join(missing)}"


def test_the_readme_is_short_and_its_links_lead_somewhere_wherever_it_is_read() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 120
    assert all(link.startswith("https://") for link in LINK.findall(CODE.sub("", text)))


def test_every_page_is_in_the_navigation_of_the_site_or_reached_from_one() -> None:
    listed_pages = set(re.findall(r'"([\w/-]+\.md)"', (ROOT / "docs/site/zensical.toml").read_text()))
    made = {f"reference/{name}.md" for name in ("commands", "errors", "manifest", "python-api")}
    decisions = {place for place in site_places().values() if place.startswith("adr/0")}
    pages = {place for place in site_places().values() if place.endswith(".md")}
    assert listed_pages == (pages | made) - decisions


def test_links_of_a_page_lead_to_where_things_lie_in_the_site() -> None:
    text = for_site(ROOT / "docs/guide/fit.md", site_places(), "https://x")
    assert "(../results/benchmarks.md)" in text
    text = for_site(ROOT / "docs/architecture.md", site_places(), "https://x")
    assert "](reference/glossary.md)" in text
    text = for_site(ROOT / "docs/reference/modules.md", site_places(), "https://x")
    assert "(https://x/blob/main/codegen/errors.py)" in text


def test_links_that_lead_nowhere_and_foreign_addresses_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html#x"></a><a href="c.html"></a><script src="https://y/z"></script>')
    (tmp_path / "b.html").write_text('<h2 id="y"></h2><a href="a.html"></a>')
    assert broken_links(tmp_path) == [
        "a.html: b.html#x leads to no place of that page",
        "a.html: c.html leads to no file",
    ]
    assert foreign_addresses(tmp_path) == ["a.html fetches https://y/z"]


@pytest.mark.parametrize("page", [errors_page, commands_page, manifest_page, python_page])
def test_a_page_that_is_made_of_the_code_has_all_of_it(page: Callable[[], str]) -> None:
    text = page()
    expected = {
        errors_page: ["## LinkError", "## DoesNotFitError"],
        commands_page: ["### depthwise zoo build", "## depthwise docs"],
        manifest_page: ["`model.sha256`"],
        python_page: [f".{name}\n" for name in depthwise.PLACES],
    }[page]
    assert [words for words in expected if words not in text] == []
