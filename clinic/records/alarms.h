/* alarms.h - alarms of pumps, as their logs tell them, and who in the clinic has seen each. HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_ALARMS_H
#define CLINIC_RECORDS_ALARMS_H

#include "clinic/records/records.h"
#include "core/catalog.h"
#include "core/event.h"

struct alarm_record {
    int64_t id, implant;
    uint8_t code, priority;                  /* core/alarm.def; ALARM_PRIORITY_... */
    int64_t raised_number;                   /* in the pump's ring of events; below zero: no event told of it */
    int64_t raised_ms, ended_ms, cleared_ms; /* 0: not */
    int64_t seen_ms, seen_by;                /* by a user of the clinic; 0: not */
};

/* Takes an event of a pump's log: raises, ends or clears an alarm, or does nothing. `at_ms` is the event's moment in UTC, as
 * the caller knows it from the clocks. Once raised is once: an event told again changes nothing. Inside a transaction. */
enum records_fault alarms_take(struct records *records, int64_t implant, const struct event *event, int64_t at_ms);
/* Makes the alarms of a pump those that it says stand now (bits by enum alarm_index), when its log told all it holds, up to
 * the number `last`: an alarm that began in a gap of the log is raised now, one that ended in a gap ends now. Inside a
 * transaction. */
enum records_fault alarms_agree(struct records *records, int64_t implant, uint32_t standing, int64_t last,
                                int64_t at_ms);
/* Somebody in the clinic has seen it: whoever is signed in, now. It stays as long as its condition. */
enum records_fault alarms_see(struct records *records, int64_t id);
enum records_fault alarms_read(struct records *records, int64_t id, struct alarm_record *alarm);
/* Those of a pump that are not ended, and of the latching ones those not cleared; the highest priority first. */
enum records_fault alarms_standing(struct records *records, int64_t implant, struct alarm_record *alarms, unsigned room,
                                   unsigned *count);

#endif
