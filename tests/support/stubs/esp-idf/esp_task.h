/* The main task's stack. */
#ifndef ESP_TASK_H
#define ESP_TASK_H

#include "sdkconfig.h"

#define ESP_TASK_MAIN_STACK (CONFIG_ESP_MAIN_TASK_STACK_SIZE + 512)

#endif
