/* Vectors of dw_mve.h on random values, held against dw_fixedpoint.h: how many lanes differ. */
#include "dw_mve.h"

int check_scaling(uint32_t seed, int rounds);
int check_weaving(uint32_t seed, int rounds);

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

static int differs(int32_t sum, int32_t multiplier, int shift, const int8_t *got, int zero_point)
{
    const int32_t scaled = dw_rescale_value(sum, multiplier, shift);
    const int32_t shown = dw_output(scaled, zero_point, zero_point, INT8_MAX);
    return got[0] != dw_output(scaled, zero_point, INT8_MIN, INT8_MAX) || got[4] != shown;
}

/* Sums scaled both ways: with the sign's correction, and without it behind a clamp at the zero point. */
int check_scaling(uint32_t seed, int rounds)
{
    int wrong = 0;
    state = seed;
    for (int round = 0; round < rounds; round++) {
        int32_t sums[4], multipliers[4], shifts[4];
        int8_t got[8];
        const int zero_point = random_word() >> 24;
        for (int i = 0; i < 4; i++) {
            sums[i] = random_sum();
            multipliers[i] = random_word() & INT32_MAX;
            shifts[i] = -(int32_t)((uint32_t)random_word() % 32);
        }
        const dw_mve_words all = dw_mve_load_words(sums);
        const dw_mve_words most = dw_mve_same_words(INT8_MAX);
        const dw_mve_words with = dw_mve_scale(all, multipliers, shifts, 1);
        const dw_mve_words less = dw_mve_scale(all, multipliers, shifts, 0);
        const dw_mve_words lowest = dw_mve_same_words(INT8_MIN),
                           zero = dw_mve_same_words(zero_point);
        dw_mve_store_words(got, dw_mve_clamp_words(with, zero_point, lowest, most), 4);
        dw_mve_store_words(got + 4, dw_mve_clamp_words(less, zero_point, zero, most), 4);
        for (int i = 0; i < 4; i++) {
            wrong += differs(sums[i], multipliers[i], (int)shifts[i], got + i, zero_point);
        }
    }
    return wrong;
}

/* Sixteen words as bytes in order, with a zero point, clamped. */
int check_weaving(uint32_t seed, int rounds)
{
    int wrong = 0;
    state = seed;
    for (int round = 0; round < rounds; round++) {
        int32_t words[16];
        int8_t got[16];
        const int zero_point = random_word() >> 24;
        for (int i = 0; i < 16; i++) {
            words[i] = random_sum();
        }
        const dw_mve_bytes woven =
            dw_mve_weave(dw_mve_load_words(words), dw_mve_load_words(words + 4),
                dw_mve_load_words(words + 8), dw_mve_load_words(words + 12), zero_point);
        dw_mve_store_bytes(got, dw_mve_clamp_bytes(woven, -100, 90), 16);
        for (int i = 0; i < 16; i++) {
            const int8_t one = dw_output(words[i], zero_point, INT8_MIN, INT8_MAX);
            wrong += got[i % 4 * 4 + i / 4] != dw_clamped(one, -100, 90);
        }
    }
    return wrong;
}
