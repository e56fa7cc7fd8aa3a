// SPDX-License-Identifier: Apache-2.0
#include "pump/cell.h"

#include "pump/alarm.h"
#include "pump/standing.h"

/* What the program in force can ask for in a day, all its patient boluses counted, in quanta. */
static int64_t quanta_per_day(const struct pump *pump)
{
    if (!pump->has_therapy) {
        return 0;
    }
    const struct patient_bolus *patient = &pump->therapy.program.patient;
    vol_grain boluses = grain_of_nl(patient->volume);
    int64_t each = patient->allowed != 0 ? boluses.grain / pump->quantum_grain.grain + 1 : 0;
    return pump->worst[WINDOW_DAY].grain / pump->quantum_grain.grain + 1 + each * patient->max_per_day;
}

void cell_look(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    struct energy *energy = &pump->now.energy;
    if (energy->at_ms != 0 && now.ms - energy->at_ms < HOUR_MS) {
        return; /* other looks come more often */
    }
    struct energy_facts facts = { .commanded = ledger.commanded,
                                  .quanta_per_day = quanta_per_day(pump),
                                  .battery_mv = ENERGY_NO_READING,
                                  .mechanism = pump->model.mechanism };
    if (energy_reading_due(energy, now) && pump->sense.due_ms != 0) {
        facts.battery_mv = pump->sense.shown.battery_mv; /* of the last hour */
    }
    enum energy_state before = energy_state(energy);
    enum energy_state state = energy_look(energy, &facts, &pump->tally, now);
    pump->tally = (struct energy_tally){ .count = { 0 } };
    pump->keeping.checkpoint_due = true;
    pump->keeping.due = true;
    struct energy_report report = energy_report(energy, &facts, now);
    if (state != before) {
        note(pump, now, ACTOR_PUMP, EVENT_ENERGY, report.used_mc, report.loaded_mv, report.end.ms / DAY_MS, 0);
    }
    if (state == ENERGY_ENDED) {
        alarm_end(pump, ALARM_AT_REPLACE_SOON, now);
        alarm_raise(pump, ALARM_AT_END_OF_SERVICE, report.loaded_mv, now);
    } else if (state == ENERGY_REPLACE) {
        alarm_raise(pump, ALARM_AT_REPLACE_SOON, report.days_least, now);
    }
}
