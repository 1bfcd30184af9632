/* SPDX-License-Identifier: Apache-2.0 */
/* This machine as a board: the serial port is a TCP connection on the loopback address.
 * Prints "port N" and serves one client after another, until its standard input closes. Its port has no
 * speed, but plays a UART of 48 MHz: "speed N M" is printed when it is set to N baud behind M bytes, for
 * whoever stands between. */
#define _POSIX_C_SOURCE 200809L

#include "board.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_BAUD = 115200, UART_HZ = 48000000, WAIT_MS = 100 /* so that a silence is noticed */ };

static int listener, client = -1, wait_ms = -1;
static uint8_t buffer[4096];
static size_t buffer_in, buffer_out;
static uint64_t started;
static unsigned long sent_bytes;

void dw_board_init(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1) ||
        getsockname(listener, (struct sockaddr *)&address, &size)) {
        perror("board");
        exit(1);
    }
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void accept_client(void)
{
    const int on = 1;
    client = accept(listener, NULL, NULL);
    if (client >= 0) {
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
}

static void receive_some(void)
{
    const ssize_t count = read(client, buffer, sizeof buffer);
    buffer_out = 0;
    buffer_in = count > 0 ? (size_t)count : 0;
    if (count <= 0) {
        close(client);
        client = -1;
    }
}

int dw_board_receive(void)
{
    if (buffer_out < buffer_in) {
        return buffer[buffer_out++];
    }
    struct pollfd waiting[2] = {
        {.fd = 0, .events = POLLIN}, {.fd = client < 0 ? listener : client, .events = POLLIN}};
    if (poll(waiting, 2, wait_ms) < 0) {
        exit(1);
    }
    if (waiting[1].revents && client < 0) {
        accept_client();
    } else if (waiting[1].revents) {
        receive_some();
    } else if (waiting[0].revents) {
        char byte;
        if (read(0, &byte, 1) <= 0) {
            exit(0);
        }
    }
    return -1;
}

void dw_board_send(const uint8_t *data, size_t count)
{
    while (count > 0 && client >= 0) {
        const ssize_t sent = send(client, data, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the client has gone; reading finds out */
        }
        data += sent;
        sent_bytes += (unsigned long)sent;
        count -= (size_t)sent;
    }
}

uint32_t dw_board_speed(uint32_t baud)
{
    return UART_HZ / ((UART_HZ + baud / 2) / baud);
}

void dw_board_set_speed(uint32_t baud)
{
    wait_ms = baud == FIRST_BAUD ? -1 : WAIT_MS;
    printf("speed %u %lu\n", (unsigned)baud, sent_bytes);
    fflush(stdout);
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void dw_board_cycles_start(void)
{
    started = nanoseconds();
}

uint64_t dw_board_cycles(void)
{
    return nanoseconds() - started;
}

uint32_t dw_board_clock_hz(void)
{
    return 1000000000;
}

uint32_t dw_board_stack_used(void)
{
    return 0;
}

const char *dw_board_core(void)
{
    return "host";
}
