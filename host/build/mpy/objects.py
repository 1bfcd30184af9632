"""Reads the ELF object files of a compiler into the linker's own values."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.descriptions import describe_reloc_type
from elftools.elf.elffile import ELFFile

from depthwise.codegen.errors import NativeModuleError

from .linker_values import ObjectFile, ObjectSection, Relocation, Role, SectionPlace, Symbol
from .native_archs import NativeArch

KINDS: Final = {"STT_FUNC": "function", "STT_OBJECT": "object", "STT_SECTION": "section", "STT_TLS": "thread"}
LISTS: Final = ("SHT_INIT_ARRAY", "SHT_PREINIT_ARRAY", "SHT_FINI_ARRAY")
# GNU's assembler, and xtensa-cc.sh.
LITERALS: Final = (".literal", ".text.literals.")
# What pyelftools raises for numbers that do not fit together; it promises ELFError for some of them only.
DAMAGE: Final = (ELFError, ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)


def read_object(data: bytes, path: str, number: int, arch: NativeArch) -> ObjectFile:
    """Object file number `number` of a link. Raises NativeModuleError for what is no object file for this architecture.

    Sections that are not loaded (debugging information, notes) and empty ones are left out. Source: the ELF
    specification (System V ABI, chapter 4), and each machine's supplement for relocations.
    """
    try:
        elf = ELFFile(BytesIO(data))
        _check(elf, path, arch)
        symbols = _symbols(elf, number)
        return ObjectFile(path, tuple(_sections(elf, number, symbols)), symbols)
    except DAMAGE as error:
        raise NativeModuleError(f"{path} is a damaged object file: {error}", "compile it again") from error


def _check(elf: Any, path: str, arch: NativeArch) -> None:
    machine, bits = elf["e_machine"], elf.elfclass
    if elf["e_type"] != "ET_REL":
        raise NativeModuleError(f"{path} is no object file ({elf['e_type']})", "give files compiled with -c")
    if (machine, bits, elf.little_endian) != (arch.machine.elf_name, arch.word * 8, True):
        order = "little" if elf.little_endian else "big"
        raise NativeModuleError(
            f"{path} is for {machine} ({bits} bits, {order}-endian), {arch.name} is {arch.machine.elf_name} "
            f"({arch.word * 8} bits, little-endian)",
            f"compile it with {arch.compiler}",
        )


def _symbols(elf: Any, number: int) -> tuple[Symbol, ...]:
    table = elf.get_section_by_name(".symtab")
    return tuple(_symbol(s, number) for s in table.iter_symbols()) if table is not None else ()


def _symbol(symbol: Any, number: int) -> Symbol:
    index, info = symbol["st_shndx"], symbol["st_info"]
    return Symbol(
        symbol.name,
        place=SectionPlace(number, index) if isinstance(index, int) else None,
        value=symbol["st_value"],
        size=symbol["st_size"],
        kind="common" if index == "SHN_COMMON" else KINDS.get(info["type"], "none"),
        shared=info["bind"] != "STB_LOCAL",
        weak=info["bind"] == "STB_WEAK",
    )


def _sections(elf: Any, number: int, symbols: tuple[Symbol, ...]) -> Iterator[ObjectSection]:
    relocations = dict(_relocations(elf, symbols))
    for index, section in enumerate(elf.iter_sections()):
        flags, size = section["sh_flags"], section["sh_size"]
        if not (flags & SH_FLAGS.SHF_ALLOC and size):
            continue
        zeroed = section["sh_type"] == "SHT_NOBITS"
        data = b"" if zeroed else section.data()
        if not zeroed and len(data) != size:
            raise ValueError(f"{section.name} ends {size - len(data)} bytes early")
        alignment = max(1, section["sh_addralign"])
        role = _role(section.name, section["sh_type"], flags)
        yield ObjectSection(
            SectionPlace(number, index),
            section.name,
            role,
            data=data,
            size=size,
            alignment=alignment,
            relocations=relocations.get(index, ()),
        )


def _role(name: str, kind: str, flags: int) -> Role:
    if flags & SH_FLAGS.SHF_TLS:
        return Role.THREAD
    if kind in LISTS or name.startswith((".ctors", ".dtors")):
        return Role.CONSTRUCTOR
    if flags & SH_FLAGS.SHF_EXECINSTR:
        return Role.LITERAL if name.startswith(LITERALS) else Role.TEXT
    if not flags & SH_FLAGS.SHF_WRITE or name.startswith(".data.rel.ro"):
        return Role.RODATA
    return Role.BSS if kind == "SHT_NOBITS" else Role.DATA


def _relocations(elf: Any, symbols: tuple[Symbol, ...]) -> Iterator[tuple[int, tuple[Relocation, ...]]]:
    for section in elf.iter_sections():
        if section["sh_type"] not in ("SHT_REL", "SHT_RELA"):
            continue
        if elf.get_section(section["sh_info"])["sh_flags"] & SH_FLAGS.SHF_ALLOC:
            found = section.iter_relocations()
            yield section["sh_info"], tuple(_relocation(r.entry, elf, symbols) for r in found)


def _relocation(entry: Any, elf: Any, symbols: tuple[Symbol, ...]) -> Relocation:
    kind = entry["r_info_type"]
    name = describe_reloc_type(kind, elf)
    known = name if name.startswith("R_") else f"number {kind}"
    return Relocation(entry["r_offset"], kind, known, symbols[entry["r_info_sym"]], entry.get("r_addend"))
