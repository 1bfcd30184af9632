/* Zephyr as a process of this machine: the console's interrupt happens while the main thread sleeps. */
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include <stdlib.h>
#include <time.h>

#include "tcp.h"

const struct device stub_console = {"console"};
static uart_irq_callback_user_data_t callback;
static void *given;
static struct k_thread thread = {{4096}};
static bool enabled;
static int pending = -1;

bool device_is_ready(const struct device *dev)
{
    return dev == &stub_console;
}

int uart_irq_callback_user_data_set(
    const struct device *dev, uart_irq_callback_user_data_t cb, void *user_data)
{
    callback = cb;
    given = user_data;
    return dev == &stub_console ? 0 : -1;
}

void uart_irq_rx_enable(const struct device *dev)
{
    enabled = dev == &stub_console;
    tcp_init();
}

int uart_irq_update(const struct device *dev)
{
    return dev == &stub_console;
}

int uart_irq_rx_ready(const struct device *dev)
{
    return dev == &stub_console && pending >= 0;
}

int uart_fifo_read(const struct device *dev, uint8_t *rx_data, const int size)
{
    if (dev != &stub_console || size < 1 || pending < 0) {
        return 0;
    }
    *rx_data = (uint8_t)pending;
    pending = -1;
    return 1;
}

int uart_poll_in(const struct device *dev, unsigned char *p_char)
{
    (void)dev;
    (void)p_char;
    return -1;
}

void uart_poll_out(const struct device *dev, unsigned char out_char)
{
    if (dev == &stub_console) {
        tcp_send(&out_char, 1);
    }
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
    while (sem->count == 0 && timeout.ticks < 0) {
        pending = tcp_receive();
        if (pending >= 0 && enabled) {
            callback(&stub_console, given);
        }
    }
    sem->count--;
    return 0;
}

void k_sem_give(struct k_sem *sem)
{
    sem->count = sem->limit;
}

uint32_t k_cycle_get_32(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (
        uint32_t)((unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec);
}

int sys_clock_hw_cycles_per_sec(void)
{
    return 1000000000;
}

k_tid_t k_current_get(void)
{
    return &thread;
}

int k_thread_stack_space_get(const struct k_thread *of, size_t *unused_ptr)
{
    *unused_ptr = 3000;
    return of == &thread ? 0 : -1;
}

void k_panic(void)
{
    abort();
}
