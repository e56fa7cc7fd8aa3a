/* forged.c - injecting and fuzzing. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/forged.h"

#include "rig/attack/mutant.h"

bool forged_inject(struct attack *attack)
{
    const struct attack_wish *wish = &attack->wish;
    bool good = true;
    for (uint64_t i = 0; i < wish->count && good; i++)
        good = wish->raw ? attack_send(attack, wish->place, wish->bytes, wish->size)
                         : attack_body(attack, wish->place, wish->bytes, wish->size);
    return good;
}

bool forged_fuzz(struct attack *attack)
{
    uint8_t bytes[MUTANT_BYTES_MAX];
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        size_t size = mutant_make(&attack->dice, (enum mutant_form)(i % MUTANT_FORMS), &attack->tape, bytes);
        good = attack_send(attack, attack->wish.place, bytes, size);
    }
    return good;
}
