/* SPDX-License-Identifier: Apache-2.0 */
/* Arduino: the application's board on Serial, 115200 8N1. */
#include <Arduino.h>

extern "C" {
#include "board.h"
#include "link.h"
#include "network.h"
}

static const unsigned long BAUD = 115200;
static uint32_t started;

/* Serial's interrupt has to keep a whole request while the network computes. */
#if defined(ARDUINO_ARCH_ESP32)
static void make_room()
{
    Serial.setRxBufferSize(2 * DW_RECEIVE_BYTES);
}
#else
#if defined(SERIAL_RX_BUFFER_SIZE)
static_assert(SERIAL_RX_BUFFER_SIZE > DW_RECEIVE_BYTES,
    "Serial keeps too few bytes: compile everything with -DSERIAL_RX_BUFFER_SIZE=512");
#endif
static void make_room()
{
}
#endif

/* Ticks of the core's clock where there is a counter for them, else microseconds. */
#if defined(ARDUINO_ARCH_ESP32)
static void start_counter()
{
}
static uint32_t ticks()
{
    return ESP.getCycleCount();
}
static uint32_t ticks_hz()
{
    return ESP.getCpuFreqMHz() * 1000000u;
}
#elif defined(DWT_CTRL_CYCCNTENA_Msk) && defined(CoreDebug_DEMCR_TRCENA_Msk)
/* Armv7-M Architecture Reference Manual (DDI 0403E), C1.8; the lock of Cortex-M7: C1.8.1. */
static void start_counter()
{
#if __CORTEX_M == 7
    DWT->LAR = 0xC5ACCE55;
#endif
    CoreDebug->DEMCR |= CoreDebug_DEMCR_TRCENA_Msk;
    DWT->CTRL |= DWT_CTRL_CYCCNTENA_Msk;
}
static uint32_t ticks()
{
    return DWT->CYCCNT;
}
static uint32_t ticks_hz()
{
    return SystemCoreClock;
}
#else
static void start_counter()
{
}
static uint32_t ticks()
{
    return static_cast<uint32_t>(micros());
}
static uint32_t ticks_hz()
{
    return 1000000;
}
#endif

extern "C" void dw_board_init(void)
{
    make_room();
    Serial.begin(BAUD);
    start_counter();
}

extern "C" int dw_board_receive(void)
{
    return Serial.available() > 0 ? Serial.read() : -1;
}

extern "C" void dw_board_send(const uint8_t *data, size_t count)
{
    Serial.write(data, count);
}

extern "C" void dw_board_cycles_start(void)
{
    started = ticks();
}

extern "C" uint64_t dw_board_cycles(void)
{
    return static_cast<uint32_t>(ticks() - started);
}

extern "C" uint32_t dw_board_clock_hz(void)
{
    return ticks_hz();
}

/* On ESP32 the sketch runs in a task, and a stack is counted in bytes. */
extern "C" uint32_t dw_board_stack_used(void)
{
#if defined(ARDUINO_ARCH_ESP32)
    return static_cast<uint32_t>(
        getArduinoLoopTaskStackSize() - uxTaskGetStackHighWaterMark(nullptr));
#else
    return 0;
#endif
}

extern "C" const char *dw_board_core(void)
{
    return NETWORK_CORE;
}
