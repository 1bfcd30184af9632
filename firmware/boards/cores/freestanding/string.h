/* SPDX-License-Identifier: Apache-2.0 */
/* The few functions of <string.h> that firmware and generated code use, for a toolchain without a C
 * library. They do what C99, 7.21, says. */
#ifndef DW_FREESTANDING_STRING_H
#define DW_FREESTANDING_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);

#endif
