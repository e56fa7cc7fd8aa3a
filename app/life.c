// SPDX-License-Identifier: Apache-2.0
#include "app/life.h"

#include <jansson.h>
#include <stdio.h>

#include "app/options.h"
#include "core/command.h"
#include "pump/energy.h"
#include "pump/region.h"
#include "pump/settings.h"
#include "twin/hardware/battery.h"
#include "twin/hardware/mechanism.h"

enum { YEAR_DAYS = 365, TEN_YEARS_DAYS = 3653, LIFE_DAYS_MOST = 30 * YEAR_DAYS, FLOWS = 4 };
/* Erases a sector is made for: guess; data sheets of flash inside controllers say 10,000 to 100,000. */
enum { RATED_ERASES = 10000 };
/* What is heard and said: guesses. An interrogation of 40,000 bytes a month, 8 public-key operations with it. */
enum { RADIO_BYTES_A_DAY = 1300, PUBLIC_KEY_EVERY_DAYS = 4 };

static const char NOTICE[] = "SIMULATION. Not a medical device; never for use in people.";
static const int64_t flows_nl_day[FLOWS] = { 100000, 500000, 1000000, 24000000 };

/* What a record with this payload takes in flash. */
#define RECORD(payload) (STORE_OVERHEAD + ((payload) + FLASH_WORD_BYTES - 1) / FLASH_WORD_BYTES * FLASH_WORD_BYTES)

/* The busiest day of each region, as REGION in pump/region.def: all guesses, far above any clinic's day. */
static const struct {
    const char *name;
    enum region region;
    int64_t records_a_day, record_bytes;
} writers[REGIONS] = {
    { "THERAPY", REGION_THERAPY, 4, RECORD(641) }, /* activations; the longest therapy of core/SPEC.md */
    { "SETTINGS", REGION_SETTINGS, 24, RECORD(SETTINGS_BYTES_MAX) },
    { "CHECKPOINT", REGION_CHECKPOINT, 24 + 24 + 100, RECORD(CHECKPOINT_BYTES_MAX) }, /* hours, settings, commands */
    { "FAULTS", REGION_FAULTS, 20, 40 },
    { "EVENTS", REGION_EVENTS, 200, 32 },
    { "PEERS", REGION_PEERS, 4, RECORD(1000) },
    { "IMAGES", REGION_IMAGES, 1, RECORD(236) },
    { "IMAGE_1", REGION_IMAGE_1, 1, IMAGE_BYTES_MAX / 60 }, /* an image a month, into the slots in turn */
    { "IMAGE_2", REGION_IMAGE_2, 1, IMAGE_BYTES_MAX / 60 },
};

struct use {
    int64_t sectors, bytes_a_day, erases; /* of each sector in ten years */
};

struct life {
    int64_t count[ENERGY_OPERATIONS]; /* in the first year */
    int64_t replace_day, end_day;     /* told by the pump */
    int64_t true_day;                 /* when the twin's cell, exactly as rated, can carry no quantum any more */
};

static const char *const names[ENERGY_OPERATIONS] = {
#define ENERGY(name, charge_nc, per, provenance) [ENERGY_##name] = #name,
#include "pump/energy.def"
#undef ENERGY
};

static struct use wear_of(unsigned writer)
{
    struct use wear = { .sectors = region_span(writers[writer].region).count,
                         .bytes_a_day = writers[writer].records_a_day * writers[writer].record_bytes };
    int64_t round = wear.sectors * FLASH_SECTOR_BYTES;
    wear.erases = (wear.bytes_a_day * TEN_YEARS_DAYS + round - 1) / round;
    return wear;
}

/* What a day asks of the cell beside its quanta, counted the same for pump and twin. */
static void day_count(struct energy_tally *tally, int64_t day, bool alarmed)
{
    int64_t bytes = 0, erases = 0;
    for (unsigned i = 0; i < REGIONS; i++) {
        int64_t written = wear_of(i).bytes_a_day;
        bytes += written;
        erases += written * day / FLASH_SECTOR_BYTES - written * (day - 1) / FLASH_SECTOR_BYTES;
    }
    *tally = (struct energy_tally){ .count = { [ENERGY_LOOK] = 23, /* the last of the day's is the one that is told */
                                               [ENERGY_WAKE] = 23,
                                               [ENERGY_SENSE] = 1,
                                               [ENERGY_TONE] = alarmed ? 24 : 0,
                                               [ENERGY_FLASH_WORD] = (uint32_t)(bytes / FLASH_WORD_BYTES),
                                               [ENERGY_FLASH_ERASE] = (uint32_t)erases,
                                               [ENERGY_RADIO_BYTE] = RADIO_BYTES_A_DAY,
                                               [ENERGY_PUBLIC_KEY] = day % PUBLIC_KEY_EVERY_DAYS == 0 } };
}

