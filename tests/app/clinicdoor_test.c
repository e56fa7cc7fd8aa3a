/* clinicdoor_test.c - the door to pumps: sessions that go on, keys that change under other hands, who waits for whom, and what is
 * said when nothing can be reached. REQ-LINK-02, REQ-SECU-03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/clinicdoor.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/options.h"
#include "tests/clinic/fake_pump.h"
#include "tests/clinic/keyring.h"

/* A pump behind a socket. */
struct radio {
    struct fake_pump pump;
    char folder[128], socket[160];
    int listener, from; /* from: who talks, -1: nobody */
    pthread_t thread;
};

static char radios[] = P_tmpdir "/cisterna-radios-XXXXXX";
static struct radio radio[2];
static struct clinicdoor *opened;
static struct door door;

/* The file of keys in other hands: in another process it would be the same. */
static void key_put(const struct key *key)
{
    struct keystore other = keyring_open();
    assert_int_equal(keystore_put(&other, key), KEYSTORE_OK);
    keystore_close(&other);
}

/* As the file has it; all zeros when it has none. */
static struct key key_get(const char *serial, uint8_t role)
{
    struct keystore other = keyring_open();
    struct key key = { .slot = 0 };
    for (unsigned i = 0; i < other.count; i++)
        if (strncmp((const char *)other.key[i].pump_id, serial, PUMP_ID_BYTES) == 0 && other.key[i].role == role)
            key = other.key[i];
    keystore_close(&other);
    return key;
}

/* The pump asserts that a counter was kept before it was sent: in the file, that is. */
static void pump_answer(struct radio *at, int from, const uint8_t *frame, size_t size)
{
    uint8_t told[FRAME_BYTES_MAX];
    struct air air = fake_air(&at->pump);
    at->pump.kept = key_get((const char *)at->pump.pump_id, at->pump.peer_role);
    (void)air.send(air.context, frame, size);
    for (size_t length; (length = air.receive(air.context, told, 1)) > 0;)
        (void)send(from, told, length, MSG_NOSIGNAL);
}

