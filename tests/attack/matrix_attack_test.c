/* matrix_attack_test.c - every message against everything that can be wrong with it: no session, expired, wrong role, replayed,
 * reordered, truncated, bits flipped, meant for another pump, from a revoked slot. Nothing of the pump's state may change.
 * REQ-SECU-01, REQ-LINK-10, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "link/hash.h"
#include "link/message.h"
#include "link/permit.h"
#include "link/wish.h"

enum { MESSAGES = 12 + 21, ROLES_ALL = 4 };
static const char *const ROLE_LABEL[ROLES_ALL] = { "patient", "clinician", "reader", "service" };

static struct programmer peer[ROLES_ALL]; /* by role less one */
static struct stand begun;                /* all four paired, a session of each at hand to open */
static uint8_t token[TOKEN_BYTES];        /* of a therapy that stands staged */

/* What must not change: everything that doses, remembers or lets somebody in; not what counts attempts. */
static void state_hash(uint8_t hash[HASH_BYTES])
{
    static struct standing now;
    struct hash_state state;
    struct kept *kept = bench_kept(&stand);
    now = stand.pump.now;
    now.log_last = now.stamp = 0; /* a refusal is logged */
    memset(&now.energy, 0, sizeof now.energy);
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)&now, sizeof now);
    hash_add(&state, (const uint8_t *)&stand.pump.staging, sizeof stand.pump.staging);
    hash_add(&state, (const uint8_t *)&stand.pump.peers, sizeof stand.pump.peers);
    hash_add(&state, (const uint8_t *)&stand.pump.base, sizeof stand.pump.base);
    hash_add(&state, (const uint8_t *)&stand.pump.course, sizeof stand.pump.course);
    hash_add(&state, (const uint8_t *)&kept->ledger, sizeof kept->ledger);
    hash_add(&state, (const uint8_t *)kept->therapy, sizeof kept->therapy);
    hash_end(&state, hash);
}

/* The bench's patience is endless: attempts are rationed elsewhere (unit.radio), here each must be judged. */
static void buckets_fill(void)
{
    gate_make(bench_kept(&stand)->gate);
    for (unsigned bucket = 0; bucket < GATE_BUCKETS; bucket++)
        stand.pump.gate.bucket[bucket] = bench_kept(&stand)->gate[0].memory.bucket[bucket];
    memset(&stand.pump.abuse, 0, sizeof stand.pump.abuse);
    stand.pump.listening = ether.listening = REACH_FAR;
}

/* Message number `which`, such that a permitted role would be answered, and a command would mostly do something. */
static void message_make(unsigned which, struct programmer *from, cisterna_Request *request)
{
    *request = (cisterna_Request){ .request = ++from->request };
    if (which < QUERY_UPDATE) {
        request->which_ask = cisterna_Request_interrogate_tag;
        request->ask.interrogate.topic = which + 1;
    } else if (which < 12) {
        static const pb_size_t tags[] = { cisterna_Request_read_therapy_tag, cisterna_Request_read_log_tag,
                                          cisterna_Request_read_receipt_tag };
        request->which_ask = tags[which - QUERY_UPDATE];
    } else {
        struct command command = { .kind = (uint8_t)(which - 12 + 1), .id = ++from->key.command_id, .retitrated = 0 };
        command.head = command_needs_head(command.kind) ? stand.pump.now.head : 0;
        command.volume.nl = 5000;
        command.rate.nl_day = 14400000;
        command.minutes = 5;
        command.alarm = ALARM_EMERGENCY;
        command.slot = 1;
        command.stage = (struct stage_chunk){ .size = 20, .total = command.kind == COMMAND_STAGE ? 100 : 0 };
        command.refill.fill = bench_drug(1000000);
        command.refill.filled = command.refill.drawn_up = (vol_nl){ 10000000 };
        command.refill.withdrawn.nl = 1000000;
        command.calendar = (struct calendar){ { 3600000 }, "+01:00" };
        memcpy(command.token, token, sizeof token);
        if (command.kind == COMMAND_REFILL)
            memset(command.token, 0, sizeof command.token);
        request->which_ask = cisterna_Request_command_tag;
        assert_true(wish_from_command(&command, &request->ask.command));
    }
}

