/* Nobody calls it: what it needs, which no native module may have, must not come into the module. */
#include "sample.h"

static int32_t with_value = 5;
extern int32_t nowhere(int32_t value);

void sample_unused(void)
{
    with_value = nowhere(with_value) / with_value;
}