static void *radio_run(void *context)
{
    struct radio *at = context;
    for (int from; (from = accept(at->listener, NULL, NULL)) >= 0; (void)close(from)) {
        __atomic_store_n(&at->from, from, __ATOMIC_SEQ_CST);
        struct frame_cutter cutter = { .size = 0 };
        uint8_t byte;
        while (recv(from, &byte, 1, 0) == 1)
            if (frame_cut(&cutter, byte))
                pump_answer(at, from, cutter.bytes, cutter.size);
        __atomic_store_n(&at->from, -1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static void radio_start(struct radio *at, const char *serial, const char *folder)
{
    struct sockaddr_un where = { .sun_family = AF_UNIX };
    fake_start(&at->pump, 7);
    memset(at->pump.pump_id, 0, sizeof at->pump.pump_id);
    memcpy(at->pump.pump_id, serial, strlen(serial));
    snprintf(at->folder, sizeof at->folder, "%s%s%s", radios, *folder != '\0' ? "/" : "", folder);
    snprintf(at->socket, sizeof at->socket, "%s/near", at->folder);
    assert_true(mkdir(at->folder, 0700) == 0 || *folder == '\0');
    assert_true(strlen(at->socket) < sizeof where.sun_path);
    memcpy(where.sun_path, at->socket, strlen(at->socket));
    at->from = -1;
    at->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(at->listener, (const struct sockaddr *)(const void *)&where, sizeof where), 0);
    assert_int_equal(listen(at->listener, 4), 0);
    assert_int_equal(pthread_create(&at->thread, NULL, radio_run, at), 0);
}

static void radio_stop(struct radio *at)
{
    (void)shutdown(at->listener, SHUT_RDWR);
    (void)shutdown(__atomic_load_n(&at->from, __ATOMIC_SEQ_CST),
                   SHUT_RDWR); /* where a test failed before it left the door */
    (void)pthread_join(at->thread, NULL);
    (void)close(at->listener);
    (void)unlink(at->socket);
    if (strcmp(at->folder, radios) != 0)
        (void)rmdir(at->folder);
}

static struct key paired_key(struct radio *at, enum role role)
{
    struct air air = fake_air(&at->pump);
    return fake_paired(&at->pump, &air, role).key;
}

static struct clinicdoor *door_open(const char *only)
{
    struct clinicdoor *another = NULL;
    const struct clinic_ask ask = {
        .patience_ms = 500,
        .value = { [CLINIC_RADIO_AT] = radios, [CLINIC_KEYS_AT] = keyring_path, [CLINIC_PUMP_AT] = only }
    };
    assert_int_equal(clinicdoor_open(&ask, &another), EXIT_DONE);
    return another;
}

static int group_make(void **state)
{
    (void)setenv("CISTERNA_PASSPHRASE", KEYRING_PASSPHRASE, 1);
    return mkdtemp(radios) == NULL ? -1 : keyring_make(state);
}

static int group_remove(void **state)
{
    return rmdir(radios) != 0 ? -1 : keyring_remove(state);
}

/* Two pumps, each with a clinician's key. */
static int stand(void **state)
{
    (void)state;
    keyring_fresh(0);
    radio_start(&radio[0], "SIM-0001", "SIM-0001");
    radio_start(&radio[1], "SIM-0002", "SIM-0002");
    for (unsigned i = 0; i < 2; i++) {
        struct key key = paired_key(&radio[i], ROLE_CLINICIAN);
        key_put(&key);
    }
    opened = door_open(NULL);
    door = clinicdoor_of(opened);
    return 0;
}

static int fall(void **state)
{
    (void)state;
    clinicdoor_close(opened);
    radio_stop(&radio[0]);
    radio_stop(&radio[1]);
    return 0;
}

static void enter(const char *serial, struct programmer *programmer, struct air *air)
{
    char fault[DOOR_FAULT_BYTES] = "";
    if (!door.enter(door.context, serial, ROLE_CLINICIAN, programmer, air, fault))
        fail_msg("%s", fault);
}

static void refused(const struct door *at, const char *serial, uint8_t role, const char *why)
{
    struct programmer programmer = { .request = 0 };
    struct air air;
    char fault[DOOR_FAULT_BYTES] = "";
    assert_false(at->enter(at->context, serial, role, &programmer, &air, fault));
    if (strstr(fault, why) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", why, fault);
}

static void test_a_session_goes_on_after_the_door_was_left(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    cisterna_Status status;
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    door.leave(door.context);
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer_status(&programmer, &air, &status), CONTACT_OK);
    door.leave(door.context);
    assert_int_equal(radio[0].pump.sessions, 1);
    assert_true(key_get("SIM-0001", ROLE_CLINICIAN).counter == programmer.key.counter);
}

static void test_a_key_that_others_used_is_begun_anew(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    door.leave(door.context);
    struct key key = key_get("SIM-0001", ROLE_CLINICIAN);
    key.counter += 5;
    key_put(&key);
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer.session.id, 0);
    assert_true(programmer.key.counter == key.counter);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    door.leave(door.context);
    assert_true(key_get("SIM-0001", ROLE_CLINICIAN).counter == key.counter + 1);
}

static void test_the_keys_are_free_during_a_conversation_and_nothing_is_sent_over_their_use(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    struct command command = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    struct key key = key_get("SIM-0001", ROLE_CLINICIAN); /* which opens the file: nobody holds it */
    key.counter++;
    key_put(&key);
    assert_int_equal(programmer_command(&programmer, &air, &command, &receipt, &contact), TOLD_NOT_APPLIED);
    assert_int_equal(contact, CONTACT_KEEP_FAILED);
    door.leave(door.context);
    assert_int_equal(radio[0].pump.commands_heard, 0);
    struct key now = key_get("SIM-0001", ROLE_CLINICIAN);
    keyring_assert_same(&now, &key);
}

static void test_a_command_is_kept_before_it_is_sent_and_settled_after(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    struct command command = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    assert_int_equal(programmer_command(&programmer, &air, &command, &receipt, &contact), TOLD_APPLIED);
    door.leave(door.context);
    struct key key = key_get("SIM-0001", ROLE_CLINICIAN);
    assert_true(key.command_id == command.id && key.pending.id == 0 && key.last.id == command.id);
    assert_int_equal(fake_done(&radio[0].pump, command.id), 1);
}

/* A visitor in a thread of its own. */
struct visitor {
    const char *serial;
    bool *free, was_free; /* has the one before left? */
};

static void *visit(void *context)
{
    struct visitor *visitor = context;
    struct programmer programmer = { .request = 0 };
    struct air air;
    char fault[DOOR_FAULT_BYTES];
    bool in = door.enter(door.context, visitor->serial, ROLE_CLINICIAN, &programmer, &air, fault);
    visitor->was_free = in && __atomic_load_n(visitor->free, __ATOMIC_SEQ_CST);
    if (in)
        door.leave(door.context);
    return NULL;
}

static void test_each_pump_has_one_visitor_and_no_pump_waits_for_another(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    pthread_t thread;
    bool yes = true, left = false;
    struct visitor other = { .serial = "SIM-0002", .free = &yes }, same = { .serial = "SIM-0001", .free = &left };
    enter("SIM-0001", &programmer, &air);
    assert_int_equal(pthread_create(&thread, NULL, visit, &other), 0);
    assert_int_equal(pthread_join(thread, NULL), 0); /* would never come, if pumps waited for each other */
    assert_true(other.was_free);
    assert_int_equal(pthread_create(&thread, NULL, visit, &same), 0);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    __atomic_store_n(&left, true, __ATOMIC_SEQ_CST);
    door.leave(door.context);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(same.was_free);
}

static void test_what_cannot_be_reached_is_told(void **state)
{
    (void)state;
    refused(&door, "SIM-0001", ROLE_READER, "no key of the role reader for pump SIM-0001 in the key file");
    refused(&door, "SIM-0009", ROLE_CLINICIAN, "no key of the role clinician for pump SIM-0009 in the key file");
    refused(&door, "../SIM-0001", ROLE_CLINICIAN, "that is no serial of a pump");
    refused(&door, "SIM-0001/.", ROLE_CLINICIAN, "that is no serial of a pump");
    refused(&door, "..", ROLE_CLINICIAN, "that is no serial of a pump");
    refused(&door, "", ROLE_CLINICIAN, "that is no serial of a pump");
    struct key key = key_get("SIM-0001", ROLE_CLINICIAN);
    key.role = ROLE_PATIENT; /* who talks from afar, where this radio has no socket */
    key_put(&key);
    refused(&door, "SIM-0001", ROLE_PATIENT, "SIM-0001/far: No such file or directory");
    memcpy(key.pump_id, "SIM-0003", 8);
    key.role = ROLE_CLINICIAN;
    key_put(&key);
    refused(&door, "SIM-0003", ROLE_CLINICIAN, "the pump's radio does not answer at "); /* it has no folder */
    struct clinicdoor *narrow = door_open("SIM-0002");
    const struct door one = clinicdoor_of(narrow);
    refused(&one, "SIM-0001", ROLE_CLINICIAN, "this server was started for pump SIM-0002 alone");
    clinicdoor_close(narrow);
    assert_int_equal(unlink(keyring_path), 0);
    refused(&door, "SIM-0001", ROLE_CLINICIAN, "the key file: there is no such file");
}

/* Serials that people make up use nothing up. */
static void test_as_many_strangers_as_there_may_be_take_nobodys_place(void **state)
{
    (void)state;
    struct programmer programmer = { .request = 0 };
    struct air air;
    char serial[SERIAL_BYTES];
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(serial, sizeof serial, "SIM-9%03u", i);
        refused(&door, serial, ROLE_CLINICIAN, "no key of the role clinician");
    }
    enter("SIM-0001", &programmer, &air);
    door.leave(door.context);
}

