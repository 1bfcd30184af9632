"""The proof report as a table."""

from collections.abc import Sequence

from depthwise.codegen.passes.proof import LayerProof
from depthwise.host.console import out, table


def show_proof(name: str, layers: Sequence[LayerProof]) -> None:
    """Print what the exact passes removed from each layer, and why they may."""
    before, after = sum(p.macs for p in layers), sum(p.macs_left for p in layers)
    bytes_before, bytes_after = (sum(getattr(p, key) for p in layers) for key in ("weight_bytes", "weight_bytes_left"))
    shown = table(
        f"{name}: {before:,} → {after:,} MACs, {bytes_before:,} → {bytes_after:,} bytes of constants",
        ("layer", "right"),
        ("operator", "left"),
        ("channels", "right"),
        ("unread", "right"),
        ("constant", "left"),
        ("MACs saved", "right"),
        ("bytes", "right"),
    )
    for proof in layers:
        shown.add_row(*_row(proof))
    out().print(shown)
    if before == after:
        out().print("No channel can be proven constant or unread: everything is computed.")
        return
    out().print(
        "Every bit of the output and of each channel that is left stays the same. unread: nothing that is left "
        "depends on it. constant: one value whatever the input, because of zero weights, constant inputs, sums "
        "beyond the clamp, or rounding. --json lists each constant channel with its interval."
    )


def _row(proof: LayerProof) -> tuple[str, ...]:
    if not proof.left:
        return (str(proof.layer), proof.kind, "gone", "", "", _count(proof.macs), "")
    reasons = ", ".join(f"{count} {reason}" for reason, count in proof.reasons.items())
    saved = proof.macs - proof.macs_left, proof.weight_bytes - proof.weight_bytes_left
    return (
        str(proof.layer),
        proof.kind,
        _change(proof.channels_out, proof.channels_out_left),
        _count(proof.unread),
        reasons,
        *(_count(number) for number in saved),
    )


def _change(before: int, after: int) -> str:
    return f"{before}" if before == after else f"{before} \u2192 {after}"


def _count(number: int) -> str:
    return f"{number:,}" if number else ""
