/* limiter.h - rate limits: a bucket of tokens for each thing that is limited and each one who does it. Time is the caller's.
 * REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LIMITER_H
#define CLINIC_SERVER_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT(name, ...) LIMIT_##name,
enum limit {
#include "clinic/server/limit.def"
    LIMITS
};
#undef LIMIT

/* Buckets of those who are remembered; with more than that, the one used longest ago is forgotten (guess). */
enum { LIMIT_BUCKETS = 512 };

struct limiter {
    uint8_t key[32]; /* chance: nobody outside can choose names that share a bucket */
    struct bucket {
        uint64_t who; /* keyed hash of limit and name; 0: free */
        int64_t tokens, filled_ms, used_ms;
    } bucket[LIMIT_BUCKETS];
};

/* All buckets full; false when the machine gives no chance. */
bool limiter_start(struct limiter *limiter);
/* Takes a token of `who` (an address, an account, a session) at `now_ms`, which never goes back. 0: it was there; else how many
 * milliseconds until one is. */
int64_t limiter_take(struct limiter *limiter, enum limit limit, const void *who, size_t size, int64_t now_ms);
/* What it limits, for people. */
const char *limit_text(enum limit limit);

#endif
