/* perturb - every constant of the pump's model table, set wrong on purpose, must show. HZ-10, REQ-RSVR-10;
 * docs/decisions/0005-twin-constants.md.
 *
 * The twin has constants of its own, so a wrong one in the pump makes truth and belief part. This test walks
 * MODEL_CONSTANTS, perturbs each member in both directions for every model, and asks a set of observers, none of
 * which reads the pump's table: the twin's reservoir and tip, the driver's own counting, and the published figures of
 * the virtual pumps (written out below). A constant added to the table that no observer sees fails here. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

enum { CONC = 10 * NG_PER_MG };

/* What the models are said to be (docs/decisions/0005 and the table of models in the README): not taken from
 * core/model.def. */
struct published {
    const char *model;
    int64_t reservoir_nl, quantum_nl, rate_min, rate_max, dead_nl, tolerance_nl;
    int64_t interval_ms; /* the driver's, from key to key */
    int64_t timeout_ms;  /* after which a dumb driver counts as a stall */
};

static const struct published PUBLISHED[] = {
    { "C20", 20000000, 250, 48000, 24000000, 244000, 24400, 700, 600 },
    { "C40", 40000000, 250, 48000, 24000000, 244000, 24400, 700, 600 },
    { "V20", 20000000, 2500, 10000, 28800000, 244000, 24400, 5800, 4000 },
};
enum { MODELS = sizeof PUBLISHED / sizeof PUBLISHED[0] };

static struct bedside bed;

static bool implant(const struct pump_unit *unit, const struct published *is, int64_t fill_nl)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    struct twin_setup setup = bedside_setup(is->model);
    return bedside_implant_unit(&bed, unit, &setup, &morphine, fill_nl);
}

static struct therapy wide(int32_t nl_day)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    struct therapy therapy = bedside_therapy(&bed, &morphine, nl_day);
    bedside_limit(&therapy, 100 * NL_PER_ML, 100 * NL_PER_ML);
    return therapy;
}

/* The published fill goes in, a millilitre more does not. */
static bool reservoir_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, is->reservoir_nl))
        return true;
    struct command more = { .kind = COMMAND_REFILL,
                            .refill = { .withdrawn = { is->reservoir_nl },
                                        .filled = { is->reservoir_nl + 1 },
                                        .drawn_up = { is->reservoir_nl + 1 },
                                        .fill = bedside_drug(DRUG_MORPHINE, CONC) } };
    return (bedside_give(&bed, ROLE_CLINICIAN, more).reasons & VERDICT_CAPACITY) == 0;
}

/* A day at 1 mL/day: what was metered against what truly left the reservoir. */
static bool volume_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, 10 * NL_PER_ML))
        return true;
    struct therapy therapy = wide(NL_PER_ML);
    if (bedside_activate(&bed, &therapy, false).reasons != 0)
        return true;
    bedside_pass(&bed, DAY_MS);
    int64_t displaced = rig_nl(bed.rig.twin.totals.displaced).nl;
    int64_t metered = nl_of_fl(bedside_status(&bed).metered).nl;
    return metered < displaced - is->quantum_nl || metered > displaced + is->quantum_nl;
}

/* Least and largest published flow are taken and truly delivered, a hundredth beyond them is not; and the minimum is
 * the least. */
static bool flow_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    const int64_t rates[] = { is->rate_min, is->rate_max };
    for (unsigned i = 0; i < 2; i++) {
        if (!implant(unit, is, is->reservoir_nl))
            return true;
        struct therapy therapy = wide((int32_t)(i == 0 ? rates[0] * 99 / 100 : rates[1] * 101 / 100));
        therapy.limits.rate_max.nl_day = RATE_NL_DAY_MAX;
        verdict beyond = bedside_activate(&bed, &therapy, false).reasons;
        therapy = wide((int32_t)rates[i]);
        therapy.limits.rate_max.nl_day = (int32_t)is->rate_max;
        if (beyond == 0 || bedside_activate(&bed, &therapy, false).reasons != 0)
            return true;
        if (i == 0 && bedside_do(&bed, COMMAND_MINIMUM).reasons != 0)
            return true;
        int64_t hours = i == 0 ? 48 : 6;
        bedside_pass(&bed, hours * HOUR_MS);
        int64_t displaced = rig_nl(bed.rig.twin.totals.displaced).nl, meant = rates[i] * hours / 24;
        if (displaced < meant - 2 * is->quantum_nl || displaced > meant + 2 * is->quantum_nl)
            return true;
    }
    return false;
}

/* A prime as large as the pump says the dead volume is (40 cm of catheter): its end against the drug's true arrival
 * at the tip. */
static bool prime_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, 10 * NL_PER_ML))
        return true;
    struct therapy therapy = wide(NL_PER_ML);
    therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { 4 * NL_PER_ML } };
    if (bedside_activate(&bed, &therapy, false).reasons != 0)
        return true;
    while (bed.count[EVENT_COURSE_END] == 0)
        bedside_pass(&bed, 100);
    double early_nl = bed.rig.twin.totals.delivered_kg[0] * 1e18 / CONC;
    double late_nl = (double)is->dead_nl - bed.rig.twin.totals.delivered * 1e12;
    return early_nl > (double)is->quantum_nl || late_nl > (double)is->quantum_nl;
}

/* How far behind its calculated arrival the pump still reckons with the old drug: from the twin's true delivery when
 * the pump says that the boundary is past. */
