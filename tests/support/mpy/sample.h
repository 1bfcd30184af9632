/* What the files of the sample module share. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdint.h>

typedef int32_t (*sample_operation)(int32_t, int32_t);

struct sample_entry {
    const char *name;
    sample_operation operation;
    int32_t *counter;
};

/* parts.c */
extern const struct sample_entry sample_entries[3];
extern const int16_t sample_squares[16];
extern int32_t sample_calls[3];
extern uint8_t sample_scratch[512];
int32_t sample_switch(int32_t x);
int64_t sample_wide(int32_t a, int32_t b);
const char *sample_word(uint32_t index);

/* unused.c */
void sample_unused(void);

#endif
