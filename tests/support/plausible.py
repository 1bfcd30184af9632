"""Inputs that look like what a network was made for, where its data set is not at hand: pictures and spectra.

Pictures have what photographs have in common: amplitudes that fall as 1/f, the same edges in all colours, and
things (ellipses, rectangles, each with its own texture) in front of each other. Spectra are what an MFCC of
speech looks like: a few loud stretches in silence, coefficients that fall with their number and change slowly.
Neither is a data set: what is measured on them is how well two networks agree, not how often they are right.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def pictures(count: int, side: int, seed: int) -> Floats:
    """Colour pictures [count, side, side, 3], 0…1 in steps of 1/255."""
    rng = np.random.default_rng(seed)
    made = np.stack([_picture(side, rng) for _ in range(count)])
    levels: Floats = (np.round(np.clip(made, 0, 1) * 255) / 255).astype(np.float32)
    return levels


def _picture(side: int, rng: np.random.Generator) -> NDArray[np.float64]:
    image = _texture(side, rng)
    y, x = np.mgrid[:side, :side] / side
    for _ in range(int(rng.integers(1, 6))):
        centre, size, turn = rng.uniform(0, 1, 2), rng.uniform(0.05, 0.5, 2), rng.uniform(0, np.pi)
        u = ((x - centre[0]) * np.cos(turn) + (y - centre[1]) * np.sin(turn)) / size[0]
        v = ((y - centre[1]) * np.cos(turn) - (x - centre[0]) * np.sin(turn)) / size[1]
        inside = u**2 + v**2 < 1 if rng.random() < 0.5 else np.maximum(np.abs(u), np.abs(v)) < 1
        image = np.where(inside[..., None], _texture(side, rng), image)
    return image


def _texture(side: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """1/f noise, mostly grey, of random contrast, brightness and tint."""
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    falloff = 1 / np.maximum(np.hypot(fy, fx), 1 / side) ** rng.uniform(0.8, 1.4)
    planes = []
    for _ in range(2):
        phases = np.exp(2j * np.pi * rng.random(falloff.shape)) * falloff
        phases[0, 0] = 0
        plane = np.fft.irfft2(phases, (side, side))
        planes.append(plane / plane.std())
    contrast, tint = rng.uniform(0.03, 0.25), rng.normal(0, 0.12, 3)
    colours = planes[0][..., None] + rng.normal(0, 0.3, 3) * planes[1][..., None]
    return np.asarray(rng.uniform(0.2, 0.8) + tint + contrast * colours)


def spectra(count: int, seed: int) -> Floats:
    """Coefficients [count, 49, 10, 1] in the range of 16-bit speech: the first −120…25, the others about ±20."""
    rng = np.random.default_rng(seed)
    frames, coefficients = 49, 10
    made = np.empty((count, frames, coefficients, 1))
    for i in range(count):
        begin, length = rng.uniform(0, 30), rng.uniform(8, 30)
        t = np.arange(frames)
        loud = 1 / (1 + np.exp(-(t - begin) / 1.5)) / (1 + np.exp((t - begin - length) / 1.5))
        silence, peak = rng.uniform(-120, -50), rng.uniform(-20, 20)
        made[i, :, 0, 0] = silence + (peak - silence) * loud + _walk(frames, rng) * rng.uniform(1, 6)
        for k in range(1, coefficients):
            spread = rng.uniform(4, 16) / k**0.5
            voiced, quiet = _walk(frames, rng) * spread + rng.normal(0, spread), _walk(frames, rng) * spread / 3
            made[i, :, k, 0] = voiced * loud + quiet * (1 - loud)
    return made.astype(np.float32)


def _walk(frames: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A slowly changing value of variance 1."""
    steps, at = rng.normal(size=frames), np.empty(frames)
    at[0] = steps[0]
    for i in range(1, frames):
        at[i] = 0.8 * at[i - 1] + 0.6 * steps[i]
    return at


PLAUSIBLE: dict[str, Callable[[int, int], Floats]] = {
    "vww_96": lambda count, seed: pictures(count, 96, seed),
    "ic_resnet8": lambda count, seed: pictures(count, 32, seed) * np.float32(255),
    "kws_dscnn": spectra,
}
