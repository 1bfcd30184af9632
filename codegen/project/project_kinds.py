"""The kinds of project a network can be exported as: which folders its parts lie in, what is rendered beside them."""

import difflib
from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.targets.boards import Board

APP: Final = "app"
NETWORK_BINDING: Final = ("network.h", "project/network.h.j2")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectKind:
    """A kind of project. In `network`, `board` and the names of `files`, `{name}` is the network's name.

    `network` is the folder of the library, `app` that of the serial application (None: the project has none),
    `board` that of what the application stands on: the board's own sources, or for a project of a framework the
    files that `brings` names (patterns below firmware/; a main.c is among them, or rendered). `files` are the
    project's own: (file, template). `everywhere`: every board can be exported as this kind. `image` is what its
    build makes, an ELF file, an archive of some or a module; `{board}` in its name is the board's, `{arch}`
    MicroPython's. `detached`: the network's constants lie apart from its code, and its caller owns its state.
    """

    name: str
    about: str
    files: tuple[tuple[str, str], ...]
    network: str = "network"
    app: str | None = APP
    board: str | None = "board"
    brings: tuple[str, ...] = ()
    everywhere: bool = False
    image: str = "build/firmware.elf"
    detached: bool = False


HOST: Final = ProjectKind(
    name="host", about="a process of this machine, built with make", files=(("Makefile", "project/host.mk.j2"),)
)
BARE: Final = ProjectKind(name="bare", about="bare metal, built with make", files=(("Makefile", "project/bare.mk.j2"),))
STM32: Final = ProjectKind(
    name="stm32", about="bare metal for an STM32, built with make", files=(("Makefile", "project/bare.mk.j2"),)
)
ESP_IDF: Final = ProjectKind(
    name="esp-idf",
    about="a component and an application for ESP-IDF, built with idf.py",
    files=(
        ("CMakeLists.txt", "project/esp-idf/CMakeLists.txt.j2"),
        ("sdkconfig.defaults", "project/esp-idf/sdkconfig.defaults.j2"),
        ("main/CMakeLists.txt", "project/esp-idf/main.cmake.j2"),
        ("components/{name}/CMakeLists.txt", "project/esp-idf/component.cmake.j2"),
        ("components/{name}/idf_component.yml", "project/esp-idf/idf_component.yml.j2"),
    ),
    network="components/{name}",
    app="main",
    board="main",
    brings=("frameworks/esp-idf/*.c",),
    image="build/{name}_verify.elf",
)
ARDUINO: Final = ProjectKind(
    name="arduino",
    about="a library and a sketch for Arduino, built with arduino-cli",
    files=(
        ("verify/verify.ino", "project/arduino/verify.ino.j2"),
        ("verify/build_opt.h", "project/arduino/build_opt.h.j2"),
        ("libraries/{name}/library.properties", "project/arduino/library.properties.j2"),
        ("libraries/{name}/examples/scores/scores.ino", "project/arduino/scores.ino.j2"),
    ),
    network="libraries/{name}/src",
    app="verify/src",
    board="verify/src",
    brings=("frameworks/arduino/*.cpp",),
    image="build/verify.ino.elf",
)
PLATFORMIO: Final = ProjectKind(
    name="platformio",
    about="a library and an application for PlatformIO, on Arduino's framework, built with pio",
    files=(
        ("platformio.ini", "project/platformio/platformio.ini.j2"),
        ("src/main.cpp", "project/platformio/main.cpp.j2"),
        ("lib/{name}/library.json", "project/platformio/library.json.j2"),
    ),
    network="lib/{name}/src",
    app="src/verify",
    board="src/verify",
    brings=("frameworks/arduino/*.cpp",),
    image=".pio/build/{board}/firmware.elf",
)
ZEPHYR: Final = ProjectKind(
    name="zephyr",
    about="a module and an application for Zephyr, built with west",
    files=(
        ("CMakeLists.txt", "project/zephyr/CMakeLists.txt.j2"),
        ("prj.conf", "project/zephyr/prj.conf.j2"),
        ("modules/{name}/zephyr/module.yml", "project/zephyr/module.yml.j2"),
        ("modules/{name}/CMakeLists.txt", "project/zephyr/module.cmake.j2"),
        ("modules/{name}/Kconfig", "project/zephyr/Kconfig.j2"),
    ),
    network="modules/{name}",
    app="src",
    board="src",
    brings=("frameworks/zephyr/*.c",),
    image="build/zephyr/zephyr.elf",
)
LIBRARY: Final = ProjectKind(
    name="library",
    about="only the network: C, CMake, an example",
    files=(("CMakeLists.txt", "project/library/CMakeLists.txt.j2"), ("example.c", "project/library/example.c.j2")),
    network="",
    app=None,
    board=None,
    everywhere=True,
    image="build/lib{name}.a",
)
MICROPYTHON: Final = ProjectKind(
    name="micropython",
    about="a module for MicroPython: a native .mpy, or a part of the firmware",
    files=(
        ("Makefile", "project/micropython/Makefile.j2"),
        ("{name}.pyi", "project/micropython/stub.pyi.j2"),
        ("example.py", "project/micropython/example.py.j2"),
        ("{name}_module/micropython.cmake", "project/micropython/micropython.cmake.j2"),
        ("{name}_module/micropython.mk", "project/micropython/micropython.mk.j2"),
        ("{name}_module/network.h", "project/micropython/network.h.j2"),
        ("{name}_module/{name}_weights.c", "project/micropython/weights.c.j2"),
    ),
    network="{name}_module",
    app=None,
    board="{name}_module",
    brings=("micropython/*.[ch]", "app/crc32.[ch]"),
    everywhere=True,
    image="build/{arch}/{name}.mpy",
    detached=True,
)
KINDS: Final = {
    kind.name: kind
    for kind in (
        HOST,
        BARE,
        STM32,
        ESP_IDF,
        ARDUINO,
        PLATFORMIO,
        ZEPHYR,
        LIBRARY,
        MICROPYTHON,
    )
}


def project_kind(name: str | None, board: Board) -> ProjectKind:
    """Kind of a name, or the board's usual one. InputError if there is no such kind, or not for this board."""
    wanted = name or board.project
    if wanted not in KINDS:
        near = difflib.get_close_matches(wanted, KINDS, n=2, cutoff=0.4) or sorted(KINDS)
        raise InputError(f"no kind of project is called {wanted!r}", f"did you mean {' or '.join(near)}?")
    offered = kinds_of(board)
    if wanted not in offered:
        raise InputError(
            f"{board.name or board.title} cannot be exported as a project of kind {wanted}",
            f"it can be as {', '.join(offered)}",
        )
    return KINDS[wanted]


def with_app(kind: ProjectKind) -> ProjectKind:
    """The kind with the serial application beside it, for firmware of the user's own. InputError where it has one."""
    if kind.app is not None or kind.detached:
        why = "has no application: the REPL has the port" if kind.detached else "has its application already"
        raise InputError(f"a project of kind {kind.name} {why}", "leave --app away")
    return replace(kind, app=APP)


def kinds_of(board: Board) -> tuple[str, ...]:
    """Names of all kinds of project that a board can be exported as, the usual one first."""
    own = [kind for kind, _ in board.projects]
    return tuple(dict.fromkeys([*own, *(k.name for k in KINDS.values() if k.everywhere)]))
