"""The sample module of tests/mpy, what is asked of it, and a small firmware of the tests' own that runs it."""

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import serial

from depthwise.codegen.targets.boards import FREESTANDING, Board, board
from depthwise.host.build.mpy.build_module import BuiltModule, Sources, build_module
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS
from depthwise.host.emulate.qemu import virtual_board
from tests.support.waiting import printed_by, read_until

FOLDER: Final = Path(__file__).resolve().parent / "mpy"
FIRMWARE: Final = FOLDER.parents[2] / "firmware"
STRICT: Final = ("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
# armv7emsp needs firmware that keeps the floating-point unit on: compilers put integers into its registers.
BOARDS: Final = {
    "armv6m": board("mps2-m0plus"),
    "armv7m": board("mps2-m3"),
    "armv7emsp": replace(board("mps2-m4"), cpu_flags=NATIVE_ARCHS["armv7emsp"].flags),
    "rv32imc": board("rv32-virt"),
    "xtensawin": board("xtensa-lx"),
}
FILES: Final = tuple(FOLDER / name for name in ("sample.c", "parts.c", "wide.c", "unused.c"))


@dataclass(frozen=True, slots=True)
class Call:
    """A step and what it prints: `m.f(x)`, `c = m.F(x)`, `c.f(x)`, `c.f` or `c.f = x`."""

    kind: str
    name: str
    arguments: tuple[int | str | bytes, ...]
    printed: str

    def python(self) -> str:
        """The step as Python; it gives what is printed."""
        listed = ", ".join(map(repr, self.arguments))
        return {
            "call": f"m.{self.name}({listed})",
            "make": f"made.append(m.{self.name}({listed})) or made[-1]",
            "method": f"made[-1].{self.name}({listed})",
            "get": f"made[-1].{self.name}",
            "set": f"setattr(made[-1], {self.name!r}, {listed}) or 'stored'",
        }[self.kind]

    def row(self) -> str:
        """The step as an element of main.c's table."""
        values = ", ".join(map(_argument, self.arguments)) or "{0, NULL, 0}"
        return f'    {{{self.kind.upper()}, "{self.name}", {len(self.arguments)}, {{{values}}}}},'


def _argument(value: int | str | bytes) -> str:
    if isinstance(value, int):
        return f"{{{value}, NULL, 0}}"
    data = value.encode() if isinstance(value, str) else value
    escaped = "".join(f"\\{byte:03o}" for byte in data)
    return f'{{{int(isinstance(value, bytes))}, "{escaped}", {len(data)}}}'


def _word(a: int, b: int, high: int) -> str:
    """What sample_wide gives, as one signed word of 32 bits."""
    value = (a * b >> 7) + (a << 33) - b
    word = value >> 32 * high & 0xFFFFFFFF
    return str(word - (word >> 31 << 32))


def _moved(data: bytes) -> str:
    """What `moves` gives."""
    scratch = bytearray([7] * 512)
    scratch[1 : 1 + len(data)] = data
    scratch[3 : 3 + len(data) + 2] = bytes(scratch[: len(data) + 2])
    return str(sum((i & 31) * byte for i, byte in enumerate(scratch)))


PAIR: Final = (-123456789, 987654321)
BYTES: Final = bytes((i * 37 + 11) % 256 for i in range(90))
CALLS: Final = (
    Call("make", "Counter", (3, 10), "<Counter>"),
    Call("method", "next", (), "13"),
    Call("method", "skip", (4,), "<Counter>"),
    Call("method", "next", (), "28"),
    Call("get", "step", (), "3"),
    Call("set", "step", (100,), "stored"),
    Call("method", "next", (), "128"),
    Call("make", "Counter", (-5,), "<Counter>"),
    Call("method", "next", (), "-5"),
    *(
        Call("call", "choose", (i,), text)
        for i, text in enumerate(("100", "49", "-7", "9", "1", "111", "6291456", "-8", "-1"))
    ),
    Call("call", "imports", (), "1"),
    *(Call("call", "apply", (i, 20, 7), text) for i, text in enumerate(("27", "13", "140"))),
    *(Call("call", "name", (i,), text) for i, text in enumerate(("add", "subtract", "multiply"))),
    *(Call("call", "calls", (i,), "2") for i in range(3)),
    *(Call("call", "wide", (*PAIR, high), _word(*PAIR, high)) for high in range(2)),
    *(Call("call", "word", (i,), text) for i, text in enumerate(("zero", "one", "two", "three", "zero"))),
    Call("call", "total", (b"\1\2\3",), "14"),
    Call("call", "total", (bytes(range(16)), 2), "2480"),
    Call("call", "moves", (BYTES,), _moved(BYTES)),
    Call("call", "count", (1, 2, 3), "30"),
    Call("make", "Counter", (0,), "ValueError: step is 0"),
    Call("method", "next", (), "-10"),
    Call("call", "refuse", ("no, 5 of 7",), "RuntimeError: no, 5 of 7"),
    Call("call", "word", (2,), "two"),
)


def build_sample(arch: str, folder: Path, flags: tuple[str, ...] = ("-Os",)) -> BuiltModule:
    """The sample module, strictly compiled."""
    return build_module(Sources("sample", FILES, flags=(*STRICT, *flags)), NATIVE_ARCHS[arch], folder)


def calls_text(module: bytes, calls: tuple[Call, ...]) -> str:
    """The header that main.c takes: the module's bytes, and the calls."""
    data, rows = ", ".join(map(str, module)), "\n".join(call.row() for call in calls)
    return f"static const uint8_t module[] = {{{data}}};\nstatic const struct call calls[] = {{\n{rows}\n}};\n"


def run_module(module: bytes, arch: str, folder: Path, calls: tuple[Call, ...] = CALLS) -> list[str]:
    """Lines that the tests' own firmware prints when it loads a module on an emulated board and makes the calls."""
    (folder / "module.h").write_text(calls_text(module, calls))
    return _run_on_lx106(folder) if arch == "xtensa" else _run_on_board(BOARDS[arch], folder)


def _run_on_board(known: Board, folder: Path) -> list[str]:
    sources = [FOLDER / "board.c", *((known.folder / name).resolve() for name in known.sources)]
    symbols = [f"-Wl,--defsym={symbol}" for symbol in known.linker_symbols]
    flags = ["-nostartfiles", *known.cpu_flags, *symbols, "-T", str((known.folder / known.linker_script).resolve())]
    includes = [f"-I{FIRMWARE / name}" for name in ("app", "boards/cores", "boards/mps2")]
    compiler = ("sh", str((known.folder / known.driver).resolve())) if known.driver else (f"{known.toolchain}gcc",)
    image = _link(compiler, [*flags, *includes], sources, known.link_flags, folder)
    with virtual_board(image, known) as url, serial.serial_for_url(url) as port:
        heard = b""
        for _ in range(10):  # what is sent before the board has set up its port is lost
            port.write(b"g")
            heard = read_until(port, b"\n", seconds=2)
            if heard:
                break
        return (heard + read_until(port, b"end\n", seconds=60)).decode().splitlines()


def _run_on_lx106(folder: Path) -> list[str]:
    """QEMU's lx106 is no board of this project: it prints to this process."""
    sources = [FOLDER / "xtensa.c", FREESTANDING / "string.c"]
    image = _link(
        ("xtensa-lx106-elf-gcc",), ["-nostdlib", "-T", str(FOLDER / "xtensa.ld")], sources, ("-lgcc",), folder
    )
    machine = ["qemu-system-xtensa", "-M", "sim", "-cpu", "lx106", "-semihosting", "-nographic", "-monitor", "none"]
    run = [*machine, "-serial", "none", "-kernel", str(image)]
    return printed_by(run, seconds=60).splitlines()


def _link(
    compiler: tuple[str, ...], flags: list[str], sources: list[Path], libraries: tuple[str, ...], folder: Path
) -> Path:
    image = folder / "firmware.elf"
    files = [*sources, *(FOLDER / name for name in ("main.c", "loader.c", "firmware.c", "objects.c"))]
    includes = [*(f"-I{path}" for path in (folder, FOLDER, FIRMWARE / "micropython")), "-idirafter", str(FREESTANDING)]
    command = [*compiler, *STRICT, "-O1", "-ffreestanding", *flags, *includes]
    objects = [str(folder / f"{number}_{file.stem}.o") for number, file in enumerate(files)]
    for file, made in zip(files, objects, strict=True):
        subprocess.run([*command, "-c", str(file), "-o", made], check=True)
    subprocess.run([*compiler, *flags, *objects, *libraries, "-o", str(image)], check=True)
    return image
