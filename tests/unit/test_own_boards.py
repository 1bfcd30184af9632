"""Boards of the user's own: by path, by $DEPTHWISE_BOARDS, and new ones like those that are known."""

import errno
import json
import os
from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError, ProjectError
from depthwise.codegen.targets.another_part import with_part
from depthwise.codegen.targets.boards import board, boards
from depthwise.codegen.targets.own_boards import PROJECTS_OWN, VARIABLE, files_of, new_board
from depthwise.codegen.targets.stm32_parts import stm32_part
from depthwise.host.commands.saved_measurement import saved
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.commands import call


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    assert call("boards", "new", "mine", "--like", "nucleo-f446re", "-o", folder).exit_code == 0
    return folder


def changed(folder: Path, before: str, behind: str) -> str:
    """The board with a line of its file changed, as a path."""
    file = folder / "board.toml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, behind, 1))
    return str(folder)


@pytest.mark.parametrize("name", boards())
def test_a_board_like_any_other_is_that_board_by_another_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    told = json.loads(call("boards", "new", "mine", "--like", name, "-o", folder, "--json").output)
    assert told["written"] == sorted(str(p) for p in folder.iterdir())
    own, other = board(str(folder)), board(name)
    assert (own.name, own.own, other.own) == ("mine", True, False)
    assert (own.core, own.ram_bytes, own.emulator) == (other.core, other.ram_bytes, other.emulator)
    assert [f.read_bytes() for f in own.source_files] == [f.read_bytes() for f in other.source_files]


def test_a_project_for_it_is_opened_without_its_folder(mine: Path, tmp_path: Path) -> None:
    where = changed(mine, "ram_bytes = 131072", "ram_bytes = 65536")
    exported = json.loads(call("export", MODEL, "-b", where, "-o", tmp_path / "p", "--json").output)
    assert (exported["board"], PROJECTS_OWN in exported["files"]) == ("mine", True)
    (mine / "board.toml").unlink()
    project = open_project(tmp_path / "p")
    assert (project.board.name, project.board.ram_bytes, project.board.own) == ("mine", 65536, True)
    (tmp_path / "p" / PROJECTS_OWN).write_text(project.folder.joinpath(PROJECTS_OWN).read_text().replace("mine", "x1"))
    with pytest.raises(ProjectError, match="describes x1, the project is for mine"):
        open_project(tmp_path / "p")


def test_a_project_for_a_known_board_describes_none(tmp_path: Path) -> None:
    exported = json.loads(call("export", MODEL, "-b", "nucleo-f446re", "-o", tmp_path / "p", "--json").output)
    assert PROJECTS_OWN not in exported["files"]


def test_boards_below_the_folders_of_the_variable_are_known_by_name(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"{tmp_path / 'nowhere'}:{tmp_path}")
    assert board("mine").folder == mine
    assert "mine" in call("boards").output
    assert json.loads(call("fit", MODEL, "-b", "mine", "--json").output)["boards"][0]["board"] == "mine"
    changed(mine, 'name = "mine"', 'name = "bluepill"')
    with pytest.raises(InputError, match="two boards are called bluepill"):
        boards()


