"""Flashing through an ST-LINK with st-flash, of the open stlink tools, which reads back what it wrote."""

from typing import Final

from .chip_id import wrong_chip_by_st_info
from .flash_method import Job, Method, TryOutcome, files_of, run_probe
from .programs import needs


def flash(job: Job) -> TryOutcome:
    """One try."""
    program = job.programs.command("st-flash")
    (part,) = job.payload.parts
    info = job.programs.find("st-info")
    if info is not None and (wrong := wrong_chip_by_st_info(job, (*info, "--probe"))):
        return wrong
    with files_of(job.payload.parts) as (file,):
        command = (*program, "--reset", "write", str(file), f"{part.address:#010x}")
        return run_probe(job, command, touched="Attempting to write", proof="Flash written and verified")


METHOD: Final = Method(by_port=False, missing=needs("st-flash"), flash=flash)
