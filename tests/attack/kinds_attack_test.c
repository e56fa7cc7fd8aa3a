/* kinds_attack_test.c - every attack that `cisterna attack` has, against the pump on the stand: a witness sees no change, nothing
 * is answered that must not be, who has a key still gets in, and therapy flows. HZ-34, HZ-42, HZ-43, REQ-LINK-10, REQ-SECU-01,
 * -03, -07, -08. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "rig/attack/attack.h"
#include "rig/attack/witness.h"

enum { TAPE_ROOM = 256, LATER_MS = 20000 };

static struct programmer reader, patient, doctor;
static struct stand begun;
static struct attack attack;
static struct tape_frame recorded[TAPE_ROOM];
static size_t recorded_count;

/* Frames of a stream, as the stand's radio gets them. */
static bool stand_send(void *context, enum place place, const uint8_t *bytes, size_t size)
{
    struct attack *who = context;
    struct frame_cutter cutter = { .size = 0 };
    struct radio_heard heard;
    ether.reach = place == PLACE_FAR ? REACH_FAR : REACH_NEAR;
    ether.magnet = place == PLACE_MAGNET;
    for (size_t i = 0; i < size; i++)
        if (frame_cut(&cutter, bytes[i]))
            ether_frame(cutter.bytes, cutter.size);
    while (ether_pop(&ether.to_programmer, &heard))
        answers_hear(&who->answers, heard.bytes, heard.size);
    return true;
}

static bool stand_pass(void *context, int64_t for_ms)
{
    (void)context;
    stand_run(&stand, stand.now.ms + for_ms);
    return true;
}

/* What programmers send to the pump, written down. */
static bool taped_send(void *context, const uint8_t *frame, size_t size)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet = { .kind = 0 };
    assert_true(recorded_count < TAPE_ROOM);
    struct tape_frame *to = &recorded[recorded_count++];
    *to = (struct tape_frame){ .at_us = stand.now.ms * 1000, .size = (uint16_t)size,
                               .way = ether.reach == REACH_NEAR ? CAPTURE_TO_PUMP_NEAR : CAPTURE_TO_PUMP_FAR };
    memcpy(to->bytes, frame, size);
    assert_true(packet_read(body, frame_read(frame, size, body), &packet));
    to->kind = packet.kind;
    return air_send(context, frame, size);
}

static const struct air TAPED = { .send = taped_send, .receive = air_receive, .chance = air_chance, .keep = air_keep };

/* Three are paired; a visit with a bolus of each kind is on the tape. */
static void start(void)
{
    static bool done;
    if (!done) {
        ether_on();
        ether_pair(&reader, ROLE_READER, "witness");
        ether_pair(&patient, ROLE_PATIENT, "patient");
        ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
        stand_run(&stand, HOUR_MS);
        struct receipt receipt;
        enum contact contact;
        struct command bolus = { .kind = COMMAND_PATIENT_BOLUS };
        struct command stop = { .kind = COMMAND_STOP }, go = { .kind = COMMAND_RESUME };
        assert_int_equal(programmer_open(&patient, &TAPED), CONTACT_OK);
        assert_int_equal(programmer_command(&patient, &TAPED, &bolus, &receipt, &contact), TOLD_APPLIED);
        programmer_close(&patient, &TAPED);
        stand_run(&stand, stand.now.ms + HOUR_MS);
        assert_int_equal(programmer_open(&doctor, &TAPED), CONTACT_OK);
        assert_int_equal(programmer_command(&doctor, &TAPED, &stop, &receipt, &contact), TOLD_APPLIED);
        assert_int_equal(programmer_command(&doctor, &TAPED, &go, &receipt, &contact), TOLD_APPLIED);
        stand_run(&stand, stand.now.ms + HOUR_MS);
        begun = stand;
        done = true;
    }
    stand = begun;
    ether_clear();
    ether.magnet = false;
    ether.listening = REACH_FAR;
}

