/* Pins of UART0. */
#ifndef UART_PINS_H
#define UART_PINS_H

#define U0RXD_GPIO_NUM 3
#define U0TXD_GPIO_NUM 1

#endif
