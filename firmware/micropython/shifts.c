/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts of 64 bits for Armv6-M, which compilers call by these names: Run-time ABI for the Arm
 * Architecture (IHI 0043), 4.2. No native module is linked with a compiler's library. */
#include <stdint.h>

uint64_t __aeabi_llsl(uint64_t value, int count);
uint64_t __aeabi_llsr(uint64_t value, int count);
int64_t __aeabi_lasr(int64_t value, int count);

static uint64_t joined(uint32_t high, uint32_t low)
{
    union {
        uint32_t half[2];
        uint64_t whole;
    } both = {.half = {low, high}};
    return both.whole;
}

static uint32_t high_of(uint64_t value)
{
    union {
        uint64_t whole;
        uint32_t half[2];
    } both = {.whole = value};
    return both.half[1];
}

/* count is from 0 to 63. */
uint64_t __aeabi_llsl(uint64_t value, int count)
{
    const uint32_t low = (uint32_t)value, high = high_of(value);
    if (count >= 32) {
        return joined(low << (count - 32), 0);
    }
    return count ? joined(high << count | low >> (32 - count), low << count) : value;
}

uint64_t __aeabi_llsr(uint64_t value, int count)
{
    const uint32_t low = (uint32_t)value, high = high_of(value);
    if (count >= 32) {
        return joined(0, high >> (count - 32));
    }
    return count ? joined(high >> count, low >> count | high << (32 - count)) : value;
}

int64_t __aeabi_lasr(int64_t value, int count)
{
    const uint32_t low = (uint32_t)value;
    const int32_t high = (int32_t)high_of((uint64_t)value);
    if (count >= 32) {
        return (int64_t)joined((uint32_t)(high >> 31), (uint32_t)(high >> (count - 32)));
    }
    return count ? (int64_t)joined(
                       (uint32_t)(high >> count), low >> count | (uint32_t)high << (32 - count))
                 : value;
}
