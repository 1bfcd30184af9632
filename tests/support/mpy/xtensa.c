/* The module's runner on QEMU's machine "sim" with the lx106 core, speaking by SIMCALL
 * (QEMU's target/xtensa/xtensa-semi.c): operation in a2, then file, address and count.
 */
#include "loader.h"

enum { SYS_EXIT = 1, SYS_WRITE = 4, STDOUT = 1 };

void run(void);
void start(void);

/* The core begins at the start of the system's ROM, where the linker script puts this. */
__asm__(".section .entry, \"ax\"\n\tj begin\n\t.text\n\t.align 4\n\t.literal_position\n"
        "begin:\n\tmovi a1, stack_top\n\tj start\n");

static void simulate(int operation, int file, const char *data, size_t bytes)
{
    register int a2 __asm__("a2") = operation;
    register int a3 __asm__("a3") = file;
    register const char *a4 __asm__("a4") = data;
    register size_t a5 __asm__("a5") = bytes;
    __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
}

void say(const char *text)
{
    size_t bytes = 0;
    while (text[bytes] != '\0') {
        bytes++;
    }
    simulate(SYS_WRITE, STDOUT, text, bytes);
}

void start(void)
{
    run();
    simulate(SYS_EXIT, 0, NULL, 0);
    for (;;) {
    }
}
