/* Leaves functions for the one that called them: a jump that the compiler has, or that of windowed Xtensa. */
#ifndef UNWIND_H
#define UNWIND_H

#include <stdbool.h>

#include "py/abi.h"

typedef void (*unwind_step)(const void *);

#if defined(__XCHAL_HAVE_WINDOWED) && __XCHAL_HAVE_WINDOWED

/* guarded() puts all windows of its callers onto the stack, by calls as deep as the core has registers; then the
 * windows of what it calls can be dropped, and its own return brings its caller's back. ISA reference manual, 4.7.1. */
void guarded(unwind_step step, const void *argument);
MP_NORETURN void unwind(void);
extern void *unwind_to[2];
void *unwind_to[2];

__asm__(".section .text.unwind, \"ax\", @progbits\n"
        ".p2align 2\n"
        "1:\n"
        ".long unwind_to\n"
        "2:\n"
        ".long unwind_deep\n"
        "unwind_deep:\n"
        "    entry a1, 32\n"
        "    beqz a2, 3f\n"
        "    addi a10, a2, -1\n"
        "    l32r a8, 2b\n"
        "    callx8 a8\n"
        "3:\n"
        "    retw\n"
        ".p2align 2\n"
        ".global guarded\n"
        "guarded:\n"
        "    entry a1, 48\n"
        "    l32r a4, 1b\n"
        "    s32i a0, a4, 0\n"
        "    s32i a1, a4, 4\n"
        "    movi a10, 8\n"
        "    l32r a8, 2b\n"
        "    callx8 a8\n"
        "    or a10, a3, a3\n"
        "    callx8 a2\n"
        "    retw\n"
        ".p2align 2\n"
        ".global unwind\n"
        "unwind:\n"
        "    entry a1, 32\n"
        "    rsr a2, windowbase\n"
        "    ssl a2\n"
        "    movi a3, 1\n"
        "    sll a3, a3\n"
        "    wsr a3, windowstart\n"
        "    rsync\n"
        "    l32r a2, 1b\n"
        "    l32i a0, a2, 0\n"
        "    l32i a1, a2, 4\n"
        "    retw\n"
        ".text\n");

#else

static void *unwind_to[5];

static inline void guarded(unwind_step step, const void *argument)
{
    if (__builtin_setjmp(unwind_to) == 0) {
        step(argument);
    }
}

static inline MP_NORETURN void unwind(void)
{
    __builtin_longjmp(unwind_to, 1);
}

#endif

#endif
