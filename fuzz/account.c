/* account.c - plug flow by volume, and the sums of two windows that slide over the quanta. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/account.h"

#include <string.h>

static const int64_t WINDOW_MS[ACCOUNT_WINDOWS] = { 3600000, 86400000 };

static int64_t overlap(int64_t one_from, int64_t one_to, int64_t other_from, int64_t other_to)
{
    int64_t from = one_from > other_from ? one_from : other_from;
    int64_t to = one_to < other_to ? one_to : other_to;
    return to > from ? to - from : 0;
}

/* What the next quantum pushes out of the tip, fg. */
static void masses(const struct account *account, int64_t mass[ACCOUNT_DRUGS])
{
    int64_t to = (account->quanta + 1) * account->quantum_fl - account->dead_fl, from = to - account->quantum_fl;
    memset(mass, 0, ACCOUNT_DRUGS * sizeof mass[0]);
    for (unsigned i = 0; i < account->stretches; i++) {
        int64_t end = i + 1 < account->stretches ? account->from_fl[i + 1] : INT64_MAX;
        int64_t part_nl = overlap(from, to, account->from_fl[i], end) / FL_PER_NL;
        for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++)
            mass[drug] += part_nl * account->conc_ng_ml[i][drug];
    }
}

/* The largest limit in force at any moment of a window that ends now; INT64_MAX before there was any therapy. */
static int64_t limit(const struct account *account, unsigned window, unsigned drug, int64_t now_ms)
{
    int64_t largest = account->therapies == 0 ? INT64_MAX : 0;
    for (unsigned i = account->therapies; i-- > 0;) {
        int64_t one = account->limit_fg[i][window][drug];
        largest = one > largest ? one : largest;
        if (account->since_ms[i] <= now_ms - WINDOW_MS[window])
            break;
    }
    return largest;
}

static int64_t quantum_most(const struct account *account, unsigned drug)
{
    int64_t most = 0;
    for (unsigned i = 0; i < account->stretches; i++)
        most = account->conc_ng_ml[i][drug] > most ? account->conc_ng_ml[i][drug] : most;
    return most * (account->quantum_fl / FL_PER_NL + 1);
}

static void see(void *self, instant_ms at)
{
    struct account *account = self;
    int64_t n = account->quanta;
    if (n >= ACCOUNT_QUANTA) {
        account->quanta++;
        return;
    }
    account->at_ms[n] = at.ms;
    masses(account, account->mass_fg[n]);
    account->quanta++;
    for (unsigned window = 0; window < ACCOUNT_WINDOWS; window++) {
        int64_t *sum = account->sum_fg[window];
        for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++)
            sum[drug] += account->mass_fg[n][drug];
        for (; account->at_ms[account->oldest[window]] <= at.ms - WINDOW_MS[window]; account->oldest[window]++)
            for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++)
                sum[drug] -= account->mass_fg[account->oldest[window]][drug];
        for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++) {
            int64_t most = limit(account, window, drug, at.ms);
            account->excesses += sum[drug] - account->slack_quanta * quantum_most(account, drug) > most;
            account->checked += sum[drug] > 0;
        }
    }
}

static int64_t conc_in(const struct mixture *mixture, unsigned drug)
{
    for (unsigned i = 0; i < mixture->count; i++)
        if (mixture->component[i].drug == drug)
            return mixture->component[i].conc.ng_ml;
    return 0;
}

void account_open(struct account *account, struct stand *stand, const struct mixture *line)
{
    memset(account, 0, sizeof *account);
    account->quantum_fl = quantum_volume(stand->unit.model.quantum, stand->unit.calibration).fl;
    account->dead_fl = stand->dead.nl * FL_PER_NL;
    account->from_fl[0] = INT64_MIN / 2;
    account->stretches = 1;
    for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++)
        account->conc_ng_ml[0][drug] = conc_in(line, drug);
    stand->witness = see;
    stand->witness_self = account;
}

void account_refill(struct account *account, vol_nl left, const struct mixture *fill)
{
    unsigned new = account->stretches++;
    account->from_fl[new] = account->quanta * account->quantum_fl;
    for (unsigned drug = 0; drug < ACCOUNT_DRUGS; drug++) {
        int64_t conc = conc_in(fill, drug), before = account->conc_ng_ml[new - 1][drug];
        account->conc_ng_ml[new][drug] = left.nl > 0 && before < conc ? before : conc;
    }
}

void account_therapy(struct account *account, instant_ms now, const struct limits *limits)
{
    unsigned new = account->therapies++;
    account->since_ms[new] = now.ms;
    if (new > 0) /* an older drug in the line keeps its limits */
        memcpy(account->limit_fg[new], account->limit_fg[new - 1], sizeof account->limit_fg[new]);
    for (unsigned i = 0; i < limits->count; i++)
        for (unsigned window = 0; window < ACCOUNT_WINDOWS && limits->drug[i].drug < ACCOUNT_DRUGS; window++)
            account->limit_fg[new][window][limits->drug[i].drug] = limits->drug[i].window[window].fg;
}

bool account_has_room(const struct account *account)
{
    return account->stretches < ACCOUNT_CHANGES && account->therapies < ACCOUNT_CHANGES && account->quanta < ACCOUNT_QUANTA;
}
