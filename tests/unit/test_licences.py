"""Everything that is installed beside depthwise is locked, and its licence is listed."""

import re

from docs.make.licences import HEAD, OWN, PAGE, locked, wanted

ROW = re.compile(r"^\| (\S+) \| (.*?) \| ([^|]+?) \| (.+?) \|$", re.MULTILINE)


def test_every_package_that_pyproject_names_is_locked() -> None:
    assert not wanted().keys() - locked().keys()


def test_the_page_lists_what_is_locked_with_version_and_licence() -> None:
    page = PAGE.read_text()
    assert page.startswith(HEAD)
    rows = {name: (version, licence) for name, _, version, licence in ROW.findall(page)}
    assert {name: version for name, (version, _) in rows.items() if name != "package"} == locked()
    assert not [name for name, (_, licence) in rows.items() if licence == "not installed here"]


def test_nothing_that_depthwise_itself_needs_is_under_the_gpl() -> None:
    rows = {name: (by, licence) for name, by, _, licence in ROW.findall(PAGE.read_text())}
    assert not [name for name, (by, licence) in rows.items() if OWN in by and ("GPL" in licence or "named" in licence)]
