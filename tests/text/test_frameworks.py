"""Projects of frameworks: their files as accepted, and what their readers expect of them."""

import json
import re
from collections.abc import Callable
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.emit.notice import notice
from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes import optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.project.project_kinds import KINDS, kinds_of
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.demo import MODEL
from tests.support.frameworks import STUBS_OF, exported


def test_the_console_of_esp_idf_and_zephyr_is_off() -> None:
    defaults = (exported("esp-idf").folder / "sdkconfig.defaults").read_text()
    assert "CONFIG_ESP_CONSOLE_NONE=y\n" in defaults
    assert "CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ_240=y\n" in defaults
    assert "CONFIG_ESP_MAIN_TASK_STACK_SIZE=4096\n" in defaults
    config = (exported("zephyr").folder / "prj.conf").read_text()
    assert {"CONFIG_CONSOLE=n", "CONFIG_PRINTK=n", "CONFIG_DEPTHWISE_DIGITS=y"} <= set(config.splitlines())


def test_the_small_files_say_what_their_readers_expect() -> None:
    ini = ConfigParser()
    ini.read(exported("platformio").folder / "platformio.ini")
    assert ini["env:esp32-devkitc"]["platform"] == "espressif32"
    assert ini["env:esp32-devkitc"]["board"] == "esp32dev"
    library = json.loads((exported("platformio").folder / "lib" / "digits" / "library.json").read_text())
    assert library["headers"] == "digits.h"
    properties = (exported("arduino").folder / "libraries" / "digits" / "library.properties").read_text()
    named = dict(line.split("=", 1) for line in properties.splitlines() if not line.startswith("# "))
    assert named.keys() >= {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url"}
    assert named["includes"] == "digits.h"
    module = (exported("zephyr").folder / "modules" / "digits" / "zephyr" / "module.yml").read_text()
    assert module == notice("module.yml") + "name: digits\nbuild:\n  cmake: .\n  kconfig: Kconfig\n"


def test_only_the_network_is_a_unit_that_needs_nothing_else() -> None:
    for kind in STUBS_OF:
        folder = exported(kind).folder / KINDS[kind].network.format(name="digits")
        included = {i for f in folder.glob("*.[ch]") for i in re.findall(r'#include ["<](.*)[">]', f.read_text())}
        by_core = {"xtensa/config/core-isa.h"}  # behind __has_include
        c_library = {"stdint.h", "stdbool.h", "string.h", "stddef.h"}
        assert included - {f.name for f in folder.iterdir()} <= c_library | by_core


@pytest.mark.parametrize("board_name", sorted(b.name for b in boards().values() if not b.virtual))
def test_every_kind_that_a_board_offers_can_be_exported(board_name: str, tmp_path: Path) -> None:
    for kind in kinds_of(board(board_name)):
        manifest = export(MODEL, tmp_path / kind, ExportOptions(board=board(board_name), project=kind))
        assert manifest["project"] == kind
    with pytest.raises(InputError, match=r"cannot be exported as a project of kind host; it can be as .*library"):
        export(MODEL, tmp_path / "p", ExportOptions(board=board(board_name), project="host"))


@pytest.mark.parametrize("kind", [k for k in KINDS if KINDS[k].brings])
def test_the_files_around_the_network_are_those_accepted(kind: str, golden: Callable[[str, str], None]) -> None:
    folder = exported(kind).folder
    names = [name.format(name="digits") for name, _ in KINDS[kind].files if not name.endswith("_weights.c")]
    golden(f"{kind}.txt", "\n".join(f"==> {name} <==\n{(folder / name).read_text()}" for name in names))


def test_esp_idf_puts_a_network_where_it_is_told(tmp_path: Path) -> None:
    chosen, placed = board("esp32-s3-devkitc-1"), Placement(ram_code=True, psram=True)
    manifest = export(MODEL, tmp_path / "p", ExportOptions(board=chosen, project="esp-idf", placement=placed))
    assert manifest["options"] == {"schedule": "auto", "ram": None, "flash": None, "ram_code": True, "psram": True}
    component = tmp_path / "p" / "components" / "digits"
    assert "LDFRAGMENTS linker.lf" in (component / "CMakeLists.txt").read_text()
    fragment = (component / "linker.lf").read_text()
    assert "    * (noflash_text)\n    * (digits_psram)\n" in fragment
    assert "    bss -> extern_ram\n" in fragment
    assert "CONFIG_SPIRAM_ALLOW_BSS_SEG_EXTERNAL_MEMORY=y\n" in (tmp_path / "p" / "sdkconfig.defaults").read_text()
    with pytest.raises(InputError, match="--psram is for projects of kind esp-idf"):
        export(MODEL, tmp_path / "a", ExportOptions(board=chosen, project="arduino", placement=placed))


def test_code_in_ram_is_counted_where_data_lie_in_the_same_ram() -> None:
    graph = optimize(read_model(MODEL)).graph
    esp32, c3 = board("esp32-devkitc"), board("esp32-c3-devkitm-1")
    assert Placement(ram_code=True).left(graph, esp32) == replace(esp32, code_in_ram=True)
    assert 0 < Placement(ram_code=True).left(graph, c3).ram_bytes < c3.ram_bytes - 512
    assert Placement(psram=True).left(graph, c3).ram_bytes == 0
    assert Placement().left(graph, c3) == c3


@pytest.mark.parametrize("context", [False, True])
def test_the_camera_example_gives_its_network_rows_and_is_there_where_a_camera_is(context: bool) -> None:
    folder = exported("esp-idf", trace=False, context=context).folder / "examples" / "camera"
    text = (folder / "main" / "camera.c").read_text()
    assert "pixels[x] = value(frame->buf[at]);" in text
    assert f"digits_push_row({'&state, ' if context else ''}pixels);" in text
    assert "espressif/esp32-camera" in (folder / "main" / "idf_component.yml").read_text()
