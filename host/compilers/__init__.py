"""C compilers of this machine: GNU's for each toolchain, and ziglang, which stands in for missing ones."""

from .toolchains import StandIn, importable, install_of, stand_in

__all__ = ["StandIn", "importable", "install_of", "stand_in"]
