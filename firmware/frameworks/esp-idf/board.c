/* SPDX-License-Identifier: Apache-2.0 */
/* ESP-IDF 5.1 and later: the application's board on UART0, 115200 8N1, and on the chip's own USB where it
 * has one; the answer goes where the request came from. */
#include "board.h"

#include <stdbool.h>

#include <driver/uart.h>
#include <esp_cpu.h>
#include <esp_task.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <sdkconfig.h>
#include <soc/soc_caps.h>
#include <soc/uart_pins.h>

#include "link.h"
#include "network.h"

#if SOC_USB_SERIAL_JTAG_SUPPORTED
#include <driver/usb_serial_jtag.h>
#endif

/* The drivers' interrupts fill the buffers while the network computes. */
enum {
    FIRST_BAUD = 115200,
    BUFFER_BYTES = 2 * DW_RECEIVE_BYTES,
    WAIT_TICKS = 1, /* other tasks run while none comes */
    SEND_TICKS = 1000
};

static bool by_usb;
static esp_cpu_cycle_count_t started;

void dw_board_init(void)
{
    const uart_config_t config = {
        .baud_rate = FIRST_BAUD,
        .data_bits = UART_DATA_8_BITS,
        .parity = UART_PARITY_DISABLE,
        .stop_bits = UART_STOP_BITS_1,
        .flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
        .source_clk = UART_SCLK_DEFAULT,
    };
    ESP_ERROR_CHECK(uart_driver_install(UART_NUM_0, BUFFER_BYTES, 0, 0, NULL, 0));
    ESP_ERROR_CHECK(uart_param_config(UART_NUM_0, &config));
    ESP_ERROR_CHECK(uart_set_pin(
        UART_NUM_0, U0TXD_GPIO_NUM, U0RXD_GPIO_NUM, UART_PIN_NO_CHANGE, UART_PIN_NO_CHANGE));
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    usb_serial_jtag_driver_config_t usb = {
        .tx_buffer_size = BUFFER_BYTES, .rx_buffer_size = BUFFER_BYTES};
    ESP_ERROR_CHECK(usb_serial_jtag_driver_install(&usb));
#endif
}

int dw_board_receive(void)
{
    uint8_t byte;
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    if (usb_serial_jtag_read_bytes(&byte, 1, 0) == 1) {
        by_usb = true;
        return byte;
    }
#endif
    if (uart_read_bytes(UART_NUM_0, &byte, 1, WAIT_TICKS) == 1) {
        by_usb = false;
        return byte;
    }
    return -1;
}

#if SOC_USB_SERIAL_JTAG_SUPPORTED
static void send_by_usb(const uint8_t *data, size_t count)
{
    while (count > 0) {
        const int sent = usb_serial_jtag_write_bytes(data, count, SEND_TICKS);
        if (sent <= 0) {
            return; /* nobody reads: the host will repeat its request */
        }
        data += sent;
        count -= (size_t)sent;
    }
}
#endif

void dw_board_send(const uint8_t *data, size_t count)
{
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    if (by_usb) {
        send_by_usb(data, count);
        return;
    }
#endif
    uart_write_bytes(UART_NUM_0, data, count);
}

/* UART_CLKDIV_REG: 1/16 of a clock, in the chips' technical reference manuals. USB has no speed. */
uint32_t dw_board_speed(uint32_t baud)
{
    uint32_t clock_hz = 0;
    if (by_usb || uart_get_sclk_freq(UART_SCLK_DEFAULT, &clock_hz) != ESP_OK) {
        return 0;
    }
    const uint64_t sixteenths = (uint64_t)clock_hz * 16;
    return (uint32_t)(sixteenths / ((sixteenths + baud / 2) / baud));
}

void dw_board_set_speed(uint32_t baud)
{
    (void)uart_wait_tx_done(UART_NUM_0, SEND_TICKS);
    (void)uart_set_baudrate(UART_NUM_0, baud);
}

void dw_board_cycles_start(void)
{
    started = esp_cpu_get_cycle_count();
}

/* 32 bits: 17 s at 240 MHz for one row of the input. */
uint64_t dw_board_cycles(void)
{
    return esp_cpu_get_cycle_count() - started;
}

uint32_t dw_board_clock_hz(void)
{
    return CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ * 1000000u;
}

/* ESP-IDF counts a stack in bytes. */
uint32_t dw_board_stack_used(void)
{
    return ESP_TASK_MAIN_STACK - (uint32_t)uxTaskGetStackHighWaterMark(NULL);
}

const char *dw_board_core(void)
{
    return NETWORK_CORE;
}
