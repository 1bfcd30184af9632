// What the sketches use of Arduino's core, as its reference documents it. Serial is a TCP connection.
#ifndef ARDUINO_H
#define ARDUINO_H

#include <cstddef>
#include <cstdint>

#ifndef SERIAL_RX_BUFFER_SIZE
#define SERIAL_RX_BUFFER_SIZE 64
#endif

class HardwareSerial
{
  public:
    void begin(unsigned long baud);
    int available();
    int read();
    size_t write(const uint8_t *data, size_t count);
    size_t print(char character);
    size_t print(const char *text);
    size_t print(long number);
    size_t print(double number, int digits);
    size_t println();
#if defined(ARDUINO_ARCH_ESP32)
    size_t setRxBufferSize(size_t bytes);
#endif
};

extern HardwareSerial Serial;

unsigned long micros();
void delay(unsigned long milliseconds);
void setup();
void loop();

#if defined(ARDUINO_ARCH_ESP32)
#undef SERIAL_RX_BUFFER_SIZE

class EspClass
{
  public:
    uint32_t getCycleCount();
    uint32_t getCpuFreqMHz();
};

extern EspClass ESP;
typedef struct task *TaskHandle_t;
extern "C" unsigned uxTaskGetStackHighWaterMark(TaskHandle_t task);
size_t getArduinoLoopTaskStackSize();
#endif

#if defined(STUB_CORTEX_M)
#define __CORTEX_M STUB_CORTEX_M
struct DWT_Type {
    volatile uint32_t CTRL, CYCCNT, LAR;
};
struct CoreDebug_Type {
    volatile uint32_t DEMCR;
};
extern DWT_Type *DWT;
extern CoreDebug_Type *CoreDebug;
extern uint32_t SystemCoreClock;
#define DWT_CTRL_CYCCNTENA_Msk 1UL
#define CoreDebug_DEMCR_TRCENA_Msk (1UL << 24)
#endif

#endif
