"""Flashing by a copy to the drive that a Nucleo or Discovery board shows: its probe programs what arrives there."""

import os
import re
import time
from pathlib import Path
from typing import Final

from depthwise.host.link.patience import Patience

from .flash_method import Job, Method, Reached, TryOutcome
from .programs import Programs

FILE: Final = "firmware.bin"
FAILURE: Final = "FAIL.TXT"
CHUNK: Final = 4096
POLL_SECONDS: Final = 0.05
PLACES: Final = ("/media", "/run/media", "/Volumes", "/mnt")
LABELS: Final = Path("/dev/disk/by-label")


def missing(label: str, _: Programs) -> str:
    """The one drive of that label has to be mounted."""
    found = volumes(label)
    if len(found) > 1:
        return f"{len(found)} drives are called {label}: {', '.join(map(str, found))} (unplug all boards but one)"
    if found:
        return ""
    if (LABELS / label).exists():
        return f"the drive {label} is not mounted (udisksctl mount --block-device {LABELS / label})"
    return f"no drive {label} is mounted"


def volumes(label: str) -> list[Path]:
    """Mounted drives of a label, such as NODE_F401RE.

    Some probes leave out the E of NODE; a second drive of the same label gets a number behind its name. Searched are
    the folders of $DEPTHWISE_DRIVES if that is set, else where systems mount such drives.
    """
    given = os.environ.get("DEPTHWISE_DRIVES")
    roots = [Path(p) for p in given.split(os.pathsep)] if given else [Path(p) for p in PLACES]
    found = {v for root in roots for pattern in ("*", "*/*") for v in root.glob(pattern) if v.is_dir()}
    labels = (label, label.replace("NODE_", "NOD_"))
    return sorted(v for v in found if any(re.fullmatch(re.escape(one) + r"\d*", v.name) for one in labels))


def flash(job: Job) -> TryOutcome:
    """One try: copy, then wait until the drive has taken the file and come back, or says why it could not."""
    found = volumes(job.argument)
    if len(found) != 1:
        return TryOutcome(Reached.NOTHING, f"no drive {job.argument} is mounted", hint="plug the board in")
    volume = found[0]
    (part,) = job.payload.parts
    before = _failure(volume)
    try:
        write_through(volume / FILE, part.data, job)
    except OSError as error:
        why = before or error.strerror or str(error)
        return TryOutcome(Reached.FLASH if (volume / FILE).exists() else Reached.CHIP, why)
    return _taken(volume, before, job.drive_seconds)


def write_through(target: Path, data: bytes, job: Job) -> None:
    """Write to the drive itself, so that nothing is left in this machine's memory; it may go with the last byte."""
    with target.open("wb") as file:
        for start in range(0, len(data), CHUNK):
            file.write(data[start : start + CHUNK])
            file.flush()
            os.fsync(file.fileno())
            job.report(min(start + CHUNK, len(data)), len(data))


def _taken(volume: Path, before: str, seconds: float) -> TryOutcome:
    """The drive goes and comes back without the file, or with a new FAIL.TXT, once the probe is done."""
    patience = Patience(seconds)
    while patience.lasts():
        failure = _failure(volume)
        if failure and failure != before:
            return TryOutcome(Reached.FLASH, failure)
        if volume.is_dir() and not (volume / FILE).exists():
            failure = _failure(volume)
            return TryOutcome(Reached.FLASH, failure) if failure else TryOutcome(Reached.WRITTEN, checked=False)
        time.sleep(POLL_SECONDS)
    what = "still shows the file" if volume.is_dir() else "has not come back"
    return TryOutcome(Reached.FLASH, f"the drive {volume.name} {what} after {seconds:.0f} s")


def _failure(volume: Path) -> str:
    """What FAIL.TXT says; nothing without one."""
    try:
        return (volume / FAILURE).read_text(errors="replace").strip()
    except OSError:
        return ""


METHOD: Final = Method(by_port=False, missing=missing, flash=flash)
