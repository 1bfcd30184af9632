"""Names (MicroPython's qstrs) that a module uses: found in its preprocessed sources, turned into entries of a table."""

import re
from collections.abc import Iterable
from typing import Final

NAME: Final = re.compile(r"\bMP_QSTR_(\w+)")


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Names that sources use, in order.

    >>> names_in(["mp_store_global(MP_QSTR_run, x); f(MP_QSTR___init__);"])
    ('__init__', 'run')
    """
    return tuple(sorted({name for text in texts for name in NAME.findall(text)}))


def config_header(names: Iterable[str]) -> str:
    """Text of the header that MP_CONFIGFILE names: each name is an entry of the table that the loader fills.

    Entry 0 is the module's file name.
    """
    defines = [f"#define MP_QSTR_{name} (mp_native_qstr_table[{i}])" for i, name in enumerate(names, 1)]
    return "\n".join(("#include <stdint.h>", "extern const uint16_t mp_native_qstr_table[];", *defines, ""))
