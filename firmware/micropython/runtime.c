/* What compilers call by themselves. A native .mpy is linked to no library. */
#include "py/dynruntime.h"

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    return mp_fun_table.memmove_(to, from, count);
}

void *memmove(void *to, const void *from, size_t count)
{
    return mp_fun_table.memmove_(to, from, count);
}

void *memset(void *to, int value, size_t count)
{
    return mp_fun_table.memset_(to, value, count);
}
