/* SPDX-License-Identifier: Apache-2.0 */
/* Zephyr 3.4 and later: the application's board on the devicetree's zephyr,console, whose driver has
 * interrupts. Nothing else may print there: see prj.conf. */
#include "board.h"

#include <zephyr/device.h>
#include <zephyr/devicetree.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "network.h"
#include "ring.h"

static const struct device *const console = DEVICE_DT_GET(DT_CHOSEN(zephyr_console));
static struct dw_ring ring;
static K_SEM_DEFINE(arrived, 0, 1);
static uint32_t started;

static void console_interrupt(const struct device *device, void *unused)
{
    (void)unused;
    while (uart_irq_update(device) && uart_irq_rx_ready(device)) {
        uint8_t byte;
        while (uart_fifo_read(device, &byte, 1) == 1) {
            dw_ring_put(&ring, byte);
        }
        k_sem_give(&arrived);
    }
}

void dw_board_init(void)
{
    if (!device_is_ready(console) ||
        uart_irq_callback_user_data_set(console, console_interrupt, NULL) != 0) {
        k_panic();
    }
    uart_irq_rx_enable(console);
    /* A byte from before raises no interrupt on some UARTs, and keeps them from raising the next. */
    for (uint8_t old; uart_poll_in(console, &old) == 0;) {
    }
}

/* Sleeps until something has come. */
int dw_board_receive(void)
{
    const int byte = dw_ring_take(&ring);
    if (byte < 0) {
        k_sem_take(&arrived, K_FOREVER);
    }
    return byte;
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uart_poll_out(console, data[i]);
    }
}

void dw_board_cycles_start(void)
{
    started = k_cycle_get_32();
}

/* 32 bits: 4 s at 1 GHz for one row of the input, 25 s at 168 MHz. */
uint64_t dw_board_cycles(void)
{
    return (uint32_t)(k_cycle_get_32() - started);
}

uint32_t dw_board_clock_hz(void)
{
    return (uint32_t)sys_clock_hw_cycles_per_sec();
}

uint32_t dw_board_stack_used(void)
{
    size_t unused = 0;
    if (k_thread_stack_space_get(k_current_get(), &unused) != 0) {
        return 0;
    }
    return (uint32_t)(k_current_get()->stack_info.size - unused);
}

const char *dw_board_core(void)
{
    return NETWORK_CORE;
}
