/* The serial line of a stand-in framework: firmware/boards/host/board.c, compiled under these names. */
#ifndef TCP_H
#define TCP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void tcp_init(void);

/* Waits; returns the next byte, or -1 if something else has happened. */
int tcp_receive(void);
void tcp_send(const uint8_t *data, size_t count);

/* Says at which speed the line is from now on. */
void tcp_set_speed(uint32_t baud);

#ifdef __cplusplus
}
#endif

#endif
