/* crowd.c - connections, and how long they may stand about. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/crowd.h"

#include <string.h>

bool crowd_start(struct crowd *crowd, void (*shut)(int socket))
{
    memset(crowd, 0, sizeof *crowd);
    crowd->shut = shut;
    return pthread_mutex_init(&crowd->lock, NULL) == 0;
}

static void guest_shut(struct crowd *crowd, struct guest *guest)
{
    guest->shut = true;
    crowd->shut(guest->socket);
}

static bool is_standing(const struct guest *guest)
{
    return !guest->shut && (guest->at == GUEST_ASKING || guest->at == GUEST_TAKING);
}

/* One more has come to stand about: when those are too many now, the one who has stood longest goes. */
static void push(struct crowd *crowd)
{
    struct guest *oldest = NULL;
    unsigned standing = 0;
    for (unsigned i = 0; i < CROWD_MAX; i++) {
        struct guest *guest = &crowd->guest[i];
        if (!is_standing(guest))
            continue;
        standing++;
        if (oldest == NULL || guest->since_ms < oldest->since_ms)
            oldest = guest;
    }
    if (standing <= CROWD_STANDING_MAX)
        return;
    crowd->pushed++;
    guest_shut(crowd, oldest);
}

struct guest *crowd_enter(struct crowd *crowd, int socket, int64_t now_ms)
{
    struct guest *guest = NULL;
    (void)pthread_mutex_lock(&crowd->lock);
    for (unsigned i = 0; i < CROWD_MAX && guest == NULL; i++)
        if (crowd->guest[i].at == GUEST_NOWHERE)
            guest = &crowd->guest[i];
    if (guest != NULL) {
        *guest = (struct guest){ .at = GUEST_ASKING, .socket = socket, .since_ms = now_ms };
        push(crowd);
    } else {
        crowd->shut(socket);
    }
    (void)pthread_mutex_unlock(&crowd->lock);
    return guest;
}

bool crowd_step(struct crowd *crowd, struct guest *guest, enum guest_at at, int64_t now_ms)
{
    (void)pthread_mutex_lock(&crowd->lock);
    bool stays = guest != NULL && !guest->shut;
    if (stays) {
        bool stood = is_standing(guest);
        guest->at = at;
        guest->since_ms = now_ms;
        if (!stood && is_standing(guest))
            push(crowd);
        stays = !guest->shut;
    }
    (void)pthread_mutex_unlock(&crowd->lock);
    return stays;
}

void crowd_leave(struct crowd *crowd, struct guest *guest)
{
    if (guest == NULL)
        return;
    (void)pthread_mutex_lock(&crowd->lock);
    *guest = (struct guest){ .at = GUEST_NOWHERE };
    (void)pthread_mutex_unlock(&crowd->lock);
}

void crowd_sweep(struct crowd *crowd, int64_t now_ms)
{
    (void)pthread_mutex_lock(&crowd->lock);
    for (unsigned i = 0; i < CROWD_MAX; i++) {
        struct guest *guest = &crowd->guest[i];
        int64_t may_ms = guest->at == GUEST_ASKING ? CROWD_ASKING_MS : CROWD_TAKING_MS;
        if (is_standing(guest) && now_ms - guest->since_ms >= may_ms)
            guest_shut(crowd, guest);
    }
    (void)pthread_mutex_unlock(&crowd->lock);
}

uint64_t crowd_tell(struct crowd *crowd, int64_t now_ms)
{
    (void)pthread_mutex_lock(&crowd->lock);
    uint64_t more = crowd->pushed - crowd->told;
    if (crowd->told != 0 && now_ms - crowd->told_ms < CROWD_TOLD_MS)
        more = 0;
    if (more > 0) {
        crowd->told += more;
        crowd->told_ms = now_ms;
    }
    (void)pthread_mutex_unlock(&crowd->lock);
    return more;
}
