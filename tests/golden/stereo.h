/* SPDX-License-Identifier: 0BSD */
/* Generated code is yours, without conditions; a model's numbers stay under the model's licence. */
/* stereo: a neural network as plain C, made by depthwise 0.2.0 from digits.tflite.
 *
 * Call stereo_run with its inputs, each in the network's own quantization:
 *     left: q = round(real / STEREO_LEFT_SCALE) + STEREO_LEFT_ZERO_POINT
 *     right: q = round(real / STEREO_RIGHT_SCALE) + STEREO_RIGHT_ZERO_POINT
 *     state: q = round(real / STEREO_STATE_SCALE) + STEREO_STATE_ZERO_POINT
 * clamped to -128...127. What comes out means:
 *     output_0: real = (q - STEREO_OUTPUT_0_ZERO_POINT) * STEREO_OUTPUT_0_SCALE
 *     scores_dense: real = (q - STEREO_SCORES_DENSE_ZERO_POINT) * STEREO_SCORES_DENSE_SCALE
 * RAM: 220 bytes, input rows included; the caller's inputs and outputs come on top.
 * Constants: 356 bytes.
 */
#ifndef STEREO_H
#define STEREO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Input "serving_default_left:0", int8 [8][6][2]. */
#define STEREO_LEFT_HEIGHT 8
#define STEREO_LEFT_WIDTH 6
#define STEREO_LEFT_CHANNELS 2
#define STEREO_LEFT_SIZE 96
#define STEREO_LEFT_ROWS 8
#define STEREO_LEFT_ROW_BYTES 12
#define STEREO_LEFT_SCALE 0.00685780449f
#define STEREO_LEFT_ZERO_POINT (-83)

/* Input "right", int8 [8][6][2]. */
#define STEREO_RIGHT_HEIGHT 8
#define STEREO_RIGHT_WIDTH 6
#define STEREO_RIGHT_CHANNELS 2
#define STEREO_RIGHT_SIZE 96
#define STEREO_RIGHT_ROWS 8
#define STEREO_RIGHT_ROW_BYTES 12
#define STEREO_RIGHT_SCALE 0.0960859209f
#define STEREO_RIGHT_ZERO_POINT (-68)

/* Input "state", int8 [5]. */
#define STEREO_STATE_HEIGHT 1
#define STEREO_STATE_WIDTH 1
#define STEREO_STATE_CHANNELS 5
#define STEREO_STATE_SIZE 5
#define STEREO_STATE_ROWS 1
#define STEREO_STATE_ROW_BYTES 5
#define STEREO_STATE_SCALE 0.042818211f
#define STEREO_STATE_ZERO_POINT (-118)

/* Output "StatefulPartitionedCall:1", int8 [8][6][1]. */
#define STEREO_OUTPUT_0_SIZE 48
#define STEREO_OUTPUT_0_SCALE 0.0233531147f
#define STEREO_OUTPUT_0_ZERO_POINT (58)

/* Output "scores/dense;BiasAdd", int8 [4]. */
#define STEREO_SCORES_DENSE_SIZE 4
#define STEREO_SCORES_DENSE_SCALE 0.101373069f
#define STEREO_SCORES_DENSE_ZERO_POINT (114)

#define STEREO_RAM_BYTES 220

/* All that the network keeps: rings of rows, sums, and how far it has come. */
struct stereo_state {
    union {
        int32_t words[52];
        uint32_t lanes[52];
        int8_t bytes[208];
    } block;
    uint16_t next;
    uint8_t calls[8];
};

/* The state is one static block, so these functions are not re-entrant. */

/* Where the inputs lie, whole. Nothing is written to them. */
struct stereo_inputs {
    const int8_t *left; /* [8][6][2] */
    const int8_t *right; /* [8][6][2] */
    const int8_t *state; /* [5] */
};

/* Room for the outputs. */
struct stereo_outputs {
    int8_t output_0[STEREO_OUTPUT_0_SIZE]; /* [8][6][1] */
    int8_t scores_dense[STEREO_SCORES_DENSE_SIZE]; /* [4] */
};

/* All of it: computes the outputs of whole inputs. */
void stereo_run(const struct stereo_inputs *inputs, struct stereo_outputs *outputs);

/* The same step by step, for inputs that come row by row and outputs that need not be copied. */

/* Forgets everything: the rows of new inputs follow. */
void stereo_begin(void);

/* The input of which the network can use a row next. Rows of one input go in from first to last;
 * which input comes when is the same each time. */
enum stereo_wanted {
    STEREO_WANTS_LEFT, /* 8 rows of 12 bytes */
    STEREO_WANTS_RIGHT, /* 8 rows of 12 bytes */
    STEREO_WANTS_STATE, /* 1 row of 5 bytes */
    STEREO_WANTS_NOTHING /* all rows have gone in */
};
enum stereo_wanted stereo_wants(void);

/* Takes the next row of the input that is wanted, and computes what it makes possible.
 * The row may be overwritten afterwards. True when the last one has gone in; further rows are ignored. */
bool stereo_push_row(const int8_t *row);

/* Where the outputs lie once the last row has gone in, until stereo_begin. */
const int8_t *stereo_get_output_0(void);
const int8_t *stereo_get_scores_dense(void);

#ifdef __cplusplus
}
#endif

#endif