static struct sight look(void)
{
    struct sight sight;
    ether.magnet = false;
    ether.reach = REACH_NEAR;
    ether_clear();
    struct programmer copy = reader;
    assert_int_equal(programmer_open(&copy, &AIR), CONTACT_OK);
    assert_int_equal(witness_look(&copy, &AIR, &sight), CONTACT_OK);
    reader.key.counter = copy.key.counter;
    reader.session = copy.session;
    reader.request = copy.request;
    return sight;
}

/* One attack, weighed by the witness; the reader's counter goes on from run to run. */
static void attack_judged(enum attack_kind kind, const struct attack_wish *wish, bool taped, struct sight_judgement *judgement)
{
    static struct sight_log log;
    struct programmer before_all = reader;
    struct sight before = look();
    attack = (struct attack){ .kind = kind_row(kind), .wish = *wish, .aerial = { &attack, stand_send, stand_pass },
                              .dice = dice_for(1, 0) };
    if (taped)
        attack.tape = (struct tape){ .count = recorded_count, .frame = recorded };
    attack.wish.place = wish->placed ? wish->place : attack.kind->place;
    attack.wish.count = wish->count != 0 ? wish->count : attack.kind->count;
    memcpy(attack.wish.pump_id, stand.unit.serial, PUMP_ID_BYTES);
    assert_true(attack.kind->run(&attack));
    stand_run(&stand, stand.now.ms + LATER_MS); /* something flows */
    struct sight after = look();
    assert_int_equal(witness_log(&reader, &AIR, before.status.log_last, &log), CONTACT_OK);
    struct sight_pardon pardon = { .slot = reader.key.slot, .magnet = attack.wish.place == PLACE_MAGNET };
    sight_judge(&before, &after, &log, &pardon, judgement);
    reader = before_all;
}

static void judge_unchanged(const struct sight_judgement *judgement)
{
    for (unsigned i = 0; i < judgement->count && i < SIGHT_CHANGES_MAX; i++)
        print_error("%s: %s\n", attack.kind->word, judgement->change[i]);
    assert_int_equal(judgement->count, 0);
    assert_true(judgement->weighed);
    assert_true(judgement->flowed_nl > 0);
    assert_int_equal(judgement->flowed_nl, judgement->due_nl);
    assert_int_equal(attack_unheard(&attack), 0);
    assert_false(judgement->lowered);
}

static void nothing_changes(void **state)
{
    static const enum attack_kind kinds[] = { KIND_FUZZ, KIND_KNOCK, KIND_PAIR, KIND_EMERGENCY, KIND_DESYNC, KIND_SESSION,
                                              KIND_DOWNGRADE, KIND_RECORD };
    (void)state;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (unsigned place = PLACE_FAR; place <= PLACE_NEAR; place++) {
            struct sight_judgement judgement;
            struct attack_wish wish = { .place = (enum place)place, .placed = true, .span_ms = MINUTE_MS };
            start();
            wish.slot = kinds[i] == KIND_KNOCK ? reader.key.slot : 0; /* against the witness itself */
            attack_judged(kinds[i], &wish, false, &judgement);
            judge_unchanged(&judgement);
            assert_int_equal(attack.frames, kind_row(kinds[i])->count);
            assert_true(place == PLACE_FAR || gate_open(&stand.pump, GATE_NEAR, stand.now)); /* it has heard them all */
        }
}

static void recorded_frames_change_nothing(void **state)
{
    static const enum attack_kind kinds[] = { KIND_REPLAY, KIND_STARVE, KIND_FUZZ };
    (void)state;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct sight_judgement judgement;
        struct attack_wish wish = { .reflect = false };
        start();
        attack_judged(kinds[i], &wish, true, &judgement);
        judge_unchanged(&judgement);
        assert_int_equal(attack.frames, kinds[i] == KIND_REPLAY ? recorded_count : kind_row(kinds[i])->count);
    }
}

