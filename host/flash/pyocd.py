"""Flashing through a CMSIS-DAP or ST-LINK probe with pyOCD: `load`, then `compare`, as `load` reads nothing back."""

from dataclasses import replace
from typing import Final

from .chip_id import wrong_chip_by_probe
from .flash_method import Job, Method, Reached, TryOutcome, files_of, run_probe
from .programs import needs


def flash(job: Job) -> TryOutcome:
    """One try, without waiting for a probe that is not there."""
    program = job.programs.command("pyocd")
    (part,) = job.payload.parts
    target = ("--no-wait", "--target", job.argument)
    ask = f"read32 {job.board.chip_id_at:#010x}"
    if wrong := wrong_chip_by_probe(job, (*program, "commander", *target, "--command", ask)):
        return wrong
    with files_of(job.payload.parts) as (file,):
        load = (*program, "load", *target, "--base-address", f"{part.address:#010x}", str(file))
        loaded = run_probe(job, load, touched="Loading", proof="programmed")
        if loaded.reached is not Reached.WRITTEN:
            unknown = "not recognized" in loaded.said
            return replace(loaded, hint=f"pyocd pack install {job.argument}") if unknown else loaded
        compare = f"compare {part.address:#010x} {file}"
        compared = run_probe(job, (*program, "commander", *target, "--command", compare), "", "bytes match")
        if compared.reached is not Reached.WRITTEN:
            return TryOutcome(Reached.FLASH, compared.said)
        reset = job.programs.run((*program, "reset", *target), lambda _: None)
    return TryOutcome(Reached.WRITTEN, started=reset.code == 0)


METHOD: Final = Method(by_port=False, missing=needs("pyocd"), flash=flash)
