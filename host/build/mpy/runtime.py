"""Names of the functions by which compilers do what a processor has no instruction for, and what each does."""

import re
from typing import Final

# libgcc's names (GCC internals manual, chapter 4) and those of the Arm EABI (run-time ABI, IHI 0043, chapter 4).
WIDE: Final = "64-bit"
OPERATIONS: Final = tuple(
    (re.compile(pattern), text)
    for pattern, text in {
        r"__aeabi_lmul|__muldi3|__mulvdi3": f"{WIDE} multiplication",
        r"__aeabi_u?ldivmod|__u?divdi3|__u?moddi3|__u?divmoddi4": f"{WIDE} division",
        r"__aeabi_l(lsl|lsr|asr)|__(ashl|lshr|ashr)di3": f"{WIDE} shift",
        r"__u?(div|mod|mul|ashl|lshr|ashr)ti3": "128-bit arithmetic",
        r"__aeabi_u?lcmp|__u?cmpdi2": f"{WIDE} comparison",
        r"__aeabi_u?idiv(mod)?|__u?(div|mod)si3|__u?divmodsi4": "32-bit division",
        r"__mulsi3": "32-bit multiplication",
        r"__(ashl|lshr|ashr)si3": "32-bit shift",
        r"__(clz|ctz|ffs|popcount|parity|bswap)[sd]i2": "counting or turning bits",
        r"__gnu_thumb1_case_\w+": "a switch by jump table in 16-bit Thumb code (compile with -fno-jump-tables)",
        r"__aeabi_(f|c?fcmp|u?[il]2f|cf)\w+|__\w+sf\w*": "arithmetic with float",
        r"__aeabi_(d|u?[il]2d|cd)\w+|__\w+df\w*": "arithmetic with double",
        r"__emutls_get_address|__tls_get_addr|__aeabi_read_tp": "reaching a thread-local variable",
        r"__stack_chk_\w+": "a check of the stack (compile with -fno-stack-protector)",
        r"__sync_\w+|__atomic_\w+": "an atomic operation",
    }.items()
)


def operation(name: str) -> str | None:
    """What a function of libgcc does; None for other names."""
    return next((text for pattern, text in OPERATIONS if pattern.fullmatch(name)), None)
