/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32.h"

/* RM0033 (F2) 6.4, RM0090 (F4) 8.4, RM0351 (L4), RM0444 (G0), RM0433 (H7): GPIO registers. */
enum { MODER = 0x00, PUPDR = 0x0C, AFRL = 0x20, ALTERNATE = 2, PULL_UP = 1 };

/* The function first: the pin must not be another peripheral's for a moment. */
static void start_pin(const struct dw_stm32_port *port, uint32_t pin)
{
    const uint32_t place = 4 * (pin % 8);
    dw_change(port->gpio + AFRL + 4 * (pin / 8), 15u << place, (uint32_t)port->function << place);
    dw_change(port->gpio + MODER, 3u << (2 * pin), (uint32_t)ALTERNATE << (2 * pin));
}

/* A receiver that nobody drives is held high: no byte ever begins. */
void dw_stm32_start_pins(const struct dw_stm32_port *port)
{
    const uint32_t place = 2u * port->receive_pin;
    dw_change(port->gpio + PUPDR, 3u << place, (uint32_t)PULL_UP << place);
    start_pin(port, port->transmit_pin);
    start_pin(port, port->receive_pin);
}
