/* plan_rig_test.c - plans carried out: what the planner says of a bridge, a bridge that was skipped, a prime, a flow and a
 * reservoir is what the real pump and the twin do, the concentration at the tip included, within a quantum. The twin has
 * constants of its own. REQ-CLIN-04, REQ-CLIN-08, REQ-CLIN-09, REQ-RSVR-07, REQ-RSVR-10. */
// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <string.h>

#include "clinic/planner/bridge.h"
#include "clinic/planner/prime.h"
#include "clinic/planner/refilling.h"
#include "tests/hazard/bedside.h"
#include "twin/hardware/hardware.h"

enum { ROUNDS = 24, LENGTH_MM_LEAST = 100, LENGTH_MM_SPAN = 700 };

static const char *const MODELS[] = { "C20", "C40", "V20" };
/* Concentrations of one drug between which people change, ng/mL. */
static const int32_t CONCS[] = { 500000, 1000000, 2000000, 10000000, 25000000 };

static uint64_t state;

static uint64_t draw(uint64_t below)
{
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

struct life {
    struct bedside bed;
    const struct model *model;
    struct implanted_catheter catheter;
    struct drugdose from, to;
    struct therapy therapy;
};
static struct life life;

static struct drugdose any_drugdose(void)
{
    conc_ng_ml conc = { CONCS[draw(sizeof CONCS / sizeof CONCS[0])] };
    int64_t flow = 100000 + (int64_t)draw(900000); /* nL/day: 0.1 to 1 mL/day, so that a life is short */
    return (struct drugdose){ DRUG_MORPHINE, conc, { flow * conc.ng_ml } };
}

/* A pump full of `from`, its catheter holding saline. */
static void implant(void)
{
    life.model = model_named(MODELS[draw(3)]);
    life.catheter = (struct implanted_catheter){ .length_mm = 1100 };
    life.catheter.trimmed_mm = 1100 - LENGTH_MM_LEAST - (int32_t)draw(LENGTH_MM_SPAN);
    life.from = any_drugdose();
    do
        life.to = any_drugdose();
    while (life.to.conc.ng_ml == life.from.conc.ng_ml);
    struct pump_unit unit = bedside_unit(model_name(life.model->code));
    struct twin_setup setup = bedside_setup(model_name(life.model->code));
    setup.catheter_m3 = 0.0026e-6 * (life.catheter.length_mm - life.catheter.trimmed_mm) / 10;
    struct mixture mixture = bedside_drug(DRUG_MORPHINE, life.from.conc.ng_ml);
    assert_true(bedside_implant_unit(&life.bed, &unit, &setup, &mixture, life.model->reservoir.nl));
}

/* A therapy of this drug at the whole flow of its dose, with room in its limits for whatever is tried here. */
static struct therapy therapy_of(const struct drugdose *given)
{
    rate_nl_day flow;
    struct mixture mixture = bedside_drug(given->drug, given->conc.ng_ml);
    assert_true(drugdose_flow_below(given, &flow));
    struct therapy therapy = bedside_therapy(&life.bed, &mixture, flow.nl_day);
    therapy.dead_volume = catheter_dead_volume(life.model, &life.catheter);
    bedside_limit(&therapy, 4 * NL_PER_ML, 28 * NL_PER_ML);
    for (unsigned i = 0; i < therapy.limits.count; i++) /* in any concentration that is met */
        therapy.limits.drug[i].window[WINDOW_HOUR].fg = therapy.limits.drug[i].window[WINDOW_DAY].fg =
            28 * (int64_t)NL_PER_ML * CONCS[4];
    return therapy;
}

static int64_t whole(struct ratio value)
{
    int64_t out = 0;
    assert_true(ratio_whole(value, ROUND_DOWN, &out));
    return out;
}

static double tip_ng_ml(void)
{
    return twin_tip_concentration(&life.bed.rig.twin, DRUG_MORPHINE) * 1e6;
}

/* How long one quantum takes at a flow, ms, to the next above. */
static int64_t quantum_ms(struct ratio flow)
{
    return whole(ratio_mul(ratio_div(ratio_of(life.model->quantum.nl), flow), ratio_of(DAY_MS))) + 1;
}

/* At the tip: one concentration until two quanta before this span has passed, another two quanta after it: at the end of a span
 * a part of a quantum is in hand, and is given at the flow that follows. Tells how far beyond the span that was. */
static int64_t assert_tip_changes(struct ratio span, struct ratio flow, struct ratio flow_after, double before, double after)
{
    int64_t at = whole(span), early = 2 * quantum_ms(flow), late = 2 * quantum_ms(flow_after);
    bedside_pass(&life.bed, at - early);
    assert_true(fabs(tip_ng_ml() - before) < 1);
    bedside_pass(&life.bed, early + late);
    assert_true(fabs(tip_ng_ml() - after) < 1);
    return late;
}

/* The drug that left the tip within a span is so much, to two quanta of the stronger concentration. */
static void assert_given(int64_t before_fg, struct ratio expected)
{
    int64_t conc = life.from.conc.ng_ml > life.to.conc.ng_ml ? life.from.conc.ng_ml : life.to.conc.ng_ml;
    int64_t off = bedside_dose_fg(&life.bed, DRUG_MORPHINE) - before_fg - whole(expected);
    assert_in_range(off + 2 * life.model->quantum.nl * conc, 0, 4 * life.model->quantum.nl * conc);
}

/* The old therapy until its drug stands at the tip, for a week of change. */
static void treat_with_the_old(void)
{
    life.therapy = therapy_of(&life.from);
    life.therapy.program.opening =
        (struct opening){ OPENING_PRIME, catheter_dead_volume(life.model, &life.catheter), { 4 * NL_PER_ML } };
    bedside_treat(&life.bed, &life.therapy);
    bedside_pass(&life.bed, 2 * (int64_t)DAY_MS);
    assert_true(fabs(tip_ng_ml() - life.from.conc.ng_ml) < 1);
}

static struct bridge_plan change(bool bridged)
{
    struct bridge_question question = { life.model, life.catheter, life.from, life.to };
    struct bridge_plan plan;
    bridge_plan(&question, &plan);
    assert_true(ratio_is_whole(plan.rate) && ratio_is_whole(plan.after));
    struct therapy therapy = therapy_of(&life.to);
    if (bridged)
        therapy.program.opening = (struct opening){ OPENING_BRIDGE, plan.volume, { (int32_t)whole(plan.rate) } };
    struct mixture mixture = bedside_drug(DRUG_MORPHINE, life.to.conc.ng_ml);
    assert_applied(bedside_refill(&life.bed, &mixture, life.model->reservoir.nl, &therapy, false));
    return plan;
}

/* The old dose goes on until the new drug is there, and is followed by the new one at once. */
static void a_bridge_does_what_was_planned(void **unused)
{
    (void)unused;
    state = 71;
    for (unsigned round = 0; round < ROUNDS; round++) {
        implant();
        treat_with_the_old();
        struct bridge_plan plan = change(true);
        int64_t before = bedside_dose_fg(&life.bed, DRUG_MORPHINE);
        int64_t overrun = assert_tip_changes(plan.duration, plan.rate, plan.after, life.from.conc.ng_ml, life.to.conc.ng_ml);
        struct ratio old = ratio_mul(ratio_of(life.from.dose.fg), ratio_div(plan.duration, ratio_of(DAY_MS)));
        assert_given(before, ratio_add(old, ratio_mul(ratio_of(life.to.dose.fg), ratio_over(overrun, DAY_MS))));
        before = bedside_dose_fg(&life.bed, DRUG_MORPHINE);
        bedside_pass(&life.bed, DAY_MS);
        assert_given(before, ratio_of(life.to.dose.fg));
    }
}

/* Without one, the factor and the hours of the plan are what the tip sees. */
static void a_skipped_bridge_does_what_was_foretold(void **unused)
{
    (void)unused;
    state = 72;
    for (unsigned round = 0; round < ROUNDS; round++) {
        implant();
        treat_with_the_old();
        struct bridge_plan plan = change(false);
        int64_t before = bedside_dose_fg(&life.bed, DRUG_MORPHINE);
        bedside_pass(&life.bed, whole(plan.skipped_duration) / 2);
        assert_given(before, ratio_mul(plan.skipped_dose, ratio_over(whole(plan.skipped_duration) / 2, DAY_MS)));
        assert_int_equal(ratio_compare(plan.skipped_factor, ratio_over(life.from.conc.ng_ml, life.to.conc.ng_ml)), 0);
        plan.skipped_duration = ratio_sub(plan.skipped_duration, ratio_of(whole(plan.skipped_duration) / 2));
        assert_tip_changes(plan.skipped_duration, plan.after, plan.after, life.from.conc.ng_ml, life.to.conc.ng_ml);
    }
}

/* Drug stands at the tip when the prime ends, and nothing was given before. */
static void a_prime_does_what_was_planned(void **unused)
{
    (void)unused;
    state = 73;
    for (unsigned round = 0; round < ROUNDS; round++) {
        implant();
        struct prime_question question = { .model = life.model,
                                           .catheter = life.catheter,
                                           .drugdose = life.from,
                                           .catheter_empty = true,
                                           .rate = { (int32_t)(1 + draw(4)) * NL_PER_ML } };
        struct prime_plan plan;
        prime_plan(&question, &plan);
        life.therapy = therapy_of(&life.from);
        life.therapy.program.opening = (struct opening){ OPENING_PRIME, plan.volume, plan.rate };
        bedside_treat(&life.bed, &life.therapy);
        assert_true(bedside_dose_fg(&life.bed, DRUG_MORPHINE) == 0 && plan.before.num == 0);
        assert_tip_changes(plan.duration, ratio_of(plan.rate.nl_day), drugdose_flow(&life.from), 0, life.from.conc.ng_ml);
        int64_t before = bedside_dose_fg(&life.bed, DRUG_MORPHINE);
        bedside_pass(&life.bed, DAY_MS);
        assert_given(before, ratio_of(life.from.dose.fg));
    }
}

/* The alarm of the low reservoir comes when the volume was planned to end, a quantum or so early or late. */
static void a_reservoir_lasts_as_planned(void **unused)
{
    (void)unused;
    static struct entry entry;
    state = 74;
    for (unsigned round = 0; round < ROUNDS / 3; round++) {
        implant();
        life.therapy = therapy_of(&life.from);
        struct refilling_question question = {
            .model = life.model, .drugdose = life.from, .fill = life.model->reservoir, .alarm = life.therapy.reservoir_low
        };
        struct refilling_plan plan;
        assert_true(refilling_plan(&entry, &question, &plan));
        assert_int_equal(plan.first, REFILLING_VOLUME);
        bedside_treat(&life.bed, &life.therapy);
        bedside_pass(&life.bed, whole(plan.due) - 2 * quantum_ms(plan.flow));
        assert_int_equal(life.bed.raised[ALARM_AT_RESERVOIR_LOW], 0);
        bedside_pass(&life.bed, 4 * quantum_ms(plan.flow) + HOUR_MS);
        assert_int_equal(life.bed.raised[ALARM_AT_RESERVOIR_LOW], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bridge_does_what_was_planned),
        cmocka_unit_test(a_skipped_bridge_does_what_was_foretold),
        cmocka_unit_test(a_prime_does_what_was_planned),
        cmocka_unit_test(a_reservoir_lasts_as_planned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
