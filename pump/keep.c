// SPDX-License-Identifier: Apache-2.0
#include "pump/keep.h"

#include "pump/alarm.h"
#include "pump/motor.h"
#include "pump/settings.h"
#include "pump/standing.h"
#include "pump/trial.h"
#include "pump/update.h"

#include <stddef.h>

enum { EVERY_MS = HOUR_MS, RETRY_MS = 1000 }; /* an erase is over by then: tens of milliseconds in data sheets */

/* What is read or written is held here, one record at a time. */
struct record {
    uint8_t bytes[SETTINGS_BYTES_MAX];
    uint32_t size;
};
_Static_assert((int)SETTINGS_BYTES_MAX <= (int)STORE_PAYLOAD_MAX, "a settings record fits a record");

static bool record_read(const struct pump *pump, const struct board *board, enum store_kind kind, struct record *record)
{
    record->size = pump->store.place[kind].size;
    return store_read(&pump->store, board, kind, record->bytes, sizeof record->bytes) == RESULT_OK;
}

void keep_mount(struct pump *pump, const struct board *board)
{
    static const uint8_t kinds[] = { STORE_SETTINGS, STORE_CHECKPOINT };
    store_mount(&pump->store, board);
    pump->keeping.tend_due = true;
    pump->keeping.settings_due = true; /* one record each start: it also tells how far the last one came */
    pump->keeping.due = true;
    for (unsigned i = 0; i < sizeof kinds; i++) {
        struct record record;
        struct checkpoint found;
        if (record_read(pump, board, (enum store_kind)kinds[i], &record) &&
            checkpoint_peek(record.bytes, record.size, &found) && found.stamp > pump->keeping.last.stamp) {
            pump->keeping.last = found;
        }
    }
}

/* The facts of the newest settings record, then what a newer checkpoint knows better. */
enum kept_facts keep_facts(struct pump *pump, const struct board *board)
{
    const struct store_place *place = &pump->store.place[STORE_SETTINGS];
    struct record record;
    struct checkpoint settings = { .stamp = 0 }, newer = { .stamp = 0 };
    standing_clear(&pump->now);
    if (!record_read(pump, board, STORE_SETTINGS, &record) ||
        settings_decode(place->version, record.bytes, record.size, &settings, &pump->now) != RESULT_OK) {
        standing_clear(&pump->now);
        return FACTS_NONE;
    }
    bool older = pump->keeping.last.settings_sequence > place->sequence;
    if (pump->keeping.last.stamp > settings.stamp && record_read(pump, board, STORE_CHECKPOINT, &record)) {
        uint8_t version = pump->store.place[STORE_CHECKPOINT].version;
        if (checkpoint_decode(version, record.bytes, record.size, &newer, &pump->now) != RESULT_OK) {
            older = true; /* a version that is not known: as if it were lost */
        }
    }
    pump->now.stamp = pump->keeping.last.stamp;
    return older ? FACTS_OLDER : FACTS_WHOLE;
}

int64_t keep_known_until(const struct pump *pump, const struct kept *kept)
{
    struct ledger ledger;
    int64_t known_ms = pump->keeping.last.at_ms;
    if (ledger_load(&kept->ledger, &ledger) == RESULT_OK && ledger.accrued_ms > known_ms) {
        known_ms = ledger.accrued_ms;
    }
    return known_ms;
}

bool keep_slots(struct pump *pump, const struct board *board, instant_ms now)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    uint32_t size = 0, sequence = pump->now.therapy_sequence;
    if (store_find(board, STORE_THERAPY, sequence, bytes, sizeof bytes, &size) != RESULT_OK) {
        return false;
    }
    therapy_slot_store(kept_of(board), bytes, size, sequence);
    note(pump, now, ACTOR_PUMP, EVENT_MENDED, STORE_THERAPY, 1, 0, 0);
    alarm_happen(pump, ALARM_AT_STORE_DAMAGED, STORE_THERAPY, now);
    return true;
}

/* Tells of a record (STORES: an event) that flash did not take, once until it takes one again. */
static void keep_failed(struct pump *pump, enum store_kind kind, instant_ms now)
{
    if (!pump->keeping.worn) {
        pump->keeping.worn = true;
        uint32_t address = kind < STORES ? pump->store.place[kind].address : 0;
        note(pump, now, ACTOR_PUMP, EVENT_STORE_FAILED, kind, address, 0, 0);
        alarm_happen(pump, ALARM_AT_STORE_WORN, kind, now);
    }
}

enum result keep_staged(struct pump *pump, const struct board *board, instant_ms now)
{
    enum result result = store_append(&pump->store, board, STORE_THERAPY, THERAPY_VERSION, pump->staging.bytes,
                                      pump->staging.total);
    if (result == RESULT_DAMAGED) {
        keep_failed(pump, STORE_THERAPY, now);
    }
    pump->keeping.tend_due = true;
    return result;
}

