/* limiter.c - buckets of tokens. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/limiter.h"

#include <sodium.h>
#include <string.h>

static const struct {
    int64_t holds, refill_ms;
    const char *text;
} ROWS[LIMITS] = {
#define LIMIT(name, holds_, refill_ms_, text_) { .holds = holds_, .refill_ms = refill_ms_, .text = text_ },
#include "clinic/server/limit.def"
#undef LIMIT
};

const char *limit_text(enum limit limit)
{
    return ROWS[limit].text;
}

bool limiter_start(struct limiter *limiter)
{
    memset(limiter, 0, sizeof *limiter);
    if (sodium_init() < 0)
        return false;
    randombytes_buf(limiter->key, sizeof limiter->key);
    return true;
}

/* Its bucket, or the free or oldest one, filled anew. */
static struct bucket *bucket_of(struct limiter *limiter, enum limit limit, uint64_t who, int64_t now_ms)
{
    struct bucket *oldest = &limiter->bucket[0];
    for (unsigned i = 0; i < LIMIT_BUCKETS; i++) {
        struct bucket *bucket = &limiter->bucket[i];
        if (bucket->who == who)
            return bucket;
        if (oldest->who != 0 && (bucket->who == 0 || bucket->used_ms < oldest->used_ms))
            oldest = bucket;
    }
    *oldest = (struct bucket){ .who = who, .tokens = ROWS[limit].holds, .filled_ms = now_ms };
    return oldest;
}

int64_t limiter_take(struct limiter *limiter, enum limit limit, const void *who, size_t size, int64_t now_ms)
{
    uint8_t hash[16];
    uint64_t name = 0;
    crypto_generichash_state state;
    const uint8_t kind = (uint8_t)limit;
    (void)crypto_generichash_init(&state, limiter->key, sizeof limiter->key, sizeof hash);
    (void)crypto_generichash_update(&state, &kind, 1);
    (void)crypto_generichash_update(&state, who, size);
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(&name, hash, sizeof name);
    struct bucket *bucket = bucket_of(limiter, limit, name | 1, now_ms);
    int64_t more = (now_ms - bucket->filled_ms) / ROWS[limit].refill_ms;
    bucket->tokens += more;
    bucket->filled_ms += more * ROWS[limit].refill_ms;
    if (bucket->tokens >= ROWS[limit].holds) {
        bucket->tokens = ROWS[limit].holds;
        bucket->filled_ms = now_ms;
    }
    bucket->used_ms = now_ms;
    if (bucket->tokens == 0)
        return bucket->filled_ms + ROWS[limit].refill_ms - now_ms;
    bucket->tokens--;
    return 0;
}
