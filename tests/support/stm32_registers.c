/* Runs an STM32 board's driver on this machine, with its registers where the chip has them.
 *
 * Each register page is memory that may not be touched: an access faults, is let through alone (the
 * processor's trap flag stops behind the one instruction), and is followed by what the hardware would
 * do by then. So every write is seen, in order, and ready bits come just after what they wait for.
 * x86-64 Linux. Commands come on standard input, one a line, numbers in hexadecimal:
 *
 *   map ADDRESS                      a page of registers, all zero
 *   set ADDRESS VALUE                a register's value
 *   follow ADDRESS MASK TARGET SHIFT the bits of a mask appear in TARGET, shifted (negative: right)
 *   clear ADDRESS r|w TARGET MASK    a read, or the ones that are written, take bits away from TARGET
 *   power, init, clock, interrupt NUMBER, receive, send BYTE, speed BAUD, get ADDRESS
 *
 * Every write of the driver is printed as "w ADDRESS VALUE". */
#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "board.h"
#include "cortex_m.h"

enum { PAGE = 4096, PAGES = 32, RULES = 32, TRAP_FLAG = 0x100, FAULT_OF_WRITE = 2, SECONDS = 60 };

struct page {
    uintptr_t address;
    uint32_t *inside; /* the same memory, always accessible */
};

struct rule {
    uintptr_t source, target;
    uint32_t mask;
    int shift;
    char on; /* 'f' follow, 'r' and 'w' clear */
};

/* From the linker script. */
uint32_t dw_data_start[1], dw_data_end[1], dw_bss_start[1], dw_bss_end[1], dw_stack_top[1];
const uint32_t dw_data_image[1];

int application(void);

static struct page pages[PAGES];
static struct rule rules[RULES];
static int page_count, rule_count;
static uintptr_t touched;
static bool written;

/* The core's start-up code ends here; it never runs. */
int application(void)
{
    return 0;
}

static struct page *page_of(uintptr_t address)
{
    for (int i = 0; i < page_count; i++) {
        if (address - pages[i].address < PAGE) {
            return &pages[i];
        }
    }
    return NULL;
}

static uint32_t *inside(uintptr_t address)
{
    struct page *page = page_of(address);
    if (page == NULL) {
        printf("no page for %lx\n", (unsigned long)address);
        exit(1);
    }
    return page->inside + address % PAGE / sizeof *page->inside;
}

static uint32_t shifted(uint32_t value, int shift)
{
    return shift < 0 ? value >> -shift : value << shift;
}

static void apply_rules(char access)
{
    for (int i = 0; i < rule_count; i++) {
        const struct rule *rule = &rules[i];
        uint32_t *target = inside(rule->target);
        if (rule->on == 'f') {
            const uint32_t seen = *inside(rule->source) & rule->mask;
            *target = (*target & ~shifted(rule->mask, rule->shift)) | shifted(seen, rule->shift);
        } else if (rule->on == access && rule->source == touched) {
            *target &= ~(rule->mask & (access == 'w' ? *inside(touched) : ~UINT32_C(0)));
        }
    }
}

static void on_access(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    struct page *page = page_of((uintptr_t)info->si_addr);
    if (page == NULL || (uintptr_t)info->si_addr % sizeof(uint32_t)) {
        printf("signal %d at %p\n", number, info->si_addr);
        fflush(stdout);
        _exit(1);
    }
    touched = (uintptr_t)info->si_addr;
    written = user->uc_mcontext.gregs[REG_ERR] & FAULT_OF_WRITE;
    mprotect((void *)page->address, PAGE, PROT_READ | PROT_WRITE);
    user->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void behind_access(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    (void)number, (void)info;
    user->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    mprotect((void *)page_of(touched)->address, PAGE, PROT_NONE);
    if (written) {
        printf("w %lx %x\n", (unsigned long)touched, *inside(touched));
    }
    apply_rules(written ? 'w' : 'r');
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(number, &action, NULL);
}

static void map(uintptr_t address)
{
    const int file = memfd_create("registers", 0);
    const int flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
    if (page_count == PAGES || ftruncate(file, PAGE) != 0 ||
        mmap((void *)address, PAGE, PROT_NONE, flags, file, 0) != (void *)address) {
        printf("cannot map %lx\n", (unsigned long)address);
        exit(1);
    }
    void *alias = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pages[page_count++] = (struct page){.address = address, .inside = alias};
    close(file);
}

static void add_rule(struct rule rule)
{
    if (rule_count == RULES) {
        printf("too many rules\n");
        exit(1);
    }
    rules[rule_count++] = rule;
    apply_rules(0);
}

/* Runs the handler that the core would find in the table that VTOR points to. */
static void interrupt(unsigned number)
{
    void (*const *table)(void) = (void (*const *)(void))(uintptr_t)*inside(0xE000ED08);
    table[16 + number]();
}

static void act(const char *name, unsigned long number)
{
    const uint8_t byte = (uint8_t)number;
    if (strcmp(name, "power") == 0) {
        dw_power_start();
    } else if (strcmp(name, "init") == 0) {
        dw_board_init();
    } else if (strcmp(name, "clock") == 0) {
        printf("clock %x\n", dw_board_clock_hz());
    } else if (strcmp(name, "interrupt") == 0) {
        interrupt((unsigned)number);
    } else if (strcmp(name, "receive") == 0) {
        printf("received %d\n", dw_board_receive());
    } else if (strcmp(name, "send") == 0) {
        dw_board_send(&byte, 1);
    } else if (strcmp(name, "speed") == 0) {
        printf("speed %u\n", dw_board_speed((uint32_t)number));
        dw_board_set_speed((uint32_t)number);
    } else if (strcmp(name, "map") == 0) {
        map(number);
    } else {
        printf("get %lx %x\n", number, *inside(number));
    }
}

int main(void)
{
    char line[128], name[16], on;
    unsigned long first, second, third;
    int shift;
    handle(SIGSEGV, on_access);
    handle(SIGTRAP, behind_access);
    alarm(SECONDS);
    while (fgets(line, sizeof line, stdin)) {
        first = 0;
        if (sscanf(line, "set %lx %lx", &first, &second) == 2) {
            *inside(first) = (uint32_t)second;
        } else if (sscanf(line, "follow %lx %lx %lx %d", &first, &second, &third, &shift) == 4) {
            add_rule((struct rule){first, third, (uint32_t)second, shift, 'f'});
        } else if (sscanf(line, "clear %lx %c %lx %lx", &first, &on, &second, &third) == 4) {
            add_rule((struct rule){first, second, (uint32_t)third, 0, on});
        } else if (sscanf(line, "%15s %lx", name, &first) >= 1) {
            act(name, first);
        }
    }
    return 0;
}
