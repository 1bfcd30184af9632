/* 64-bit multiplication for processors that have no instruction for it, in place of libgcc's. */
#include <stdint.h>

#if defined(__ARM_ARCH_6M__)
#define MULTIPLY __aeabi_lmul
#else
#define MULTIPLY __muldi3
#endif

int64_t MULTIPLY(int64_t a, int64_t b);

int64_t MULTIPLY(int64_t a, int64_t b)
{
    const uint32_t a0 = (uint32_t)a & 0xFFFF, a1 = (uint32_t)a >> 16;
    const uint32_t b0 = (uint32_t)b & 0xFFFF, b1 = (uint32_t)b >> 16;
    const uint32_t middle = a1 * b0 + (a0 * b0 >> 16), other = a0 * b1 + (middle & 0xFFFF);
    const uint32_t low = (other << 16) | (a0 * b0 & 0xFFFF);
    const uint32_t high = a1 * b1 + (middle >> 16) + (other >> 16);
    const uint32_t cross =
        (uint32_t)((uint64_t)a >> 32) * (uint32_t)b + (uint32_t)a * (uint32_t)((uint64_t)b >> 32);
    return (int64_t)((uint64_t)(high + cross) << 32 | low);
}
