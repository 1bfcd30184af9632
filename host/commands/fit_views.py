"""How the answer to "will it fit" looks on a terminal."""

from depthwise.codegen.project.fits import Fit
from depthwise.codegen.targets.cores import COUNTED, PREDICTED
from depthwise.codegen.targets.instructions import WITHIN
from depthwise.host.api.fitting import Fits
from depthwise.host.console import out, table

WORDS = {"yes": "[green]yes[/green]", "tight": "[yellow]tight[/yellow]", "no": "[red]no[/red]"}


def show_fits(found: Fits) -> None:
    """Print which boards hold a network, and the cores that no known board has."""
    shown = table(
        f"{found.model} on {len(found.boards)} boards",
        ("board", "name"),
        ("core", "name"),
        ("fits", "name"),
        ("RAM", "right"),
        ("of", "right"),
        ("flash", "right"),
        ("of", "right"),
        ("time", "right"),
    )
    for fit in found.boards:
        ram, flash = _of(fit.ram_needed, fit.board.ram_bytes), _of(fit.flash_needed, fit.board.flash_bytes)
        shown.add_row(fit.board.name, _short(fit.board.core), WORDS[fit.word], *ram, *flash, _time(fit))
    out().print(shown)
    _show_bare([f for f in found.cores if f.board.core not in {b.board.core for b in found.boards}])
    _show_notes(found)


def show_one_fit(found: Fits) -> None:
    """Print whether one board holds a network."""
    (fit,) = found.boards
    name, word = fit.board.name, {"yes": "holds it", "tight": "may hold it", "no": "does not hold it"}[fit.word]
    out().print(f"\n[bold]{name}[/bold] {word}:", soft_wrap=True)
    for what, needed, there, spare in (
        ("RAM", fit.ram_needed, fit.board.ram_bytes, fit.ram_spare),
        ("flash", fit.flash_needed, fit.board.flash_bytes, fit.flash_spare),
    ):
        rest = "" if spare is None else f" of {there:,}: {_spare(spare)}"
        out().print(f"  {what:5} {needed:9,} bytes{rest}", soft_wrap=True)
    if fit.milliseconds is not None:
        waits = f", {fit.waits / fit.cycles:.1%} of waiting for flash" if fit.waits and fit.cycles else ""
        out().print(f"  time  {_time(fit)}, predicted for {fit.board.clock_mhz} MHz{waits}", soft_wrap=True)
    elif fit.instructions is not None:
        within = "" if fit.board.core in COUNTED else f", within a factor of {WITHIN:g}"
        out().print(f"  time  about {fit.instructions:,} instructions{within}", soft_wrap=True)
    if fit.code_bytes:
        apart = fit.board.code_ram_bytes
        where = f"in a RAM of {apart:,} for code alone" if apart else "of that RAM"
        out().print(f"  code  {fit.code_bytes:9,} bytes at most, {where}", soft_wrap=True)
    _show_estimate(found)


def _show_bare(cores: list[Fit]) -> None:
    for fit in cores:
        time = _time(fit)
        needs = f"{fit.point.ram_bytes:,} bytes of RAM, {fit.point.flash_bytes:,} of constants"
        out().print(f"{fit.board.core}, any board: {needs}{f', {time}' if time else ''}", soft_wrap=True)


def _show_notes(found: Fits) -> None:
    out().print(
        "\nRAM is that of the whole firmware, application and stack included; flash is exact for constants and "
        "estimated from above for code (tight: the constants fit, the code may not)."
    )
    out().print(
        f"Times are predicted for {', '.join(PREDICTED)}, waiting for the board's flash included; other cores have "
        f"instructions (M: million), layer by layer on {', '.join(COUNTED)}, else within a factor of {WITHIN:g}. No "
        "waiting for memory is in them."
    )
    _show_estimate(found)


def _show_estimate(found: Fits) -> None:
    if found.estimated:
        out().print(f"{found.model} is a float model: this is what its int8 form would take, without exact passes.")


def _of(needed: int, there: int) -> tuple[str, str]:
    return _kilo(needed), _kilo(there) if there else ""


def _kilo(size: int) -> str:
    return f"{size / 1024:.1f}K" if size < 100 * 1024 else f"{size // 1024}K"


def _spare(spare: int) -> str:
    return f"{spare:,} are left" if spare >= 0 else f"{-spare:,} are missing"


def _short(core: str) -> str:
    return core.removeprefix("cortex-")


def _time(fit: Fit) -> str:
    if fit.milliseconds is not None:
        return f"{fit.milliseconds:.1f} ms" if fit.milliseconds < 100 else f"{fit.milliseconds:,.0f} ms"
    return "" if fit.instructions is None else f"~{fit.instructions / 1e6:.1f} M"
