/* march.c - a spine through time. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/march.h"

#include <math.h>
#include <string.h>

/* TR-BDF2 with gamma = 2 - sqrt(2): both stages have the diagonal DIAGONAL, the first two weights are WEIGHT. */
#define DIAGONAL 0.29289321881345247560 /* 1 - sqrt(2)/2 */
#define WEIGHT 0.35355339059327376220   /* sqrt(2)/4 */
/* A step counts as right when the error is below tolerance * (value + FLOOR * largest value). */
static const double FLOOR = 1e-2;
/* So much of the tolerance may be combed out below zero in one step. */
static const double COMB = 1e-2;
/* What is below so much of all that was ever given, spread over all fluid, is not worth a short step. */
static const double TRACE = 1e-8;
/* No drug is there below this, kg/m3: a hundredth of a molecule of anything in the whole canal is 1e-23 kg. Numbers
 * that small would only slow the processor down. */
static const double NOTHING = 1e-40;
/* Rates of change come from differences over a step; over a step so many times longer their rounding would be seen. */
static const double STRETCH = 1000.0;
enum { HALVINGS_MAX = 40 };

/* Where a step would lead. */
struct trial {
    double csf[SPINE_NODES_MAX], tissue[SPINE_NODES_MAX];           /* kg/m3 */
    double csf_rate[SPINE_NODES_MAX], tissue_rate[SPINE_NODES_MAX]; /* kg/s and kg/m3/s, at its end */
    double cleared_kg, tissue_cleared_kg, cranial_kg;               /* during the step */
    double cleared_kg_s, tissue_cleared_kg_s, cranial_kg_s;         /* at its end */
    double error;                                                   /* of the tolerance; 1 is just right */
    double below_kg, above_kg; /* drug below and above zero; above only where something is below */
};

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double size(double a)
{
    return a < 0.0 ? -a : a;
}

