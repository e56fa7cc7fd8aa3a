/* mishap.c - the hardware's deeds, read from a scenario and done to the rig. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/mishap.h"

#include <string.h>

#include "rig/nearest.h"

static const char *const MEMORY_WORDS[] = { "kept", "lost", "flipped", "ones", "random", NULL };
static const char *const CAUSE_WORDS[] = { "power", "watchdog", "brown_out", NULL }; /* from BOOT_POWER on */
static const char *const PHASE_WORDS[] = { "before", "middle", "after", "during", NULL }; /* from FLASH_CUT_BEFORE on */
static const char *const CLOCK_WORDS[] = { "kept", "lost", NULL };

/* Bounds of what can be written, all guesses: far beyond anything that an implant meets. */
enum { OFF_MAX_DAYS = 3660, REST_MAX_HOURS = 24, DELAY_MAX_MS = 60000, COUNT_MAX = 1000000000, FLIPS_MAX = 100000,
       TEMPERATURE_LEAST_MDEG = 1, TEMPERATURE_MOST_MDEG = 60000, LEAKAGE_MOST_NA = 1000000 };

static void fault_read(const struct node *node, struct action *action)
{
    int64_t millionths = PPM_ONE, amount = 0;
    switch (action->fault) {
    case TWIN_FAULT_SLIP:
    case TWIN_FAULT_KINK:
    case TWIN_FAULT_LEAK:
    case TWIN_FAULT_POCKET:
        (void)reader_amount(node, "share", REQUIRED, DIMENSION_RATIO, 1, PPM_ONE, &millionths);
        break;
    case TWIN_FAULT_LOAD:
        (void)reader_amount(node, "over", OPTIONAL, DIMENSION_SPAN, 0, OFF_MAX_DAYS * (int64_t)DAY_MS, &action->span.ms);
        (void)reader_amount(node, "factor", REQUIRED, DIMENSION_RATIO, 1, 10 * PPM_ONE, &millionths);
        break;
    case TWIN_FAULT_OVERINFUSION:
    case TWIN_FAULT_SENSOR_WRONG:
        (void)reader_amount(node, "factor", REQUIRED, DIMENSION_RATIO, 1, 10 * PPM_ONE, &millionths);
        break;
    case TWIN_FAULT_TEMPERATURE:
        (void)reader_amount(node, "temperature", REQUIRED, DIMENSION_TEMPERATURE, TEMPERATURE_LEAST_MDEG,
                            TEMPERATURE_MOST_MDEG, &amount);
        millionths = amount * 1000;
        break;
    case TWIN_FAULT_LEAKAGE:
        (void)reader_amount(node, "current", REQUIRED, DIMENSION_CURRENT, 1, LEAKAGE_MOST_NA, &amount);
        millionths = amount * PPM_ONE;
        break;
    case TWIN_FAULT_STALL:
    case TWIN_FAULT_OCCLUSION:
    case TWIN_FAULT_DISCONNECTION:
    case TWIN_FAULT_SENSOR_STUCK:
    case TWIN_FAULT_MAGNET:
    case TWIN_FAULT_FIELD:
    case TWIN_FAULT_FIELD_REST:
    case TWIN_FAULT_SOUNDER_DEAD:
    case TWIN_FAULT_GRANULOMA:
    case TWIN_FAULTS:
        break;
    }
    action->amount = (double)millionths / PPM_ONE;
}

static void off_read(const struct node *node, span_ms *off)
{
    (void)reader_amount(node, "off", OPTIONAL, DIMENSION_SPAN, 0, OFF_MAX_DAYS * (int64_t)DAY_MS, &off->ms);
}

static void reset_read(const struct node *node, struct rig_reset *reset)
{
    unsigned memory = 0, cause = BOOT_BROWN_OUT - BOOT_POWER, clock = 0;
    int64_t flips = 1;
    if (reader_choice(node, "retained", REQUIRED, MEMORY_WORDS, &memory) && reader_has(node, "bits") &&
        memory != RIG_MEMORY_FLIPPED) {
        struct node bits = reader_member(node, "bits", OPTIONAL);
        reader_complain(&bits, COMPLAINT_MALFORMED, "has a meaning only with \"retained\": \"flipped\"");
    }
    (void)reader_integer(node, "bits", OPTIONAL, 1, FLIPS_MAX, &flips);
    (void)reader_choice(node, "cause", OPTIONAL, CAUSE_WORDS, &cause);
    (void)reader_choice(node, "clock", OPTIONAL, CLOCK_WORDS, &clock);
    off_read(node, &reset->off);
    reset->cause = (enum boot_cause)(cause + BOOT_POWER);
    reset->memory = (enum rig_memory)memory;
    reset->flips = (uint32_t)flips;
    reset->clock_lost = clock == 1;
}

