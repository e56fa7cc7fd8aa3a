/* forecast.c - what the model says would have been observed. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/forecast.h"

#include <math.h>

#include "twin/body/march.h"

enum { FLOWS_MAX = 4096 };

struct flow {
    double end_s, kg_s;
};

/* A person on the way through the events. */
struct passage {
    struct spine spine;
    double now_s;
    struct flow flow[FLOWS_MAX];
    int flows;
};

static void flows_renew(struct passage *passage)
{
    double kg_s = 0;
    int kept = 0;
    for (int i = 0; i < passage->flows; i++) {
        if (passage->flow[i].end_s > passage->now_s) {
            passage->flow[kept++] = passage->flow[i];
            kg_s += passage->flow[i].kg_s;
        }
    }
    passage->flows = kept;
    spine_infuse(&passage->spine, kg_s);
}

/* To this time, with each infusion ended when it ends. */
static void pass(struct passage *passage, double to_s)
{
    while (passage->now_s < to_s) {
        double next_s = to_s;
        for (int i = 0; i < passage->flows; i++)
            next_s = fmin(next_s, passage->flow[i].end_s);
        march(&passage->spine, next_s - passage->now_s);
        passage->now_s = next_s;
        flows_renew(passage);
    }
}

static double seen(const struct spine *spine, const struct observation *row)
{
    switch (row->place) {
    case OBSERVATION_CSF:
        return spine_csf_at(spine, level_middle(row->level));
    case OBSERVATION_TISSUE:
        return spine_tissue_at(spine, level_middle(row->level));
    case OBSERVATION_HEAD:
        return spine_reservoir(spine);
    }
    return 0;
}

static bool give(struct passage *passage, const struct dosing_event *event, const struct spine *empty)
{
    switch (event->kind) {
    case DOSING_BOLUS:
        spine_bolus(&passage->spine, event->kg);
        return true;
    case DOSING_INFUSION:
        if (passage->flows == FLOWS_MAX)
            return false;
        passage->flow[passage->flows++] = (struct flow){ event->at_s + event->span_s, event->kg / event->span_s };
        flows_renew(passage);
        return true;
    case DOSING_RESET:
        passage->spine = *empty;
        passage->flows = 0;
        return true;
    case DOSING_LOOK:
        return true;
    }
    return true;
}

bool forecast(const struct dosing *dosing, const struct observations *observations, const struct spine_setup *setup,
              int cells, double *kg_m3)
{
    static struct passage passage;
    static struct spine empty;
    struct canal canal;
    size_t row = 0;
    if (!canal_init(&canal, cells, setup->tip_m) || !spine_init(&empty, &canal, setup))
        return false;
    for (size_t i = 0; i < dosing->people; i++) {
        const struct dosing_person *person = &dosing->person[i];
        passage.spine = empty;
        passage.now_s = 0;
        passage.flows = 0;
        for (size_t k = person->first; k < person->first + person->count; k++) {
            if (row == observations->count || observations->row[row].person != i)
                break; /* nothing more was measured of this person */
            const struct dosing_event *event = &dosing->event[k];
            pass(&passage, event->at_s);
            if (observations->row[row].event == k) {
                kg_m3[row] = seen(&passage.spine, &observations->row[row]);
                row++;
            }
            if (!give(&passage, event, &empty))
                return false;
        }
    }
    return true;
}