static double dot(int count, const double *a, const double *b)
{
    double sum[4] = { 0.0, 0.0, 0.0, 0.0 };
    int i = 0;
    for (; i + 4 <= count; i += 4) {
        sum[0] += a[i] * b[i];
        sum[1] += a[i + 1] * b[i + 1];
        sum[2] += a[i + 2] * b[i + 2];
        sum[3] += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++) {
        sum[0] += a[i] * b[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Tissue is eliminated cell by cell, so that the matrix keeps its three diagonals. Nothing is subtracted on the way. */
static void stage_make(struct spine_stage *stage, const struct spine *spine, double coefficient_s)
{
    double before[SPINE_NODES_MAX], kept_m3[SPINE_NODES_MAX], after[SPINE_NODES_MAX];
    double uptake = coefficient_s * spine->uptake_s, lost = coefficient_s * spine->tissue_loss_s;
    stage->coefficient_s = coefficient_s;
    stage->kept = 1.0 / (1.0 + uptake + lost);
    stage->gain = uptake * spine->partition * stage->kept;
    stage->give = uptake * stage->kept;
    for (int i = 0; i < spine->nodes; i++) {
        before[i] = i > 0 ? coefficient_s * spine->face[i - 1].down_m3_s : 0.0;
        after[i] = i + 1 < spine->nodes ? coefficient_s * spine->face[i].up_m3_s : 0.0;
        kept_m3[i] =
            spine->csf_m3[i] + coefficient_s * spine->loss_m3_s[i] + spine->tissue_m3[i] * stage->gain * (1.0 + lost);
    }
    tridiagonal_factor(&stage->matrix, spine->nodes, before, kept_m3, after);
}

static const struct spine_stage *stage_of(struct spine *spine, double coefficient_s)
{
    for (int i = 0; i < SPINE_STAGES; i++) {
        if (spine->stage[i].coefficient_s == coefficient_s) {
            return &spine->stage[i];
        }
    }
    spine->newest = (spine->newest + 1) % SPINE_STAGES;
    stage_make(&spine->stage[spine->newest], spine, coefficient_s);
    return &spine->stage[spine->newest];
}

/* Solves c = right + coefficient * change(c) for both; right_kg is the fluid's side times its volume. */
static void stage_solve(const struct spine *spine, const struct spine_stage *stage, double *right_kg,
                        const double *right_tissue, double *csf, double *tissue)
{
    double source_kg = stage->coefficient_s * spine->tip_kg_s;
    for (int i = 0; i < spine->nodes; i++) {
        right_kg[i] += source_kg * spine->tip_share[i] + stage->give * spine->tissue_m3[i] * right_tissue[i];
    }
    tridiagonal_solve(&stage->matrix, right_kg, csf);
    for (int i = 0; i < spine->nodes; i++) {
        tissue[i] = stage->kept * right_tissue[i] + stage->gain * csf[i];
    }
}

/* What is cleared at the end of a step, and what that adds to what is cleared during it. */
static void trial_clear(struct trial *trial, const struct spine *spine, double seconds)
{
    trial->cleared_kg_s = dot(spine->nodes - 1, spine->loss_m3_s + 1, trial->csf + 1);
    trial->tissue_cleared_kg_s = spine->tissue_loss_s * dot(spine->nodes - 1, spine->tissue_m3 + 1, trial->tissue + 1);
    trial->cranial_kg_s = spine->loss_m3_s[0] * trial->csf[0];
    trial->cleared_kg += seconds * trial->cleared_kg_s;
    trial->tissue_cleared_kg += seconds * trial->tissue_cleared_kg_s;
    trial->cranial_kg += seconds * trial->cranial_kg_s;
}

static void trial_below(struct trial *trial, const struct spine *spine)
{
    bool below = false;
    trial->below_kg = trial->above_kg = 0.0;
    for (int i = 0; i < spine->nodes; i++) {
        double csf = trial->csf[i], tissue = trial->tissue[i];
        trial->csf[i] = csf > NOTHING || csf < -NOTHING ? csf : 0.0;
        trial->tissue[i] = tissue > NOTHING || tissue < -NOTHING ? tissue : 0.0;
        below |= csf < -NOTHING;
        below |= tissue < -NOTHING;
    }
    for (int i = 0; below && i < spine->nodes; i++) {
        double csf_kg = trial->csf[i] * spine->csf_m3[i], tissue_kg = trial->tissue[i] * spine->tissue_m3[i];
        trial->below_kg -= (csf_kg < 0.0 ? csf_kg : 0.0) + (tissue_kg < 0.0 ? tissue_kg : 0.0);
        trial->above_kg += (csf_kg > 0.0 ? csf_kg : 0.0) + (tissue_kg > 0.0 ? tissue_kg : 0.0);
    }
}

/* The embedded estimate: the difference to a third-order formula, with its stiff part damped by the stage's matrix.
 * right and rate hold, for fluid (kg) and tissue (kg/m3), the step times its three rates of change, weighted. */
static double error_find(const struct spine *spine, const struct spine_stage *stage, const struct trial *trial,
                         double *off_kg, double *off_tissue)
{
    double trace = TRACE / FLOOR * spine->given_kg / spine->all_m3 + NOTHING;
    double csf_most = trace, tissue_most = trace, worst = 0.0;
    for (int i = 0; i < spine->nodes; i++) {
        off_kg[i] += stage->give * spine->tissue_m3[i] * off_tissue[i];
        csf_most = larger(csf_most, trial->csf[i]);
        tissue_most = larger(tissue_most, trial->tissue[i]);
    }
    tridiagonal_solve(&stage->matrix, off_kg, off_kg);
    for (int i = 0; i < spine->nodes; i++) {
        double tissue = stage->kept * off_tissue[i] + stage->gain * off_kg[i];
        double csf_scale = size(trial->csf[i]) + FLOOR * csf_most;
        double tissue_scale = size(trial->tissue[i]) + FLOOR * tissue_most;
        worst = larger(worst, larger(size(off_kg[i]) / csf_scale, size(tissue) / tissue_scale));
    }
    return worst / spine->tolerance;
}

static void trial_make(struct trial *trial, struct spine *spine, double seconds, bool with_error)
{
    double coefficient_s = DIAGONAL * seconds;
    const struct spine_stage *stage = stage_of(spine, coefficient_s);
    const double *c = spine->csf_kg_m3, *s = spine->tissue_kg_m3;
    double right_kg[SPINE_NODES_MAX], right_tissue[SPINE_NODES_MAX];
    double csf[SPINE_NODES_MAX], tissue[SPINE_NODES_MAX], off_kg[SPINE_NODES_MAX], off_tissue[SPINE_NODES_MAX];
    const double ahead = WEIGHT / DIAGONAL, one_s = 1.0 / coefficient_s;
    for (int i = 0; i < spine->nodes; i++) {
        right_kg[i] = spine->csf_m3[i] * c[i] + coefficient_s * spine->csf_kg_s[i];
        right_tissue[i] = s[i] + coefficient_s * spine->tissue_kg_m3_s[i];
    }
    stage_solve(spine, stage, right_kg, right_tissue, csf, tissue);
    for (int i = 0; i < spine->nodes; i++) {
        right_kg[i] = spine->csf_m3[i] * (c[i] + ahead * (csf[i] - c[i]));
        right_tissue[i] = s[i] + ahead * (tissue[i] - s[i]);
        off_kg[i] = right_kg[i]; /* stage_solve adds to it */
    }
    stage_solve(spine, stage, right_kg, right_tissue, trial->csf, trial->tissue);
    for (int i = 0; i < spine->nodes; i++) {
        trial->csf_rate[i] = (spine->csf_m3[i] * trial->csf[i] - off_kg[i]) * one_s;
        trial->tissue_rate[i] = (trial->tissue[i] - right_tissue[i]) * one_s;
    }
    if (with_error) {
        const double first = seconds * (4.0 * WEIGHT - 1.0) / 3.0, second = seconds / 3.0,
                     third = seconds * 2.0 * DIAGONAL / 3.0;
        for (int i = 0; i < spine->nodes; i++) {
            double rate = spine->csf_m3[i] * (csf[i] - c[i]) * one_s - spine->csf_kg_s[i];
            off_kg[i] = first * spine->csf_kg_s[i] - second * rate + third * trial->csf_rate[i];
            rate = (tissue[i] - s[i]) * one_s - spine->tissue_kg_m3_s[i];
            off_tissue[i] = first * spine->tissue_kg_m3_s[i] - second * rate + third * trial->tissue_rate[i];
        }
        trial->error = error_find(spine, stage, trial, off_kg, off_tissue);
    }
    double weight_s = WEIGHT * seconds;
    trial->cleared_kg = weight_s * (spine->cleared_kg_s + dot(spine->nodes - 1, spine->loss_m3_s + 1, csf + 1));
    trial->tissue_cleared_kg =
        weight_s *
        (spine->tissue_cleared_kg_s + spine->tissue_loss_s * dot(spine->nodes - 1, spine->tissue_m3 + 1, tissue + 1));
    trial->cranial_kg = weight_s * (spine->cranial_kg_s + spine->loss_m3_s[0] * csf[0]);
    trial_clear(trial, spine, coefficient_s);
    trial_below(trial, spine);
}

/* What stands below zero is set to zero, and all else pays for it in proportion: no drug is made or lost. The rates
 * at the step's end stay those before combing, with what is cleared at them: the next step sees no more of the
 * difference than was combed. */
static void trial_comb(struct trial *trial, const struct spine *spine)
{
    double share = 1.0 - trial->below_kg / trial->above_kg;
    for (int i = 0; i < spine->nodes; i++) {
        trial->csf[i] = trial->csf[i] > 0.0 ? share * trial->csf[i] : 0.0;
        trial->tissue[i] = trial->tissue[i] > 0.0 ? share * trial->tissue[i] : 0.0;
    }
}

static void trial_take(struct trial *trial, struct spine *spine, double seconds)
{
    size_t bytes = (size_t)spine->nodes * sizeof(double);
    if (trial->below_kg > 0.0) {
        trial_comb(trial, spine);
    }
    memcpy(spine->csf_kg_m3, trial->csf, bytes);
    memcpy(spine->tissue_kg_m3, trial->tissue, bytes);
    memcpy(spine->csf_kg_s, trial->csf_rate, bytes);
    memcpy(spine->tissue_kg_m3_s, trial->tissue_rate, bytes);
    spine->rates_known = true;
    spine->cleared_kg_s = trial->cleared_kg_s;
    spine->tissue_cleared_kg_s = trial->tissue_cleared_kg_s;
    spine->cranial_kg_s = trial->cranial_kg_s;
    spine->given_kg += spine->tip_kg_s * seconds;
    spine->cleared_kg += trial->cleared_kg;
    spine->tissue_cleared_kg += trial->tissue_cleared_kg;
    spine->cranial_kg += trial->cranial_kg;
    spine->time_s += seconds;
    spine->last_s = seconds;
    spine->steps++;
}

/* Backward Euler: positive, whatever the step. */
static void euler(struct spine *spine, double seconds)
{
    struct trial trial;
    double right_kg[SPINE_NODES_MAX];
    const struct spine_stage *stage = stage_of(spine, seconds);
    for (int i = 0; i < spine->nodes; i++) {
        right_kg[i] = spine->csf_m3[i] * spine->csf_kg_m3[i];
    }
    stage_solve(spine, stage, right_kg, spine->tissue_kg_m3, trial.csf, trial.tissue);
    for (int i = 0; i < spine->nodes; i++) {
        trial.csf_rate[i] = spine->csf_m3[i] * (trial.csf[i] - spine->csf_kg_m3[i]) / seconds;
        trial.tissue_rate[i] = (trial.tissue[i] - spine->tissue_kg_m3[i]) / seconds;
    }
    trial.cleared_kg = trial.tissue_cleared_kg = trial.cranial_kg = 0.0;
    trial_clear(&trial, spine, seconds);
    trial.below_kg = 0.0;
    trial_take(&trial, spine, seconds);
}

/* Is so little below zero that it may be combed out? */
static bool trial_positive(const struct trial *trial, const struct spine *spine)
{
    return trial->below_kg <= COMB * spine->tolerance * trial->above_kg;
}

static void euler_twice(struct spine *spine, double seconds)
{
    euler(spine, 0.5 * seconds);
    euler(spine, 0.5 * seconds);
}

void march_step(struct spine *spine, double seconds)
{
    struct trial trial;
    if (!(seconds > 0.0) || !isfinite(seconds)) {
        return;
    }
    if (!spine->rates_known || seconds > STRETCH * spine->last_s) {
        euler_twice(spine, seconds);
        return;
    }
    trial_make(&trial, spine, seconds, false);
    if (trial_positive(&trial, spine)) {
        trial_take(&trial, spine, seconds);
        return;
    }
    spine->rejected++;
    euler_twice(spine, seconds);
}

/* One adaptive step; false when it was too long. A step that can be made no shorter is made positive, at least. */
static bool step_try(struct spine *spine, double seconds, bool can_be_shorter)
{
    struct trial trial;
    if (!spine->rates_known) {
        euler_twice(spine, seconds);
        return true;
    }
    trial_make(&trial, spine, seconds, true);
    if (trial.error <= 1.0 && trial_positive(&trial, spine)) {
        trial_take(&trial, spine, seconds);
        spine->step_s = trial.error < 0.1 ? 2.0 * seconds : seconds;
        return true;
    }
    spine->rejected++;
    if (!can_be_shorter) {
        euler_twice(spine, seconds);
        return true;
    }
    spine->step_s = 0.5 * seconds;
    return false;
}

/* Looks still to be taken, and what was there before the step that is being made. */
struct looking {
    const double *moment_s;
    size_t count, next;
    march_see *see;
    void *context;
    struct spine *between;
    double begun_s; /* of the whole march, as spine->time_s has it */
    double at_s, csf[SPINE_NODES_MAX], tissue[SPINE_NODES_MAX], csf_kg_s[SPINE_NODES_MAX], tissue_rate[SPINE_NODES_MAX];
    bool rates_known;
};

static void before_keep(struct looking *looking, const struct spine *spine)
{
    size_t bytes = (size_t)spine->nodes * sizeof(double);
    looking->at_s = spine->time_s;
    looking->rates_known = spine->rates_known;
    memcpy(looking->csf, spine->csf_kg_m3, bytes);
    memcpy(looking->tissue, spine->tissue_kg_m3, bytes);
    memcpy(looking->csf_kg_s, spine->csf_kg_s, bytes);
    memcpy(looking->tissue_rate, spine->tissue_kg_m3_s, bytes);
}

/* Hermite's cubic at t of a step; straight where the slope at its begin is not known. */
static double hermite(double t, double before, double after, double before_slope, double after_slope)
{
    double rise = after - before, a = before_slope - rise, b = after_slope - rise, u = 1.0 - t;
    double value = before + t * rise + t * u * (u * a - t * b);
    return value > 0.0 ? value : 0.0;
}

static void looks_take(struct looking *looking, const struct spine *spine)
{
    struct spine *between = looking->between;
    double span_s = spine->time_s - looking->at_s;
    for (; looking->next < looking->count; looking->next++) {
        double moment_s = looking->begun_s + looking->moment_s[looking->next];
        if (moment_s > spine->time_s) {
            return;
        }
        double t = span_s > 0.0 && moment_s > looking->at_s ? (moment_s - looking->at_s) / span_s : 0.0;
        between->time_s = moment_s;
        for (int i = 0; i < spine->nodes; i++) {
            double rise = spine->csf_kg_m3[i] - looking->csf[i], slope = span_s / spine->csf_m3[i];
            double from = looking->rates_known ? slope * looking->csf_kg_s[i] : rise;
            double to = looking->rates_known ? slope * spine->csf_kg_s[i] : rise;
            between->csf_kg_m3[i] = hermite(t, looking->csf[i], spine->csf_kg_m3[i], from, to);
            rise = spine->tissue_kg_m3[i] - looking->tissue[i];
            from = looking->rates_known ? span_s * looking->tissue_rate[i] : rise;
            to = looking->rates_known ? span_s * spine->tissue_kg_m3_s[i] : rise;
            between->tissue_kg_m3[i] = hermite(t, looking->tissue[i], spine->tissue_kg_m3[i], from, to);
        }
        looking->see(looking->context, looking->next, between);
    }
}

static void march_with(struct spine *spine, double seconds, struct looking *looking)
{
    double end_s = spine->time_s + seconds, left = 1.0; /* whole steps of step_s */
    double step_s = seconds;
    int halvings = 0;
    if (!(seconds > 0.0) || !isfinite(seconds)) {
        return;
    }
    while (left > 0.0) {
        while (step_s > spine->step_s && halvings < HALVINGS_MAX) {
            step_s *= 0.5;
            left *= 2.0;
            halvings++;
        }
        while (halvings > 0 && 2.0 * step_s <= spine->step_s && fmod(left, 2.0) == 0.0) {
            step_s *= 2.0;
            left *= 0.5;
            halvings--;
        }
        if (looking != NULL) {
            before_keep(looking, spine);
        }
        if (step_try(spine, step_s, halvings < HALVINGS_MAX)) {
            left -= 1.0;
            if (left <= 0.0) {
                spine->time_s = end_s;
            }
            if (looking != NULL) {
                looks_take(looking, spine);
            }
        }
    }
}

void march(struct spine *spine, double seconds)
{
    march_with(spine, seconds, NULL);
}

void march_looking(struct spine *spine, double seconds, const double *moment_s, size_t count, march_see *see,
                   void *context, struct spine *between)
{
    struct looking looking = { .moment_s = moment_s,
                               .count = count,
                               .see = see,
                               .context = context,
                               .between = between,
                               .begun_s = spine->time_s };
    *between = *spine;
    march_with(spine, seconds, &looking);
}
