"""Networks whose constants lie apart from the code, rendered with a program that loads them."""

from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import core

# Every stretch is handed out in memory of its own, exactly as long as it is; the one before is given back.
PROGRAM: Final = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"
static const struct { size_t offset, size; } stretches[NET_STRETCHES] = { %s };
static int loads;
const uint8_t *net_constants(const struct net_state *state, int stretch)
{
    static uint8_t *loaded;
    static int number = -1, first = -1;
    if (stretch != number) {
        first = first < 0 ? stretch : first;
        if (stretch < number && stretch != first) { exit(3); }
        (void)state;
        FILE *const file = fopen("net.weights", "rb");
        free(loaded);
        loaded = malloc(stretches[stretch].size);
        fseek(file, (long)stretches[stretch].offset, SEEK_SET);
        if (fread(loaded, 1, stretches[stretch].size, file) != stretches[stretch].size) { exit(2); }
        fclose(file);
        number = stretch;
        loads++;
    }
    return loaded;
}
int main(void)
{
    int8_t image[NET_INPUT_SIZE], scores[NET_OUTPUT_SIZE];
    while (fread(image, 1, sizeof image, stdin) == sizeof image) {
        net_run(image, scores);
        fwrite(scores, 1, sizeof scores, stdout);
    }
    fprintf(stderr, "%%d", loads);
    return 0;
}
"""


def written(graph: Graph, schedule: str, core_name: str, folder: Path) -> NetworkView:
    target = core(core_name)
    plan = choose(graph, schedule, variant(graph, target))
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False, core=target, detached=True)
    for file, text in render_network(view).items():
        (folder / file).write_text(text)
    assert view.blob is not None
    (folder / "net.weights").write_bytes(view.blob.content)
    table = ", ".join(f"{{ {s.offset}, {s.size} }}" for s in view.stretches)
    (folder / "program.c").write_text(PROGRAM % table)
    return view
