/* sample.c - writes the sample capture of docs/wireshark.md: two programmers and a pump, and what strangers try against them.
 *
 *     sample CAPTURE KEYS     the two files to write */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "rig/capture.h"
#include "tests/link/overheard.h"

enum { LEDGER_LOOKS = 66, /* more than SESSION_REKEY_EVERY messages in one session: both keys move on */
       LOOK_MS = 1000 };

static struct programmer doctor, patient;
static FILE *capture, *keys;

static void talk_open(struct programmer *programmer, uint8_t reach)
{
    ether.reach = reach;
    overheard_must(programmer_open(programmer, &OVERHEARD) == CONTACT_OK, "a session opens");
    overheard_must(capture_keys(keys, &programmer->session), "its keys are fresh");
}

static struct receipt command_give(struct programmer *programmer, struct command command)
{
    struct receipt receipt;
    enum contact contact;
    overheard_must(programmer_command(programmer, &OVERHEARD, &command, &receipt, &contact) != TOLD_UNKNOWN, "a receipt comes");
    return receipt;
}

static void log_ask(struct programmer *programmer)
{
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag, .ask.read_log = { 1, 1 } };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    do {
        overheard_must(programmer_ask(programmer, &OVERHEARD, &request, &reply) == CONTACT_OK, "the log is told");
        request.ask.read_log.from_sequence = reply.tell.log.next_sequence;
    } while (reply.tell.log.next_sequence != 0);
}

/* A visit: another therapy comes into force, the clock is set an hour back, and a bolus is given. */
static void doctor_visits(void)
{
    struct therapy therapy = bench_therapy(&stand);
    struct command activate = { .kind = COMMAND_ACTIVATE };
    struct receipt receipt;
    enum contact contact;
    strcpy(therapy.name, "a little less");
    therapy.program.base.nl_day = 1000000;
    talk_open(&doctor, REACH_NEAR);
    overheard_must(programmer_stage(&doctor, &OVERHEARD, &therapy, activate.token, &receipt, &contact) == TOLD_APPLIED,
                   "the therapy is staged");
    overheard_must(command_give(&doctor, activate).outcome == OUTCOME_APPLIED, "it comes into force");
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { .offset = { -HOUR_MS }, .zone = "AZOT" } };
    overheard_must(command_give(&doctor, clock).outcome == OUTCOME_APPLIED, "the clock is set");
    struct command bolus = { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { 8000 }, .rate = { 1440000 } };
    overheard_must(command_give(&doctor, bolus).outcome == OUTCOME_APPLIED, "the bolus is given");
    log_ask(&doctor);
    programmer_close(&doctor, &OVERHEARD);
}

/* At home: a bolus, once more too soon, and the ledger looked at again and again. */
static void patient_asks(void)
{
    struct command bolus = { .kind = COMMAND_PATIENT_BOLUS };
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = 2 };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    cisterna_Status status;
    talk_open(&patient, REACH_FAR);
    overheard_must(command_give(&patient, bolus).outcome == OUTCOME_APPLIED, "the patient's bolus is given");
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    overheard_must(programmer_status(&patient, &OVERHEARD, &status) == CONTACT_OK, "the new head is told");
    overheard_must(command_give(&patient, bolus).reasons == VERDICT_LOCKOUT, "the next is too soon");
    for (unsigned i = 0; i < LEDGER_LOOKS; i++) {
        stand_run(&stand, stand.now.ms + LOOK_MS);
        overheard_must(programmer_ask(&patient, &OVERHEARD, &request, &reply) == CONTACT_OK, "the ledger is told");
    }
}

/* The number of the first or last frame of a kind that went this way. */
static unsigned frame_find(uint8_t kind, bool from_pump, bool last)
{
    unsigned found = OVERHEARD_MAX;
    for (unsigned i = 0; i < overheard.count; i++) {
        uint8_t body[FRAME_BODY_MAX];
        const struct overheard_frame *frame = &overheard.frame[i];
        if ((last || found == OVERHEARD_MAX) && frame->from_pump == from_pump &&
            frame_read(frame->bytes, frame->size, body) > 0 && body[0] == kind)
            found = i;
    }
    overheard_must(found < OVERHEARD_MAX, "there was such a frame");
    return found;
}

enum { NONE_AT = 0 };

