// SPDX-License-Identifier: Apache-2.0
#include "pump/activation.h"

#include "link/hash.h"
#include "pump/bolus.h"
#include "pump/engine.h"
#include "pump/forecast.h"
#include "pump/loss.h"
#include "pump/motor.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

_Static_assert((int)TOKEN_BYTES == (int)HASH_BYTES, "a token is a hash");

enum { STAGING_EXPIRES_MS = 30 * MINUTE_MS }; /* a guess: long enough to read back and sign, too short to forget */

static bool bytes_same(const uint8_t *a, const uint8_t *b, unsigned size)
{
    uint8_t differ = 0;
    for (unsigned i = 0; i < size; i++) {
        differ |= (uint8_t)(a[i] ^ b[i]);
    }
    return differ == 0;
}

instant_ms staging_expire(struct pump *pump, instant_ms now)
{
    struct staging *staging = &pump->staging;
    if (staging->filled == 0) {
        return INSTANT_NEVER;
    }
    if (now.ms >= staging->expires_ms) {
        note(pump, now, ACTOR_PUMP, EVENT_STAGING_EXPIRED, staging->filled, 0, 0, 0);
        staging->filled = 0;
        staging->whole = 0;
        return INSTANT_NEVER;
    }
    return (instant_ms){ staging->expires_ms };
}

verdict staging_take(struct pump *pump, const struct stage_chunk *chunk, instant_ms now)
{
    struct staging *staging = &pump->staging;
    bool begins = chunk->offset == 0;
    if (begins) {
        staging->expires_ms = now.ms + STAGING_EXPIRES_MS;
        pump->look_ms = now.ms;
        staging->filled = 0;
        staging->whole = 0;
        staging->limits_signed = 0;
        staging->total = (uint16_t)chunk->total;
    }
    if (!begins && chunk->total == staging->total && chunk->offset + chunk->size == staging->filled &&
        bytes_same(staging->bytes + chunk->offset, chunk->bytes, chunk->size)) {
        return 0; /* sent again because the answer was lost */
    }
    if (chunk->total != staging->total || chunk->total > THERAPY_BYTES_MAX || chunk->offset != staging->filled ||
        chunk->size > chunk->total - chunk->offset || staging->whole) {
        return VERDICT_NOTHING_STAGED;
    }
    for (unsigned i = 0; i < chunk->size; i++) {
        staging->bytes[chunk->offset + i] = chunk->bytes[i];
    }
    staging->filled = (uint16_t)(staging->filled + chunk->size);
    if (staging->filled == staging->total) {
        if (therapy_decode(staging->bytes, staging->total, &staging->therapy) != RESULT_OK) {
            staging->filled = 0;
            return VERDICT_THERAPY_FORM;
        }
        hash_of(staging->bytes, staging->total, staging->token);
        staging->whole = 1;
    }
    return 0;
}

/* What an event tells of a token: 48 bits, exact in every JSON reader. */
static int64_t token_low(const uint8_t token[TOKEN_BYTES])
{
    int64_t low = 0;
    for (unsigned i = 0; i < 6; i++) {
        low |= (int64_t)((uint64_t)token[i] << (8 * i));
    }
    return low;
}

static bool signatures_asked(const struct pump *pump)
{
    uint8_t seen = 0;
    for (unsigned i = 0; i < SIGN_KEY_BYTES; i++) {
        seen |= pump->formulary_key[i];
    }
    return seen != 0;
}

