// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "rig/crash.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static sigjmp_buf back;

static void crashed(int number)
{
    siglongjmp(back, number);
}

int crash_caught(void (*work)(void *context), void *context)
{
    static const int numbers[] = { SIGFPE, SIGSEGV, SIGBUS, SIGILL };
    enum { NUMBERS = sizeof numbers / sizeof numbers[0] };
    struct sigaction action = { .sa_handler = crashed };
    int number = sigsetjmp(back, 1);
    if (number == 0) {
        for (unsigned i = 0; i < NUMBERS; i++)
            sigaction(numbers[i], &action, NULL);
        work(context);
    }
    for (unsigned i = 0; i < NUMBERS; i++)
        signal(numbers[i], SIG_DFL);
    return number;
}
