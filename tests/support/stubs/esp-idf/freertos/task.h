/* Tasks of FreeRTOS. */
#ifndef TASK_H
#define TASK_H

#include "freertos/FreeRTOS.h"

typedef struct task *TaskHandle_t;

UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t task);

#endif