verdict staging_sign(struct pump *pump, const uint8_t token[TOKEN_BYTES], const uint8_t signature[COMMAND_SIGNATURE_BYTES],
                     instant_ms now)
{
    static const uint8_t word[] = { 'c', 'i', 's', 't', 'e', 'r', 'n', 'a', ' ', 'l', 'i', 'm', 'i', 't', 's', ' ', '1' };
    struct staging *staging = &pump->staging;
    struct hash_state state;
    uint8_t hash[HASH_BYTES];
    size_t offset = 0, length = 0;
    staging_expire(pump, now);
    if (!staging->whole) {
        return VERDICT_NOTHING_STAGED;
    }
    if (!bytes_same(token, staging->token, TOKEN_BYTES) ||
        therapy_limits_section(staging->bytes, staging->total, &offset, &length) != RESULT_OK) {
        return VERDICT_TOKEN;
    }
    hash_begin(&state);
    hash_add(&state, word, sizeof word);
    hash_add(&state, (const uint8_t *)pump->serial, SERIAL_BYTES);
    hash_add(&state, staging->bytes + offset, length);
    hash_end(&state, hash);
    if (!signatures_asked(pump) || !sign_verify(pump->formulary_key, hash, sizeof hash, signature)) {
        return VERDICT_SIGNATURE;
    }
    staging->limits_signed = 1;
    pump->tally.count[ENERGY_PUBLIC_KEY]++;
    note(pump, now, ACTOR_CLINICIAN, EVENT_LIMITS_SIGNED, token_low(token), 0, 0, 0);
    return 0;
}

static struct forecast_ask ask_for(const struct pump *pump, const struct therapy *therapy,
                                   const struct contents *contents, instant_ms now)
{
    const struct program *program = &therapy->program;
    struct forecast_ask ask = { .anew = true, .contents = contents, .limits = &therapy->limits };
    ask.base.program = program;
    ask.base.offset_ms = pump->now.calendar.offset.ms;
    ask.base.periodic_next_ms =
        program->kind == PROGRAM_PERIODIC ? now.ms + (int64_t)program->periodic.first_minutes * MINUTE_MS : INT64_MAX;
    if (program->opening.kind != OPENING_NONE) {
        ask.exclusive = program->opening.kind != OPENING_SINGLE;
        ask.course = grain_of_nl(program->opening.volume);
        ask.course_rate = program->opening.rate;
    }
    return ask;
}

static rate_nl_day least_base(const struct program *program)
{
    rate_nl_day least = program->base;
    for (unsigned set = 0; program->kind == PROGRAM_FLEX && set < program->day_set_count; set++) {
        for (unsigned i = 0; i < program->day_set[set].count; i++) {
            rate_nl_day rate = program->day_set[set].step[i].rate;
            least = (set == 0 && i == 0) || rate.nl_day < least.nl_day ? rate : least;
        }
    }
    return least;
}

/* Is a plain program's flow of a drug anywhere in the week above the other's? */
static bool above_somewhere(const struct program *program, conc_ng_ml conc, const struct program *other,
                            conc_ng_ml other_conc)
{
    for (int64_t at_ms = 0; at_ms < WEEK_DAYS * (int64_t)DAY_MS;) {
        span_ms same, other_same;
        int64_t flow = program_rate(program, (civil_ms){ at_ms }, &same).nl_day;
        int64_t other_flow = program_rate(other, (civil_ms){ at_ms }, &other_same).nl_day;
        if (flow * conc.ng_ml > other_flow * other_conc.ng_ml) {
            return true;
        }
        int64_t step_ms = same.ms < other_same.ms ? same.ms : other_same.ms;
        at_ms = step_ms == INT64_MAX ? INT64_MAX : at_ms + step_ms;
    }
    return false;
}

bool activation_bridged(const struct pump *pump)
{
    return pump->has_therapy && pump->now.contents.count > 1 && pump->now.bridge_open;
}

/* While the governor remembers less than a day nothing may go up at any moment. A plain program is compared over the
 * whole week; boluses and openings, whose moment moves, by their largest flow against the least in force. Without a
 * program in force a plain base is all that can be begun. */
static bool increases(const struct pump *pump, const struct therapy *therapy)
{
    const struct program *program = &therapy->program, *old = &pump->therapy.program;
    bool plain = program->kind != PROGRAM_PERIODIC && program->opening.kind == OPENING_NONE;
    if (!pump->has_therapy) {
        return !plain;
    }
    if (activation_bridged(pump)) {
        return !plain || program_peak(program).nl_day > pump->model.rate_min.nl_day;
    }
    for (unsigned c = 0; c < therapy->mixture.count; c++) {
        const struct component *component = &therapy->mixture.component[c];
        conc_ng_ml was = mixture_conc(&pump->therapy.mixture, component->drug);
        int64_t peak = program_peak(program).nl_day, least = least_base(old).nl_day;
        if (plain ? above_somewhere(program, component->conc, old, was)
                  : peak * component->conc.ng_ml > least * was.ng_ml) {
            return true;
        }
    }
    return false;
}

