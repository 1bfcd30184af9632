/* What ESP-IDF makes of sdkconfig.defaults. */
#ifndef SDKCONFIG_H
#define SDKCONFIG_H

#define CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ 240
#define CONFIG_ESP_MAIN_TASK_STACK_SIZE 4096

#endif
