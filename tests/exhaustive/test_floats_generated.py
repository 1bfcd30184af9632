"""Generated float networks: every tensor is LiteRT's, and rewrites leave each as it was."""

from tests.support.float_networks import float_network, images
from tests.support.floats_alike import assert_as_litert, simplified


def test_every_tensor_of_generated_networks_is_litert_s() -> None:
    for seed in range(120):
        graph = float_network(seed)
        assert_as_litert(graph, images(graph, 1, seed))


def test_generated_networks_compute_the_same_rewritten() -> None:
    for seed in range(120):
        simplified(float_network(seed), 1e-6)
