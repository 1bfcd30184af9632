"""Tells where in the sources a module breaks a limit, by the debugging information of its object files.

binutils read it: addr2line for code, nm for variables. Where they or the information are missing, the object file and
the function or variable are named.
"""

from collections.abc import Sequence
from pathlib import Path

from depthwise.codegen.errors import NativeModuleError
from depthwise.host.children import run

from .linker_values import Breach, Broken, ObjectFile, ObjectSection, Role, SectionPlace
from .native_archs import NativeArch

MOST_TOLD = 8


def located(broken: Broken, objects: Sequence[ObjectFile], arch: NativeArch) -> NativeModuleError:
    """Error for people: every broken limit with file, line and function; the hints are joined."""
    told = list(dict.fromkeys(f"{_where(b, objects, arch)}: {_message(b, objects)}" for b in broken.breaches))
    hints = dict.fromkeys(b.hint for b in broken.breaches)
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [f"and {len(told) - MOST_TOLD} more"]
    return NativeModuleError("\n".join(told), "; ".join(hints))


def _message(breach: Breach, objects: Sequence[ObjectFile]) -> str:
    if breach.about is None:
        return breach.message
    owners = _owners(objects, breach.about.place, range(breach.about.size))
    return breach.message.replace("{subject}", " or ".join(owners[:3]) or breach.about.name)


def _where(breach: Breach, objects: Sequence[ObjectFile], arch: NativeArch) -> str:
    """`file:line (function)`, or as much of it as is known."""
    if breach.section is not None and breach.section.place.object >= 0:
        section, offset = _code(breach.section, breach.offset, objects, arch)
        path = objects[section.place.object].path
        owner = next(iter(_owners(objects, section.place, range(offset, offset + 1))), section.name)
        if section.role is Role.TEXT:
            return f"{_code_line(path, section.name, offset, arch)} ({owner})"
        return f"{_variable_line(path, owner, arch)} ({owner})"
    for file in objects:
        if breach.symbol is not None and breach.symbol in file.symbols:
            return _variable_line(file.path, breach.symbol.name, arch)
    return "module"


def _code(
    section: ObjectSection, offset: int, objects: Sequence[ObjectFile], arch: NativeArch
) -> tuple[ObjectSection, int]:
    """The instruction that uses a word among the code, or an Xtensa literal; other places are their own."""
    if section.role is Role.TEXT:
        return section, arch.machine.pool_user(section.data, offset)
    if section.role is not Role.LITERAL:
        return section, offset
    for code in objects[section.place.object].sections:
        for relocation in code.relocations if code.role is Role.TEXT else ():
            symbol = relocation.symbol
            if symbol.place == section.place and symbol.value + (relocation.addend or 0) == offset:
                return code, relocation.offset
    return section, offset


def _owners(objects: Sequence[ObjectFile], place: SectionPlace, bytes_: range) -> list[str]:
    """Functions or variables that have any of these bytes of a section."""
    named = ((s, s.value & ~1 if s.kind == "function" else s.value) for s in objects[place.object].symbols if s.size)
    return [s.name for s, at in named if s.place == place and at < bytes_.stop and at + s.size > bytes_.start]


def _code_line(path: str, section: str, offset: int, arch: NativeArch) -> str:
    found = _run(f"{arch.prefix}addr2line", "-s", "-j", section, "-e", path, f"{offset:#x}").split()
    return path if not found or found[0].startswith("?") else found[0].removesuffix(":?")


def _variable_line(path: str, owner: str, arch: NativeArch) -> str:
    for line in _run(f"{arch.prefix}nm", "-l", path).splitlines():
        symbol, _, source = line.partition("\t")
        if source and symbol.split()[-1] == owner:
            return Path(source).name
    return path


def _run(*command: str) -> str:
    """What a program prints; nothing where it is missing or fails."""
    try:
        return run(command).stdout
    except OSError:
        return ""
