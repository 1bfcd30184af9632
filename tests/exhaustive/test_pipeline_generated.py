"""The schedules of 2,000 generated networks, replayed byte by byte."""

import pytest

from depthwise.codegen.passes import optimize
from tests.support.dead_networks import dead_network
from tests.support.networks import random_network
from tests.support.replay import plans

BATCHES = 20
NETWORKS = 2000


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_row_that_is_read_lies_where_it_was_written(batch: int) -> None:
    for seed in range(batch, NETWORKS, BATCHES):
        make = dead_network if seed % 2 else random_network
        try:
            for _ in plans(optimize(make(seed)).graph, seed):
                pass
        except AssertionError as error:
            raise AssertionError(f"{make.__name__}({seed}): {error}") from error