/* The body of a DATA packet that holds it, sealed by this session. */
static size_t body_make(unsigned which, struct programmer *from, uint8_t body[FRAME_BODY_MAX])
{
    cisterna_Request request;
    struct packet packet;
    uint8_t plain[PACKET_PLAIN_MAX];
    message_make(which, from, &request);
    size_t size = message_write_request(&request, plain);
    assert_true(size > 0);
    assert_true(session_seal(&from->session, plain, size, &packet));
    return packet_write(&packet, body);
}

static void send_body(const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX];
    ether_clear();
    ether_frame(frame, frame_write(body, size, frame));
}

static bool answered(void)
{
    return ether.to_programmer.count > 0;
}

static uint8_t role_for(unsigned which)
{
    for (uint8_t role = ROLE_PATIENT; role <= ROLE_SERVICE; role++) {
        bool may = which < 12 ? permit_query((uint8_t)(which + 1), role)
                              : permit_command((uint8_t)(which - 12 + 1), role, MODE_RUNNING) != VERDICT_ROLE;
        if (may)
            return role;
    }
    return 0;
}

static void open(uint8_t role)
{
    buckets_fill();
    assert_int_equal(programmer_open(&peer[role - 1], &AIR), CONTACT_OK);
    ether_clear();
    buckets_fill();
}

/* Back to the beginning, with a session of who may ask this. */
static struct programmer *begin(unsigned which)
{
    stand = begun;
    ether_clear();
    uint8_t role = role_for(which);
    assert_int_not_equal(role, 0);
    open(role);
    return &peer[role - 1];
}

static int begin_all(void **state)
{
    (void)state;
    struct receipt receipt;
    enum contact contact;
    ether_on();
    for (unsigned i = 0; i < ROLES_ALL; i++) {
        ether_pair(&peer[i], (enum role)(i + 1), ROLE_LABEL[i]);
        stand_run(&stand, stand.now.ms + 20 * MINUTE_MS);
    }
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day = 900000;
    open(ROLE_CLINICIAN);
    assert_int_equal(programmer_stage(&peer[1], &AIR, &therapy, token, &receipt, &contact), TOLD_APPLIED);
    programmer_close(&peer[1], &AIR);
    begun = stand;
    return 0;
}

#define UNCHANGED(before)                                                                                              \
    do {                                                                                                               \
        uint8_t after[HASH_BYTES];                                                                                     \
        state_hash(after);                                                                                             \
        assert_memory_equal(after, before, HASH_BYTES);                                                                \
    } while (0)

/* The harness itself: sent soundly, every message is answered, and most commands change something. */
static void soundly_sent_they_do_something(void **state)
{
    (void)state;
    unsigned changed = 0;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES], after[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        state_hash(before);
        send_body(body, size);
        state_hash(after);
        assert_true(answered());
        bool differs = memcmp(before, after, HASH_BYTES) != 0;
        assert_true(which >= 12 || !differs);
        changed += differs;
    }
    assert_true(changed >= 15);
}

static void without_a_session(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        programmer_close(from, &AIR);
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
        struct programmer stranger = *from; /* a session of his own making */
        session_begin(&stranger.session, 77, token, token);
        send_body(body, body_make(which, &stranger, body));
        assert_false(answered());
        UNCHANGED(before);
    }
}

static void in_an_expired_session(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        stand_run(&stand, stand.now.ms + SESSION_IDLE_MS);
        buckets_fill();
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
    }
}

static void by_a_role_that_may_not(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (unsigned which = 0; which < MESSAGES; which++) {
        for (uint8_t role = ROLE_PATIENT; role <= ROLE_SERVICE; role++) {
            uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
            bool may = which < 12 ? permit_query((uint8_t)(which + 1), role)
                                  : permit_command((uint8_t)(which - 12 + 1), role, MODE_RUNNING) != VERDICT_ROLE;
            if (may)
                continue;
            stand = begun;
            open(role);
            size_t size = body_make(which, &peer[role - 1], body);
            state_hash(before);
            send_body(body, size);
            assert_true(answered());
            UNCHANGED(before);
            refused++;
        }
    }
    assert_true(refused > 50);
}

static void replayed_or_reordered(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], later[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        send_body(body, size);
        state_hash(before);
        send_body(body, size); /* once more */
        assert_false(answered());
        UNCHANGED(before);
        open(from->role);      /* and in the next session */
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
        from = begin(which);
        size = body_make(which, from, body);
        send_body(later, body_make(0, from, later)); /* overtaken by a question */
        assert_true(answered());
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
    }
}