enum result keep_images(struct pump *pump, const struct board *board, const struct images *images, instant_ms now)
{
    enum result result = images_store(&pump->store, board, images);
    if (result == RESULT_DAMAGED) {
        keep_failed(pump, STORE_IMAGES, now);
    }
    pump->keeping.tend_due = true;
    return result;
}

static struct checkpoint checkpoint_now(const struct pump *pump, const struct kept *kept, instant_ms now)
{
    struct checkpoint checkpoint = pump->keeping.last;
    struct ledger ledger;
    if (ledger_load(&kept->ledger, &ledger) == RESULT_OK) {
        checkpoint.commanded = ledger.commanded;
        checkpoint.commanded_course = ledger.commanded_course;
        checkpoint.metered = ledger.metered;
    }
    checkpoint.stamp = pump->now.stamp;
    checkpoint.at_ms = now.ms;
    return checkpoint;
}

/* A look within a second: something waits for a sector to be erased. */
static void look_soon(struct pump *pump, instant_ms now)
{
    pump->look_ms = pump->look_ms < now.ms + RETRY_MS ? pump->look_ms : now.ms + RETRY_MS;
}

/* Appends the record; when its sector is still being erased, soon again. */
static bool keep_append(struct pump *pump, const struct board *board, enum store_kind kind, uint8_t version,
                        const struct record *record, instant_ms now)
{
    enum result result = store_append(&pump->store, board, kind, version, record->bytes, record->size);
    pump->keeping.tend_due = true;
    if (result == RESULT_OK) {
        pump->keeping.worn = false;
    } else if (result == RESULT_BUSY) {
        look_soon(pump, now);
    } else {
        keep_failed(pump, kind, now);
    }
    return result == RESULT_OK;
}

/* Facts that changed, or else a checkpoint that is due. The stamp has been counted up, and stands in retained memory. */
static void keep_flash(struct pump *pump, const struct board *board, bool changed, instant_ms now)
{
    struct record record;
    struct keeping *keeping = &pump->keeping;
    struct checkpoint checkpoint = checkpoint_now(pump, kept_of(board), now);
    uint32_t facts = keeping->facts;
    if (changed || keeping->settings_due) {
        checkpoint.settings_sequence = pump->store.place[STORE_SETTINGS].sequence + 1;
        record.size = settings_encode(&checkpoint, &pump->now, record.bytes, &facts);
    }
    if (keeping->settings_due || facts != keeping->facts) {
        keeping->settings_due = !keep_append(pump, board, STORE_SETTINGS, SETTINGS_VERSION, &record, now);
        keeping->facts = keeping->settings_due ? keeping->facts : facts;
        keeping->checkpoint_due = true; /* it names the settings record, should that be damaged one day */
    }
    if (keeping->checkpoint_due) {
        checkpoint.settings_sequence = pump->store.place[STORE_SETTINGS].sequence;
        record.size = checkpoint_encode(&checkpoint, &pump->now, record.bytes);
        if (keep_append(pump, board, STORE_CHECKPOINT, CHECKPOINT_VERSION, &record, now)) {
            keeping->last = checkpoint;
        }
        keeping->checkpoint_due = false; /* one that did not find room is made good within the hour */
    }
}

/* What was told since the last step goes into flash too; what finds no room there yet, soon. */
static void keep_events(struct pump *pump, const struct board *board, instant_ms now)
{
    if (!log_waits(&pump->log)) {
        return;
    }
    switch (log_flush(&pump->log, board)) {
    case LOG_KEPT:
        break;
    case LOG_WAITS:
        look_soon(pump, now);
        break;
    case LOG_FAILED:
        keep_failed(pump, STORES, now);
        break;
    }
}

/* Sectors that no record in force lies in. */
static void keep_tend(struct pump *pump, const struct board *board)
{
    bool done = true;
    for (unsigned kind = 0; kind < STORES; kind++) {
        bool held = kind == STORE_THERAPY && pump->now.therapy_sequence != pump->store.place[kind].sequence;
        done &= !held && store_tend(&pump->store, board, (enum store_kind)kind);
    }
    pump->keeping.tend_due = !done;
}

/* What flash was asked to do goes to the energy ledger. */
static void keep_charge(struct pump *pump)
{
    uint32_t words = pump->store.words, erases = pump->store.erases;
    pump->store.words = 0;
    pump->store.erases = 0;
    for (unsigned ring = 0; ring < LOG_RINGS; ring++) {
        words += pump->log.flash[ring].words_programmed;
        erases += pump->log.flash[ring].erases_begun;
        pump->log.flash[ring].words_programmed = 0;
        pump->log.flash[ring].erases_begun = 0;
    }
    pump->tally.count[ENERGY_FLASH_WORD] += words;
    pump->tally.count[ENERGY_FLASH_ERASE] += erases;
}

