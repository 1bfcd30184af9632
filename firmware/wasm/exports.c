/* SPDX-License-Identifier: Apache-2.0 */
/* A network called `playground` as a module of WebAssembly: where its image and its scores lie, and the run. */
#include "playground.h"

#define EXPORT(name) __attribute__((export_name(name)))

static int8_t image[PLAYGROUND_INPUT_SIZE], scores[PLAYGROUND_OUTPUT_SIZE];

EXPORT("image") int8_t *dw_image(void)
{
    return image;
}

EXPORT("scores") int8_t *dw_scores(void)
{
    return scores;
}

EXPORT("run") void dw_run(void)
{
    playground_run(image, scores);
}
