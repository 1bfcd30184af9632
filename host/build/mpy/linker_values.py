"""What the linker works on: sections, symbols and relocations of object files, and the image they become."""

from dataclasses import KW_ONLY, dataclass, field
from enum import Enum


class Role(Enum):
    """What becomes of a section in a native module."""

    TEXT = "code"
    LITERAL = "words that Xtensa code loads, which lie in front of it"
    RODATA = "constants"
    BSS = "zeroed variables"
    DATA = "variables with initial values: the loader has no place for them"
    THREAD = "thread-local variables: nor for them"
    CONSTRUCTOR = "functions to run before mpy_init: nobody calls them"


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """Which section of which object file."""

    object: int
    section: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name in an object file; `place` is None where it is defined elsewhere. `value` is an offset in its section.

    `shared` symbols are seen by other object files. A Thumb function's value has bit 0 set.
    """

    name: str
    _: KW_ONLY
    place: SectionPlace | None
    value: int
    size: int
    kind: str
    shared: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Relocation:
    """Field at `offset` of a section that depends on where a symbol lies; addend None lies in the field itself."""

    offset: int
    kind: int
    name: str
    symbol: Symbol
    addend: int | None


@dataclass(frozen=True, slots=True)
class ObjectSection:
    """A stretch of an object file; `data` of zeroed variables is empty."""

    place: SectionPlace
    name: str
    role: Role
    _: KW_ONLY
    data: bytes
    size: int
    alignment: int
    relocations: tuple[Relocation, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An ELF file of the compiler; `path` is how people know it."""

    path: str
    sections: tuple[ObjectSection, ...]
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class LoaderAddress:
    """An address that only the loader knows: `destination` as in abi.py, and an offset from it in bytes."""

    destination: int
    offset: int


@dataclass(frozen=True, slots=True)
class Fixup:
    """The loader's work on one word: add the address of `destination` to word number `word` of block `base`."""

    base: int
    word: int
    destination: int


@dataclass(frozen=True, slots=True)
class Image:
    """A linked module, as the loader gets it; `map` tells where each section lies."""

    text: bytes
    rodata: bytes
    bss_bytes: int
    fixups: tuple[Fixup, ...]
    map: dict[SectionPlace, LoaderAddress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit of native modules that is broken: what is said of it, and where: in a section, or at a symbol.

    `{subject}` in the message stands for the variable that the section `about` holds.
    """

    message: str
    hint: str
    _: KW_ONLY
    section: ObjectSection | None = None
    offset: int = 0
    symbol: Symbol | None = None
    about: ObjectSection | None = None


class Broken(Exception):  # noqa: N818 (never seen by users: source_lines.py makes a NativeModuleError of it)
    """Raised by the linker with every limit that it found broken."""

    def __init__(self, *breaches: Breach) -> None:
        super().__init__("; ".join(b.message for b in breaches))
        self.breaches = breaches
