"""Finds out what each name means and which sections a module needs; reports all names and sections it cannot have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .abi import DESTINATIONS
from .linker_values import Breach, Broken, ObjectFile, ObjectSection, Role, SectionPlace, Symbol
from .runtime import operation

ENTRY = "mpy_init"
LINKER_NAMES = ("_GLOBAL_OFFSET_TABLE_",)


@dataclass(frozen=True, slots=True)
class Scope:
    """All sections by place, and what shared names mean."""

    sections: dict[SectionPlace, ObjectSection]
    shared: dict[str, Symbol]

    def defined(self, symbol: Symbol) -> Symbol:
        """The definition that a symbol stands for: itself if there is none elsewhere."""
        return self.shared.get(symbol.name, symbol) if symbol.shared else symbol


def scope_of(objects: Iterable[ObjectFile]) -> Scope:
    """Everything that object files define. Raises Broken where two define the same name."""
    objects = tuple(objects)
    sections = {s.place: s for o in objects for s in o.sections}
    shared: dict[str, Symbol] = {}
    breaches = []
    for symbol in (s for o in objects for s in o.symbols if s.shared and s.place is not None):
        other = shared.get(symbol.name)
        if other is None or other.weak:
            shared[symbol.name] = symbol
        elif not symbol.weak:
            message = f"{symbol.name} is defined twice"
            breaches += [Breach(message, "make one of them static, or rename it", symbol=s) for s in (other, symbol)]
    if breaches:
        raise Broken(*breaches)
    return Scope(sections, shared)


def needed(scope: Scope) -> tuple[ObjectSection, ...]:
    """Sections that mpy_init reaches, itself first, then in the order of the files. Raises Broken for all limits."""
    entry = scope.shared.get(ENTRY)
    if entry is None or entry.place not in scope.sections:
        raise Broken(Breach(f"no file defines {ENTRY}", "a module's first function is mp_obj_t mpy_init(…)"))
    found, waiting = {entry.place}, [entry.place]
    while waiting:
        for place in _reached(scope, scope.sections[waiting.pop()]):
            if place not in found:
                found.add(place)
                waiting.append(place)
    live = [scope.sections[entry.place], *(s for p, s in scope.sections.items() if p in found and p != entry.place)]
    breaches = tuple(_limits(scope, live))
    if breaches:
        raise Broken(*breaches)
    return tuple(live)


def _reached(scope: Scope, section: ObjectSection) -> Iterator[SectionPlace]:
    for relocation in section.relocations:
        place = scope.defined(relocation.symbol).place
        if place is not None and place in scope.sections:
            yield place


def _limits(scope: Scope, live: Iterable[ObjectSection]) -> Iterator[Breach]:
    """Every name that nobody defines, once; sections of variables with values, of threads, of constructors."""
    told: set[str] = set()
    for section in live:
        yield from _section_limits(section)
        for relocation in section.relocations:
            symbol = scope.defined(relocation.symbol)
            if not _known(scope, symbol) and symbol.name not in told:
                told.add(symbol.name)
                yield _unknown(symbol, section, relocation.offset)
    yield from (b for s in scope.sections.values() if s.role is Role.CONSTRUCTOR for b in _section_limits(s))


def _known(scope: Scope, symbol: Symbol) -> bool:
    """Tell whether a symbol lies in a loaded section, or outside of all and is the firmware's, the linker's or none."""
    if symbol.place is not None:
        return symbol.place in scope.sections
    return symbol.name in (*DESTINATIONS, *LINKER_NAMES, "")


def _section_limits(section: ObjectSection) -> Iterator[Breach]:
    match section.role:
        case Role.DATA:
            message = "{subject} has an initial value and is not const, which the loader has no memory for"
            hint = "make it const, or leave it zero and set it in mpy_init"
            yield Breach(message, hint, section=section, about=section)
        case Role.THREAD:
            message = "{subject} is thread-local, which the loader has no memory for"
            yield Breach(message, "make it a global variable", section=section, about=section)
        case Role.CONSTRUCTOR:
            message = "a constructor is to run before mpy_init, but nobody calls it"
            yield Breach(message, "call it in mpy_init", section=section)


def _unknown(symbol: Symbol, section: ObjectSection, offset: int) -> Breach:
    """What to say of a name that neither the files nor the firmware define."""
    if symbol.kind == "common":
        message, hint = f"{symbol.name} is a common symbol of no section", "compile with -fno-common"
        return Breach(message, hint, symbol=symbol)
    if symbol.place is not None:
        message = f"{symbol.name or 'a symbol'} lies in a section that is not loaded"
        return Breach(message, "compile again", section=section, offset=offset)
    what = operation(symbol.name)
    if what is not None:
        message = f"{symbol.name} is {what} from libgcc, which no native module is linked with"
        return Breach(
            message, f"do without it, or define {symbol.name} in one of the files", section=section, offset=offset
        )
    message = f"{symbol.name} is neither defined in these files nor in the firmware's table for native modules"
    return Breach(message, "add the file that defines it, or reach it by mp_fun_table", section=section, offset=offset)
