"""C compilers of this machine: GNU's for each toolchain, and those of LLVM, which stand in for missing ones."""

from .toolchains import LLVM, LLVM_INSTALL, WINDOWED, WINDOWED_SCRIPT, StandIn, importable, install_of, stand_in

__all__ = ["LLVM", "LLVM_INSTALL", "WINDOWED", "WINDOWED_SCRIPT", "StandIn", "importable", "install_of", "stand_in"]
