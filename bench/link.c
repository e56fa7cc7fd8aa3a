/* link.c - what the link costs: frames, bytes, public-key operations and charge of everything that a clinician and a patient do,
 * over a radio that loses nothing; and the time the pump's software takes for it on this host. Prints figures; asserts
 * nothing. Milliseconds of the chip are an estimate: public-key operations times the cycles that pump/energy.def names. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/permit.h"
#include "rig/people.h"

/* pump/energy.def: 6 million cycles an operation (guess); the aim speaks of 16 MHz. */
enum { CYCLES_PER_OPERATION = 6000000, CYCLES_PER_MS = 16000 };

static struct rig rig;
static struct people people;

/* Counts so far, at the pump's radio and in its tally. */
struct account {
    uint64_t frames_in, frames_out, bytes_in, bytes_out;
    uint32_t count[ENERGY_OPERATIONS];
};

static struct account account_now(void)
{
    struct account now = { .frames_in = rig.twin.ether.heard_frames, .bytes_in = rig.twin.ether.heard_bytes,
                           .frames_out = rig.twin.ether.from_pump.count.frames,
                           .bytes_out = rig.twin.ether.from_pump.count.bytes };
    memcpy(now.count, rig.pump.tally.count, sizeof now.count);
    return now;
}

static void die(const char *what)
{
    fprintf(stderr, "bench: %s did not go through\n", what);
    exit(1);
}

static void row(const char *what, const struct account *before)
{
    struct account after = account_now();
    int64_t charge_nc = 0, day_nc = energy_day(rig.pump.model.mechanism, 1000000 / (rig.pump.quantum.fl / FL_PER_NL));
    for (unsigned i = 0; i < ENERGY_OPERATIONS; i++)
        charge_nc += energy_charge((enum energy_operation)i) * (int64_t)(after.count[i] - before->count[i]);
    uint32_t operations = after.count[ENERGY_PUBLIC_KEY] - before->count[ENERGY_PUBLIC_KEY];
    printf("%-34s %4llu %4llu %7llu %7llu %5u %9.3f %9.4f %9.0f\n", what,
           (unsigned long long)(after.frames_in - before->frames_in), (unsigned long long)(after.frames_out - before->frames_out),
           (unsigned long long)(after.bytes_in - before->bytes_in), (unsigned long long)(after.bytes_out - before->bytes_out),
           operations, (double)charge_nc / 1e6, 100.0 * (double)charge_nc / (double)day_nc,
           (double)operations * CYCLES_PER_OPERATION / CYCLES_PER_MS);
}

static struct therapy therapy_of(int32_t base_nl_day)
{
    struct therapy t = { .name = "bench", .serial = "BENCH", .model = MODEL_C40, .revision = 1, .region = "US" };
    t.dead_volume.nl = 257000;
    t.mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    t.program.kind = PROGRAM_CONTINUOUS;
    t.program.base.nl_day = base_nl_day;
    t.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 10000 }, .rate = { 14400000 },
                                                .lockout_minutes = 60, .max_per_day = 6, .expiry_days = 90 };
    t.limits = (struct limits){ .count = 1, .bolus_max = { 100000 }, .rate_max = { 20000000 } };
    t.limits.drug[0].drug = DRUG_MORPHINE;
    t.limits.drug[0].window[WINDOW_HOUR].fg = 2000000000000;
    t.limits.drug[0].window[WINDOW_DAY].fg = 20000000000000;
    t.safe_rate.nl_day = 48000;
    t.restart_limit_hours = 24;
    t.under_delivery = PRIORITY_HIGH;
    t.reservoir_low.nl = 2000000;
    t.mri_rule = MRI_KEEP_PROGRAM;
    return t;
}

static struct programmer *clinician(struct air *air)
{
    struct party_with *with = &people.with[PARTY_CLINICIAN];
    with->air.rig = &rig;
    with->air.kept = &with->key;
    *air = rig_air_of(&with->air);
    return &with->programmer;
}

