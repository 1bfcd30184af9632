/* What the application uses of Zephyr's device model, as its API reference documents it. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>

struct device {
    const char *name;
};

extern const struct device stub_console;

bool device_is_ready(const struct device *dev);
#define DEVICE_DT_GET(node) (&(node))

#endif