@pytest.mark.parametrize(
    ("before", "behind", "words"),
    [
        ("ram_bytes = 131072", 'ram_bytes = "128K"', "ram_bytes is '128K', it must be a number"),
        ("ram_bytes = 131072", "ram_bytes = -1", "ram_bytes is -1, it must be a number"),
        ("ram_bytes = 131072\n", "", "has no ram_bytes"),
        ("ram_bytes = 131072", "ram_bytes = 1\nram = 2", "has a field 'ram' that no board has"),
        ('core = "cortex-m4"', 'core = "cortex-m99"', "no core is called 'cortex-m99'"),
        ('usb = ["0483:374b", "0483:3752"]', 'usb = "0483:374b"', "usb is '0483:374b', it must be a list of texts"),
        ('drive = "NODE_F446RE"', "drive = 1", "flash is .* it must be a table of texts"),
        ('name = "mine"', 'name = "../mine"', "a board cannot be called '../mine'"),
        ("title = ", 'title = """a\nb""" #', "it must be a text of one line"),
        ('machine = "netduinoplus2"', "", "qemu has no machine"),
        ('system = "qemu-system-arm"', 'system = "rm"', "'rm' is no emulator of a board"),
        ("clock_hz = ", "clock_hz == ", "cannot read board"),
    ],
)
def test_what_is_wrong_with_a_board_is_one_error(mine: Path, before: str, behind: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        board(changed(mine, before, behind))


def test_a_source_that_is_nowhere_is_named(mine: Path) -> None:
    found = board(changed(mine, '"stm32/stm32.c"', '"stm32/stm33.c"'))
    with pytest.raises(InputError, match=r"mine names the source stm32/stm33\.c"):
        _ = found.source_files


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new", "mine"), "boards new NEW_NAME --like BOARD"),
        (("bluepill", "more"), "boards new NEW_NAME --like BOARD"),
        (("new", "Mine!", "--like", "bluepill"), "a board cannot be called 'Mine!'"),
        (("new", "mine", "--like", "bluepil"), "did you mean"),
    ],
)
def test_a_new_board_that_cannot_be_written_is_one_error(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("boards", *arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_written_over(mine: Path) -> None:
    before = (mine / "board.toml").read_text()
    assert call("boards", "new", "mine", "--like", "bluepill", "-o", mine).exit_code == 2
    assert (mine / "board.toml").read_text() == before


def test_a_place_without_a_board_is_named(tmp_path: Path) -> None:
    done = call("export", MODEL, "-b", "./nothing", "-o", tmp_path / "p")
    assert done.exit_code == 2
    assert "there is no board at ./nothing" in done.stderr


STM32_BOARDS = {n: b for n, b in boards().items() if "stm32" in dict(b.projects) and n != "netduino2-20k"}


@pytest.mark.parametrize("name", STM32_BOARDS)
def test_a_board_with_its_own_part_again_is_that_board(name: str) -> None:
    """So what the data file says of these parts is what their boards were written with."""
    known = STM32_BOARDS[name]
    part = stm32_part(dict(known.projects)["stm32"])
    assert (part.core, part.mhz * 1_000_000, part.wait_states) == (known.core, known.clock_hz, known.flash_wait_states)
    assert (part.flash_bytes, part.ram_bytes, part.chip_id) == (known.flash_bytes, known.ram_bytes, known.chip_id)
    placed = ("code_ram_start", "code_ram_bytes", "ram_beside_code_bytes")
    assert {key: getattr(known, key) for key in placed} == {**dict.fromkeys(placed, 0), **part.code_ram}
    made, files = with_part(files_of(known.folder), known, part), files_of(known.folder)
    body = [sorted(text[text.index("#include") :].splitlines()) for text in (made["board.c"], files["board.c"])]
    assert body[0] == body[1]


def test_another_part_has_its_own_memories_and_no_names_of_the_old_board(tmp_path: Path) -> None:
    told = call("boards", "new", "mine", "--like", "nucleo-f446re", "--part", "stm32f429zit6", "-o", tmp_path / "mine")
    assert told.exit_code == 0
    made = board(str(tmp_path / "mine"))
    assert (made.flash_bytes, made.ram_bytes, made.chip_id) == (2048 * 1024, 192 * 1024, 0x419)
    assert (made.projects, made.emulator) == ((("stm32", "STM32F429ZI"),), None)
    assert dict(made.flashing).keys() == {"openocd", "st-flash", "stm32loader"}
    assert made.title == "mine, like nucleo-f446re with an STM32F429ZI"


@pytest.mark.parametrize(
    ("like", "part", "said"),
    [
        ("nucleo-f446re", "STM32F999ZZ", "no STM32 is known by the number 'STM32F999ZZ'"),
        ("nucleo-f446re", "STM32F411RB", "F411xC/E"),
        ("nucleo-f446re", "STM32F205RG", "STM32F205RG has a cortex-m3"),
        ("bluepill", "STM32F411RE", "clock tree of stm32f2f4"),
        ("pico", "STM32F411RE", "clock tree of stm32f2f4"),
    ],
)
def test_a_part_that_is_not_known_or_not_of_the_family_is_refused(
    like: str, part: str, said: str, tmp_path: Path
) -> None:
    told = call("boards", "new", "mine", "--like", like, "--part", part, "-o", tmp_path / "mine")
    assert (told.exit_code, (tmp_path / "mine").exists()) == (2, False)
    assert said in " ".join(told.output.split())


def test_a_full_disk_leaves_no_half_of_a_board_and_no_half_of_a_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _text: str) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match=r"cannot write .*mine: No space left on device"):
        new_board("mine", files_of(board("nucleo-f446re").folder), tmp_path / "mine")
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="cannot write /dev/full: No space left on device"):
        saved(Path("/dev/full"), {"ticks": 1})