/* Sends a frame that was overheard, with one byte of its body changed. */
static void say_again(unsigned number, size_t at, uint8_t change)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = frame_read(overheard.frame[number].bytes, overheard.frame[number].size, body);
    body[at] ^= change;
    ether_frame(frame, frame_write(body, size, frame));
}

static void body_say(const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX];
    ether_frame(frame, frame_write(body, size, frame));
}

/* While the patient's session stands, far away. */
static void strangers_call(void)
{
    enum { SLOT_AT = 1, NONCE_AT = 5, NONCE_END = 8 };
    static const uint8_t unknown[] = { 0x7F, 1, 2, 3 }, too_short[] = { PACKET_KNOCK, 1, 0, 0 };
    unsigned last = frame_find(PACKET_DATA, false, true), knock = frame_find(PACKET_KNOCK, false, true);
    struct overheard_frame damaged = overheard.frame[last];
    say_again(last, NONE_AT, 0);                                  /* the patient's last message again */
    say_again(last, NONCE_AT, 0x20);                              /* under another nonce, which its seal does not cover */
    say_again(last, NONCE_END, 0x40);                             /* under one that nobody would follow */
    say_again(frame_find(PACKET_DATA, true, true), NONCE_AT, 32); /* the pump's own words */
    say_again(frame_find(PACKET_ANSWER, true, true), NONE_AT, 0);
    damaged.bytes[damaged.size / 2] ^= 0x10;
    ether_frame(damaged.bytes, damaged.size);                     /* a bit lost on the way */
    damaged.bytes[0] = 0x55;
    ether_frame(damaged.bytes, damaged.size);                     /* the stuffing, too */
    body_say(unknown, sizeof unknown);
    body_say(too_short, sizeof too_short);
    say_again(knock, SLOT_AT, 8);                                 /* from a slot that does not exist */
}

/* Near: the doctor's session, which is over, is played once more. */
static void doctor_is_replayed(void)
{
    enum { TAG_AT = 10 };
    unsigned knock = frame_find(PACKET_KNOCK, false, false);
    say_again(frame_find(PACKET_DATA, false, false), NONE_AT, 0);
    say_again(knock, NONE_AT, 0);                                 /* the pump tells the counter */
    say_again(knock, TAG_AT, 0x01);                               /* a wrong tag: silence */
}

static void somebody_holds_a_magnet(void)
{
    static const enum emergency_wish wishes[] = { EMERGENCY_IDENTIFY, EMERGENCY_LOWER };
    ether.magnet = true;
    for (unsigned i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        const struct packet packet = { .kind = PACKET_EMERGENCY, .wish = (uint8_t)wishes[i],
                                       .challenge = 0x1122334455667788 + i };
        uint8_t body[FRAME_BODY_MAX];
        stand_run(&stand, stand.now.ms + LOOK_MS);
        body_say(body, packet_write(&packet, body));
    }
    ether.magnet = false;
}

static bool capture_write(void)
{
    bool good = true;
    capture_begin(capture);
    for (unsigned i = 0; i < overheard.count; i++) {
        const struct overheard_frame *frame = &overheard.frame[i];
        enum capture_way way = frame->from_pump ? CAPTURE_FROM_PUMP : capture_heard(frame->reach);
        good = capture_frame(capture, (instant_ms){ frame->at_ms }, way, frame->bytes, frame->size) && good;
    }
    return good;
}

int main(int argc, char **argv)
{
    overheard_must(argc == 3, "two files are named");
    capture = fopen(argv[1], "wb");
    keys = fopen(argv[2], "wb");
    overheard_must(capture != NULL && keys != NULL, "the files can be written");
    overheard_on();
    capture_keys_begin(keys);
    overheard_pair(&doctor, ROLE_CLINICIAN, "doctor");
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    overheard_pair(&patient, ROLE_PATIENT, "patient");
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    doctor_visits();
    stand_run(&stand, stand.now.ms + HOUR_MS);
    patient_asks();
    strangers_call();
    programmer_close(&patient, &OVERHEARD);
    ether.reach = REACH_NEAR;
    doctor_is_replayed();
    somebody_holds_a_magnet();
    bool good = capture_write() && ferror(capture) == 0 && ferror(keys) == 0;
    overheard_must((fclose(capture) == 0) & (fclose(keys) == 0) & good, "the files are written");
    return 0;
}
