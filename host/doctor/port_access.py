"""Serial ports and debug probes of this machine: whether they can be opened, and what mends it where they cannot."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import boards
from depthwise.host.flash.guessed_boards import guessed_boards
from depthwise.host.flash.usb_ports import SerialPort

from .finding import Finding, FoundState, ThisMachine

GROUP: Final = "dialout"
RULES: Final = "/etc/udev/rules.d/70-depthwise.rules"


def serial_ports(machine: ThisMachine) -> Iterator[Finding]:
    """Each serial port; one finding that there is none."""
    found = list(machine.ports())
    if not found:
        nothing = "plug the board in with a cable that carries data"
        yield Finding(
            group="port",
            name="serial port",
            state=FoundState.OPTIONAL,
            detail="none",
            needed_for="verify and flash with a board",
            mend=nothing,
        )
    for port in found:
        yield _port(machine, port)


def probes(machine: ThisMachine) -> Iterator[Finding]:
    """USB devices with the number of a board that this user may not open: programs of probes need a udev rule."""
    if not machine.platform.startswith("linux"):
        return
    known = {number for b in boards().values() for number in b.usb}
    for device in sorted(machine.usb.glob("*/idVendor")):
        number, node = _usb_number(device.parent), _node(machine, device.parent)
        if number in known and node is not None and not machine.allowed(node):
            vendor, _, product = number.partition(":")
            rule = f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{vendor}", ATTR{{idProduct}}=="{product}", TAG+="uaccess"'
            yield Finding(
                group="probe",
                name=number,
                state=FoundState.BROKEN,
                detail=f"{node} cannot be opened by this user",
                needed_for="flash --method openocd, pyocd, st-flash",
                mend=f"echo '{rule}' | sudo tee -a {RULES} && sudo udevadm control --reload && sudo udevadm trigger",
            )


def _port(machine: ThisMachine, port: SerialPort) -> Finding:
    guesses = guessed_boards(port)
    about = ", perhaps ".join(filter(None, (port.description, ", ".join(guesses))))
    device = Path(port.device)
    well = not machine.platform.startswith("linux") or not device.exists() or machine.allowed(device)
    group = _group_of(device)
    mend = f"sudo usermod -aG {group} $USER, then log in again"
    return Finding(
        group="port",
        name=port.device,
        state=FoundState.WELL if well else FoundState.BROKEN,
        detail=about if well else f"{about}: this user may not open it, group {group} may",
        needed_for="verify and flash",
        mend="" if well else mend,
    )


def _group_of(device: Path) -> str:
    """The group that owns a device; `dialout` where there is no telling."""
    with suppress(OSError, KeyError, NotImplementedError):
        return device.group()
    return GROUP


def _usb_number(device: Path) -> str:
    with suppress(OSError):
        return f"{(device / 'idVendor').read_text().strip()}:{(device / 'idProduct').read_text().strip()}"
    return ""


def _node(machine: ThisMachine, device: Path) -> Path | None:
    """The file below /dev that programs open for a USB device."""
    with suppress(OSError, ValueError):
        bus, number = (int((device / name).read_text()) for name in ("busnum", "devnum"))
        return machine.nodes / f"{bus:03d}" / f"{number:03d}"
    return None