static void cut_read(const struct node *node, struct rig_cut *cut)
{
    unsigned phase = 0;
    int64_t count = 0;
    bool at_flash = reader_has(node, "flash_operation");
    if (at_flash == reader_has(node, "door")) {
        reader_complain(node, COMPLAINT_MALFORMED, "needs either a \"flash_operation\" or a \"door\", counted from 1, the next");
        return;
    }
    if (at_flash != reader_has(node, "phase")) {
        reader_complain(node, COMPLAINT_MALFORMED, at_flash ? "a \"flash_operation\" needs its \"phase\""
                                                            : "a \"door\" has no \"phase\": power goes before it is opened");
        return;
    }
    if (reader_integer(node, at_flash ? "flash_operation" : "door", REQUIRED, 1, COUNT_MAX, &count))
        *(at_flash ? &cut->flash_operation : &cut->door) = (uint64_t)count;
    if (at_flash && reader_choice(node, "phase", REQUIRED, PHASE_WORDS, &phase))
        cut->phase = (enum flash_cut)(phase + FLASH_CUT_BEFORE);
    off_read(node, &cut->off);
}

/* `count` bits chosen by the seed, or this one (`bit`). */
static void flip_read(const struct node *node, struct action *action)
{
    if (reader_has(node, "bit") == reader_has(node, "count")) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "needs either a \"bit\" (its number in the whole chip) or a \"count\" (of bits, chosen by the seed)");
        return;
    }
    action->count = 0;
    (void)reader_integer(node, "bit", OPTIONAL, 0, (int64_t)FLASH_BYTES * 8 - 1, &action->bit);
    (void)reader_integer(node, "count", OPTIONAL, 1, FLIPS_MAX, &action->count);
}

static void worn_read(const struct node *node, struct flash_wear *wear)
{
    int64_t words = 0, sectors = 0;
    if (!reader_has(node, "words") && !reader_has(node, "sectors")) {
        reader_complain(node, COMPLAINT_MALFORMED, "needs a share of \"words\" or of \"sectors\" (\"1 %%\")");
        return;
    }
    (void)reader_amount(node, "words", OPTIONAL, DIMENSION_RATIO, 0, PPM_ONE, &words);
    (void)reader_amount(node, "sectors", OPTIONAL, DIMENSION_RATIO, 0, PPM_ONE, &sectors);
    (void)reader_flag(node, "silent", &wear->silent);
    wear->words_ppm = (uint32_t)words;
    wear->sectors_ppm = (uint32_t)sectors;
}

static void drift_read(const struct node *node, struct action *action)
{
    int64_t ppm = 0;
    (void)reader_amount(node, "rate", REQUIRED, DIMENSION_PPM, -CLOCK_PPM_MAX, CLOCK_PPM_MAX, &ppm);
    action->ppm = (int32_t)ppm;
}

/* Shares of the frames, each way; a delay is drawn anew for each frame, up to this. */
static void radio_read(const struct node *node, struct ether_trouble *trouble)
{
    static const char *const names[] = { "lost", "repeated", "overtaken", "damaged" };
    int64_t share[4] = { 0 }, delay = 0;
    bool any = reader_has(node, "delay");
    for (unsigned i = 0; i < 4; i++) {
        any |= reader_has(node, names[i]);
        (void)reader_amount(node, names[i], OPTIONAL, DIMENSION_RATIO, 0, PPM_ONE, &share[i]);
    }
    (void)reader_amount(node, "delay", OPTIONAL, DIMENSION_SPAN, 0, DELAY_MAX_MS, &delay);
    if (!any)
        reader_complain(node, COMPLAINT_MALFORMED,
                        "needs a share of frames \"lost\", \"repeated\", \"overtaken\" or \"damaged\" (\"40 %%\"), "
                        "or a \"delay\"");
    *trouble = (struct ether_trouble){ .lost_ppm = (uint32_t)share[0], .repeated_ppm = (uint32_t)share[1],
                                       .overtaken_ppm = (uint32_t)share[2], .damaged_ppm = (uint32_t)share[3],
                                       .delay_most_ms = (uint32_t)delay };
}

void mishap_read(const struct node *node, struct action *action)
{
    if (action->kind == ACTION_FAULT)
        fault_read(node, action);
    else if (action->kind == ACTION_RESET)
        reset_read(node, &action->reset);
    else if (action->kind == ACTION_POWER_CUT)
        cut_read(node, &action->cut);
    else if (action->kind == ACTION_FLASH_FLIP)
        flip_read(node, action);
    else if (action->kind == ACTION_FLASH_WORN)
        worn_read(node, &action->wear);
    else if (action->kind == ACTION_CLOCK_DRIFT)
        drift_read(node, action);
    else if (action->kind == ACTION_RADIO)
        radio_read(node, &action->trouble);
}

bool mishap_end(const struct node *node, struct action *action)
{
    int64_t span = 0;
    if (!reader_amount(node, "for", OPTIONAL, DIMENSION_SPAN, 1, INT64_C(7305) * DAY_MS, &span))
        return false;
    action->at.ms += span;
    action->amount = 0;
    action->ppm = 0;
    action->trouble = (struct ether_trouble){ .lost_ppm = 0 };
    return true;
}

