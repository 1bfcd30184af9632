"""Comparisons of arrays of any type."""

import numpy as np
from numpy.typing import ArrayLike


def assert_close(found: ArrayLike, wanted: ArrayLike, *, rtol: float = 1e-7, atol: float = 0.0, of: str = "") -> None:
    """Every element lies within `atol` and `rtol` of the one that is wanted, compared in float64."""
    left, right = (np.asarray(values, np.float64) for values in (found, wanted))
    np.testing.assert_allclose(left, right, rtol=rtol, atol=atol, err_msg=of)
