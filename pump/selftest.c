// SPDX-License-Identifier: Apache-2.0
#include "pump/selftest.h"

#include "pump/activation.h"
#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/keep.h"
#include "pump/loss.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

/* Leakage: 10 uA, what IEC 60601-1 allows a part in contact with the heart; for this use a guess. Clocks: 1 % apart, a
 * guess, over at least ten minutes, so that rounding does not count. */
enum { LEAKAGE_MOST_NA = 10000, CLOCK_PERCENT = 1, CLOCK_LEAST_MS = 10 * MINUTE_MS };

enum { LONGEST_THERAPY = 704 }; /* of its canonical bytes, 641 at most: core/SPEC.md */

enum selftest_part { PART_RAM, PART_WITNESS, PART_SOUNDER, PART_LEAKAGE, PART_STORE, PART_DERIVED, PARTS };
_Static_assert(PARTS <= 24, "every part has its hour of the day");

bool selftest_words(volatile uint64_t *words, unsigned count)
{
    static const uint64_t PATTERN[] = { 0x5555555555555555u, 0xAAAAAAAAAAAAAAAAu, 0, UINT64_MAX };
    bool sound = true;
    for (unsigned i = 0; i < count; i++) {
        uint64_t held = words[i];
        for (unsigned p = 0; p < sizeof PATTERN / sizeof PATTERN[0]; p++) {
            words[i] = PATTERN[p];
            sound = sound && words[i] == PATTERN[p];
        }
        words[i] = held;
        sound = sound && words[i] == held;
    }
    return sound;
}

bool selftest_store(const struct pump *pump, const struct board *board)
{
    bool sound = pump->now.therapy_sequence == 0 || store_sound(&pump->store, board, STORE_THERAPY);
    for (unsigned kind = STORE_SETTINGS; kind < STORES; kind++) {
        sound &= !pump->keeping.worn || pump->store.place[kind].sequence == 0 ||
                 store_sound(&pump->store, board, (enum store_kind)kind);
    }
    return sound;
}

bool selftest_holds(const struct pump *pump)
{
    uint32_t hold = pump->now.selftest_failed & ~(uint32_t)(SELFTEST_SOUNDER | SELFTEST_WATCHDOG);
    return hold != 0 && (pump->now.latched & ((uint32_t)1 << ALARM_AT_SELFTEST)) != 0;
}

/* Told once until a clinician has cleared it; then a failure that lasts is a new one. */
static void selftest_fail(struct pump *pump, struct kept *kept, uint32_t failed, int64_t detail, instant_ms now)
{
    bool latched = (pump->now.latched & ((uint32_t)1 << ALARM_AT_SELFTEST)) != 0;
    uint32_t before = latched ? pump->now.selftest_failed : 0;
    if ((failed & ~before) == 0) {
        return;
    }
    pump->now.selftest_failed = before | failed;
    pump->now_changed = true;
    note(pump, now, ACTOR_PUMP, EVENT_SELFTEST, failed, detail, 0, 0);
    alarm_happen(pump, ALARM_AT_SELFTEST, failed, now);
    if ((failed & ~(uint32_t)SELFTEST_SOUNDER) != 0) {
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    }
}

/* The unit's constants as they are now, in one word. */
static uint64_t unit_seal(const struct pump *pump)
{
    uint64_t seal = 0x1D8E4E27C47D124Fu;
#define SEAL(value) seal = (seal ^ (uint64_t)(value)) * 0x9E3779B97F4A7C15u, seal ^= seal >> 29
#define SEAL_MEMBER(name, type, unit, meaning) SEAL(pump->model.name.unit);
    SEAL(pump->model.code);
    SEAL(pump->model.revision);
    SEAL(pump->model.mechanism);
    MODEL_CONSTANTS(SEAL_MEMBER)
    SEAL(pump->calibration.ppm);
    SEAL(pump->quantum.fl);
    SEAL(pump->quantum_grain.grain);
#undef SEAL_MEMBER
#undef SEAL
    return seal;
}

static void mended(struct pump *pump, enum mended what, instant_ms now)
{
    note(pump, now, ACTOR_PUMP, EVENT_MENDED, what, 0, 0, 0);
    alarm_happen(pump, ALARM_AT_STORE_DAMAGED, what, now);
}

