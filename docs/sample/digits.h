/* digits: a neural network as plain C, made by depthwise 0.1.0 from digits.tflite.
 *
 * Call digits_run with an image in the network's own quantization:
 *     q = round(real / DIGITS_INPUT_SCALE) + DIGITS_INPUT_ZERO_POINT, clamped to -128...127.
 * RAM: 6144 bytes, static (and the caller's image and scores). Constants: 11322 bytes.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdint.h>

#define DIGITS_INPUT_HEIGHT 32
#define DIGITS_INPUT_WIDTH 32
#define DIGITS_INPUT_CHANNELS 1
#define DIGITS_INPUT_SIZE 1024
#define DIGITS_INPUT_SCALE 0.00392156886f
#define DIGITS_INPUT_ZERO_POINT (-128)

#define DIGITS_OUTPUT_SIZE 10
#define DIGITS_OUTPUT_SCALE 0.00390625f
#define DIGITS_OUTPUT_ZERO_POINT (-128)

#define DIGITS_RAM_BYTES 6144

/* Computes the scores of one image: int8 [32][32][1] in, int8 [10] out.
 * The caller owns both; they may not overlap. Not re-entrant: activations lie in one static block. */
void digits_run(const int8_t *image, int8_t *scores);

#endif
