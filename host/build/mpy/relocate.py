"""Writes one relocated field of an image: the same steps for every machine, by the rules of its relocations."""

from dataclasses import dataclass, replace

from .abi import BSS
from .linker_values import Breach, Broken, Fixup, LoaderAddress, ObjectSection, Relocation
from .module_layout import ModuleLayout
from .native_archs import NativeArch
from .rules import Reach, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A relocation, its rule, and the block (bytes `buffer`, number `base`) in which its field lies at byte `at`."""

    layout: ModuleLayout
    arch: NativeArch
    section: ObjectSection
    relocation: Relocation
    rule: Rule
    buffer: bytearray
    base: int
    at: int

    @property
    def addend(self) -> int:
        """What is added to the symbol: beside the field, or in it."""
        beside = self.relocation.addend
        inside = self.rule.field.read(self.buffer, self.at) if self.rule.in_place or beside is None else 0
        return inside + (beside or 0)

    def broken(self, message: str, hint: str, about: ObjectSection | None = None) -> Broken:
        """Error about this place; `{subject}` in the message is the variable that `about` holds."""
        return Broken(Breach(message, hint, section=self.section, offset=self.relocation.offset, about=about))


def site_of(
    layout: ModuleLayout, arch: NativeArch, blocks: dict[int, bytearray], section: ObjectSection, relocation: Relocation
) -> Site:
    """Site of a relocation. Raises Broken for a type without a rule."""
    rule = arch.machine.rules.get(relocation.kind)
    if rule is None:
        message = f"there is no rule for relocation {relocation.name}, to {relocation.symbol.name or '{subject}'}"
        hint = f"compile with {' '.join(arch.flags)} -fpic"
        raise Broken(
            Breach(message, hint, section=section, offset=relocation.offset, about=layout.section(relocation.symbol))
        )
    place = layout.at[section.place]
    at, base = place.offset + relocation.offset, place.destination
    return Site(
        layout=layout,
        arch=arch,
        section=section,
        relocation=relocation,
        rule=rule,
        buffer=blocks[base],
        base=base,
        at=at,
    )


def relocate(site: Site) -> Fixup | None:
    """Write the field, and give what is left to the loader. Raises Broken where that cannot be done."""
    if site.rule.reach is Reach.NOTHING:
        return None
    if site.rule.reach is Reach.WORD:
        return _word(site)
    value = _value(site)
    try:
        if not site.rule.field.takes(value):
            raise OverflowError
        site.rule.field.write(site.buffer, site.at, value)
    except OverflowError:
        message = f"{site.rule.name} does not reach {site.relocation.symbol.name}, {value:+,} bytes away"
        raise site.broken(message, "call it by a pointer, or make the module smaller") from None
    return None


def _word(site: Site) -> Fixup:
    """Write where the symbol lies in its block; the loader adds the block's address."""
    size, target = site.arch.word, site.layout.target(site.relocation.symbol)
    if site.at % size:
        message = f"a pointer lies at no multiple of {size} bytes"
        raise site.broken(message, "do not pack structures of pointers")
    site.rule.field.write(site.buffer, site.at, target.offset + site.addend)
    return Fixup(site.base, site.at // size, target.destination)


def _value(site: Site) -> int:
    """Value of a field that is settled when linked; see rules.Reach."""
    layout, symbol = site.layout, site.relocation.symbol
    match site.rule.reach:
        case Reach.SLOT_DISTANCE:
            return layout.slot(symbol) + site.addend - site.at
        case Reach.SLOT_IN_TABLE:
            return layout.slot(symbol) + site.addend - layout.table
        case Reach.TABLE_DISTANCE:
            return layout.table + site.addend - site.at
        case Reach.PARTNER:
            return _value(_partner(site))
        case Reach.OFFSET:
            return _same_block(site).offset + site.addend
        case _:
            return _same_block(site).offset + site.addend - site.at


def _partner(site: Site) -> Site:
    """The relocation of the upper half that a lower half names by its place."""
    symbol = site.layout.scope.defined(site.relocation.symbol)
    section = site.layout.section(symbol)
    for other in section.relocations if section is not None else ():
        rule = site.arch.machine.rules.get(other.kind)
        if other.offset == symbol.value and rule is not None and rule.reach in (Reach.DISTANCE, Reach.SLOT_DISTANCE):
            at = site.layout.target(symbol).offset
            return replace(site, section=section or site.section, relocation=other, rule=rule, at=at)
    raise site.broken(f"{site.rule.name} has no partner at {symbol.name}", "compile again")


def _same_block(site: Site) -> LoaderAddress:
    """Where a symbol lies that must be in this block, for the loader moves each block as it likes."""
    symbol = site.relocation.symbol
    target = site.layout.reachable(symbol)
    if target.destination == site.base:
        return target
    about = site.layout.section(symbol)
    if target.destination == BSS and not symbol.shared:
        message = "{subject} is static and zeroed: the loader has one block for such variables, and code cannot know "
        message += "how far away it is"
        raise site.broken(message, "drop `static`, so that code finds it by a pointer", about)
    message = f"{site.rule.name} cannot reach {symbol.name or '{subject}'}, which the loader puts elsewhere"
    raise site.broken(message, "compile with -fpic", about)