static bool boundary_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, 10 * NL_PER_ML))
        return true;
    struct therapy therapy = wide(NL_PER_ML);
    if (bedside_activate(&bed, &therapy, false).reasons != 0)
        return true;
    while (bed.count[EVENT_BOUNDARY] == 0 && bed.rig.now.ms < 2 * (int64_t)DAY_MS)
        bedside_pass(&bed, 1000);
    double past_nl = bed.rig.twin.totals.delivered * 1e12 - (double)is->dead_nl;
    return past_nl < (double)is->tolerance_nl - 1 || past_nl > (double)(is->tolerance_nl + is->quantum_nl) + 1;
}

/* A core run wild writes keys every ten milliseconds: the driver's shortest gap between two motions. */
static bool interval_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, 10 * NL_PER_ML))
        return true;
    struct therapy therapy = wide((int32_t)is->rate_max);
    if (bedside_activate(&bed, &therapy, false).reasons != 0)
        return true;
    struct board board = twin_board(&bed.rig.twin);
    int64_t last_ms = -1, least_ms = INT64_MAX, fired_ms = bed.rig.twin.driver.fired_ms;
    for (uint32_t i = 1; i < 10000; i++) {
        twin_advance(&bed.rig.twin, (instant_ms){ bed.rig.now.ms + (int64_t)i * 10 });
        board.doors->motor_key_engine(board.hardware, i);
        board.doors->motor_key_governor(board.hardware, ~i);
        if (bed.rig.twin.driver.fired_ms != fired_ms) {
            fired_ms = bed.rig.twin.driver.fired_ms;
            least_ms = last_ms >= 0 && fired_ms - last_ms < least_ms ? fired_ms - last_ms : least_ms;
            last_ms = fired_ms;
        }
    }
    return least_ms != is->interval_ms;
}

/* The driver falls dumb in the middle of a quantum: after how long does the pump call it a stall? And does a sound
 * quantum ever look like one? */
static bool timeout_looks_wrong(const struct pump_unit *unit, const struct published *is)
{
    if (!implant(unit, is, 10 * NL_PER_ML))
        return true;
    struct therapy therapy = wide(NL_PER_ML);
    if (bedside_activate(&bed, &therapy, false).reasons != 0)
        return true;
    bedside_pass(&bed, HOUR_MS);
    if (bed.count[EVENT_STALL] != 0)
        return true;
    int64_t before_ms = bed.rig.twin.driver.fired_ms;
    while (bed.rig.twin.driver.fired_ms == before_ms)
        bedside_pass(&bed, 1);
    bed.rig.twin.driver.due = INSTANT_NEVER;
    bedside_pass(&bed, MINUTE_MS);
    return bed.last[EVENT_STALL].at.ms - bed.rig.twin.driver.fired_ms != is->timeout_ms;
}

struct observer {
    const char *name;
    bool (*looks_wrong)(const struct pump_unit *unit, const struct published *is);
};

static const struct observer OBSERVERS[] = {
    { "reservoir", reservoir_looks_wrong }, { "volume", volume_looks_wrong },     { "flow", flow_looks_wrong },
    { "prime", prime_looks_wrong },         { "boundary", boundary_looks_wrong }, { "interval", interval_looks_wrong },
    { "timeout", timeout_looks_wrong },
};
enum { OBSERVER_COUNT = sizeof OBSERVERS / sizeof OBSERVERS[0] };

/* The first observer to whom this unit looks wrong; null when it looks right to all. */
static const char *seen_by(const struct pump_unit *unit, const struct published *is)
{
    for (unsigned i = 0; i < OBSERVER_COUNT; i++)
        if (OBSERVERS[i].looks_wrong(unit, is))
            return OBSERVERS[i].name;
    return NULL;
}

static void test_the_true_constants_look_right(void **state)
{
    (void)state;
    for (unsigned m = 0; m < MODELS; m++) {
        struct pump_unit unit = bedside_unit(PUBLISHED[m].model);
        const char *observer = seen_by(&unit, &PUBLISHED[m]);
        if (observer != NULL)
            fail_msg("%s: unperturbed, and yet the %s looks wrong", PUBLISHED[m].model, observer);
    }
}

/* A fifth up or down: half of what the recall of HZ-10 was about. */
#define PERTURB(name, type, unit_member, meaning)                                                                      \
    for (int direction = -1; direction <= 1; direction += 2) {                                                         \
        struct pump_unit unit = bedside_unit(is->model);                                                               \
        unit.model.name.unit_member += direction * (unit.model.name.unit_member / 5);                                  \
        const char *observer = seen_by(&unit, is);                                                                     \
        if (observer == NULL)                                                                                          \
            fail_msg("%s: " #name " (" meaning ") wrong by a fifth, and nothing shows it", is->model);                 \
        if (direction > 0)                                                                                             \
            print_message("%s %s: seen by the %s\n", is->model, #name, observer);                                      \
    }

static void test_every_perturbed_constant_is_seen(void **state)
{
    (void)state;
    for (unsigned m = 0; m < MODELS; m++) {
        const struct published *is = &PUBLISHED[m];
        MODEL_CONSTANTS(PERTURB)
    }
}

/* Not in the table but in the unit: a calibration that is not this unit's. */
static void test_a_wrong_calibration_is_seen(void **state)
{
    (void)state;
    for (unsigned m = 0; m < MODELS; m++) {
        struct pump_unit unit = bedside_unit(PUBLISHED[m].model);
        unit.calibration.ppm = 20000;
        assert_non_null(seen_by(&unit, &PUBLISHED[m]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_true_constants_look_right),
        cmocka_unit_test(test_every_perturbed_constant_is_seen),
        cmocka_unit_test(test_a_wrong_calibration_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
