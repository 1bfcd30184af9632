"""Looks for everything that the tool can use on this machine."""

from typing import Final

from .extras_there import extras
from .finding import Finding, ThisMachine
from .port_access import probes, serial_ports
from .programs_there import builders, compilers, emulators, flashers

CHECKS: Final = (compilers, emulators, flashers, builders, extras, serial_ports, probes)


def check_up(machine: ThisMachine | None = None) -> tuple[Finding, ...]:
    """What is there, what is missing and what is broken, group after group. Starts no program, opens no port."""
    looked = machine or ThisMachine()
    return tuple(finding for check in CHECKS for finding in check(looked))