/* The twin's cell lives the same day. */
static void cell_day(struct battery *cell, const struct energy_tally *tally, int64_t quanta)
{
    static const enum energy_operation alike[BATTERY_OPERATIONS] = {
        [BATTERY_WAKE] = ENERGY_WAKE,
        [BATTERY_QUANTUM] = ENERGY_QUANTUM_ROTOR,
        [BATTERY_TONE] = ENERGY_TONE,
        [BATTERY_SENSE] = ENERGY_SENSE,
        [BATTERY_FLASH_WORD] = ENERGY_FLASH_WORD,
        [BATTERY_FLASH_ERASE] = ENERGY_FLASH_ERASE,
        [BATTERY_RADIO_BYTE] = ENERGY_RADIO_BYTE,
        [BATTERY_PUBLIC_KEY] = ENERGY_PUBLIC_KEY,
    };
    for (unsigned i = 0; i < BATTERY_OPERATIONS; i++) {
        battery_count_many(cell, (enum battery_operation)i, tally->count[alike[i]]);
    }
    battery_count_many(cell, BATTERY_QUANTUM, (uint64_t)quanta);
    battery_count_many(cell, BATTERY_WAKE, (uint64_t)(ENERGY_WAKES_PER_QUANTUM * quanta + 1));
}

static void life_count(struct life *life, const struct energy_tally *tally, int64_t quanta)
{
    for (unsigned i = 0; i < ENERGY_OPERATIONS; i++) {
        life->count[i] += tally->count[i];
    }
    life->count[ENERGY_QUANTUM_ROTOR] += quanta;
    life->count[ENERGY_WAKE] += ENERGY_WAKES_PER_QUANTUM * quanta + 1;
    life->count[ENERGY_LOOK]++;
    life->count[ENERGY_STANDING] += DAY_MS;
}

/* A C20 at this flow, day by day until pump and cell have both come to their end. */
static struct life life_at(int64_t nl_day)
{
    const struct model *model = model_named("C20");
    struct life life = { .replace_day = -1, .end_day = -1, .true_day = -1 };
    struct energy energy = { 0 };
    struct battery cell;
    battery_init(&cell, mechanism_find("C20")->quantum_coulomb);
    int64_t quanta = 0;
    for (int64_t day = 1; day <= LIFE_DAYS_MOST; day++) {
        if (day > YEAR_DAYS && life.end_day >= 0 && life.true_day >= 0) {
            break; /* the first year is counted whole, whether the cell carries it or not */
        }
        instant_ms now = { day * DAY_MS };
        int64_t today = nl_day * day / model->quantum.nl - quanta;
        quanta += today;
        struct energy_tally tally;
        day_count(&tally, day, life.replace_day >= 0);
        cell_day(&cell, &tally, today);
        if (day <= YEAR_DAYS) {
            life_count(&life, &tally, today);
        }
        struct energy_facts facts = { .commanded = quanta, .quanta_per_day = nl_day / model->quantum.nl,
                                      .battery_mv = battery_mv(&cell, now), .mechanism = model->mechanism };
        enum energy_state state = energy_look(&energy, &facts, &tally, now);
        life.replace_day = state != ENERGY_GOOD && life.replace_day < 0 ? day : life.replace_day;
        life.end_day = state == ENERGY_ENDED && life.end_day < 0 ? day : life.end_day;
        life.true_day = battery_brown_out(&cell, now) && life.true_day < 0 ? day : life.true_day;
    }
    return life;
}

static int64_t charge_mc(const struct life *life, unsigned operation)
{
    return life->count[operation] * energy_charge((enum energy_operation)operation) / 1000000;
}

