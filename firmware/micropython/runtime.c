/* SPDX-License-Identifier: Apache-2.0 */
/* What compilers call by themselves: a native .mpy is linked to no library. */
#include "py/dynruntime.h"

#include "dw_wide.h"

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    return mp_fun_table.memmove_(to, from, count);
}

void *memmove(void *to, const void *from, size_t count)
{
    return mp_fun_table.memmove_(to, from, count);
}

void *memset(void *to, int value, size_t count)
{
    return mp_fun_table.memset_(to, value, count);
}

#if defined(__ARM_ARCH_6M__)

/* Run-time ABI for the Arm Architecture (IHI 0043), section 4.2 and 4.3: a quotient and a remainder
 * are returned in r0 and r1, as the halves of a 64-bit number are. */
uint64_t __aeabi_lmul(uint64_t a, uint64_t b);
uint64_t __aeabi_uidivmod(uint32_t dividend, uint32_t divisor);
uint64_t __aeabi_idivmod(int32_t dividend, int32_t divisor);
uint32_t __aeabi_uidiv(uint32_t dividend, uint32_t divisor);
int32_t __aeabi_idiv(int32_t dividend, int32_t divisor);

uint64_t __aeabi_lmul(uint64_t a, uint64_t b)
{
    return dw_multiply(a, b);
}

uint64_t __aeabi_uidivmod(uint32_t dividend, uint32_t divisor)
{
    return dw_divide(dividend, divisor);
}

uint64_t __aeabi_idivmod(int32_t dividend, int32_t divisor)
{
    return dw_divide_signed(dividend, divisor);
}

uint32_t __aeabi_uidiv(uint32_t dividend, uint32_t divisor)
{
    return (uint32_t)dw_divide(dividend, divisor);
}

int32_t __aeabi_idiv(int32_t dividend, int32_t divisor)
{
    return (int32_t)dw_divide_signed(dividend, divisor);
}

#elif defined(__xtensa__)

/* libgcc's names (GCC internals, chapter 4). Cores with an instruction for it do not call them. */
uint64_t __muldi3(uint64_t a, uint64_t b);
uint32_t __udivsi3(uint32_t dividend, uint32_t divisor);
uint32_t __umodsi3(uint32_t dividend, uint32_t divisor);
int32_t __divsi3(int32_t dividend, int32_t divisor);
int32_t __modsi3(int32_t dividend, int32_t divisor);

uint64_t __muldi3(uint64_t a, uint64_t b)
{
    return dw_multiply(a, b);
}

uint32_t __udivsi3(uint32_t dividend, uint32_t divisor)
{
    return (uint32_t)dw_divide(dividend, divisor);
}

uint32_t __umodsi3(uint32_t dividend, uint32_t divisor)
{
    return (uint32_t)(dw_divide(dividend, divisor) >> 32);
}

int32_t __divsi3(int32_t dividend, int32_t divisor)
{
    return (int32_t)dw_divide_signed(dividend, divisor);
}

int32_t __modsi3(int32_t dividend, int32_t divisor)
{
    return (int32_t)(dw_divide_signed(dividend, divisor) >> 32);
}

#endif
