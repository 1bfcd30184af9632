"""The boards this tool knows: one folder with a `board.toml` each under `firmware/boards`, and those of the user's."""

import difflib
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.kernels.flash import Flash

from .board_file import TABLE, board_fields, check_name, checked_fields, text_of
from .cores import Core, behind, core
from .flash_fields import USUAL_LINE, check_flash
from .includes import with_headers
from .own_boards import VARIABLE, file_at, files_of_own, is_path

FOLDER: Final = Path(__file__).resolve().parents[2] / "firmware" / "boards"
# What boards have in common, in folders without a `board.toml`; the few functions of a C library that a network needs.
SHARED: Final = tuple(FOLDER / name for name in ("cores", "mps2", "nrf", "rp2", "stm32"))
FREESTANDING: Final = FOLDER / "cores" / "freestanding"
NOT_IN_FILES: Final = frozenset({"folder", "emulator", "flashing", "code_in_ram"})
FLASH, QEMU = "flash", "qemu"  # what the fields `flashing` and `emulator` are called in the file


@dataclass(frozen=True, slots=True)
class Emulator:
    """How QEMU runs the board's firmware; the board's UART is the machine's serial port number `serial`."""

    system: str
    machine: str
    arguments: tuple[str, ...]
    serial: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board: its chip's memories and clock, its firmware's sources, how it is built and emulated.

    `projects` are the kinds of project it can be exported as (`project_kinds.py`), the usual one first, each with
    what the board is called there; `flashing` the ways to flash it, the best one first, each with its argument;
    `usb` the vid:pid of its serial port or probe. `sources` are relative to `folder`; boards of one chip share them;
    one that is not there is looked for in `firmware/boards`.
    Of `ram_bytes` the linker keeps `stack_bytes` free. `link_flags` name the libraries, behind the objects.
    `driver` is a script that is called as the compiler, with a toolchain's gcc behind it (empty: the gcc itself).
    `flash_wait_states` are cycles of the core that a read of the flash takes more at this clock, `flash_line_bytes`
    what one read brings. Between core and flash are a cache of instructions and one of data, or `flash_cache_bytes` for
    both (0: none), and `flash_prefetch` lines of code behind the one that runs. `code_in_ram` is no field of the file.
    `code_ram_bytes` at `code_ram_start` are a RAM that the core fetches instructions from past its data's, for code
    alone (0: code in RAM lies among the data); where it is a piece of `ram_bytes`, `ram_beside_code_bytes` are left.
    A board that is only built by a framework has no toolchain, sources and linker script of its own.
    `chip_id` is the number that an STM32 says of itself (DEV_ID; 0: the board has none), and stands at `chip_id_at`.
    `emulator` is None for a board that QEMU cannot stand in for.
    """

    name: str
    title: str
    core: str
    clock_hz: int
    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    projects: tuple[tuple[str, str], ...]
    folder: Path
    emulator: Emulator | None
    toolchain: str = ""
    driver: str = ""
    cpu_flags: tuple[str, ...] = ()
    linker_script: str = ""
    sources: tuple[str, ...] = ()
    flashing: tuple[tuple[str, str], ...] = ()
    usb: tuple[str, ...] = ()
    chip_id: int = 0
    chip_id_at: int = 0
    flash_wait_states: int = 0
    flash_line_bytes: int = USUAL_LINE
    flash_instruction_cache_bytes: int = 0
    flash_data_cache_bytes: int = 0
    flash_cache_bytes: int = 0
    flash_prefetch: int = 0
    flash_start: int = 0x08000000
    ram_start: int = 0x20000000
    code_ram_start: int = 0
    code_ram_bytes: int = 0
    ram_beside_code_bytes: int = 0
    link_flags: tuple[str, ...] = ("--specs=nano.specs", "--specs=nosys.specs")
    code_in_ram: bool = False

    @property
    def project(self) -> str:
        """Name of the usual kind of project."""
        return self.projects[0][0]

    @property
    def clock_mhz(self) -> int:
        """Clock of the core in MHz, rounded down."""
        return self.clock_hz // 1_000_000

    @property
    def virtual(self) -> bool:
        """Tell whether the board runs on this machine, as a process or on QEMU."""
        return self.emulator is not None or self.project == "host"

    @property
    def linker_symbols(self) -> tuple[str, ...]:
        """Where the memories lie, how large they are, what the stack needs: `name=value` for the linker."""
        places = (f"dw_flash_start={self.flash_start:#010x}", f"dw_ram_start={self.ram_start:#010x}")
        sizes = ("flash_bytes", "ram_bytes", "stack_bytes")
        return (*places, *(f"dw_{name}={getattr(self, name)}" for name in sizes))

    @property
    def flash(self) -> Flash:
        """What stands between the core and the flash; one cache for code and constants counts as one for each."""
        return Flash(
            wait_states=self.flash_wait_states,
            line=self.flash_line_bytes,
            instruction_cache=self.flash_instruction_cache_bytes or self.flash_cache_bytes,
            data_cache=self.flash_data_cache_bytes or self.flash_cache_bytes,
            prefetch=self.flash_prefetch > 0,
            code_in_ram=self.code_in_ram,
        )

    @property
    def own(self) -> bool:
        """Tell whether it is a board of the user's, not one that comes with the tool."""
        return not self.folder.resolve().is_relative_to(FOLDER)

    @property
    def source_files(self) -> tuple[Path, ...]:
        """All files of the board's own firmware: sources, linker script, driver, and the headers that these include.

        Raises InputError for one that is not there.
        """
        own = (self.linker_script, self.driver)
        named = [self._file(s) for s in (*self.sources, *filter(None, own))]
        return with_headers(named, (self.folder, *SHARED))

    def _file(self, name: str) -> Path:
        places = ((self.folder / name).resolve(), (FOLDER / name).resolve())
        found = next((p for p in places if p.is_file()), None)
        if found is None:
            raise InputError(f"{self.name} names the source {name}, there is no {places[0]}", "correct its board.toml")
        return found


