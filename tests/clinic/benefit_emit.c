/* benefit_emit.c - random histories of doses and scores, and what the planner makes of them, one a line, for the reference in
 * another language. benefit_emit SEED COUNT
 *
 * Times, doses and scores are drawn from few values each, so that bounds are met exactly and a hair beside them.
 * A line: drug, now, therapies as [at, [[drug, conc, numerator, denominator], ...]], scores as [at, pain, relief], both in the
 * order they are added; then verdict, when `before` came and was left, its concentration, the two scores. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>

#include "clinic/planner/benefit.h"

enum { DRUGS = 3, CROWD = 80 };

static uint64_t state;

static int64_t draw(int64_t below)
{
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

/* Mostly within the span before now, at its very ends and a millisecond beside them, and sometimes later than now. */
static int64_t any_moment(int64_t now_ms)
{
    int64_t days = draw(20) == 0 ? BENEFIT_SPAN_DAYS : draw(14) * 30 - (draw(30) == 0 ? 60 : 0);
    return now_ms - days * DAY_MS + (draw(4) == 0 ? draw(3) - 1 : 0);
}

static struct benefit_therapy any_therapy(int64_t now_ms)
{
    static const int64_t doses[] = { 0, 2, 2, 3, 3, 4, 6, 9 };
    struct benefit_therapy therapy = { .at_ms = any_moment(now_ms),
                                       .drugs = (unsigned)draw(8) < DRUGS ? (unsigned)draw(DRUGS + 1) : DRUGS };
    for (unsigned i = 0; i < therapy.drugs; i++) { /* a drug once at most */
        struct ratio dose = ratio_over(doses[draw(8)] * 1000000007 + (draw(6) == 0 ? draw(3) - 1 : 0), 1 + draw(5) / 4);
        dose.num = dose.num < 0 ? 0 : dose.num;
        therapy.drug[i] = (struct benefit_dose){ (uint16_t)(i + 1), { (int32_t)(1 + draw(3)) * 1000000 }, dose };
    }
    return therapy;
}

static void therapy_print(const struct benefit_therapy *therapy, bool first)
{
    printf("%s[%lld,[", first ? "" : ",", (long long)therapy->at_ms);
    for (unsigned i = 0; i < therapy->drugs; i++)
        printf("%s[%u,%d,%lld,%lld]", i == 0 ? "" : ",", therapy->drug[i].drug, therapy->drug[i].conc.ng_ml,
               (long long)therapy->drug[i].dose.num, (long long)therapy->drug[i].dose.den);
    printf("]]");
}

static void score_print(bool known, const struct benefit_score *score)
{
    if (known)
        printf(",[%lld,%d,%d]", (long long)score->at_ms, score->pain, score->relief);
    else
        printf(",null");
}

static void line(void)
{
    static struct benefit_history history;
    struct benefit_plan plan;
    int64_t now_ms = 1700000000000 + draw(1000), therapies = draw(40) == 0 ? draw(CROWD) : draw(9),
            scores = draw(40) == 0 ? draw(CROWD) : draw(12);
    uint16_t drug = (uint16_t)(1 + draw(DRUGS));
    int32_t mildest = (int32_t)draw(9);
    history = (struct benefit_history){ .therapies = 0 };
    printf("[%u,%lld,[", drug, (long long)now_ms);
    for (int64_t i = 0; i < therapies; i++) {
        const struct benefit_therapy therapy = any_therapy(now_ms);
        benefit_therapy_add(&history, &therapy);
        therapy_print(&therapy, i == 0);
    }
    printf("],[");
    for (int64_t i = 0; i < scores; i++) {
        const struct benefit_score score = { any_moment(now_ms), mildest + (int32_t)draw(3),
                                             draw(2) == 0 ? BENEFIT_NOT_SAID : (int32_t)(40 + draw(5) * 5 - draw(2)) };
        benefit_score_add(&history, &score);
        printf("%s[%lld,%d,%d]", i == 0 ? "" : ",", (long long)score.at_ms, score.pain, score.relief);
    }
    benefit_plan(&history, drug, now_ms, &plan);
    printf("],\"%s\"", benefit_verdict_word(plan.verdict));
    if (plan.has_before)
        printf(",%lld,%lld,%d", (long long)plan.before_ms, (long long)plan.left_ms, plan.before.conc.ng_ml);
    else
        printf(",null,null,null");
    score_print(plan.has_was, &plan.was);
    score_print(plan.has_is, &plan.is);
    printf("]\n");
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    state = strtoull(argv[1], NULL, 10);
    for (unsigned long long left = strtoull(argv[2], NULL, 10); left > 0; left--)
        line();
    return fflush(stdout) == 0 ? 0 : 1;
}
