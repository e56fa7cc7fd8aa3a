/* log_test.c - the newest events in memory, a thousand faults at any time, and room and wear computed for the busiest schedule.
 * REQ-STOR-04, -05, -06, -07, HZ-08. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/limits.h"
#include "pump/log.h"
#include "pump/logread.h"
#include "tests/pump/nor.h"

static struct nor nor;
static struct log it;

static void the_ring_keeps_the_newest_events_in_order(void **state)
{
    (void)state;
    struct event event = { .code = EVENT_RATE };
    memset(&it, 0, sizeof it);
    assert_false(log_read(&it, 0, &event));
    assert_false(log_read(&it, 1, &event));
    for (int64_t i = 1; i <= 3 * LOG_EVENTS + 7; i++) {
        event = (struct event){ .code = EVENT_RATE, .field = { i } };
        log_write(&it, &event);
    }
    for (uint64_t sequence = 1; sequence <= 3 * LOG_EVENTS + 7; sequence++) {
        bool kept = sequence > 2 * LOG_EVENTS + 7;
        assert_int_equal(log_read(&it, sequence, &event), kept);
        assert_true(!kept || (event.sequence == sequence && event.field[0] == (int64_t)sequence));
    }
    assert_false(log_read(&it, 3 * LOG_EVENTS + 8, &event));
}

static struct board begun(void)
{
    struct board board = nor_board(&nor);
    struct log_found found;
    nor_init(&nor, 3);
    log_boot(&it, &board, 0, &found);
    assert_true(found.lost_to == 0 && !found.torn && !found.unknown);
    return board;
}

/* Retained memory knows the newest number: nothing is skipped above it, nothing given again below it. */
static void numbers_known_elsewhere_are_not_given_again(void **state)
{
    (void)state;
    struct board board = begun();
    struct log_found found;
    struct event event = { .code = EVENT_RATE };
    for (unsigned i = 0; i < 10; i++)
        log_write(&it, &event);
    assert_true(log_waits(&it));
    assert_int_equal(log_flush(&it, &board), LOG_KEPT);
    assert_false(log_waits(&it));
    log_boot(&it, &board, 10, &found);
    assert_true(it.last == 10 && found.lost_to == 0);
    assert_false(log_read(&it, 10, &event)); /* memory was lost, the flash has it */
    log_boot(&it, &board, 14, &found);
    assert_true(it.last == 14 && found.lost_from == 11 && found.lost_to == 14);
}

/* The longest records of faults there can be, many times round the ring: at every moment the newest thousand are there. */
static void a_thousand_faults_at_any_time(void **state)
{
    (void)state;
    struct board board = begun();
    uint64_t least = UINT64_MAX;
    for (unsigned i = 1; i <= 9000; i++) {
        struct event event = { .code = EVENT_BOOT, .at = { (INT64_C(1) << 48) - 1 }, .epoch = UINT32_MAX - i };
        for (unsigned k = 0; k < (i % 10 == 0 ? 4 : 2); k++)
            event.field[k] = INT64_C(1) << 61; /* two fill the longest record but for a byte; four do not fit: bare */
        log_write(&it, &event);
        assert_int_equal(log_flush(&it, &board), LOG_KEPT);
        struct log_head head;
        log_head(&it, LOG_FAULTS_RING, &head);
        assert_int_equal(head.last, i);
        if (head.first > 1 && head.last - head.first + 1 < least)
            least = head.last - head.first + 1;
    }
    struct log_head head;
    struct logread read;
    struct logread_item item;
    uint64_t events = 0;
    log_head(&it, LOG_FAULTS_RING, &head);
    logread_begin(&read, &board, LOG_FAULTS_RING, head.first, &head);
    for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item)) {
        assert_int_equal(item.what, LOGREAD_EVENT);
        assert_true(item.event.sequence == item.from && item.event.epoch == UINT32_MAX - item.from);
        assert_true(item.bare == (item.from % 10 == 0) && item.event.field[1] == (item.bare ? 0 : INT64_C(1) << 61));
        events++;
    }
    assert_int_equal(events, head.last - head.first + 1);
    print_message("at least %llu faults held\n", (unsigned long long)least);
    assert_true(least >= 1000);
}

/* The busiest day that a permitted therapy can make, and the widest values its events can have. */
enum {
    REFUSALS = PATIENT_BOLUSES_MAX / 2, /* guess: a patient asks in vain half as often as a bolus may be granted at most */
    ALARMS = 8,                         /* guess: raised, silenced, ended */
    REFILL_DAYS_MAX = 180,              /* baclofen's refill advice: at most 180 days */
    SERVICE_DAYS = 3653,                /* ten years: guess at the longest service life */
    ERASES_RATED = 100000               /* data sheets of serial NOR flash name 100,000 erases of a sector */
};
#define BOLUS_NL_MAX (DAY_VOLUME_NL_MAX / 48) /* one every half hour at the largest flow there is */
#define QUANTA_MAX (BOLUS_NL_MAX / 250)        /* of the smallest quantum, 250 nL */
#define LATE_MS (INT64_C(86400000) * SERVICE_DAYS * 2)

