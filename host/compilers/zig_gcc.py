"""The program that stands in for a cross gcc and its objcopy: takes their arguments, and has ziglang do the work.

Run as `python zig_gcc.py ARGUMENTS` and, for objcopy, `python zig_gcc.py -O binary ELF OUTPUT`. It imports nothing of
the package: it is started for every file that is compiled. Clang compiles; LLD links, by the very linker script of the
GNU linker; what the GNU toolchain has in libgcc and newlib comes from Zig's compiler-rt and `freestanding/string.c`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

FREESTANDING: Final = Path(__file__).resolve().parents[2] / "firmware" / "boards" / "cores" / "freestanding"
ZIG: Final = (sys.executable, "-m", "ziglang")
# What Zig's models of processors leave out is added: without it the compiler does not say that it is there.
MORE: Final = {"cortex_m33": "+dsp", "cortex_m55": "+mve"}
# Zig checks for undefined behaviour, traps and unwinds unless told otherwise; enumerations are short as in GNU's ABI.
COMPILER: Final = (
    *("-ffreestanding", "-fno-sanitize=undefined", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables"),
    *("-fshort-enums", "-Wno-unused-command-line-argument", "-Wno-unknown-pragmas", "-isystem", str(FREESTANDING)),
)
# Arguments of gcc that say which processor it is, or which libraries: told in Zig's own words.
OURS: Final = ("-mcpu=", "-mthumb", "-march=", "-mabi=", "-mfloat-abi=", "-mfpu=", "--specs=", "-nost", "-lgcc")


def main(arguments: list[str]) -> int:
    """Compile, preprocess, link or copy, as gcc or objcopy would; the exit code."""
    if arguments[:2] == ["-O", "binary"]:
        return _ran("objcopy", *arguments)
    target = target_of(arguments)
    kept = [a for a in arguments if not a.startswith(OURS)]
    if {"-c", "-E", "-S"} & set(kept):
        return _compiled(target, kept)
    with tempfile.TemporaryDirectory() as folder:
        return _linked(target, kept, Path(folder), bare="-nostdlib" in arguments)


def target_of(arguments: list[str]) -> tuple[str, ...]:
    """Zig's name of the processor that gcc's arguments name."""
    given = dict(a.split("=", 1) for a in arguments if a.startswith(OURS) and "=" in a)
    march = given.get("-march", "")
    if march.startswith("rv32"):
        letters = march.partition("_")[0].removeprefix("rv32i")
        return ("-target", "riscv32-freestanding", f"-mcpu=generic_rv32{''.join(f'+{x}' for x in letters)}")
    cpu = given["-mcpu"].replace("-", "_")
    hard = given.get("-mfloat-abi") == "hard"
    more = MORE.get(cpu, "") + ("" if hard else "+soft_float")
    return ("-target", f"thumb-freestanding-{'eabihf' if hard else 'eabi'}", f"-mcpu={cpu}{more}")


def _compiled(target: tuple[str, ...], arguments: list[str]) -> int:
    """Compile as for GNU's ABI: memory is copied by functions of <string.h>, not by Arm's own."""
    gnu = ("-meabi", "gnu") if target[1].startswith("thumb") else ()
    return _ran("cc", *target, *arguments, *gnu, *COMPILER)


def _linked(target: tuple[str, ...], arguments: list[str], folder: Path, *, bare: bool) -> int:
    """Link by LLD; `bare`: the objects have their own functions of <string.h>."""
    runtime, empty, strings = folder / "runtime.a", folder / "empty.c", folder / "string.o"
    empty.write_text("extern int empty;\n")
    made = _ran("build-lib", *target, "-OReleaseSmall", "-fcompiler-rt", f"-femit-bin={runtime}", str(empty))
    objects: list[str] = []
    if not made and not bare:
        source = str(FREESTANDING / "string.c")
        made = _compiled(target, ["-Os", "-ffunction-sections", "-c", source, "-o", str(strings)])
        objects = [str(strings)]
    told = (a for a in arguments if not a.startswith("-m"))  # those of the processor: LLD reads them in the objects
    linker = [part for a in told for part in (a.split(",")[1:] if a.startswith("-Wl,") else [a])]
    return made or _ran("ld.lld", *linker, *objects, str(runtime))


def _ran(*arguments: str) -> int:
    return subprocess.run([*ZIG, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
