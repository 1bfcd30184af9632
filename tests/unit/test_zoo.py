"""The zoo: networks that cost what the papers say, and techniques that do what they promise."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.errors import InputError
from depthwise.codegen.floats import run
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.operators.costs import macs, total_macs
from depthwise.codegen.zoo import toolbox
from depthwise.codegen.zoo.block_costs import cost
from depthwise.codegen.zoo.catalogue import FAMILIES, architecture
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.efficientnet_lite0 import efficientnet_lite0
from depthwise.codegen.zoo.fomo import fomo
from depthwise.codegen.zoo.layers import LayerKind, layers
from depthwise.codegen.zoo.mobilenet_v1 import mobilenet_v1
from depthwise.codegen.zoo.mobilenet_v2 import mobilenet_v2
from depthwise.codegen.zoo.mobilenet_v3_small import mobilenet_v3_small
from depthwise.codegen.zoo.prune import prune
from depthwise.codegen.zoo.published import PUBLISHED, compared
from depthwise.codegen.zoo.shufflenet import shufflenet
from depthwise.codegen.zoo.spec import Architecture, Block, BlockKind
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from tests.support.arrays import assert_close
from tests.support.commands import call
from tests.support.models import read
from tests.support.oracles import litert
from tests.support.zoo import SMALL


def weighted(given: Architecture, seed: int = 3) -> Graph:
    return build_graph(given, he_weights(given, seed))


def test_every_network_costs_what_its_paper_prints_within_three_in_a_thousand() -> None:
    for published in PUBLISHED:
        row = compared(published)
        assert abs(row.deviation) <= 0.3, published.title
        if published.counts_normalization:
            assert round(row.parameters / 1e6, 1) == published.million_parameters, published.title


@pytest.mark.parametrize(
    ("built", "products", "counted"),
    [
        (mobilenet_v1(), 568_740_352, 4_231_976),
        (toolbox.full_convolutions(mobilenet_v1()), 4_867_293_184, 29_294_088),
        (mobilenet_v1(shallow=True), 307_323_392, None),
        (mobilenet_v1(0.75), 325_400_448, None),
        (mobilenet_v1(0.5), 149_497_088, None),
        (mobilenet_v1(0.25), 41_030_272, None),
        (mobilenet_v1(1.0, 192), 418_121_728, None),
        (mobilenet_v1(1.0, 160), 290_675_200, None),
        (mobilenet_v1(1.0, 128), 186_400_768, None),
        (mobilenet_v2(), 300_774_272, 3_504_872),
        (mobilenet_v3_small(), 56_510_400, 2_542_856),
        (efficientnet_lite0(), 385_187_552, 4_652_008),
    ],
    ids=lambda value: value.name if isinstance(value, Architecture) else "",
)
def test_the_known_networks_are_counted_to_the_last_product(
    built: Architecture, products: int, counted: int | None
) -> None:
    found = cost(built)
    assert found.macs == products
    assert counted in (None, found.parameters)


@pytest.mark.parametrize(
    ("name", "built"),
    [("vww_96_int8", mobilenet_v1(0.25, 96, 2)), ("kws_dscnn_int8", architecture("ds_cnn"))],
)
def test_the_zoo_has_the_very_layers_of_the_models_people_deploy(name: str, built: Architecture) -> None:
    def weighing(graph: Graph) -> list[tuple[str, tuple[int, ...], int]]:
        nodes = (n for n in graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D | FullyConnected))
        return [(n.op.kind, graph.inputs_of(n)[1].shape, macs(graph, n)) for n in nodes]

    assert weighing(weighted(built)) == weighing(read(name))


@pytest.mark.parametrize("given", SMALL, ids=lambda given: given.name)
def test_a_built_network_is_read_back_from_its_file_and_computed_as_litert_does(given: Architecture) -> None:
    graph = weighted(given)
    content = write_model(graph)
    image = np.random.default_rng(1).random((1, *given.image), dtype=np.float32)
    output = graph.outputs[0]
    ours = run(parse_model(content, "back"), image)[output]
    theirs = litert(content, graph, image, OpResolverType.BUILTIN_REF)[output]
    assert_close(ours, theirs, atol=2e-5)


def test_the_same_seed_writes_the_same_bytes_and_another_does_not() -> None:
    first, again, other = (write_model(weighted(digits(), seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_groups_are_counted_as_groups_and_computed_without_crossing_them() -> None:
    given = shufflenet(0.25, 32, 5)
    dense, blank = weighted(given), cost(given)
    assert blank.macs < total_macs(dense)
    (grow,) = (layer for layer in layers(given) if layer.name == "block2_grow")
    kernel = next(t for t in dense.tensors if t.name == "block2_grow/weights").data
    assert kernel is not None
    outputs, inputs = kernel.shape[0] // grow.groups, kernel.shape[3] // grow.groups
    blocks = kernel.reshape(grow.groups, outputs, grow.groups, inputs)
    assert all((blocks[a, :, b] != 0).any() == (a == b) for a in range(3) for b in range(3))


def test_a_shuffle_sends_each_group_s_channels_to_all_groups() -> None:
    given = Architecture("s", (2, 2, 12), 3, blocks=(Block(BlockKind.SHUFFLE, 12, hidden=12, groups=3),))
    graph = weighted(given)
    values = run(graph, np.random.default_rng(0).random((1, 2, 2, 12), dtype=np.float32))
    at = {t.name: t.index for t in graph.tensors}
    before, after = values[at["stem_reduce"]], values[at["stem_shuffle"]]
    np.testing.assert_array_equal(after, before[..., [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]])


def test_groups_that_do_not_divide_the_channels_are_refused_with_both_numbers() -> None:
    given = Architecture("s", (4, 4, 3), 3, blocks=(Block(BlockKind.SHUFFLE, 10, hidden=4, groups=4),))
    with pytest.raises(InputError, match="10 channels, 4 groups"):
        layers(given)


def test_full_convolutions_and_separable_ones_undo_each_other() -> None:
    for given in (digits(), mobilenet_v1(), mobilenet_v2()):
        assert toolbox.separable(toolbox.full_convolutions(given)).blocks == given.blocks


def test_a_gate_of_squeeze_and_excite_is_a_hard_sigmoid_of_two_small_convolutions_of_the_means() -> None:
    given = mobilenet_v3_small(0.25, 48, 7)
    graph = weighted(given)
    values = run(graph, np.random.default_rng(0).random((1, 48, 48, 3), dtype=np.float32))
    at = {t.name: t.index for t in graph.tensors}
    before, after = values[at["block1_depthwise"]], values[at["block1_weighed"]]
    kernels = (graph.tensors[at[f"block1_{part}/weights"]].data for part in ("squeeze", "excite"))
    one, two = (kernel[:, 0, 0].astype(np.float64) for kernel in kernels if kernel is not None)
    gate = np.clip((two @ np.maximum(one @ before.mean(axis=(0, 1, 2)), 0) + 3) / 6, 0, 1)
    assert_close(after, before * gate, atol=1e-5)
    assert {"stem_swish", "dense1_swish", "block11_project"} <= set(at)
    assert {"block1_depthwise_swish", "block2_gate"} & set(at) == set()


def test_fomo_scores_every_cell_of_8_pixels() -> None:
    graph = weighted(fomo(0.35, 96, 3))
    assert graph.output_of(graph.nodes[-1]).shape == (1, 12, 12, 3)


def test_even_downsampling_moves_the_strides_and_loses_none() -> None:
    given = mobilenet_v1()
    made = toolbox.even_downsampling(given)
    strided = [at for at, block in enumerate(made.blocks) if block.stride != (1, 1)]
    assert strided == [0, 3, 6, 8, 11]
    assert layers(made)[-3].shape == layers(given)[-3].shape


def test_without_a_fully_connected_layer_there_is_none_and_the_scores_are_a_mean() -> None:
    kinds = [layer.kind for layer in layers(toolbox.no_dense(mobilenet_v1()))]
    assert LayerKind.DENSE not in kinds
    assert kinds[-3:] == [LayerKind.CONV, LayerKind.MEAN, LayerKind.SOFTMAX]


def test_pruning_channels_that_are_zero_changes_no_output() -> None:
    """Half of all filters are zero: they are the ones that go, and nobody misses them."""
    given = mobilenet_v1(0.5, 32, 5)
    rng = np.random.default_rng(5)
    weights = dict(he_weights(given, 3))
    for layer in layers(given):
        if layer.kind is LayerKind.CONV:
            kernel = weights[layer.name].kernel.copy()
            kernel[rng.permutation(len(kernel))[: len(kernel) // 2]] = 0
            weights[layer.name] = replace(weights[layer.name], kernel=kernel)
    graph = build_graph(given, weights)
    pruned, image = prune(graph, 0.5), rng.random((2, *given.image), dtype=np.float32)
    assert_close(run(pruned, image)[pruned.outputs[0]], run(graph, image)[graph.outputs[0]], atol=1e-6)
    assert total_macs(pruned) < 0.3 * total_macs(graph)


@pytest.mark.parametrize("given", SMALL, ids=lambda given: given.name)
def test_a_pruned_network_is_still_a_sound_one(given: Architecture) -> None:
    made = prune(weighted(given), 0.25)
    parse_model(write_model(made), "pruned")
    image = np.random.default_rng(1).random((1, *given.image), dtype=np.float32)
    scores = run(made, image)[made.outputs[0]]
    assert_close(scores.sum(axis=-1), np.ones(scores.shape[:-1]), atol=1e-5)


def test_zoo_costs_shows_all_networks_and_fits_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = call("zoo", "costs").output
    assert "4,867,293,184" in text
    assert "…" not in text
    rows = json.loads(call("zoo", "costs", "--json").output)["networks"]
    assert [r["macs"] for r in rows][:2] == [4_867_293_184, 568_740_352]


def test_zoo_list_names_every_family_within_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = call("zoo", "list").output
    assert all(name in text for name in FAMILIES)
    assert "…" not in text


def test_zoo_build_writes_a_model_that_inspect_counts_alike(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    shape = ("--alpha", 0.25, "--resolution", 48, "--classes", 3, "--image-channels", 1)
    made = json.loads(call("zoo", "build", "mobilenet_v1", *shape, "-o", path, "--json").output)
    assert json.loads(call("inspect", path, "--json").output)["macs"] == made["macs"]
    assert call("zoo", "build", "mobilenet_v1", *shape, "--with", "full", "-o", path, "--force").exit_code == 0
    assert json.loads(call("inspect", path, "--json").output)["macs"] > 5 * made["macs"]


def test_a_network_that_the_zoo_has_not_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = call("zoo", "build", "mobilenetv2", "-o", tmp_path / "n.tflite")
    assert result.exit_code == 2
    assert "mobilenet_v2" in result.stderr


@pytest.mark.parametrize("wrong", [("--alpha", 0), ("--resolution", 0), ("--classes", -1), ("--prune", 1)])
def test_sizes_that_make_no_network_are_one_clear_error(wrong: tuple[object, ...], tmp_path: Path) -> None:
    result = call("zoo", "build", "digits", *wrong, "-o", tmp_path / "n.tflite")
    assert result.exit_code == 2
    assert str(wrong[1]) in result.stderr
    assert not list(tmp_path.iterdir())


def test_zoo_toolbox_shows_each_technique_alone_and_in_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    found = json.loads(call("zoo", "toolbox", "digits", "--json").output)
    before, separable = found["alone"][0], found["alone"][5]
    assert separable["technique"] == "depthwise separable"
    assert separable["macs"] < before["macs"] / 5
    assert found["summed"][-1]["macs"] < before["macs"] / 20
    assert len(found["alone"]) == len(found["summed"]) == 8
    assert "…" not in call("zoo", "toolbox", "digits").output
