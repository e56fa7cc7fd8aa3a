// SPDX-License-Identifier: Apache-2.0
#include "pump/window.h"

void window_clear(struct window *window)
{
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        window->bucket_fg[at] = 0;
    }
    window->sum_fg = 0;
    window->sum_inv = ~(int64_t)0;
}

void window_drop(struct window *window, unsigned at)
{
    window->sum_fg -= window->bucket_fg[at];
    window->sum_inv = ~window->sum_fg;
    window->bucket_fg[at] = 0;
}

void window_book(struct window *window, unsigned at, int64_t charge_fg)
{
    window->bucket_fg[at] += charge_fg;
    window->sum_fg += charge_fg;
    window->sum_inv = ~window->sum_fg;
}

bool window_sound(const struct window *window)
{
    int64_t sum = 0;
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        if (window->bucket_fg[at] < 0 || window->bucket_fg[at] > LIMIT_FG_MAX) {
            return false;
        }
        sum += window->bucket_fg[at];
    }
    return sum == window->sum_fg && window->sum_inv == ~sum;
}