static void pass(int64_t ms)
{
    rig_run_until(&rig, (instant_ms){ rig.now.ms + ms });
}

static void refill(const struct therapy *activate)
{
    struct receipt receipt;
    struct rig_refill ask = { .told = { .withdrawn = { activate ? 0 : -1 }, .filled = { 30000000 }, .drawn_up = { 30000000 },
                                        .fill = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } },
                                        .dead_drug_free = activate != NULL },
                              .activate = activate };
    if (!people_refill(&people, &ask, &receipt) || receipt.outcome != OUTCOME_APPLIED)
        die("the refill");
}

static void interrogate(void)
{
    struct air air;
    struct programmer *programmer = clinician(&air);
    for (uint32_t topic = QUERY_STATUS; topic <= QUERY_UPDATE; topic++) {
        cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = topic };
        cisterna_Reply reply;
        if (programmer_ask(programmer, &air, &request, &reply) != CONTACT_OK)
            die("an interrogation");
    }
}

static void log_read_whole(void)
{
    struct air air;
    struct programmer *programmer = clinician(&air);
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag, .ask.read_log = { 1, 1 } };
    cisterna_Reply reply;
    do {
        if (programmer_ask(programmer, &air, &request, &reply) != CONTACT_OK)
            die("reading the log");
        request.ask.read_log.from_sequence = reply.tell.log.next_sequence;
    } while (request.ask.read_log.from_sequence != 0);
}

int main(void)
{
    struct pump_unit unit = { .model = *model_named("C40"), .serial = "BENCH" };
    struct twin_setup setup = { .model = "C40", .calibration = 1.0, .catheter_m3 = 117e-12, .seed = 1 };
    struct therapy first = therapy_of(1000000), second = therapy_of(900000);
    struct receipt receipt;
    struct air air;
    people_provision(&unit, 1);
    if (!rig_start(&rig, &unit, &setup))
        die("the start");
    printf("%-34s %9s %15s %5s %9s %9s %9s\n", "", "frames", "bytes", "", "charge", "of a day", "chip, ms");
    printf("%-34s %4s %4s %7s %7s %5s %9s %9s %9s\n", "what is done", "in", "out", "in", "out", "keys", "mC", "%", "estimate");
    struct account before = account_now();
    if (!people_meet(&people, &rig))
        die("pairing");
    row("pair two programmers", &before);
    pass(MINUTE_MS);
    before = account_now();
    if (programmer_open(clinician(&air), &air) != CONTACT_OK)
        die("the session");
    row("open a session, versions, status", &before);
    refill(&first);
    pass(10 * MINUTE_MS);
    if (programmer_open(clinician(&air), &air) != CONTACT_OK)
        die("the session");
    before = account_now();
    interrogate();
    row("interrogate, all topics", &before);
    before = account_now();
    people_activate(&people, &second, true, &receipt);
    if (receipt.outcome != OUTCOME_APPLIED)
        die("the program");
    row("programme: stage, read back, activate", &before);
    before = account_now();
    refill(NULL);
    row("refill", &before);
    before = account_now();
    log_read_whole();
    char what[64];
    snprintf(what, sizeof what, "read the log, %llu events", (unsigned long long)pump_log_last(&rig.pump));
    row(what, &before);
    pass(2 * HOUR_MS);
    before = account_now();
    people_command(&people, PARTY_PATIENT, &(struct command){ .kind = COMMAND_PATIENT_BOLUS }, &receipt);
    if (receipt.outcome != OUTCOME_APPLIED)
        die("the bolus");
    row("patient's bolus, session and all", &before);
    printf("\nkeys: X25519 multiplications in the pump. charge: by the pump's ledger (guesses), of a day at 1 mL/day.\n"
           "A hostile day against a day of therapy: build/dev/tests/hazard/hz_43_test\n");
    return 0;
}