bool mishap_rest(const struct node *node, struct action *action, struct action *end)
{
    int64_t rest = 0;
    if (!reader_has(node, "restart_after"))
        return false;
    if (!reader_has(node, "for")) {
        reader_complain(node, COMPLAINT_MALFORMED, "\"restart_after\" counts from the end of the field: \"for\" is missing");
        return false;
    }
    *end = *action;
    if (!reader_amount(node, "restart_after", REQUIRED, DIMENSION_SPAN, 0, REST_MAX_HOURS * (int64_t)HOUR_MS, &rest)
        || !mishap_end(node, end))
        return false;
    action->fault = TWIN_FAULT_FIELD_REST;
    end->fault = TWIN_FAULT_FIELD_REST;
    end->at.ms += rest;
    return true;
}

static const char *fault_do(struct rig *rig, const struct action *action, json_t *detail)
{
    char amount[AMOUNT_TEXT_BYTES];
    const char *word = scenario_fault_word(action->fault);
    twin_set_fault(&rig->twin, action->fault, action->amount);
    if (action->fault == TWIN_FAULT_LOAD && action->amount > 0)
        twin_set_load(&rig->twin, action->amount, action->span.ms);
    amount_write(amount, nearest(action->amount * 1e6), 6, 0, "");
    json_object_set_new(detail, "fault", json_string(word != NULL ? word : "field_rest"));
    json_object_set_new(detail, "amount", json_string(amount));
    return action->amount > 0 ? "fault_on" : "fault_off";
}

static void set_number(json_t *detail, const char *name, uint64_t number)
{
    json_object_set_new(detail, name, json_integer((json_int_t)number));
}

static const char *reset_do(struct rig *rig, const struct rig_reset *reset, json_t *detail)
{
    json_object_set_new(detail, "retained", json_string(MEMORY_WORDS[reset->memory]));
    json_object_set_new(detail, "cause", json_string(CAUSE_WORDS[reset->cause - BOOT_POWER]));
    json_object_set_new(detail, "clock", json_string(CLOCK_WORDS[reset->clock_lost]));
    set_number(detail, "off_ms", (uint64_t)reset->off.ms);
    rig_reset_as(rig, reset);
    return "power_cut";
}

static const char *flip_do(struct rig *rig, const struct action *action, json_t *detail)
{
    if (action->count == 0)
        flash_flip(&rig->twin.flash, (uint64_t)action->bit);
    for (int64_t i = 0; i < action->count; i++)
        flash_flip(&rig->twin.flash, chance_bits(rig->twin.seed, rig->twin.random_counter++));
    set_number(detail, "bits", action->count == 0 ? 1 : (uint64_t)action->count);
    return "flash_flip";
}

static void radio_do(struct rig *rig, const struct ether_trouble *trouble, json_t *detail)
{
    rig->twin.ether.to_pump.trouble = *trouble;
    rig->twin.ether.from_pump.trouble = *trouble;
    set_number(detail, "lost_ppm", trouble->lost_ppm);
    set_number(detail, "repeated_ppm", trouble->repeated_ppm);
    set_number(detail, "overtaken_ppm", trouble->overtaken_ppm);
    set_number(detail, "damaged_ppm", trouble->damaged_ppm);
    set_number(detail, "delay_most_ms", trouble->delay_most_ms);
}

const char *mishap_do(struct rig *rig, const struct action *action, json_t *detail)
{
    const char *word = scenario_action_word(action->kind);
    if (action->kind == ACTION_FAULT)
        return fault_do(rig, action, detail);
    if (action->kind == ACTION_RESET)
        return reset_do(rig, &action->reset, detail);
    if (action->kind == ACTION_FLASH_FLIP)
        return flip_do(rig, action, detail);
    if (action->kind == ACTION_POWER_CUT) {
        set_number(detail, "flash_operation", action->cut.flash_operation);
        set_number(detail, "door", action->cut.door);
        json_object_set_new(detail, "armed", json_boolean(rig_cut(rig, &action->cut)));
        return "power_cut_armed";
    }
    if (action->kind == ACTION_FLASH_WORN) {
        rig->twin.flash.wear = action->wear;
        set_number(detail, "words_ppm", action->wear.words_ppm);
        set_number(detail, "sectors_ppm", action->wear.sectors_ppm);
    } else if (action->kind == ACTION_CLOCK_DRIFT) {
        rig_clock_drift(rig, action->ppm);
        json_object_set_new(detail, "ppm", json_integer(action->ppm));
    } else if (action->kind == ACTION_RADIO) {
        radio_do(rig, &action->trouble, detail);
    } else if (action->kind == ACTION_HANG) {
        rig_hang(rig);
    }
    return word;
}
