/* Scaling of dw_mve.h on random values, held against dw_fixedpoint.h: how many results differ. */
#include "dw_mve.h"

int check_scaling(uint32_t seed, int rounds);
int check_narrowing(uint32_t seed, int rounds);

static uint32_t state;

static int32_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (int32_t)state;
}

/* Of any size, small ones as often as large ones. */
static int32_t random_sum(void)
{
    const int32_t value = random_word() >> ((uint32_t)random_word() % 32);
    return value == INT32_MIN ? 0 : value;
}

/* Both ways: with the sign's correction, and without it behind a clamp at the zero point. */
int check_scaling(uint32_t seed, int rounds)
{
    int wrong = 0;
    state = seed;
    for (int round = 0; round < rounds; round++) {
        const int32_t sum = random_sum(), multiplier = random_word() & INT32_MAX;
        const int32_t shift = -(int32_t)((uint32_t)random_word() % 32);
        const int zero_point = random_word() >> 24;
        const int32_t scaled = dw_rescale_value(sum, multiplier, (int)shift);
        const int32_t upward = dw_mve_scaled(sum, multiplier, shift, 0);
        wrong += dw_mve_scaled(sum, multiplier, shift, 1) != scaled;
        wrong += dw_output(upward, zero_point, zero_point, INT8_MAX) !=
                 dw_output(scaled, zero_point, zero_point, INT8_MAX);
    }
    return wrong;
}

/* Step by step to int8, then clamped. */
int check_narrowing(uint32_t seed, int rounds)
{
    int wrong = 0;
    state = seed;
    for (int round = 0; round < rounds; round++) {
        const int32_t value = random_sum();
        const int zero_point = random_word() >> 24;
        wrong += dw_clamped(dw_mve_narrowed(value, zero_point), -100, 90) !=
                 dw_output(value, zero_point, -100, 90);
    }
    return wrong;
}