/* At so many times the speed, a replay takes that part of the time that was recorded; and only what is wanted is sent. */
static void a_replay_keeps_its_pauses(void **state)
{
    (void)state;
    struct attack_wish wish = { .speed = 60 };
    int64_t lasted_ms = (recorded[recorded_count - 1].at_us - recorded[0].at_us) / 1000;
    start();
    attack = (struct attack){ .kind = kind_row(KIND_REPLAY), .wish = wish, .aerial = { &attack, stand_send, stand_pass },
                              .tape = { .count = recorded_count, .frame = recorded } };
    int64_t begun_ms = stand.now.ms;
    assert_true(attack.kind->run(&attack));
    assert_in_range(stand.now.ms - begun_ms, lasted_ms / 60 - (int64_t)recorded_count, lasted_ms / 60);
    attack.wish = (struct attack_wish){ .only = ANSWERS_BIT(PACKET_KNOCK) };
    attack.frames = 0;
    assert_true(attack.kind->run(&attack));
    assert_int_equal(attack.frames, 2); /* the patient's and the doctor's */
}

/* In the middle of a session: its number is overheard, and it goes on all the same. */
static void an_overheard_session_goes_on(void **state)
{
    (void)state;
    static struct sight sight;
    struct attack_wish wish = { .place = PLACE_NEAR };
    start();
    (void)look();
    attack = (struct attack){ .kind = kind_row(KIND_DESYNC), .wish = wish, .aerial = { &attack, stand_send, stand_pass },
                              .dice = dice_for(2, 0) };
    attack.wish.count = 150;
    attack.answers.session[0] = reader.session.id;
    attack.answers.sessions = 1;
    uint64_t counters[2];
    memcpy(counters, &stand.pump.gate.counter[1], sizeof counters);
    assert_true(attack.kind->run(&attack));
    assert_memory_equal(counters, &stand.pump.gate.counter[1], sizeof counters);
    assert_int_equal(attack_unheard(&attack), 0);
    assert_int_equal(witness_look(&reader, &AIR, &sight), CONTACT_OK);
}

/* With a magnet: down to the safe rate and told; and nothing else. */
static void a_magnet_only_lowers(void **state)
{
    struct sight_judgement judgement;
    struct attack_wish wish = { .place = PLACE_MAGNET, .placed = true };
    (void)state;
    start();
    int32_t base = stand.pump.base.nl_day;
    attack_judged(KIND_EMERGENCY, &wish, false, &judgement);
    assert_int_equal(judgement.count, 0);
    assert_true(judgement.lowered);
    assert_true(stand.pump.base.nl_day < base);
    assert_int_equal(attack.answers.kind[PACKET_IDENTITY], attack.kind->count);
    assert_int_equal(attack_unheard(&attack), 0);
}

/* The witness would see it: the same frames, were the tape's owner to send them anew. */
static void a_real_command_is_seen(void **state)
{
    static struct sight_log log;
    struct sight_judgement judgement;
    (void)state;
    start();
    struct sight before = look();
    struct programmer copy = doctor;
    struct command stop = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact;
    assert_int_equal(programmer_open(&copy, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&copy, &AIR, &stop, &receipt, &contact), TOLD_APPLIED);
    struct sight after = look();
    assert_int_equal(witness_log(&reader, &AIR, before.status.log_last, &log), CONTACT_OK);
    sight_judge(&before, &after, &log, &(struct sight_pardon){ .slot = reader.key.slot }, &judgement);
    assert_true(judgement.count >= 3); /* the doctor's session, the mode, the ledger head */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes),
        cmocka_unit_test(recorded_frames_change_nothing),
        cmocka_unit_test(a_replay_keeps_its_pauses),
        cmocka_unit_test(an_overheard_session_goes_on),
        cmocka_unit_test(a_magnet_only_lowers),
        cmocka_unit_test(a_real_command_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