static const struct row {
    unsigned a_day;
    struct event widest;
} busiest[] = {
    { 1440 / INTERVAL_MINUTES_MIN + PATIENT_BOLUSES_MAX,
      { .code = EVENT_COURSE_START, .field = { 63, VOL_NL_MAX, RATE_NL_DAY_MAX } } },
    { 1440 / INTERVAL_MINUTES_MIN + PATIENT_BOLUSES_MAX,
      { .code = EVENT_COURSE_END, .field = { 63, QUANTA_MAX, QUANTA_MAX, 63 } } },
    { REFUSALS, { .code = EVENT_REFUSED, .field = { 14, (INT64_C(1) << VERDICT_COUNT) - 1, LATE_MS, VOL_NL_MAX } } },
    { ALARMS, { .code = EVENT_ALARM_RAISED, .field = { 255, 3, LATE_MS } } },
    { 1, { .code = EVENT_DAY, .field = { DAY_VOLUME_NL_MAX / 250, VOL_NL_MAX, 5000, INT32_MAX } } },
};

/* The other kind of day, 16 changes of flow, has far fewer events than one of boluses. */
_Static_assert(PROGRAM_STEPS_MAX + 1 < 1440 / INTERVAL_MINUTES_MIN, "boluses make the busiest day");

static uint64_t busiest_day_bytes(unsigned *events, size_t *widest)
{
    const struct log_header header = { .version = LOG_VERSION, .kind = LOG_EVENTS_RING, .epoch = 9 };
    uint64_t bytes = 0;
    *events = 0;
    *widest = 0;
    for (unsigned i = 0; i < sizeof busiest / sizeof *busiest; i++) {
        struct log_record record = { .number = UINT32_MAX, .event = busiest[i].widest };
        uint8_t written[LOG_RECORD_BYTES_MAX];
        record.event.at.ms = LATE_MS;
        record.event.epoch = header.epoch;
        size_t size = logrecord_write(&header, &record, written);
        assert_true(size > 0);
        print_message("  %3u a day of code %02x, %zu bytes each\n", busiest[i].a_day, busiest[i].widest.code, size);
        bytes += size * busiest[i].a_day;
        *events += busiest[i].a_day;
        *widest = size > *widest ? size : *widest;
    }
    return bytes;
}

static void the_busiest_schedule_fits_the_longest_refill_interval(void **state)
{
    (void)state;
    unsigned events;
    size_t widest;
    uint64_t day = busiest_day_bytes(&events, &widest);
    /* Not counted: the sector being written, the one ahead, and what a record may leave free at a sector's end. */
    uint64_t sectors = (uint64_t)region_span(REGION_EVENTS).count - 2;
    uint64_t sector_room = FLASH_SECTOR_BYTES - LOG_HEADER_BYTES - (widest - FLASH_WORD_BYTES);
    uint64_t days = sectors * sector_room / day;
    uint64_t erases = (SERVICE_DAYS * day + sectors * sector_room - 1) / (sectors * sector_room);
    print_message("%u events and %llu bytes a day: %llu days held, %llu erases of a sector in ten years\n", events,
                  (unsigned long long)day, (unsigned long long)days, (unsigned long long)erases);
    assert_true(days >= REFILL_DAYS_MAX);
    assert_true(erases < ERASES_RATED / 100);
    /* Faults, if all alarms and refusals of such a day were faults of the widest kind. */
    uint64_t fault_sectors = (uint64_t)region_span(REGION_FAULTS).count - 2;
    uint64_t fault_bytes = SERVICE_DAYS * (uint64_t)(ALARMS + REFUSALS) * LOG_FAULT_BYTES_MAX;
    assert_true(fault_bytes / (fault_sectors * (FLASH_SECTOR_BYTES - LOG_HEADER_BYTES)) + 1 < ERASES_RATED / 100);
}

/* The computed figure against the thing itself: that many days are written, then the first of them is still held. */
static void the_computed_days_are_really_held(void **state)
{
    (void)state;
    struct board board = begun();
    unsigned rows = sizeof busiest / sizeof *busiest;
    uint64_t a_day = 0;
    uint32_t most = 0;
    for (unsigned day = 0; day < 3 * REFILL_DAYS_MAX; day++) {
        for (unsigned i = 0; i < rows; i++) {
            for (unsigned k = 0; k < busiest[i].a_day; k++) {
                struct event event = busiest[i].widest;
                event.at.ms = LATE_MS + day;
                log_write(&it, &event);
                assert_int_equal(log_flush(&it, &board), LOG_KEPT);
            }
        }
        a_day = day == 0 ? it.last : a_day;
        struct log_head head;
        log_head(&it, LOG_EVENTS_RING, &head);
        assert_true(head.first <= 1 || head.last - head.first + 1 >= REFILL_DAYS_MAX * a_day);
    }
    for (unsigned sector = REGION_FIRST_EVENTS; sector <= REGION_LAST_EVENTS; sector++)
        most = nor.erases[sector] > most ? nor.erases[sector] : most;
    assert_true(most >= 1 && most <= 3); /* evenly: each sector once a round */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_keeps_the_newest_events_in_order),
        cmocka_unit_test(numbers_known_elsewhere_are_not_given_again),
        cmocka_unit_test(a_thousand_faults_at_any_time),
        cmocka_unit_test(the_busiest_schedule_fits_the_longest_refill_interval),
        cmocka_unit_test(the_computed_days_are_really_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