def boards() -> dict[str, Board]:
    """All boards by name, those of $DEPTHWISE_BOARDS too. Raises InputError for a damaged file, or a name twice."""
    found = {b.name: b for b in map(read_board, sorted(FOLDER.glob("*/board.toml")))}
    for path in files_of_own():
        own = read_board(path)
        if own.name in found:
            raise InputError(f"two boards are called {own.name}: {path}, {found[own.name].folder}", f"see ${VARIABLE}")
        found[own.name] = own
    return found


def board(name: str) -> Board:
    """Board of a name, or at the path of its folder; InputError names the nearest known ones."""
    if is_path(name):
        return read_board(file_at(name))
    known = boards()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
        raise InputError(f"no board is called {name!r}", f"did you mean {' or '.join(near)}?")
    return known[name]


def core_of(target: Board) -> Core:
    """A board's core, with its flash and the kernels for that."""
    return behind(core(target.core), target.flash)


def bare_core(name: str) -> Board:
    """No board at all, only a core: for a project that knows neither memories nor serial port. It has no name."""
    chosen = core(name)
    return Board(
        name="",
        title=f"any {chosen.name}",
        core=chosen.name,
        clock_hz=0,
        flash_bytes=0,
        ram_bytes=0,
        stack_bytes=0,
        projects=(("library", ""),),
        folder=FOLDER,
        emulator=None,
        toolchain=chosen.toolchain,
        cpu_flags=chosen.cpu_flags,
    )


def read_board(path: Path) -> Board:
    """The board that a file describes; sources are not looked at. Raises InputError naming the field that is wrong."""
    return _described(path, text_of(path))


@lru_cache(maxsize=256)
def _described(path: Path, text: str) -> Board:
    """The board of a file by its text: every command and every export asks for all boards there are."""
    types = {f.name: f.type for f in fields(Board) if f.name not in NOT_IN_FILES}
    needed = frozenset(f.name for f in fields(Board) if f.default is MISSING) - {"folder", "emulator"}
    types |= {FLASH: TABLE, QEMU: dict}
    data: dict[str, Any] = board_fields(path, text, types, needed)
    check_name(data["name"])
    core(data["core"])
    check_flash(data, str(path))
    if not data["projects"]:
        raise InputError(f"{path} names no kind of project", 'give one: [projects], bare = ""')
    qemu = data.pop(QEMU, None)
    emulator = None
    if qemu is not None:
        has = {f.name: f.type for f in fields(Emulator)}
        emulator = _emulator(checked_fields(qemu, has, frozenset(has) - {"serial"}, f"{path}: {QEMU}"))
    flashing = data.pop(FLASH, ())
    return Board(**data, flashing=flashing, folder=path.parent, emulator=emulator)


def _emulator(given: dict[str, Any]) -> Emulator:
    """Of a project that came from somewhere no other program is started than QEMU."""
    if not given["system"].startswith("qemu-system-"):
        raise InputError(f"{given['system']!r} is no emulator of a board", "name one of QEMU's: qemu-system-arm")
    return Emulator(**given)
