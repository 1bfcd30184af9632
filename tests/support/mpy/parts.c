/* Tables, variables and functions that the sample module's other file uses. */
#include "sample.h"

#include "py/dynruntime.h"

int32_t sample_calls[3];
uint8_t sample_scratch[512];

static int32_t add(int32_t a, int32_t b)
{
    sample_calls[0]++;
    return a + b;
}

static int32_t subtract(int32_t a, int32_t b)
{
    sample_calls[1]++;
    return a - b;
}

int32_t sample_multiply(int32_t a, int32_t b);
int32_t sample_multiply(int32_t a, int32_t b)
{
    sample_calls[2]++;
    return a * b;
}

const struct sample_entry sample_entries[3] = {
    {"add", add, &sample_calls[0]},
    {"subtract", subtract, &sample_calls[1]},
    {"multiply", sample_multiply, &sample_calls[2]},
};

const int16_t sample_squares[16] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225};

static const char *const words[] = {"zero", "one", "two", "three"};

const char *sample_word(uint32_t index)
{
    return words[index & 3];
}

/* Dense and with different work in each case: a jump table where the compiler has them. */
int32_t sample_switch(int32_t x)
{
    switch (x) {
    case 0:
        return add(x, 100);
    case 1:
        return sample_squares[7];
    case 2:
        return subtract(x, sample_squares[3]);
    case 3:
        return sample_multiply(x, x);
    case 4:
        return sample_calls[0];
    case 5:
        return (int32_t)sample_word((uint32_t)x)[0];
    case 6:
        return x << 20;
    case 7:
        return ~x;
    default:
        return -1;
    }
}

int64_t sample_wide(int32_t a, int32_t b)
{
    return ((int64_t)a * b >> 7) + ((int64_t)a << 33) - b;
}
