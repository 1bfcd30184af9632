/* ESP-IDF as a process of this machine. A chip with USB is spoken to by that. */
#include <driver/uart.h>
#include <driver/usb_serial_jtag.h>
#include <esp_cpu.h>
#include <freertos/task.h>
#include <soc/soc_caps.h>

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "tcp.h"

void app_main(void);

static bool configured, installed;

void stub_check(esp_err_t error)
{
    if (error != ESP_OK) {
        abort();
    }
}

esp_err_t uart_driver_install(uart_port_t uart_num, int rx_buffer_size, int tx_buffer_size,
    int queue_size, QueueHandle_t *uart_queue, int intr_alloc_flags)
{
    (void)queue_size;
    (void)uart_queue;
    (void)intr_alloc_flags;
    installed = uart_num == UART_NUM_0 && rx_buffer_size > 266 && tx_buffer_size == 0;
    return installed ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_param_config(uart_port_t uart_num, const uart_config_t *uart_config)
{
    configured = uart_num == UART_NUM_0 && uart_config->baud_rate == 115200;
    return configured ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_set_pin(
    uart_port_t uart_num, int tx_io_num, int rx_io_num, int rts_io_num, int cts_io_num)
{
    const bool right = tx_io_num == 1 && rx_io_num == 3 && rts_io_num == -1 && cts_io_num == -1;
    tcp_init();
    return uart_num == UART_NUM_0 && right ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_get_sclk_freq(uart_sclk_t sclk, uint32_t *out_freq_hz)
{
    *out_freq_hz = 80000000;
    return sclk == UART_SCLK_DEFAULT ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_wait_tx_done(uart_port_t uart_num, TickType_t ticks_to_wait)
{
    return uart_num == UART_NUM_0 && ticks_to_wait > 0 ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_set_baudrate(uart_port_t uart_num, uint32_t baudrate)
{
    tcp_set_speed(baudrate);
    return uart_num == UART_NUM_0 ? ESP_OK : ESP_FAIL;
}

static int take(void *buf)
{
    const int byte = tcp_receive();
    if (byte < 0) {
        return 0;
    }
    *(uint8_t *)buf = (uint8_t)byte;
    return 1;
}

#ifdef SOC_USB_SERIAL_JTAG_SUPPORTED

int uart_read_bytes(uart_port_t uart_num, void *buf, uint32_t length, TickType_t ticks_to_wait)
{
    (void)uart_num;
    (void)buf;
    (void)length;
    (void)ticks_to_wait;
    return 0;
}

int uart_write_bytes(uart_port_t uart_num, const void *src, size_t size)
{
    (void)uart_num;
    (void)src;
    (void)size;
    abort(); /* nothing has come by there */
}

esp_err_t usb_serial_jtag_driver_install(usb_serial_jtag_driver_config_t *usb_serial_jtag_config)
{
    return usb_serial_jtag_config->rx_buffer_size > 266 ? ESP_OK : ESP_FAIL;
}

int usb_serial_jtag_read_bytes(void *buf, uint32_t length, TickType_t ticks_to_wait)
{
    return length == 1 && ticks_to_wait == 0 ? take(buf) : -1;
}

/* Takes no more than a few bytes at a time. */
int usb_serial_jtag_write_bytes(const void *src, size_t size, TickType_t ticks_to_wait)
{
    const size_t sent = size < 5 ? size : 5;
    tcp_send(src, sent);
    return ticks_to_wait > 0 ? (int)sent : -1;
}

#else

int uart_read_bytes(uart_port_t uart_num, void *buf, uint32_t length, TickType_t ticks_to_wait)
{
    if (!installed || !configured || uart_num != UART_NUM_0 || length != 1 || ticks_to_wait == 0) {
        return -1;
    }
    return take(buf);
}

int uart_write_bytes(uart_port_t uart_num, const void *src, size_t size)
{
    tcp_send(src, size);
    return uart_num == UART_NUM_0 ? (int)size : -1;
}

#endif

esp_cpu_cycle_count_t esp_cpu_get_cycle_count(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (esp_cpu_cycle_count_t)((unsigned long long)now.tv_sec * 1000000000u +
                                   (unsigned long long)now.tv_nsec);
}

UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t task)
{
    return task ? 0 : 2000;
}

int main(void)
{
    app_main();
    return 0;
}
