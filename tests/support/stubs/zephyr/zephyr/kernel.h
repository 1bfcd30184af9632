/* What the application uses of Zephyr's kernel. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int ticks;
} k_timeout_t;

#define K_FOREVER ((k_timeout_t){-1})

struct k_sem {
    unsigned int count, limit;
};

#define K_SEM_DEFINE(name, initial_count, count_limit)                                             \
    struct k_sem name = {initial_count, count_limit}

struct k_thread {
    struct {
        size_t size;
    } stack_info;
};
typedef struct k_thread *k_tid_t;

int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);
uint32_t k_cycle_get_32(void);
int sys_clock_hw_cycles_per_sec(void);
k_tid_t k_current_get(void);
int k_thread_stack_space_get(const struct k_thread *thread, size_t *unused_ptr);
void k_panic(void);

#endif
