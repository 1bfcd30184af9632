/* SPDX-License-Identifier: Apache-2.0 */
/* CONV_2D of one tap and eight inputs: two pixels' inputs stay in registers while all channels go past.
 *
 * A channel is words: bias, lanes w0 + 256 * w1 and w2 + 256 * w3, those of the other four inputs, multiplier; its sums
 * are on a line, which may be moved, or are scaled by that, an offset and a shift, which follow. Lanes of inputs are those of joint weights (dw_dsp_dot.h): inputs
 * x (1,3), then 256 * x (0,2) - x (1,3) + 127.
 */
#ifndef DW_DSP_KEPT_H
#define DW_DSP_KEPT_H

#include "dw_dsp.h"

struct dw_kept {
    const uint32_t *channels;
};

/* DW_KEPT defines a layer's function,
 *     void name(const int8_t *const *rows, int8_t *out, const struct dw_kept *data):
 * all channels of a row of `out_w` pixels, at least two, which are read `step` bytes apart. Element (x, c) goes to
 * out[x * pixel + c * channel]; the last of an odd number of pixels is computed beside the one before again. `head`
 * channels are computed first, the others in rounds of `unrolled`. The `form` is `line` or `scaled`; lines are `moved` by
 * so much.
 *
 * DW_KEPT_COPIED defines one that copies the channels' words to `scratch` once for a row, where flash waits:
 *     void name(const int8_t *const *rows, int8_t *out, uint32_t *scratch, const struct dw_kept *data) */
#include "dw_dsp_kept_asm.h"
#include "dw_dsp_kept_twin.h"

#endif
