/* Holds the scaling of dw_plain.h against that of dw_fixedpoint.h; prints the first difference. */
#include <stdio.h>
#include <stdlib.h>

#include "dw_plain.h"

static uint64_t state = 88172645463325252u;

static uint32_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

/* |sum| < 2^29: of every magnitude, and close to halves of 2^16 and to the limits. */
static int32_t random_sum(void)
{
    const int32_t limit = (1 << 29) - 1;
    const int32_t small = (int32_t)(random_bits() & 7u) - 4;
    int32_t sum = (int32_t)(random_bits() & (uint32_t)limit) >> (random_bits() % 29u);
    switch (random_bits() % 4u) {
    case 0:
        sum = ((sum >> 15) << 15) + small;
        break;
    case 1:
        sum = limit - (small + 4);
        break;
    default:
        break;
    }
    sum = sum > limit ? limit : sum;
    return random_bits() & 1u ? -sum : sum;
}

static int32_t random_multiplier(void)
{
    const int32_t special[] = {0, 1 << 30, INT32_MAX, (1 << 30) + 1, 0x7FFF0000, 0x4000FFFF};
    const uint32_t bits = random_bits();
    return bits % 8u < 6u && bits & 64u ? special[bits % 8u]
                                        : (int32_t)(1u << 30 | (random_bits() & 0x3FFFFFFFu));
}

static void check(int32_t sum, int32_t multiplier, int shift, int zero, int least, int most)
{
    const int32_t value = dw_doubling_high_multiply(sum, multiplier);
    const int32_t scaled = dw_rounding_divide(value, shift);
    const int32_t half = 2 * zero + 1;
    const int plain = dw_output(scaled, zero, zero, INT8_MAX);
    const int fast = dw_scaled_sum(sum, multiplier, shift, half);
    const int any = dw_scaled_sum_signed(sum, multiplier, shift, half, least, most);
    if ((dw_high_by_pieces(sum, multiplier) + 1) >> 1 != value ||
        dw_high_by_long(sum, multiplier) != dw_high_by_pieces(sum, multiplier) ||
        (zero == INT8_MIN && fast != plain) || any != dw_output(scaled, zero, least, most)) {
        printf("sum %ld multiplier %ld shift %d zero point %d\n", (long)sum, (long)multiplier,
            shift, zero);
        exit(1);
    }
}

int main(void)
{
    for (long i = 0; i < 4000000; i++) {
        const int a = (int8_t)random_bits(), b = (int8_t)random_bits();
        const int zero = random_bits() & 1u ? INT8_MIN : (int8_t)random_bits();
        check(random_sum(), random_multiplier(), 1 + (int)(random_bits() % 31u), zero,
            a < b ? a : b, a < b ? b : a);
    }
    for (int32_t sum = -(1 << 18); sum < 1 << 18; sum++) {
        for (int shift = 1; shift < 12; shift++) {
            check(sum, 1 << 30, shift, INT8_MIN, INT8_MIN, INT8_MAX);
        }
    }
    return 0;
}