void selftest_program(struct pump *pump, struct kept *kept, instant_ms now)
{
    uint8_t bytes[LONGEST_THERAPY];
    size_t size = 0;
    const struct therapy_slot *slot = therapy_slot_sound(kept, pump->now.therapy_sequence);
    if (slot == NULL) {
        if (pump->has_therapy) { /* what is decoded cannot be checked any more */
            if (pump->now.mode == MODE_RUNNING) {
                supervisor_happen(pump, kept, HAPPENING_FAULT, now);
            }
            pump->has_therapy = false;
            loss_of_therapy(pump, now);
            engine_flows(pump, kept, now);
        }
        return;
    }
    bool same = pump->has_therapy && therapy_encode(&pump->therapy, bytes, sizeof bytes, &size) == RESULT_OK &&
                size == slot->size;
    for (size_t i = 0; same && i < size; i++) {
        same = bytes[i] == slot->bytes[i];
    }
    if (!same && therapy_decode(slot->bytes, slot->size, &pump->therapy) == RESULT_OK) {
        pump->has_therapy = true;
        activation_derive(pump);
        mended(pump, MENDED_THERAPY, now);
    }
}

/* From the table of models and the therapy in force, which was judged to be for this very unit. */
static void selftest_unit(struct pump *pump, struct kept *kept, instant_ms now)
{
    if (unit_seal(pump) == pump->selftest.seal) {
        return;
    }
    uint8_t code = pump->has_therapy ? pump->therapy.model : pump->model.code;
    uint8_t revision = pump->has_therapy ? pump->therapy.revision : pump->model.revision;
    const struct model *row = model_find(code, revision);
    if (row != NULL) {
        pump->model = *row;
    }
    if (pump->has_therapy) {
        pump->calibration = pump->therapy.calibration;
    }
    pump->quantum = quantum_volume(pump->model.quantum, pump->calibration);
    pump->quantum_grain = grain_of_fl(pump->quantum);
    if (unit_seal(pump) == pump->selftest.seal) {
        mended(pump, MENDED_UNIT, now);
    } else {
        selftest_fail(pump, kept, SELFTEST_UNIT, code, now);
    }
}

/* Flows and due times are worked out anew. The flows first, so that nothing is reckoned with a wrong one. */
static void selftest_flows(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    rate_nl_day base = pump->base, course = pump->course;
    int64_t due_ms = pump->due_ms, change_ms = pump->change_ms, milestone = pump->milestone;
    ledger_working(pump, kept, &ledger, now);
    pump->ledger_lost |=
        ledger.accrued_ms > now.ms; /* what is reckoned up to a time to come was reckoned by a wrong one */
    if (pump->ledger_lost || governor_recovering(&kept->governor, now)) {
        return; /* its loss is dealt with first; and a recovery has due times of its own */
    }
    engine_flows(pump, kept, now);
    bool right = base.nl_day == pump->base.nl_day && course.nl_day == pump->course.nl_day;
    engine_reckon(pump, kept, now);
    engine_flows(pump, kept, now);
    right = right && change_ms == pump->change_ms && (due_ms == pump->due_ms || due_ms <= now.ms);
    if (!right) {
        mended(pump, MENDED_FLOWS, now);
    }
    ledger_working(pump, kept, &ledger, now);
    engine_milestone(pump, &ledger);
    if (milestone != pump->milestone && milestone > ledger.metered) {
        mended(pump, MENDED_MILESTONE, now);
    }
}

static void selftest_worst(struct pump *pump, instant_ms now)
{
    vol_grain worst[WINDOW_KINDS];
    bool same = true;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        worst[kind] = pump->worst[kind];
    }
    if (pump->has_therapy) {
        activation_derive(pump);
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        same = same && worst[kind].grain == pump->worst[kind].grain;
    }
    if (!same) {
        mended(pump, MENDED_WORST, now);
    }
}

