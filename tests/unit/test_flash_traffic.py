"""What layers read from flash, and how long a core waits for it."""

import pytest

from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.flash import AT_ONCE, WORD, Fetched, Flash, FlashTraffic, swept, waits
from depthwise.codegen.kernels.layer_data import layer_data
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.kernels.traffic import traffic_of
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.passes import optimize
from depthwise.codegen.targets.cores import CORES, behind
from tests.support.models import read

ART = Flash(wait_states=5, line=8, instruction_cache=1024, data_cache=256, prefetch=True)
M4 = CORES["cortex-m4"]
LARGEST = 2**40


def test_flash_that_does_not_wait_adds_nothing() -> None:
    assert waits(AT_ONCE, FlashTraffic(constants=(swept(1000, 10),), calls=10), executed=10_000) == 0


def test_each_line_of_constants_waits_and_without_a_cache_each_word() -> None:
    assert ART.constant_waits(800) == 5 * 100
    assert Flash(wait_states=2, line=16).constant_waits(800) == 2 * 200


@pytest.mark.parametrize(("cache", "read"), [(0, 2000), (96, 2000), (104, 2000), (108, 400), (256, 400)])
def test_a_run_that_the_cache_holds_is_read_once_although_it_begins_within_a_line(cache: int, read: int) -> None:
    assert swept(100, 4, 5).read(cache, line=8) == read


def test_code_is_fetched_again_by_the_largest_piece_that_the_cache_does_not_hold() -> None:
    code = Fetched(((3000, 30), (1000, 300), (0, 3000)))
    assert [code.read(cache) for cache in (4096, 3000, 2048, 512)] == [30, 30, 300, 3000]


def test_code_in_ram_is_not_waited_for() -> None:
    placed = Flash(wait_states=5, line=8, data_cache=256, code_in_ram=True)
    traffic = FlashTraffic(constants=(swept(80, 1),), code=(swept(5000, 10),))
    assert waits(placed, traffic, executed=0) == 5 * 10


def test_wider_lines_fewer_wait_states_and_larger_caches_never_wait_longer() -> None:
    graph = optimize(read("kws_dscnn_int8")).graph
    chosen = tuple(choose_kernels(graph, M4.families).chosen.values())

    def total(flash: Flash) -> float:
        return sum(waits(flash, traffic_of(c.kernel, c.layer), layer_cycles(c)) for c in chosen)

    sizes = (0, 256, 1024, 4096, 2**20)
    by_cache = [total(Flash(wait_states=5, line=8, instruction_cache=n, data_cache=n)) for n in sizes]
    by_line = [total(Flash(wait_states=5, line=n, instruction_cache=1024, data_cache=1024)) for n in (4, 8, 16, 32)]
    by_states = [total(Flash(wait_states=n, line=8, instruction_cache=1024)) for n in (5, 3, 2, 1, 0)]
    for found in (by_cache, by_line, by_states):
        assert found == sorted(found, reverse=True)
    assert by_states[-1] == 0


@pytest.mark.parametrize("model", ["vww_96_int8", "kws_dscnn_int8", "ic_resnet8_int8", "ad01_int8"])
@pytest.mark.parametrize("int16_from", [NEVER, ALWAYS])
def test_constants_that_a_call_reads_are_those_that_the_layer_has(model: str, int16_from: int) -> None:
    """With a cache for all of them each is read once a call: what a kernel says of itself is what is generated."""
    graph = optimize(read(model)).graph
    for target in (M4, behind(M4, ART)):
        for chosen in choose_kernels(graph, target.families, int16_from).chosen.values():
            data, traffic = layer_data(chosen, "data"), traffic_of(chosen.kernel, chosen.layer)
            if data is None or chosen.family.name != "dsp" or not traffic.constants:
                continue
            size = len(data.arrays[0].values) * WORD
            read_once = sum(part.read(LARGEST) for part in traffic.constants) / traffic.calls
            assert read_once == pytest.approx(size, rel=0.02, abs=8), chosen.layer.node


def test_int16_weights_are_read_as_twice_the_bytes() -> None:
    graph = optimize(read("vww_96_int8")).graph
    narrow, wide = (choose_kernels(graph, M4.families, n).chosen for n in (NEVER, ALWAYS))
    both = [(narrow[t], wide[t]) for t in narrow if wide[t].layer.int16_weights and not narrow[t].layer.int16_weights]
    assert both
    for few, more in both:
        sizes = [sum(p.read(0) for p in traffic_of(c.kernel, c.layer).constants) for c in (few, more)]
        assert sizes[0] < sizes[1] < 2.01 * sizes[0] or few.kernel.name != more.kernel.name
