/* button.c - the bolus button of a live implant's patient. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/button.h"

#include <string.h>

#include "link/cipher.h"

enum { WAKES_AT_ONCE = 1000, PAIRING_FULL = 2, PAIRING_UNSTORED = 4 /* outcomes: SPEC §5 */ };
static const char LABEL[] = "button";
static const char SECRET_LABEL[] = "cisterna button 1";

static bool air_send(void *context, const uint8_t *frame, size_t size)
{
    struct button *button = context;
    if (!button->off)
        live_hear(button->live, button->reach, frame, size, button->wall_ms);
    return !button->off;
}

static size_t heard(struct button *button, uint8_t frame[FRAME_BYTES_MAX])
{
    struct rig *rig = button->live->implant.rig;
    return button->off ? 0 : ether_hear(&rig->twin.ether, &button->ear, rig->now, frame);
}

static size_t air_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct button *button = context;
    struct live *live = button->live;
    const struct rig *rig = live->implant.rig;
    const instant_ms end = { rig->now.ms + (wait_ms > 0 ? wait_ms : 0) };
    for (;;) {
        size_t size = heard(button, frame);
        if (size != 0 || live_stuck(live))
            return size;
        instant_ms next = instant_min(instant_min(live_next(live), ether_next(&rig->twin.ether, &button->ear)), end);
        bool last = next.ms >= end.ms;
        while (!live_until(live, next.ms > rig->now.ms ? next : rig->now, WAKES_AT_ONCE, button->wall_ms))
            button->edge.tell(button->edge.context);
        button->edge.tell(button->edge.context);
        if (last)
            return heard(button, frame);
    }
}

static void air_chance(void *context, uint8_t *bytes, size_t size)
{
    const struct button *button = context;
    button->edge.chance(button->edge.context, bytes, size);
}

static bool air_keep(void *context, const struct key *key)
{
    const struct button *button = context;
    return button->edge.keep(button->edge.context, key);
}

/* The secret comes from the implant's card, the same each time: a key that was lost, and is paired anew, gets its slot back, and
 * takes no other (SPEC §5). Whoever has the card, and is near, can pair at will as it is. */
static void secret_make(const struct rig *rig, uint8_t secret[KEY_BYTES])
{
    uint8_t digest[DIGEST_BYTES];
    cipher_digest((const uint8_t *)SECRET_LABEL, sizeof SECRET_LABEL - 1, rig->unit.card, CARD_SECRET_BYTES, digest);
    memcpy(secret, digest, KEY_BYTES);
    cipher_forget(digest, sizeof digest);
}

bool button_begin(struct button *button, struct live *live, const struct key *kept, const struct button_edge *edge)
{
    struct key key = { .role = ROLE_PATIENT };
    if (!live->body.lives || !live->body.asks)
        return false;
    *button = (struct button){ .live = live, .edge = *edge, .reach = REACH_FAR };
    memcpy(key.pump_id, live->implant.rig->unit.serial, sizeof key.pump_id);
    memcpy(key.label, LABEL, sizeof LABEL);
    secret_make(live->implant.rig, key.secret);
    programmer_start(&button->programmer, kept != NULL ? kept : &key);
    cipher_forget(&key, sizeof key);
    live->pressed = true;
    return true;
}

/* Is there a button to press: does the therapy in force have a patient bolus? */
static bool prescribed(struct rig *rig)
{
    static struct therapy therapy;
    uint8_t bytes[THERAPY_BYTES_MAX];
    const struct board board = twin_board(&rig->twin);
    size_t size = pump_therapy(&board, bytes);
    return size != 0 && therapy_decode(bytes, size, &therapy) == RESULT_OK && therapy.program.patient.allowed != 0;
}

/* A session, paired first where the key has no slot, or none any more. */
static enum contact session(struct button *button, const struct air *air)
{
    struct programmer *programmer = &button->programmer;
    enum contact contact = programmer->key.slot != 0 ? programmer_open(programmer, air) : CONTACT_NOT_PAIRED;
    if (contact != CONTACT_NOT_PAIRED)
        return contact;
    button->reach = REACH_NEAR; /* the clinic gave it to the patient */
    contact = programmer_pair(programmer, air, button->live->implant.rig->unit.card, ROLE_PATIENT, &button->outcome);
    button->reach = REACH_FAR;
    return contact == CONTACT_OK ? programmer_open(programmer, air) : contact;
}

static enum button_press press(struct button *button)
{
    const struct air air = {
        .context = button, .send = air_send, .receive = air_receive, .chance = air_chance, .keep = air_keep
    };
    const struct rig *rig = button->live->implant.rig;
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt = { .id = 0 };
    button->outcome = 0;
    button->ear = ether_ear(&rig->twin.ether, rig->now);
    button->contact = session(button, &air);
    if (button->contact != CONTACT_OK)
        return BUTTON_UNHEARD;
    enum told told = programmer_command(&button->programmer, &air, &command, &receipt, &button->contact);
    if (told == TOLD_UNKNOWN)
        return BUTTON_UNHEARD;
    programmer_close(&button->programmer, &air);
    if (told == TOLD_APPLIED)
        return BUTTON_APPLIED;
    return receipt.outcome != 0 ? BUTTON_REFUSED : BUTTON_UNHEARD;
}

enum button_press button_pass(struct button *button, bool radio, int64_t wall_ms)
{
    struct live *live = button->live;
    if (live == NULL || !live_wants(live) || !person_asks(&live->body.person))
        return BUTTON_NOTHING;
    if (!rig_runs(live->implant.rig) || !prescribed(live->implant.rig))
        return BUTTON_NOTHING;
    button->off = !radio;
    button->wall_ms = wall_ms;
    live->pressed = false; /* time passes in the conversation */
    enum button_press what = press(button);
    live->pressed = true;
    return what;
}

const char *button_reason(const struct button *button)
{
    if (button->contact == CONTACT_KEEP_FAILED)
        return "the key of the button cannot be kept";
    if (button->contact == CONTACT_VERSION)
        return "the pump speaks another version of the link, therapy or commands";
    if (button->contact != CONTACT_REFUSED)
        return "the pump does not answer";
    return button->outcome == PAIRING_FULL ? "all slots of the pump are taken: unpair a programmer that nobody uses"
           : button->outcome == PAIRING_UNSTORED ? "the pump's storage cannot take the key of the button"
                                                 : "the pump does not take the request";
}
