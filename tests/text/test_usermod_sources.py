"""Both build files of a user module name the same sources."""

import re

from tests.support.natmods import exported
from tests.support.usermod import sources_of


def test_both_build_files_list_the_same_sources() -> None:
    project = exported()
    module = project.folder / "digits_module"
    cmake = (module / "micropython.cmake").read_text()
    listed = re.findall(r"^    \$\{CMAKE_CURRENT_LIST_DIR\}/(\S+\.c)$", cmake, re.MULTILINE)
    assert listed == sources_of(module)
    assert all((module / name).is_file() for name in listed)
