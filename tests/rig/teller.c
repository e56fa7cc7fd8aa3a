/* teller.c - what an implant in a folder holds, for tests from outside.
 *
 *   teller make DIR SEED WALL  makes one, fills it and gives it a therapy; WALL: the wall clock now, ms
 *   teller asked DIR SEED WALL the same, and the patient may ask for boluses
 *   teller tell DIR            tells its truth, and what its pump would tell if it were started, as one line of JSON */
// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/rig/cradle.h"

static struct live live;

static int fail(const char *text, unsigned fault)
{
    fprintf(stderr, "teller: %s (%u)\n", text, fault);
    return 1;
}

static int make(const char *folder, uint64_t seed, int64_t wall_ms, bool asked)
{
    struct implant_made made;
    cradle_made(&made, seed);
    enum implant_fault fault = implant_enter(&live.implant, folder);
    if (fault == IMPLANT_OK)
        fault = implant_make(&live.implant, &made, wall_ms);
    if (fault != IMPLANT_OK)
        return fail("no implant", fault);
    if (live_body(&live, NULL, wall_ms) != BODYFILE_OK)
        return fail("no body", 0);
    live_start(&live, false, 0, seed, wall_ms);
    struct event event;
    bool filled = asked ? cradle_fill_asked(&live) : cradle_fill(&live);
    while (live_event(&live, &event)) {
    }
    implant_mark(&live.implant, wall_ms);
    implant_close(&live.implant);
    return filled ? 0 : fail("the pump refuses", 0);
}

static struct rig copy;

static int tell(const char *folder)
{
    int64_t marked_ms = 0;
    enum implant_fault fault = implant_enter(&live.implant, folder);
    if (fault == IMPLANT_OK)
        fault = implant_open(&live.implant, &marked_ms);
    if (fault != IMPLANT_OK)
        return fail("no implant", fault);
    enum bodyfile_fault unbodied = bodyfile_open(live.implant.folder, live.implant.rig->unit.serial, &live.body);
    if (unbodied != BODYFILE_OK && unbodied != BODYFILE_NONE)
        return fail("no body", unbodied);
    double kept_kg = live.body.given_kg[0];
    int64_t kept_ms = live.body.at.ms;
    if (live_body(&live, NULL, marked_ms) != BODYFILE_OK)
        return fail("no body", 0);
    copy = *live.implant.rig;
    struct rig *rig = &copy;
    const struct twin_totals *totals = &rig->twin.totals;
    struct pump_status status;
    rig->power.stopped = true;
    rig_reset_as(rig, &(struct rig_reset){ .cause = BOOT_BROWN_OUT });
    rig_status(rig, &status);
    printf("{\"serial\":\"%.15s\",\"now_ms\":%" PRId64 ",\"wall_ms\":%" PRId64 ",\"filled\":%.17g,\"withdrawn\":%.17g,"
           "\"displaced\":%.17g,\"delivered\":%.17g,\"lost\":%.17g,\"reservoir\":%.17g,",
           rig->unit.serial, rig->now.ms, marked_ms, totals->filled, totals->withdrawn, totals->displaced, totals->delivered,
           totals->lost, rig->twin.reservoir_m3);
    printf("\"delivered_kg\":%.17g,\"kept_kg\":%.17g,\"kept_ms\":%" PRId64 ",\"given_kg\":%.17g,\"in_body_kg\":%.17g,",
           totals->delivered_kg[0], kept_kg, kept_ms, live.body.given_kg[0],
           body_spine(&live.body, 0) != NULL ? body_spine(&live.body, 0)->given_kg : 0.0);
    printf("\"mode\":\"%s\",\"commanded\":%" PRId64 ",\"metered\":%" PRId64 ",\"missed\":%" PRId64 ",\"withheld\":%" PRId64
           ",\"alarms\":%" PRIu32 ",\"boots\":%" PRIu32 ",\"last\":%" PRIu64
           ",\"base_nl_day\":%" PRId32 "}\n",
           mode_word(status.mode), status.commanded_quanta, status.metered_quanta, status.missed_quanta,
           status.withheld_quanta, status.alarms, rig->pump.now.boots, pump_log_last(&rig->pump), status.base.nl_day);
    implant_close(&live.implant);
    return 0;
}

int main(int count, char **words)
{
    bool asked = count == 5 && strcmp(words[1], "asked") == 0;
    if (asked || (count == 5 && strcmp(words[1], "make") == 0))
        return make(words[2], strtoull(words[3], NULL, 10), strtoll(words[4], NULL, 10), asked);
    if (count == 3 && strcmp(words[1], "tell") == 0)
        return tell(words[2]);
    return fail("make or asked DIR SEED WALL, or tell DIR", 0);
}
