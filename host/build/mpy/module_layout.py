"""Decides where each section, each slot of the global offset table and each stub lies in a module's blocks.

text:    [jump, literals (Xtensa)] mpy_init, the other functions, stubs, GOT, [constants]
rodata:  constants, where the architecture keeps them apart from code
bss:     zeroed variables
"""

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass

from .abi import BSS, DESTINATIONS, FUNCTIONS, RODATA, TEXT
from .linker_values import Breach, Broken, LoaderAddress, ObjectSection, Relocation, Role, SectionPlace, Symbol
from .native_archs import NativeArch
from .rules import Reach, Stub
from .scope import Scope

SLOT_REACHES = (Reach.SLOT_DISTANCE, Reach.SLOT_IN_TABLE)
JUMP_BYTES = 4


@dataclass(frozen=True, slots=True)
class ModuleLayout:
    """Where everything lies. `slots` are offsets of pointers in text, by symbol; `sizes` of the blocks in bytes."""

    scope: Scope
    sections: tuple[ObjectSection, ...]
    _: KW_ONLY
    at: dict[SectionPlace, LoaderAddress]
    table: int
    slots: dict[Symbol, int]
    sizes: dict[int, int]

    def target(self, symbol: Symbol) -> LoaderAddress:
        """Where a symbol lies: in a block, or in the firmware by a destination of the loader.

        Raises Broken for a symbol without an address: the linker's own table, or the nameless one of marks.
        """
        symbol = self.scope.defined(symbol)
        if symbol.place is None:
            if symbol.name not in DESTINATIONS:
                raise Broken(Breach(f"{symbol.name or 'a nameless symbol'} has no address", "compile again"))
            return LoaderAddress(DESTINATIONS[symbol.name], 0)
        block = self.at[symbol.place]
        return LoaderAddress(block.destination, block.offset + symbol.value)

    def section(self, symbol: Symbol) -> ObjectSection | None:
        """Section that defines a symbol, if any does."""
        place = self.scope.defined(symbol).place
        return None if place is None else self.scope.sections.get(place)

    def slot(self, symbol: Symbol) -> int:
        """Offset in text of a symbol's slot."""
        return self.slots[self.scope.defined(symbol)]

    def reachable(self, symbol: Symbol) -> LoaderAddress:
        """Where code gets to a symbol without the loader: a stub stands for a function of the firmware."""
        target = self.target(symbol)
        stub = self.at.get(_stub_place(target.destination))
        return target if stub is None else stub


def lay_out(scope: Scope, live: tuple[ObjectSection, ...], arch: NativeArch) -> ModuleLayout:
    """Place the sections that a module needs. Raises Broken where an alignment is more than the loader keeps."""
    sections = (*live, *_stubs(scope, live, arch))
    broken = [_misaligned(s, _kept(s, arch)) for s in sections if s.alignment > _kept(s, arch)]
    if broken:
        raise Broken(*broken)
    at: dict[SectionPlace, LoaderAddress] = {}
    ends = {TEXT: JUMP_BYTES if arch.machine.jump else 0, RODATA: 0, BSS: 0}
    _place((s for s in sections if s.role is Role.LITERAL), TEXT, at, ends)
    _place((s for s in sections if s.role is Role.TEXT), TEXT, at, ends)
    table = _align(ends[TEXT], arch.word)
    slots = _slots(scope, sections, arch, table)
    ends[TEXT] = table + len(slots) * arch.word
    _place((s for s in sections if s.role is Role.RODATA), RODATA if arch.separate_rodata else TEXT, at, ends)
    _place((s for s in sections if s.role is Role.BSS), BSS, at, ends)
    if arch.separate_rodata:  # the loader puts them behind the variables, at the next word
        ends[BSS] = _align(ends[BSS], max((s.alignment for s in sections if s.role is Role.RODATA), default=1))
    return ModuleLayout(scope, sections, at=at, table=table, slots=slots, sizes=ends)


def _place(
    sections: Iterable[ObjectSection], block: int, at: dict[SectionPlace, LoaderAddress], ends: dict[int, int]
) -> None:
    for section in sections:
        start = _align(ends[block], section.alignment)
        at[section.place] = LoaderAddress(block, start)
        ends[block] = start + section.size


def _align(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


def _kept(section: ObjectSection, arch: NativeArch) -> int:
    """Alignment that the loader keeps of the block that a section lies in."""
    with_code = section.role in (Role.TEXT, Role.LITERAL) or (section.role is Role.RODATA and not arch.separate_rodata)
    return arch.code_alignment if with_code else arch.alignment


def _misaligned(section: ObjectSection, kept: int) -> Breach:
    message = f"{{subject}} is to lie at a multiple of {section.alignment} bytes, the loader keeps {kept}"
    hint = "lower its alignment, or align a pointer into a longer variable"
    return Breach(message, hint, section=section, about=section)


def _slots(scope: Scope, sections: Sequence[ObjectSection], arch: NativeArch, table: int) -> dict[Symbol, int]:
    """A slot for each symbol whose address code loads, those of one destination side by side.

    One at least points to the start of the zeroed variables: the garbage collector keeps a block of memory only while
    there is a pointer to its first byte (py/gc.c), and not every firmware remembers that block otherwise
    (MICROPY_PERSISTENT_CODE_TRACK_BSS_RODATA in py/mpconfig.h).
    """
    rules = arch.machine.rules
    wanted = dict.fromkeys(
        scope.defined(r.symbol)
        for s in sections
        for r in s.relocations
        if r.kind in rules and rules[r.kind].reach in SLOT_REACHES
    )
    first = next((s.place for s in sections if s.role is Role.BSS), None)
    if first is not None and not any(symbol.place == first and symbol.value == 0 for symbol in wanted):
        wanted[Symbol("", place=first, value=0, size=0, kind="section", shared=False, weak=False)] = None
    ordered = sorted(wanted, key=lambda symbol: _order(scope, symbol))
    return {symbol: table + i * arch.word for i, symbol in enumerate(ordered)}


def _order(scope: Scope, symbol: Symbol) -> tuple[int, str]:
    role = None if symbol.place is None else scope.sections[symbol.place].role
    return (-1 if role is None else list(Role).index(role), symbol.name)


def _stub_place(destination: int) -> SectionPlace:
    return SectionPlace(-1, destination)


def _stubs(scope: Scope, live: Iterable[ObjectSection], arch: NativeArch) -> tuple[ObjectSection, ...]:
    """A stub for each function of the firmware that code calls as if it were its own."""
    stub, rules = arch.machine.stub, arch.machine.rules
    if stub is None:
        return ()
    called = {
        scope.defined(r.symbol).name
        for s in live
        for r in s.relocations
        if r.kind in rules and rules[r.kind].reach is Reach.DISTANCE and scope.defined(r.symbol).place is None
    }
    names = {DESTINATIONS[name]: name for name in sorted(called & set(FUNCTIONS))}
    return tuple(_stub(name, destination, stub, arch) for destination, name in sorted(names.items()))


def _stub(name: str, destination: int, stub: Stub, arch: NativeArch) -> ObjectSection:
    symbol = Symbol(name, place=None, value=0, size=0, kind="function", shared=True, weak=False)
    relocation = Relocation(stub.offset, stub.kind, "", symbol, stub.addend)
    size = len(stub.code)
    return ObjectSection(
        _stub_place(destination),
        f"stub of {name}",
        Role.TEXT,
        data=stub.code,
        size=size,
        alignment=arch.word,
        relocations=(relocation,),
    )
