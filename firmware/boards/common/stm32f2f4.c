#include "stm32f2f4.h"

#include <stdbool.h>

#include "board.h"
#include "cortex_m.h"
#include "ring.h"
#include "start.h"

/* RM0033 (F2): 5.3 RCC, 6.4 GPIO, 24.6 USART; PM0059, 2.8: FLASH_ACR.
 * RM0090 (F4): 7.3 RCC, 8.4 GPIO, 30.6 USART; 3.9: FLASH_ACR. The addresses are the same. */
#define RCC_CR dw_register(0x40023800u)
#define RCC_PLLCFGR dw_register(0x40023804u)
#define RCC_CFGR dw_register(0x40023808u)
#define RCC_AHB1ENR dw_register(0x40023830u)
#define RCC_APB2ENR dw_register(0x40023844u)
#define FLASH_ACR dw_register(0x40023C00u)
#define GPIOA_MODER dw_register(0x40020000u)
#define GPIOA_AFRH dw_register(0x40020024u)
#define USART1_SR dw_register(0x40011000u)
#define USART1_DR dw_register(0x40011004u)
#define USART1_BRR dw_register(0x40011008u)
#define USART1_CR1 dw_register(0x4001100Cu)

enum {
    HSI_HZ = 16000000,
    BAUD = 115200,
    USART1_INTERRUPT = 37,
    INTERRUPTS = 82, /* F4; F2 has 81 */
    WAIT_LOOPS =
        100000 /* a ready bit that never comes (no crystal, or an emulator) must not hang */
};

static uint32_t clock_hz; /* 0: the internal oscillator still runs */
static struct dw_ring ring;

static bool wait_for(volatile uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (int i = 0; i < WAIT_LOOPS; i++) {
        if ((*reg & mask) == value) {
            return true;
        }
    }
    return false;
}

/* Crystal / its MHz * multiplier / 2; APB1 a quarter, APB2 half of it. */
static void start_clock(void)
{
    *RCC_CR |= 1u << 16; /* HSEON */
    if (!wait_for(RCC_CR, 1u << 17, 1u << 17)) {
        return; /* stay on the internal oscillator */
    }
    *RCC_PLLCFGR = dw_stm32.crystal_mhz | dw_stm32.pll_multiplier << 6 | 0u << 16 | 1u << 22 |
                   dw_stm32.usb_divisor << 24;
    *RCC_CR |= 1u << 24; /* PLLON */
    *FLASH_ACR = dw_stm32.wait_states | 7u << 8; /* prefetch, caches */
    if (!wait_for(RCC_CR, 1u << 25, 1u << 25)) {
        return;
    }
    *RCC_CFGR = 5u << 10 | 4u << 13;
    *RCC_CFGR |= 2u; /* SW = PLL */
    if (wait_for(RCC_CFGR, 3u << 2, 2u << 2)) {
        clock_hz = dw_stm32.pll_multiplier * 500000u;
    } else {
        *RCC_CFGR = 0;
    }
}

static void start_serial(void)
{
    const uint32_t bus_hz = clock_hz ? clock_hz / 2 : HSI_HZ;
    *RCC_AHB1ENR |= 1u; /* GPIOA */
    *RCC_APB2ENR |= 1u << 4; /* USART1 */
    *GPIOA_MODER = (*GPIOA_MODER & ~(15u << 18)) | 10u << 18;
    *GPIOA_AFRH = (*GPIOA_AFRH & ~(255u << 4)) | 0x77u << 4;
    *USART1_BRR = (bus_hz + BAUD / 2) / BAUD;
    *USART1_CR1 = 1u << 13 | 1u << 5 | 1u << 3 | 1u << 2; /* UE, RXNEIE, TE, RE */
    dw_interrupt_enable(USART1_INTERRUPT);
}

/* An overrun may come without a byte, and asks for the interrupt until DR has been read: what is read
 * then is no byte of the line, but one has been lost anyway, and the frame's checksum tells. */
static void usart1_interrupt(void)
{
    while (*USART1_SR & (1u << 5 | 1u << 3)) { /* RXNE, ORE */
        dw_ring_put(&ring, (uint8_t)*USART1_DR);
    }
}

static const struct {
    void *stack;
    dw_vector vectors[15 + INTERRUPTS];
} table __attribute__((section(".vectors"), used)) = {
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + USART1_INTERRUPT] = usart1_interrupt},
};

void dw_board_init(void)
{
    start_clock();
    start_serial();
}

int dw_board_receive(void)
{
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (!(*USART1_SR & (1u << 7))) { /* TXE */
        }
        *USART1_DR = data[i];
    }
}

void dw_board_cycles_start(void)
{
    dw_cycles_start();
}

uint64_t dw_board_cycles(void)
{
    return dw_cycles();
}

uint32_t dw_board_clock_hz(void)
{
    return clock_hz ? clock_hz : HSI_HZ;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return dw_stm32.core;
}
