"""The proof accounts for every channel and every multiplication of 200 generated networks."""

from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.passes import optimize
from depthwise.codegen.passes.proof import prove
from tests.support.dead_networks import dead_network


def test_the_proof_accounts_for_every_channel_and_every_mac() -> None:
    for seed in range(200):
        made = optimize(dead_network(seed))
        for layer in prove(made):
            survivor = made.survivors.get(layer.tensor)
            known = len(survivor.known) if survivor is not None else 0
            assert survivor is None or layer.channels_out == layer.channels_out_left + layer.unread + known
            assert sum(layer.reasons.values()) == len(layer.constants) >= known
        assert sum(p.macs_left for p in prove(made)) == total_macs(made.graph)
        assert sum(p.macs for p in prove(made)) == total_macs(made.reference)
