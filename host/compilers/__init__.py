"""C compilers of this machine: GNU's for each toolchain, and those of LLVM, which stand in for missing ones."""

from .toolchains import (
    EXTRA,
    LLVM,
    LLVM_INSTALL,
    WINDOWED,
    WINDOWED_SCRIPT,
    ZIG,
    StandIn,
    importable,
    install_of,
    stand_in,
)

__all__ = [
    "EXTRA",
    "LLVM",
    "LLVM_INSTALL",
    "WINDOWED",
    "WINDOWED_SCRIPT",
    "ZIG",
    "StandIn",
    "importable",
    "install_of",
    "stand_in",
]
