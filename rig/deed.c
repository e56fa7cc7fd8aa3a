/* deed.c - all that clinic, patient and hardware can do in a scenario. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/deed.h"

#include "document/prescription.h"

#define COMMON_FIELDS "at", "who", "do", "must", "note"

static const char *const WHO_WORDS[] = { "clinic", "patient", "hardware", NULL };

static const char *const PLAIN[] = { COMMON_FIELDS, NULL };
static const char *const PROGRAM[] = { COMMON_FIELDS, "therapy", "retitrated", NULL };
static const char *const REFILL[] = { COMMON_FIELDS, "fill",     "contents",   "withdrawn", "left",
                                      "drawn_up",    "activate", "retitrated", NULL };
static const char *const BOLUS[] = { COMMON_FIELDS, PRESCRIPTION_BOLUS_FIELDS, NULL };
static const char *const RESUME[] = { COMMON_FIELDS, "retitrated", NULL };
static const char *const CLOCK[] = { COMMON_FIELDS, "civil", "zone", NULL };
static const char *const CLEAR[] = { COMMON_FIELDS, "alarm", NULL };
static const char *const SILENCE[] = { COMMON_FIELDS, "for", NULL };
static const char *const REQUEST[] = { COMMON_FIELDS, "repeat", NULL };
static const char *const FAULT[] = { COMMON_FIELDS, "for", NULL };
static const char *const SHARE[] = { COMMON_FIELDS, "for", "share", NULL };
static const char *const FACTOR[] = { COMMON_FIELDS, "for", "factor", NULL };
static const char *const FIELD[] = { COMMON_FIELDS, "for", "restart_after", NULL };
static const char *const TEMPERATURE[] = { COMMON_FIELDS, "for", "temperature", NULL };
static const char *const LEAKAGE[] = { COMMON_FIELDS, "for", "current", NULL };
static const char *const LOAD[] = { COMMON_FIELDS, "for", "factor", "over", NULL };
static const char *const POCKET[] = { COMMON_FIELDS, "share", NULL };
static const char *const GRANULOMA[] = { COMMON_FIELDS, "size", NULL };
static const char *const MIGRATION[] = { COMMON_FIELDS, "to", NULL };
static const char *const RESET[] = { COMMON_FIELDS, "retained", "bits", "cause", "off", "clock", NULL };
static const char *const CUT[] = { COMMON_FIELDS, "flash_operation", "door", "phase", "off", NULL };
static const char *const FLIP[] = { COMMON_FIELDS, "bit", "count", NULL };
static const char *const WORN[] = { COMMON_FIELDS, "words", "sectors", "silent", NULL };
static const char *const RADIO[] = { COMMON_FIELDS, "for", "lost", "repeated", "overtaken", "damaged", "delay", NULL };
static const char *const DRIFT[] = { COMMON_FIELDS, "for", "rate", NULL };

static const struct deed DEEDS[] = {
    { WHO_CLINIC, "program", ACTION_PROGRAM, TWIN_FAULTS, PROGRAM },
    { WHO_CLINIC, "refill", ACTION_REFILL, TWIN_FAULTS, REFILL },
    { WHO_CLINIC, "clinician_bolus", ACTION_CLINICIAN_BOLUS, TWIN_FAULTS, BOLUS },
    { WHO_CLINIC, "cancel", ACTION_CANCEL, TWIN_FAULTS, PLAIN },
    { WHO_CLINIC, "stop", ACTION_STOP, TWIN_FAULTS, PLAIN },
    { WHO_CLINIC, "minimum", ACTION_MINIMUM, TWIN_FAULTS, PLAIN },
    { WHO_CLINIC, "resume", ACTION_RESUME, TWIN_FAULTS, RESUME },
    { WHO_CLINIC, "set_clock", ACTION_SET_CLOCK, TWIN_FAULTS, CLOCK },
    { WHO_CLINIC, "clear_alarm", ACTION_CLEAR_ALARM, TWIN_FAULTS, CLEAR },
    { WHO_CLINIC, "silence", ACTION_SILENCE, TWIN_FAULTS, SILENCE },
    { WHO_CLINIC, "mri_begin", ACTION_MRI_BEGIN, TWIN_FAULTS, PLAIN },
    { WHO_CLINIC, "mri_end", ACTION_MRI_END, TWIN_FAULTS, PLAIN },
    { WHO_PATIENT, "bolus", ACTION_BOLUS, TWIN_FAULTS, REQUEST },
    { WHO_PATIENT, "silence", ACTION_SILENCE, TWIN_FAULTS, SILENCE },
    { WHO_HARDWARE, "stall", ACTION_FAULT, TWIN_FAULT_STALL, FAULT },
    { WHO_HARDWARE, "slip", ACTION_FAULT, TWIN_FAULT_SLIP, SHARE },
    { WHO_HARDWARE, "over_infusion", ACTION_FAULT, TWIN_FAULT_OVERINFUSION, FACTOR },
    { WHO_HARDWARE, "kink", ACTION_FAULT, TWIN_FAULT_KINK, SHARE },
    { WHO_HARDWARE, "occlusion", ACTION_FAULT, TWIN_FAULT_OCCLUSION, FAULT },
    { WHO_HARDWARE, "leak", ACTION_FAULT, TWIN_FAULT_LEAK, SHARE },
    { WHO_HARDWARE, "disconnection", ACTION_FAULT, TWIN_FAULT_DISCONNECTION, FAULT },
    { WHO_HARDWARE, "sensor_stuck", ACTION_FAULT, TWIN_FAULT_SENSOR_STUCK, FAULT },
    { WHO_HARDWARE, "magnet", ACTION_FAULT, TWIN_FAULT_MAGNET, FAULT },
    { WHO_HARDWARE, "field", ACTION_FAULT, TWIN_FAULT_FIELD, FIELD },
    { WHO_HARDWARE, "temperature", ACTION_FAULT, TWIN_FAULT_TEMPERATURE, TEMPERATURE },
    { WHO_HARDWARE, "leakage", ACTION_FAULT, TWIN_FAULT_LEAKAGE, LEAKAGE },
    { WHO_HARDWARE, "sounder_dead", ACTION_FAULT, TWIN_FAULT_SOUNDER_DEAD, FAULT },
    { WHO_HARDWARE, "sensor_wrong", ACTION_FAULT, TWIN_FAULT_SENSOR_WRONG, FACTOR },
    { WHO_HARDWARE, "motor_load", ACTION_FAULT, TWIN_FAULT_LOAD, LOAD },
    { WHO_HARDWARE, "pocket_fill", ACTION_FAULT, TWIN_FAULT_POCKET, POCKET },
    { WHO_HARDWARE, "granuloma", ACTION_GRANULOMA, TWIN_FAULTS, GRANULOMA },
    { WHO_HARDWARE, "infection", ACTION_INFECTION, TWIN_FAULTS, FAULT },
    { WHO_HARDWARE, "migration", ACTION_MIGRATION, TWIN_FAULTS, MIGRATION },
    { WHO_HARDWARE, "reset", ACTION_RESET, TWIN_FAULTS, RESET },
    { WHO_HARDWARE, "power_cut", ACTION_POWER_CUT, TWIN_FAULTS, CUT },
    { WHO_HARDWARE, "flash_flip", ACTION_FLASH_FLIP, TWIN_FAULTS, FLIP },
    { WHO_HARDWARE, "flash_worn", ACTION_FLASH_WORN, TWIN_FAULTS, WORN },
    { WHO_HARDWARE, "hang", ACTION_HANG, TWIN_FAULTS, PLAIN },
    { WHO_HARDWARE, "clock_drift", ACTION_CLOCK_DRIFT, TWIN_FAULTS, DRIFT },
    { WHO_HARDWARE, "radio", ACTION_RADIO, TWIN_FAULTS, RADIO },
};
enum { DEED_COUNT = sizeof DEEDS / sizeof DEEDS[0] };

const char *scenario_fault_word(enum twin_fault fault)
{
    for (unsigned i = 0; i < DEED_COUNT; i++)
        if (DEEDS[i].kind == ACTION_FAULT && DEEDS[i].fault == fault)
            return DEEDS[i].word;
    return NULL;
}

const char *scenario_action_word(enum action_kind kind)
{
    for (unsigned i = 0; i < DEED_COUNT; i++)
        if (DEEDS[i].kind == kind)
            return DEEDS[i].word;
    return NULL;
}

const struct deed *deed_read(const struct node *node)
{
    const char *words[DEED_COUNT + 1] = { NULL };
    const struct deed *deeds[DEED_COUNT];
    unsigned who = 0, count = 0, chosen = 0;
    if (node->value == NULL || !reader_choice(node, "who", REQUIRED, WHO_WORDS, &who))
        return NULL;
    for (unsigned i = 0; i < DEED_COUNT; i++)
        if (DEEDS[i].who == (enum who)who) {
            deeds[count] = &DEEDS[i];
            words[count++] = DEEDS[i].word;
        }
    return reader_choice(node, "do", REQUIRED, words, &chosen) ? deeds[chosen] : NULL;
}
