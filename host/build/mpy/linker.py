"""Links object files into the image of a native module: the parts of it that mpy_init reaches, relocated."""

from collections.abc import Iterable, Iterator

from depthwise.codegen.errors import NativeModuleError

from .abi import BSS, RODATA, TEXT
from .linker_values import Breach, Broken, Fixup, Image, ObjectFile, Role
from .module_layout import ModuleLayout, lay_out
from .native_archs import NativeArch
from .relocate import relocate, site_of
from .scope import ENTRY, needed, scope_of


def link(objects: Iterable[ObjectFile], arch: NativeArch) -> Image:
    """Image of a module.

    Raises Broken with the limits it breaks (source_lines.py tells where they are in the sources), NativeModuleError for
    an object file whose relocations lie outside of its sections.
    """
    scope = scope_of(objects)
    layout = lay_out(scope, needed(scope), arch)
    blocks = {base: bytearray(layout.sizes[base]) for base in (TEXT, RODATA)}
    _enter(layout, arch, blocks[TEXT])
    for section in layout.sections:
        if section.role is not Role.BSS:
            place = layout.at[section.place]
            blocks[place.destination][place.offset : place.offset + section.size] = section.data
    fixups = [*_fill_slots(layout, arch, blocks[TEXT]), *_relocate_all(layout, arch, blocks)]
    fixups.sort(key=lambda f: (f.base, f.word))
    return Image(bytes(blocks[TEXT]), bytes(blocks[RODATA]), layout.sizes[BSS], tuple(fixups), layout.at)


def _enter(layout: ModuleLayout, arch: NativeArch, text: bytearray) -> None:
    """The loader calls the first byte of the text: mpy_init lies there, or a jump to it does."""
    symbol = layout.scope.shared[ENTRY]
    start = layout.target(symbol).offset
    if arch.machine.jump is not None:
        code = arch.machine.jump(start)
        text[: len(code)] = code
    elif start & ~1:
        raise Broken(Breach(f"{ENTRY} is not first in its section", "compile with -ffunction-sections", symbol=symbol))


def _fill_slots(layout: ModuleLayout, arch: NativeArch, text: bytearray) -> Iterator[Fixup]:
    for symbol, slot in layout.slots.items():
        target = layout.target(symbol)
        text[slot : slot + arch.word] = target.offset.to_bytes(arch.word, "little")
        yield Fixup(TEXT, slot // arch.word, target.destination)


def _relocate_all(layout: ModuleLayout, arch: NativeArch, blocks: dict[int, bytearray]) -> list[Fixup]:
    fixups: list[Fixup] = []
    breaches: dict[Breach, None] = {}
    for section in layout.sections:
        for relocation in section.relocations:
            try:
                fixup = relocate(site_of(layout, arch, blocks, section, relocation))
            except Broken as broken:
                breaches.update(dict.fromkeys(broken.breaches))
            except IndexError as error:
                raise NativeModuleError(f"a relocation of {section.name} lies outside of it: {error}") from error
            else:
                fixups += [fixup] if fixup is not None else []
    if breaches:
        raise Broken(*breaches)
    return fixups
