"""C compilers of this machine: GNU's for each toolchain, and ziglang, which stands in for missing ones."""

from .toolchains import EXTRA, ZIG, StandIn, importable, install_of, stand_in

__all__ = ["EXTRA", "ZIG", "StandIn", "importable", "install_of", "stand_in"]
