/* SPDX-License-Identifier: Apache-2.0 */
/* Decides, for all of the library, whether assembly computes or the plain C beside it.
 *
 * Assembly is whole functions: nothing depends on how a compiler gives out registers, so GCC and Clang
 * take them at every level, with and without a frame pointer. Each has a twin in plain C with the same
 * name and the same results; other compilers and other processors get that, and so does everything
 * with -DDW_NO_ASM.
 */
#ifndef DW_ASM_H
#define DW_ASM_H

#include "dw_fixedpoint.h"

#if defined(__GNUC__) && defined(__thumb__) && !defined(__ARM_BIG_ENDIAN) && !defined(DW_NO_ASM)
#define DW_ASM 1
#else
#define DW_ASM 0
#endif

/* Armv6-M: Cortex-M0 and M0+. */
#if DW_ASM && defined(__ARM_ARCH_6M__)
#define DW_ASM_V6M 1
#else
#define DW_ASM_V6M 0
#endif

/* Thumb-2: Cortex-M3 and up. */
#if DW_ASM && defined(__thumb2__)
#define DW_ASM_THUMB2 1
#else
#define DW_ASM_THUMB2 0
#endif

/* The DSP extension: Cortex-M4, M7, M33. */
#if DW_ASM && defined(__thumb2__) && defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP == 1
#define DW_ASM_DSP 1
#else
#define DW_ASM_DSP 0
#endif

/* The integer part of Helium: Cortex-M55, M85. */
#if DW_ASM && defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define DW_ASM_MVE 1
#else
#define DW_ASM_MVE 0
#endif

/* 32-bit RISC-V with multiplication and all 31 registers. */
#if defined(__GNUC__) && defined(__riscv_mul) && defined(__riscv_xlen) && __riscv_xlen == 32 &&    \
    !defined(__riscv_abi_rve) && !defined(DW_NO_ASM)
#define DW_ASM_RV32 1
#else
#define DW_ASM_RV32 0
#endif

/* Xtensa with windowed registers, MAC16, zero-overhead loops and MULSH: the ESP32 and ESP32-S3, which have
 * MIN, MAX and CLAMPS too; not the ESP32-S2. GCC 13 and later say what a core has, a header does before. */
#if defined(__GNUC__) && defined(__XTENSA_EL__) && !defined(DW_NO_ASM)
#if defined(__XCHAL_HAVE_MAC16)
#define DW_ASM_MAC16                                                                               \
    (__XCHAL_HAVE_WINDOWED && __XCHAL_HAVE_MAC16 && __XCHAL_HAVE_LOOPS && __XCHAL_HAVE_MUL32_HIGH)
#elif defined(__has_include)
#if __has_include(<xtensa/config/core-isa.h>)
#include <xtensa/config/core-isa.h>
#define DW_ASM_MAC16                                                                               \
    (XCHAL_HAVE_WINDOWED && XCHAL_HAVE_MAC16 && XCHAL_HAVE_LOOPS && XCHAL_HAVE_MUL32_HIGH)
#endif
#endif
#endif
#ifndef DW_ASM_MAC16
#define DW_ASM_MAC16 0
#endif

/* A function that is one statement of assembly, without anything around it; it follows the procedure
 * call standard (AAPCS). A compiler must not look through it for what its callers may count on: hence
 * no copies are made for a caller, and registers that a call may change are named as changed. Text may be
 * longer than what C99 promises to take. */
#ifdef __clang__
#define DW_NAKED static __attribute__((naked, noinline, unused)) DW_PLACED
#else
#define DW_NAKED static __attribute__((naked, noinline, noclone, unused)) DW_PLACED
#endif
#define DW_CODE(text)                                                                              \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverlength-strings\"")      \
        DW_STATEMENT(DW_SYNTAX text);                                                              \
    _Pragma("GCC diagnostic pop")
#if DW_ASM_RV32
#define DW_SYNTAX
#define DW_STATEMENT(text)                                                                         \
    __asm__ volatile(text                                                                          \
                     :                                                                             \
                     :                                                                             \
                     : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3",     \
                     "a4", "a5", "a6", "a7", "memory")
#else
#define DW_SYNTAX ".syntax unified\n"
#endif
#if DW_ASM_MVE
#define DW_STATEMENT(text)                                                                         \
    __asm__ volatile(text                                                                          \
                     :                                                                             \
                     :                                                                             \
                     : "r0", "r1", "r2", "r3", "r12", "q0", "q1", "q2", "q3", "cc", "memory")
#elif !DW_ASM_RV32
#define DW_STATEMENT(text)                                                                         \
    __asm__ volatile(text : : : "r0", "r1", "r2", "r3", "r12", "cc", "memory")
#endif

/* The same where a compiler has no naked functions: GCC for Xtensa. Its name belongs to the file. */
#ifdef DW_RAM_SECTION
#define DW_OUTER_SECTION DW_TEXT(DW_RAM_SECTION) "."
#else
#define DW_OUTER_SECTION ".text."
#endif
#define DW_OUTER(name, text)                                                                       \
    __asm__(".pushsection " DW_OUTER_SECTION name ", \"ax\", @progbits\n.p2align 2\n" name         \
            ":\n" text ".popsection\n")

/* A parameter that only assembly reads. */
#define DW_PARAMETER __attribute__((unused))

/* Memory that assembly writes: an analyzer does not see it do so. No instruction. */
#if DW_ASM || DW_ASM_RV32
#define DW_WRITTEN(place) __asm__("" : "=m"(place))
#else
#define DW_WRITTEN(place) ((void)0)
#endif

#endif