static void truncated(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        state_hash(before);
        for (size_t cut = 0; cut < size; cut++) {
            send_body(body, cut);
            assert_false(answered());
            UNCHANGED(before);
            buckets_fill();
        }
    }
}

/* With a check value that fits the flipped body: what the radio itself would notice is left out. */
static void with_a_bit_flipped(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        state_hash(before);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            body[bit / 8] ^= (uint8_t)(1 << bit % 8);
            send_body(body, size);
            assert_false(answered());
            UNCHANGED(before);
            body[bit / 8] ^= (uint8_t)(1 << bit % 8);
            buckets_fill();
        }
    }
}

/* The same keys and slots in a pump of another serial: its frames mean nothing here, and its knocks neither. */
static void meant_for_another_pump(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        uint8_t role = role_for(which);
        struct programmer stranger = peer[role - 1];
        stand = begun;
        stand.unit.serial[0] ^= 1;
        stand_reset(&stand);
        stranger.key.pump_id[0] ^= 1;
        buckets_fill();
        assert_int_equal(programmer_open(&stranger, &AIR), CONTACT_OK); /* with its own pump it speaks */
        size_t size = body_make(which, &stranger, body);
        stand = begun;
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
        stranger.patience = (struct patience){ .wait_ms = 1, .tries = 1 };
        assert_int_equal(programmer_open(&stranger, &AIR), CONTACT_SILENCE);
    }
}

static void from_a_revoked_slot(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        uint8_t body[FRAME_BODY_MAX], before[HASH_BYTES];
        struct programmer *from = begin(which);
        size_t size = body_make(which, from, body);
        struct board board = stand_board(&stand);
        assert_int_equal(peers_set(&stand.pump, &board, from->key.slot, NULL), RESULT_OK);
        state_hash(before);
        send_body(body, size);
        assert_false(answered());
        UNCHANGED(before);
        struct programmer revoked = *from;
        revoked.patience = (struct patience){ .wait_ms = 1, .tries = 1 };
        assert_int_equal(programmer_open(&revoked, &AIR), CONTACT_SILENCE);
        assert_int_equal(stand.pump.line[LINE_CLINIC].session.id, 0);
    }
}

/* The one list of who may what, cell by cell against the pump itself: 33 messages, 4 roles, 6 modes. */
static void the_list_is_what_the_pump_does(void **state)
{
    (void)state;
    for (unsigned which = 0; which < MESSAGES; which++) {
        for (uint8_t role = ROLE_PATIENT; role <= ROLE_SERVICE; role++) {
            for (uint8_t mode = MODE_NEW; mode <= MODE_EMPTY; mode++) {
                uint8_t body[FRAME_BODY_MAX], plain[PACKET_PLAIN_MAX];
                struct radio_heard heard;
                struct packet packet;
                cisterna_Reply reply;
                stand = begun;
                stand.pump.now.mode = mode;
                open(role);
                send_body(body, body_make(which, &peer[role - 1], body));
                assert_true(ether_pop(&ether.to_programmer, &heard));
                assert_true(packet_read(body, frame_read(heard.bytes, heard.size, body), &packet));
                size_t size = session_open(&peer[role - 1].session, &packet, plain);
                assert_true(size > 0 && message_read_reply(plain, size, &reply));
                if (which < 12) {
                    assert_int_equal(reply.refusal == 1, !permit_query((uint8_t)(which + 1), role));
                    continue;
                }
                verdict listed = permit_command((uint8_t)(which - 12 + 1), role, mode);
                const verdict doors = VERDICT_ROLE | VERDICT_MODE | VERDICT_NOT_RUNNING;
                if (listed != 0)
                    assert_int_equal(reply.tell.receipt.reasons & doors, listed);
                else
                    assert_int_equal(reply.tell.receipt.reasons & VERDICT_ROLE, 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soundly_sent_they_do_something),
        cmocka_unit_test(without_a_session),
        cmocka_unit_test(in_an_expired_session),
        cmocka_unit_test(by_a_role_that_may_not),
        cmocka_unit_test(replayed_or_reordered),
        cmocka_unit_test(truncated),
        cmocka_unit_test(with_a_bit_flipped),
        cmocka_unit_test(meant_for_another_pump),
        cmocka_unit_test(from_a_revoked_slot),
        cmocka_unit_test(the_list_is_what_the_pump_does),
    };
    return cmocka_run_group_tests(tests, begin_all, NULL);
}