/* The driver's clock against ours since they were last compared, and its count against ours since the start. */
static uint32_t selftest_witness(struct pump *pump, const struct board *board, instant_ms now, int64_t *detail)
{
    struct selftest *test = &pump->selftest;
    const struct kept *kept = kept_of(board);
    struct motor_witness witness;
    struct ledger ledger;
    uint32_t failed = 0;
    bool counts_anew = true;
    board->doors->motor_witness(board->hardware, &witness);
    if (ledger_load(&kept->ledger, &ledger) != RESULT_OK) {
        return 0;
    }
    int64_t ours_ms = now.ms - test->at_ms, theirs_ms = witness.clock_ms - test->clock_ms;
    if (test->witnessed && ours_ms < CLOCK_LEAST_MS) {
        return 0;
    }
    if (test->witnessed && theirs_ms >= 0) { /* else the driver itself has started anew */
        int64_t apart_ms = ours_ms > theirs_ms ? ours_ms - theirs_ms : theirs_ms - ours_ms;
        if (apart_ms * 100 > ours_ms * CLOCK_PERCENT) {
            failed |= SELFTEST_CLOCK;
            *detail = theirs_ms - ours_ms;
        }
        int64_t told = ledger.commanded - test->commanded;
        int64_t fired = (uint32_t)(witness.fired - test->fired);
        bool comparable = kept->governor.recovered_ms == test->recovered_ms;
        if (comparable && (fired > told + 1 || fired + test->refused + 1 < told)) { /* one may be under way */
            failed |= SELFTEST_COUNT;
            *detail = fired - told;
        }
        counts_anew = !comparable || failed != 0;
    }
    test->witnessed = true;
    test->at_ms = now.ms;
    test->clock_ms = witness.clock_ms;
    if (counts_anew) { /* else what strays slowly would never add up */
        test->commanded = ledger.commanded;
        test->fired = witness.fired;
        test->recovered_ms = kept->governor.recovered_ms;
        test->refused = 0;
    }
    return failed;
}

static void selftest_part(struct pump *pump, const struct board *board, enum selftest_part part, instant_ms now)
{
    struct kept *kept = kept_of(board);
    const unsigned used = (sizeof(struct kept) + 7) / 8, spare = RETAINED_BYTES / 8 - used;
    uint32_t failed = 0;
    int64_t detail = 0;
    switch (part) {
    case PART_RAM:
        failed = selftest_words(pump->selftest.scratch, SELFTEST_SCRATCH) &&
                         selftest_words(board->retained + used, spare < SELFTEST_SCRATCH ? spare : SELFTEST_SCRATCH)
                     ? 0
                     : SELFTEST_RAM;
        break;
    case PART_WITNESS:
        failed = selftest_witness(pump, board, now, &detail);
        break;
    case PART_SOUNDER:
        failed = board->doors->sounder_alive(board->hardware) ? 0 : SELFTEST_SOUNDER;
        break;
    case PART_LEAKAGE: {
        struct sensors shown;
        pump->tally.count[ENERGY_SENSE]++;
        board->doors->sense(board->hardware, &shown);
        detail = shown.leakage_na;
        failed = detail > LEAKAGE_MOST_NA || detail < -LEAKAGE_MOST_NA ? SELFTEST_LEAKAGE : 0;
        break;
    }
    case PART_STORE:
        keep_scrub(pump, board, now);
        failed = selftest_store(pump, board) ? 0 : SELFTEST_STORE;
        break;
    case PART_DERIVED:
        selftest_worst(pump, now);
        break;
    case PARTS:
        break;
    }
    if (failed != 0) {
        selftest_fail(pump, kept, failed, detail, now);
    }
}

/* All parts, and the constants of the unit are sealed as the factory's record gave them. */
static void selftest_begin(struct pump *pump, const struct board *board, instant_ms now)
{
    pump->selftest.begun = true;
    pump->selftest.seal = unit_seal(pump);
    if (board->boot_cause == BOOT_WATCHDOG) {
        note(pump, now, ACTOR_PUMP, EVENT_SELFTEST, SELFTEST_WATCHDOG, 0, 0, 0);
    }
    for (unsigned part = 0; part < PARTS; part++) {
        selftest_part(pump, board, (enum selftest_part)part, now);
    }
}

instant_ms selftest_look(struct pump *pump, const struct board *board, instant_ms now)
{
    struct selftest *test = &pump->selftest;
    if (!test->begun) {
        selftest_begin(pump, board, now);
        test->due_ms = now.ms + HOUR_MS;
    } else if (now.ms >= test->due_ms || test->due_ms > now.ms + HOUR_MS) {
        struct kept *kept = kept_of(board);
        test->due_ms = now.ms + HOUR_MS;
        selftest_program(pump, kept, now);
        selftest_unit(pump, kept, now);
        selftest_flows(pump, kept, now);
        selftest_part(pump, board, (enum selftest_part)test->part, now);
        test->part = (uint8_t)((test->part + 1u) % PARTS);
    }
    return (instant_ms){ test->due_ms };
}