static void json_print(const struct life lives[FLOWS], bool within)
{
    json_t *root = json_object(), *energy = json_array(), *flash = json_array();
    for (unsigned i = 0; i < FLOWS; i++) {
        json_t *charges = json_object();
        for (unsigned j = 0; j < ENERGY_OPERATIONS; j++) {
            if (lives[i].count[j] > 0) {
                json_object_set_new(charges, names[j], json_integer(charge_mc(&lives[i], j)));
            }
        }
        json_array_append_new(energy, json_pack("{s:s, s:I, s:o, s:I, s:I, s:I}", "model", "C20", "flow_nl_day",
                                                (json_int_t)flows_nl_day[i], "first_year_charge_mc", charges,
                                                "replace_day", (json_int_t)lives[i].replace_day, "end_day",
                                                (json_int_t)lives[i].end_day, "true_end_day",
                                                (json_int_t)lives[i].true_day));
    }
    for (unsigned i = 0; i < REGIONS; i++) {
        struct use wear = wear_of(i);
        json_array_append_new(flash, json_pack("{s:s, s:I, s:I, s:I, s:I}", "region", writers[i].name, "sectors",
                                               (json_int_t)wear.sectors, "bytes_a_day", (json_int_t)wear.bytes_a_day,
                                               "erases_in_ten_years", (json_int_t)wear.erases, "rated_erases",
                                               (json_int_t)RATED_ERASES));
    }
    json_object_set_new(root, "notice", json_string(NOTICE));
    json_object_set_new(root, "energy", energy);
    json_object_set_new(root, "flash", flash);
    json_object_set_new(root, "within_rating", json_boolean(within));
    json_dumpf(root, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(root);
}

static void days_print(const char *label, const int64_t days[FLOWS])
{
    printf("  %-24s", label);
    for (unsigned i = 0; i < FLOWS; i++) {
        printf("%12.2f", (double)days[i] / (TEN_YEARS_DAYS / 10.0));
    }
    printf("\n");
}

static void table_print(const struct life lives[FLOWS])
{
    int64_t replace[FLOWS], end[FLOWS], truth[FLOWS];
    printf("%s\n\nA C20 and its cell, by the pump's own charges (pump/energy.def: all guesses)\n\n  %-24s", NOTICE,
           "flow, mL/day");
    for (unsigned i = 0; i < FLOWS; i++) {
        printf("%12.1f", (double)flows_nl_day[i] / 1e6);
        replace[i] = lives[i].replace_day;
        end[i] = lives[i].end_day;
        truth[i] = lives[i].true_day;
    }
    printf("\n\n  charge in a year, coulomb\n");
    for (unsigned j = 0; j < ENERGY_OPERATIONS; j++) {
        if (lives[0].count[j] == 0) {
            continue;
        }
        printf("    %-22s", names[j]);
        for (unsigned i = 0; i < FLOWS; i++) {
            printf("%12.3f", (double)charge_mc(&lives[i], j) / 1000.0);
        }
        printf("\n");
    }
    printf("\n  years until\n");
    days_print("  replacement (ERI)", replace);
    days_print("  end of service, told", end);
    days_print("  true end, rated cell", truth);
    printf("\nTen years of the busiest days in flash; rated erases of a sector: %d (guess)\n\n"
           "  %-12s%10s%14s%20s%16s\n", RATED_ERASES, "region", "sectors", "bytes a day", "erases of a sector",
           "of its rating");
    for (unsigned i = 0; i < REGIONS; i++) {
        struct use wear = wear_of(i);
        printf("  %-12s%10lld%14lld%20lld%14.1f %%\n", writers[i].name, (long long)wear.sectors,
               (long long)wear.bytes_a_day, (long long)wear.erases, (double)wear.erases * 100.0 / RATED_ERASES);
    }
}

int life_main(bool json)
{
    struct life lives[FLOWS];
    bool within = true;
    for (unsigned i = 0; i < FLOWS; i++) {
        lives[i] = life_at(flows_nl_day[i]);
    }
    for (unsigned i = 0; i < REGIONS; i++) {
        within = within && wear_of(i).erases <= RATED_ERASES;
    }
    if (json) {
        json_print(lives, within);
    } else {
        table_print(lives);
    }
    if (!within) {
        fprintf(stderr, "cisterna: a region of the flash would wear out within ten years\n");
    }
    return within ? EXIT_DONE : EXIT_FAILED;
}
