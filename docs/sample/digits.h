/* SPDX-License-Identifier: 0BSD */
/* Generated code is yours, without conditions; a model's numbers stay under the model's licence. */
/* digits: a neural network as plain C, made by depthwise 0.2.0 from digits.tflite.
 *
 * Call digits_run with an image in the network's own quantization:
 *     q = round(real / DIGITS_INPUT_SCALE) + DIGITS_INPUT_ZERO_POINT, clamped to -128...127.
 * RAM: 3344 bytes, input rows included (and the caller's scores). Constants: 11595 bytes.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DIGITS_INPUT_HEIGHT 32
#define DIGITS_INPUT_WIDTH 32
#define DIGITS_INPUT_CHANNELS 1
#define DIGITS_INPUT_SIZE 1024
#define DIGITS_INPUT_ROWS 32
#define DIGITS_INPUT_ROW_BYTES 32
#define DIGITS_INPUT_SCALE 0.00392156886f
#define DIGITS_INPUT_ZERO_POINT (-128)

#define DIGITS_OUTPUT_SIZE 10
#define DIGITS_OUTPUT_SCALE 0.00390625f
#define DIGITS_OUTPUT_ZERO_POINT (-128)

#define DIGITS_RAM_BYTES 3344

/* All that the network keeps: rings of rows, sums, and how far it has come. */
struct digits_state {
    union {
        int32_t words[832];
        uint32_t lanes[832];
        int8_t bytes[3328];
    } block;
    uint16_t next;
    uint8_t calls[14];
};

/* The state is one static block, so these functions are not re-entrant. */

/* Forgets everything: the rows of a new image follow. */
void digits_begin(void);

/* Takes the next row of the image, int8 [32][1], and computes what it makes possible.
 * The row may be overwritten afterwards. True when the last one has gone in; further rows are ignored. */
bool digits_push_row(const int8_t *row);

/* Copies the scores, int8 [10], once the last row has gone in. */
void digits_scores(int8_t *scores);

/* All of it for a whole image, int8 [32][32][1]. */
void digits_run(const int8_t *image, int8_t *scores);

#ifdef __cplusplus
}
#endif

#endif
