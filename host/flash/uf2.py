"""Flashing by a UF2 image copied to the drive that a board's boot ROM shows: RP2040, RP2350 with BOOTSEL held."""

import time
from typing import Final

from depthwise.host.kinds import uf2_image
from depthwise.host.link.patience import Patience

from .drive import volumes, write_through
from .flash_method import Job, Method, Reached, TryOutcome
from .programs import Programs

FILE: Final = "firmware.uf2"
POLL_SECONDS: Final = 0.05
HOW: Final = "hold BOOTSEL while plugging the board in, or copy build/firmware.uf2 to the drive by hand"


def missing(label: str, _: Programs) -> str:
    """The one drive of that label has to be mounted."""
    found = volumes(label)
    if len(found) > 1:
        return f"{len(found)} drives are called {label}: {', '.join(map(str, found))} (unplug all boards but one)"
    return "" if found else f"no drive {label} is mounted ({HOW})"


def flash(job: Job) -> TryOutcome:
    """One try: copy, then wait until the drive has gone, as it does when the last block is written."""
    found = volumes(job.argument)
    if len(found) != 1:
        return TryOutcome(Reached.NOTHING, f"no drive {job.argument} is mounted", hint=HOW)
    (part,) = job.payload.parts
    (volume,) = found
    try:
        write_through(volume / FILE, uf2_image(part.data, part.address, job.argument), job)
    except OSError as error:
        if volume.is_dir():
            return TryOutcome(Reached.FLASH, error.strerror or str(error), hint=HOW)
    patience = Patience(job.drive_seconds)
    while patience.lasts():
        if not volume.is_dir():
            return TryOutcome(Reached.WRITTEN, checked=False)
        time.sleep(POLL_SECONDS)
    return TryOutcome(Reached.FLASH, f"the drive {volume.name} is still there after {job.drive_seconds:.0f} s")


METHOD: Final = Method(by_port=False, missing=missing, flash=flash)