/* Last of all, and goes on soon where it has to wait. */
static void keep_update(struct pump *pump, const struct board *board, instant_ms now)
{
    update_keep(pump, board, now);
    if (update_waits(pump)) {
        look_soon(pump, now);
    }
    pump->keeping.due |= pump->update.restart_due; /* until the quantum under way has ended */
}

void keep_write(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    struct keeping *keeping = &pump->keeping;
    bool changed = pump->now_changed || pump->now.log_last != pump->log.last;
    keeping->due = false;
    pump->now.log_last = pump->log.last;
    if (keeping->slots_due) {
        keeping->slots_due = false;
        therapy_slot_store(kept, pump->staging.bytes, pump->staging.total, pump->now.therapy_sequence);
    }
    if (changed || keeping->settings_due || keeping->checkpoint_due) {
        pump->now.stamp++;
        pump->now_changed = false;
        standing_store(kept, &pump->now);
        keep_flash(pump, board, changed, now);
    }
    keep_events(pump, board, now);
    if (pump->now_changed || pump->now.log_last != pump->log.last) { /* flash has just told something */
        pump->now_changed = false;
        pump->now.log_last = pump->log.last;
        standing_store(kept, &pump->now);
    }
    if (keeping->budget_due) { /* after a command */
        keeping->budget_due = false;
        motor_hand_budget(pump, board);
    }
    if (keeping->tend_due) {
        keep_tend(pump, board);
    }
    keep_update(pump, board, now);
    keep_charge(pump);
    trial_restart(pump, board, now);
}

/* The therapy again, as the newest record. */
static bool therapy_again(struct pump *pump, const struct board *board, instant_ms now)
{
    const struct therapy_slot *slot = therapy_slot_sound(kept_of(board), pump->now.therapy_sequence);
    if (slot == NULL) {
        return false;
    }
    enum result result =
        store_append(&pump->store, board, STORE_THERAPY, THERAPY_VERSION, slot->bytes, slot->size);
    if (result == RESULT_DAMAGED) {
        keep_failed(pump, STORE_THERAPY, now);
    }
    if (result != RESULT_OK) {
        return false;
    }
    pump->now.therapy_sequence = pump->store.place[STORE_THERAPY].sequence;
    therapy_slot_number(kept_of(board), pump->now.therapy_sequence);
    pump->now_changed = true;
    return true;
}

static bool newest_sound(const struct pump *pump, const struct board *board, enum store_kind kind)
{
    return pump->store.place[kind].sequence == 0 || store_sound(&pump->store, board, kind);
}

static void scrub(struct pump *pump, const struct board *board, enum store_kind kind, instant_ms now)
{
    bool sound = newest_sound(pump, board, kind);
    bool mend = !sound;
    switch (kind) {
    case STORE_SETTINGS:
        pump->keeping.settings_due |= !sound;
        break;
    case STORE_CHECKPOINT:
        pump->keeping.checkpoint_due |= !sound;
        break;
    case STORE_THERAPY:
        if (pump->now.therapy_sequence != 0 &&
            (!sound || pump->now.therapy_sequence != pump->store.place[kind].sequence)) {
            mend &= therapy_again(pump, board, now); /* or a staged one that never came into force stands behind it */
        }
        break;
    case STORE_PEERS: /* with the reservations that stand already */
        if (sound && pump->peers_once) {
            (void)(peers_reserve(pump, board, PAIRING_SLOT, pump->peers.reserved[PAIRING_SLOT]) == RESULT_OK);
        }
        mend = mend && peers_reserve(pump, board, PAIRING_SLOT, pump->peers.reserved[PAIRING_SLOT]) == RESULT_OK;
        break;
    case STORE_IMAGES:
        mend = update_scrub(pump, board);
        break;
    case STORES:
        break;
    }
    if (mend) {
        note(pump, now, ACTOR_PUMP, EVENT_MENDED, kind, 0, 0, 0);
        alarm_happen(pump, ALARM_AT_STORE_DAMAGED, kind, now);
    }
    pump->keeping.due = true;
}

void keep_scrub(struct pump *pump, const struct board *board, instant_ms now)
{
    for (unsigned kind = 0; kind < STORES; kind++) {
        scrub(pump, board, (enum store_kind)kind, now);
    }
}

void keep_look(struct pump *pump, const struct board *board, instant_ms now)
{
    struct keeping *keeping = &pump->keeping;
    uint32_t sequence = pump->now.therapy_sequence;
    if (sequence != 0 && therapy_slot_sound(kept_of(board), sequence) == NULL) {
        (void)keep_slots(pump, board, now); /* else the self-test finds it so */
    }
    therapy_slot_mend(kept_of(board), sequence);
    keeping->checkpoint_due |= now.ms - keeping->last.at_ms >= EVERY_MS;
    keeping->due |= keeping->checkpoint_due || keeping->settings_due || keeping->tend_due || log_waits(&pump->log) ||
                    update_waits(pump);
}