static unsigned pumps_told(const struct door *at, uint8_t role, char last[SERIAL_BYTES])
{
    unsigned count = 0;
    while (at->pump_at(at->context, role, count, last))
        count++;
    return count;
}

static void test_pumps_are_told_by_role_and_those_paired_meanwhile_too(void **state)
{
    (void)state;
    char last[SERIAL_BYTES] = "";
    assert_int_equal(pumps_told(&door, ROLE_CLINICIAN, last), 2);
    assert_string_equal(last, "SIM-0002");
    assert_int_equal(pumps_told(&door, ROLE_READER, last), 0);
    struct key key = key_get("SIM-0002", ROLE_CLINICIAN);
    key.role = ROLE_READER;
    key_put(&key);
    memcpy(key.pump_id, "SIM-0004", 8);
    key.slot = PAIRING_SLOT; /* its pairing did not come to its end */
    key_put(&key);
    assert_int_equal(pumps_told(&door, ROLE_READER, last), 1);
    assert_string_equal(last, "SIM-0002");
    struct clinicdoor *narrow = door_open("SIM-0001");
    const struct door one = clinicdoor_of(narrow);
    assert_int_equal(pumps_told(&one, ROLE_CLINICIAN, last), 1);
    assert_string_equal(last, "SIM-0001");
    clinicdoor_close(narrow);
}

/* One pump's sockets in the folder itself: as a single pump is given to the command line. */
static void test_the_folder_itself_may_be_the_pumps(void **state)
{
    (void)state;
    static struct radio alone;
    struct programmer programmer = { .request = 0 };
    struct air air;
    radio_start(&alone, "SIM-0005", "");
    struct key key = paired_key(&alone, ROLE_CLINICIAN);
    key_put(&key);
    enter("SIM-0005", &programmer, &air);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    door.leave(door.context);
    radio_stop(&alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stand, fall)
        TEST(test_a_session_goes_on_after_the_door_was_left),
        TEST(test_a_key_that_others_used_is_begun_anew),
        TEST(test_the_keys_are_free_during_a_conversation_and_nothing_is_sent_over_their_use),
        TEST(test_a_command_is_kept_before_it_is_sent_and_settled_after),
        TEST(test_each_pump_has_one_visitor_and_no_pump_waits_for_another),
        TEST(test_what_cannot_be_reached_is_told),
        TEST(test_as_many_strangers_as_there_may_be_take_nobodys_place),
        TEST(test_pumps_are_told_by_role_and_those_paired_meanwhile_too),
        TEST(test_the_folder_itself_may_be_the_pumps),
    };
    return cmocka_run_group_tests(tests, group_make, group_remove);
}
