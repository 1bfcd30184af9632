"""Flashing through a debug probe with OpenOCD (OpenOCD user's guide, 13 Flash Programming: `program`)."""

from typing import Final

from .chip_id import wrong_chip_by_probe
from .flash_method import Job, Method, TryOutcome, files_of, run_probe
from .programs import needs

PROBE: Final = "interface/stlink.cfg"


def flash(job: Job) -> TryOutcome:
    """One try. A configuration of a target alone is reached through an ST-LINK."""
    program = job.programs.command("openocd")
    (part,) = job.payload.parts
    files = (PROBE, job.argument) if job.argument.startswith("target/") else (job.argument,)
    configuration = [word for name in files for word in ("-f", name)]
    ask = f"init; mdw {job.board.chip_id_at:#010x}; shutdown"
    if wrong := wrong_chip_by_probe(job, (*program, *configuration, "-c", ask)):
        return wrong
    with files_of(job.payload.parts) as (file,):
        script = f"program {{{file}}} verify reset exit {part.address:#010x}"
        command = (*program, *configuration, "-c", script)
        return run_probe(job, command, touched="** Programming Started **", proof="** Verified OK **")


METHOD: Final = Method(by_port=False, missing=needs("openocd"), flash=flash)
