/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 (IEEE 802.3, reflected, as zlib computes it). */
#ifndef DW_CRC32_H
#define DW_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues a checksum; the first call passes 0. */
uint32_t dw_crc32(uint32_t crc, const void *data, size_t count);

#endif
