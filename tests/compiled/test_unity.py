"""Several networks in one translation unit: their names do not clash, and each computes what it does alone."""

import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.golden import run
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.support.compiled import LIBRARY, SANITIZE, STRICT, write_network
from tests.support.narrow import inputs
from tests.support.networks import NAMED_NETWORKS

NAMES = ("residual", "mobilenet", "softmax")
MAIN = """
static void show(const int8_t *scores, int count)
{
    for (int i = 0; i < count; i++) {
        printf("%d ", scores[i]);
    }
}
"""


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("core", ["host", "cortex-m0plus", "cortex-m4", "cortex-m55"])
def test_networks_included_into_one_file_compute_what_each_does_alone(core: str, compiler: str, tmp_path: Path) -> None:
    includes, calls, expected = "", "", []
    for name in NAMES:
        graph = optimize(NAMED_NETWORKS[name]()).graph
        write_network(choose(graph, "whole", variant(graph, CORES[core])), tmp_path, name, core=CORES[core])
        image = inputs(graph, 1, random=1)[:1]
        expected += run(graph, image)[graph.outputs[0]].ravel().tolist()
        macro, values = name.upper(), ", ".join(str(v) for v in image.ravel().tolist())
        includes += f'#include "{name}.c"\n'
        includes += f"void {name}_trace(int slot, int row, const int8_t *data, int bytes)\n"
        includes += "{ (void)slot; (void)row; (void)data; (void)bytes; }\n"
        calls += f"{{ static const int8_t image[] = {{ {values} }}; int8_t scores[{macro}_OUTPUT_SIZE];\n"
        calls += f"{name}_run(image, scores); show(scores, {macro}_OUTPUT_SIZE); }}\n"
    (tmp_path / "all.c").write_text(f"#include <stdio.h>\n{includes}{MAIN}int main(void)\n{{\n{calls}return 0;\n}}\n")
    flags = [*STRICT, *SANITIZE[compiler], "-O1", f"-I{tmp_path}", *LIBRARY]
    subprocess.run([compiler, *flags, str(tmp_path / "all.c"), "-o", str(tmp_path / "all")], check=True)
    said = subprocess.run([str(tmp_path / "all")], check=True, capture_output=True, text=True).stdout
    assert [int(v) for v in said.split()] == expected