static void refuse(struct activation_answer *answer, verdict reason, instant_ms earliest)
{
    answer->reasons |= reason;
    if (earliest.ms > answer->earliest.ms) {
        answer->earliest = earliest;
    }
}

static void judge_interruption(const struct pump *pump, const struct therapy *therapy, bool retitrated, instant_ms now,
                               struct activation_answer *answer)
{
    uint16_t limit = therapy->restart_limit_hours;
    if (pump->has_therapy && pump->therapy.restart_limit_hours < limit) {
        limit = pump->therapy.restart_limit_hours;
    }
    if (!retitrated && supervisor_restart_barred(pump, limit, now)) {
        refuse(answer, VERDICT_RETITRATION, INSTANT_NEVER);
    }
}

static void judge_windows(struct pump *pump, struct kept *kept, const struct therapy *therapy,
                          const struct contents *contents, instant_ms now, struct activation_answer *answer)
{
    struct governor *governor = &kept->governor;
    for (unsigned c = 0; c < therapy->mixture.count; c++) {
        if (governor_slot(governor, therapy->mixture.component[c].drug) < 0) {
            refuse(answer, VERDICT_DRUG_SLOTS, INSTANT_NEVER);
            return;
        }
    }
    if (!governor_can_limit(governor, &therapy->limits)) {
        const struct watch *day = &governor->watch[WINDOW_DAY];
        int64_t end = (day->era[1].bucket + WINDOW_RING) * window_bucket_span(WINDOW_DAY).ms;
        refuse(answer, VERDICT_LIMIT_CHANGES, (instant_ms){ end });
    }
    if (governor_recovering(governor, now) && increases(pump, therapy)) {
        refuse(answer, VERDICT_RECOVERING, (instant_ms){ governor->recovered_ms });
    }
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger_accrue(&ledger, pump->base, pump->course, now);
    struct contents after = *contents;
    contents_resize(&after, therapy->dead_volume, pump->model.boundary_tolerance);
    struct forecast_ask ask = ask_for(pump, therapy, &after, now);
    struct forecast forecast = forecast_judge(pump, governor, &ledger, now, &ask);
    if (forecast.reasons != 0) {
        refuse(answer, forecast.reasons, forecast.earliest);
    }
}

/* What is activated is what stands in the slot now, not what once did: hashed and read anew, so that a bit that fell
 * over since the last chunk is a refusal and not a dose. */
static bool staging_stands(struct staging *staging, const uint8_t token[TOKEN_BYTES])
{
    uint8_t hash[HASH_BYTES];
    hash_of(staging->bytes, staging->total, hash);
    return bytes_same(token, hash, TOKEN_BYTES) &&
           therapy_decode(staging->bytes, staging->total, &staging->therapy) == RESULT_OK;
}

