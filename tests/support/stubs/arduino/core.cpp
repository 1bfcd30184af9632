// Arduino's core as a process of this machine.
#include <Arduino.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tcp.h"

HardwareSerial Serial;
static size_t room = SERIAL_ROOM;
static bool started;

void HardwareSerial::begin(unsigned long baud)
{
    if (baud != 115200 || room < 266) {
        abort();
    }
    started = true;
    tcp_init();
}

static int next = -1;

int HardwareSerial::available()
{
    if (next < 0) {
        next = tcp_receive();
    }
    return next >= 0;
}

int HardwareSerial::read()
{
    const int byte = next;
    next = -1;
    return byte;
}

size_t HardwareSerial::write(const uint8_t *data, size_t count)
{
    tcp_send(data, count);
    return count;
}

size_t HardwareSerial::print(char character)
{
    return static_cast<size_t>(printf("%c", character));
}

size_t HardwareSerial::print(const char *text)
{
    return static_cast<size_t>(printf("%s", text));
}

size_t HardwareSerial::print(long number)
{
    return static_cast<size_t>(printf("%ld", number));
}

size_t HardwareSerial::print(double number, int digits)
{
    return static_cast<size_t>(printf("%.*f", digits, number));
}

size_t HardwareSerial::println()
{
    return static_cast<size_t>(printf("\n"));
}

unsigned long micros()
{
    using namespace std::chrono;
    const auto now = steady_clock::now().time_since_epoch();
    return static_cast<unsigned long>(duration_cast<microseconds>(now).count());
}

void delay(unsigned long)
{
    exit(0);
}

#if defined(ARDUINO_ARCH_ESP32)
EspClass ESP;

size_t HardwareSerial::setRxBufferSize(size_t bytes)
{
    if (started) {
        return 0; // as the real one: only before begin()
    }
    return room = bytes;
}

uint32_t EspClass::getCycleCount()
{
    return static_cast<uint32_t>(micros() * 240);
}

uint32_t EspClass::getCpuFreqMHz()
{
    return 240;
}

unsigned uxTaskGetStackHighWaterMark(TaskHandle_t)
{
    return 7000;
}

size_t getArduinoLoopTaskStackSize()
{
    return 8192;
}
#endif

#if defined(STUB_CORTEX_M)
static DWT_Type dwt;
static CoreDebug_Type core_debug;
DWT_Type *DWT = &dwt;
CoreDebug_Type *CoreDebug = &core_debug;
uint32_t SystemCoreClock = 168000000;
#endif

int main()
{
    setup();
    for (;;) {
        loop();
    }
}
