/* Types of FreeRTOS. */
#ifndef FREERTOS_H
#define FREERTOS_H

#include <stdint.h>

typedef uint32_t TickType_t;
typedef unsigned int UBaseType_t;
typedef struct queue *QueueHandle_t;

#endif