struct activation_answer activation_judge(struct pump *pump, struct kept *kept, const struct contents *contents,
                                          const uint8_t token[TOKEN_BYTES], bool retitrated, instant_ms now)
{
    struct activation_answer answer = { 0, now };
    const struct therapy *therapy = &pump->staging.therapy;
    staging_expire(pump, now);
    if (!pump->staging.whole) {
        refuse(&answer, VERDICT_NOTHING_STAGED, INSTANT_NEVER);
        return answer;
    }
    if (!staging_stands(&pump->staging, token)) {
        refuse(&answer, VERDICT_TOKEN, INSTANT_NEVER);
        return answer;
    }
    verdict form = therapy_judge(therapy, &pump->model);
    if (!bytes_same((const uint8_t *)therapy->serial, (const uint8_t *)pump->serial, SERIAL_BYTES) ||
        therapy->calibration.ppm != pump->calibration.ppm) {
        form |= VERDICT_MODEL_MISMATCH;
    }
    if (!mixture_same(&therapy->mixture, contents_reservoir(contents))) {
        form |= VERDICT_CONTENTS;
    }
    if (signatures_asked(pump) && !pump->staging.limits_signed) {
        form |= VERDICT_UNSIGNED_LIMITS;
    }
    if (form != 0) {
        refuse(&answer, form, INSTANT_NEVER);
        return answer;
    }
    bool refilled = contents != &pump->now.contents;
    if (pump->now.mode == MODE_EMPTY && !refilled && therapy->program.opening.kind == OPENING_SINGLE) {
        refuse(&answer, VERDICT_RESERVOIR, INSTANT_NEVER); /* a bolus does not wait for a refill */
        return answer;
    }
    if (pump->now.course != COURSE_NONE && pump->now.mode != MODE_EMPTY) {
        refuse(&answer, VERDICT_COURSE_RUNNING,
               course_exclusive(pump->now.course) ? INSTANT_NEVER : (instant_ms){ pump->change_ms });
        return answer;
    }
    judge_interruption(pump, therapy, retitrated, now, &answer);
    judge_windows(pump, kept, therapy, contents, now, &answer);
    return answer;
}

void activation_derive(struct pump *pump)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        span_ms span = { window_span((enum window_kind)kind).ms + window_bucket_span((enum window_kind)kind).ms };
        pump->worst[kind] = program_worst_volume(&pump->therapy.program, span);
    }
}

void activation_enact(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    const struct program *program = &pump->staging.therapy.program;
    rate_nl_day before = pump->base;
    engine_reckon(pump, kept, now);
    course_end(pump, kept, COURSE_REPLACED, now); /* one that waits for a refill, at most */
    pump->now.therapy_sequence = pump->store.place[STORE_THERAPY].sequence; /* keep_staged() has just written it */
    pump->keeping.slots_due = true;
    pump->therapy = pump->staging.therapy;
    pump->has_therapy = true;
    pump->staging.whole = 0;
    pump->staging.filled = 0;
    pump->now.activated_ms = now.ms;
    pump->now.bridge_open = program->opening.kind == OPENING_PRIME || program->opening.kind == OPENING_BRIDGE;
    pump->now.interrupted_ms = 0;
    pump->now.periodic_next_ms =
        program->kind == PROGRAM_PERIODIC ? now.ms + (int64_t)program->periodic.first_minutes * MINUTE_MS : INT64_MAX;
    contents_resize(&pump->now.contents, pump->therapy.dead_volume, pump->model.boundary_tolerance);
    pump->now_changed = true;
    activation_derive(pump);
    governor_limit(&kept->governor, &pump->therapy.limits, now);
    governor_pace(&kept->governor, loss_pace(pump));
    loss_note_limits(pump, kept);
    pump->now.safe_rate = pump->therapy.safe_rate;
    engine_charge(pump, kept, now);
    motor_set_budget(pump, board, now);
    supervisor_happen(pump, kept, program->kind == PROGRAM_STOPPED ? HAPPENING_STOP : HAPPENING_ACTIVATE, now);
    note(pump, now, ACTOR_CLINICIAN, EVENT_ACTIVATED, token_low(pump->staging.token), before.nl_day, pump->base.nl_day,
         program->opening.kind);
    head_move(pump, now);
    static const uint8_t course[] = { [OPENING_NONE] = COURSE_NONE,
                                      [OPENING_PRIME] = COURSE_PRIME,
                                      [OPENING_BRIDGE] = COURSE_BRIDGE,
                                      [OPENING_SINGLE] = COURSE_SINGLE };
    if (program->opening.kind == OPENING_SINGLE) {
        struct bolus_ask single = { false, program->opening.volume, program->opening.rate };
        bolus_book(pump, &single, now);
    }
    if (program->opening.kind != OPENING_NONE && (pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_EMPTY)) {
        course_begin(pump, kept, (enum course_kind)course[program->opening.kind], program->opening.volume,
                     program->opening.rate, now);
    }
    supervisor_milestone(pump, board, now);
}
