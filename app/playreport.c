/* playreport.c - report.pdf of `cisterna play`. */
// SPDX-License-Identifier: Apache-2.0
#include "app/playreport.h"

#include <string.h>

#include "app/moment.h"
#include "app/report.h"
#include "app/version.h"
#include "rig/summary.h"

static const char *const PRIORITIES[] = {
    [ALARM_PRIORITY_DRUG] = "by the drug",
    [ALARM_PRIORITY_LOW] = "low",
    [ALARM_PRIORITY_MEDIUM] = "medium",
    [ALARM_PRIORITY_HIGH] = "high",
};

bool playreport_begin(struct playreport *report, const struct play *play, FILE *messages)
{
    const struct scenario *scenario = play->scenario;
    const char *region = scenario->therapy[0].region;
    struct report_run *run = &report->run;
    memset(report, 0, sizeof *report);
    report->has_formulary = formulary_builtin(strcmp(region, "EU") == 0 ? region : "US", &report->formulary, messages);
    run->head = (struct report_head){ .patient = "virtual patient",
                                      .serial = scenario->unit.serial,
                                      .model = &scenario->unit.model,
                                      .pump_software = CISTERNA_VERSION,
                                      .software = CISTERNA_VERSION,
                                      .formulary = &report->formulary };
    run->title = scenario->title;
    run->seed = scenario->seed;
    run->began = moment_of((civil_ms){ scenario->calendar.offset.ms }, scenario->calendar.zone);
    run->drugs = play->drugs.count < RUN_DRUGS_MAX ? play->drugs.count : RUN_DRUGS_MAX;
    for (unsigned i = 0; i < run->drugs; i++) {
        run->drug[i].drug = play->drugs.drug[i];
        trace_begin(&run->drug[i].tip, scenario->until.ms);
    }
    trace_begin(&run->rate, scenario->until.ms);
    trace_begin(&run->reservoir_calculated, scenario->until.ms);
    trace_begin(&run->reservoir_true, scenario->until.ms);
    return report->has_formulary;
}

void playreport_sample(struct playreport *report, const struct sample *sample)
{
    struct report_run *run = &report->run;
    trace_add(&run->rate, sample->at.ms, sample->rate.nl_day);
    trace_add(&run->reservoir_calculated, sample->at.ms, nl_of_fl(sample->remaining_calculated).nl);
    trace_add(&run->reservoir_true, sample->at.ms, sample->remaining_true.nl);
    for (unsigned i = 0; i < run->drugs; i++)
        trace_add(&run->drug[i].tip, sample->at.ms, sample->tip_ng_ml[i]);
}

static struct moment moment_at(const struct report_run *run, instant_ms at)
{
    return (struct moment){ run->began.utc_ms + at.ms, run->began.zone_minutes };
}

/* In the order in which they were first raised. */
static void alarms_take(struct report_run *run, const struct play *play)
{
    for (unsigned i = 0; i < ALARM_COUNT && run->alarms < RUN_ALARMS_MAX; i++) {
        const struct tally_alarm *tally = &play->journal.tally.alarm[i];
        const struct alarm_row *row = alarm_row(i);
        if (tally->count == 0)
            continue;
        struct run_alarm alarm = { row->text, PRIORITIES[row->priority], tally->count, moment_at(run, tally->first) };
        unsigned at = run->alarms++;
        for (; at > 0 && run->alarm[at - 1].first.utc_ms > alarm.first.utc_ms; at--)
            run->alarm[at] = run->alarm[at - 1];
        run->alarm[at] = alarm;
    }
}

static void totals_take(struct report_run *run, struct play *play)
{
    const struct twin *twin = &play->rig.twin;
    struct pump_status status;
    play_status(play, &status);
    run->prescribed = summary_prescribed(&status);
    run->commanded = status.commanded;
    run->metered = status.metered;
    run->remaining_calculated = status.remaining;
    run->displaced = rig_nl(twin->totals.displaced);
    run->delivered = rig_nl(twin->totals.delivered);
    run->remaining_true = rig_nl(twin->reservoir_m3);
    run->filled = play->asked.filled;
    run->withdrawn = play->asked.withdrawn;
    for (unsigned i = 0; i < run->drugs; i++)
        run->drug[i].delivered = series_delivered(twin, run->drug[i].drug);
}

static void therapy_take(struct playreport *report, struct play *play)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct board board = twin_board(&play->rig.twin);
    size_t size = pump_therapy(&board, bytes);
    if (size > 0 && therapy_decode(bytes, size, &report->therapy) == RESULT_OK)
        report->run.therapy = &report->therapy;
}

bool playreport_write(struct playreport *report, struct play *play, FILE *out, FILE *messages)
{
    struct report_run *run = &report->run;
    struct report_out sink = { .sink = report_into_file, .context = out };
    run->head.made = run->head.read = moment_at(run, play->rig.now);
    totals_take(run, play);
    alarms_take(run, play);
    therapy_take(report, play);
    if (report_run_write(run, &sink))
        return true;
    fprintf(messages, "cisterna: report.pdf is not written: %s\n", sink.fault);
    return false;
}

void playreport_free(struct playreport *report)
{
    if (report->has_formulary)
        formulary_close(&report->formulary);
}
