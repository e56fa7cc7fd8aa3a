/* wire_test.c - lines over a socket: whole, in pieces, too many, too long; from people who do not read, who come in crowds, and
 * who go in the middle. Its owner is never made to wait. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static struct wire wire;
static char folder[64], big[WIRE_LINE_BYTES + 2];
static unsigned heard;

/* Answers what it heard; "big" asks for the longest answer, "huge" for one that is too long. */
static char *echo(void *context, const char *line, size_t size)
{
    char text[64];
    (void)context;
    heard++;
    if (size == 3 && memcmp(line, "big", 3) == 0)
        return strndup(big, WIRE_LINE_BYTES - 1);
    if (size == 4 && memcmp(line, "huge", 4) == 0)
        return strndup(big, WIRE_LINE_BYTES);
    snprintf(text, sizeof text, "<%.*s>", (int)(size < 50 ? size : 50), line);
    return strdup(text);
}

static int begin(void **state)
{
    (void)state;
    memset(big, 'x', sizeof big - 1);
    snprintf(folder, sizeof folder, "%s/cisterna-wire-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(wire_open(&wire, folder, "control"), LISTENER_OK);
    heard = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    wire_close(&wire);
    assert_int_equal(rmdir(folder), 0); /* the socket is gone too */
    return 0;
}

static void serve(unsigned times)
{
    while (times-- > 0)
        wire_serve(&wire, echo, NULL);
}

static int come(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s/control", folder);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(connect(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    serve(1);
    return descriptor;
}

static void say(int descriptor, const char *text)
{
    assert_int_equal(send(descriptor, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that is there just now. */
static void hears(int descriptor, const char *text)
{
    char got[256] = "";
    ssize_t size = recv(descriptor, got, sizeof got - 1, MSG_DONTWAIT);
    got[size > 0 ? size : 0] = '\0';
    assert_string_equal(got, text);
}

static bool is_gone(int descriptor)
{
    char byte;
    return recv(descriptor, &byte, 1, MSG_DONTWAIT) == 0;
}

static void it_is_its_owners_alone(void **state)
{
    (void)state;
    struct stat about;
    struct wire other;
    assert_int_equal(stat(wire.path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(wire_open(&other, folder, "control"), LISTENER_BUSY);
    assert_int_equal(wire_open(&other, big, "control"), LISTENER_FAILED);
}

static void lines_come_in_pieces_and_in_heaps(void **state)
{
    (void)state;
    int one = come(), two = come();
    say(one, "hal");
    serve(2);
    hears(one, "");
    say(one, "lo\n");
    say(two, "a\nb\n\nc");
    serve(1);
    hears(one, "<hallo>\n");
    hears(two, "<a>\n");
    assert_true(wire.more); /* although the socket has nothing more to say */
    serve(1);
    hears(two, "<b>\n");
    serve(2);
    hears(two, "<>\n");
    assert_false(wire.more);
    assert_int_equal(heard, 4);
    (void)close(one);
    (void)close(two);
    serve(1);
    assert_int_equal(wire.clients, 0);
}

static void a_line_without_an_end_is_told_and_let_go(void **state)
{
    (void)state;
    int one = come(), two = come();
    for (unsigned sent = 0; sent < WIRE_LINE_BYTES;) {
        ssize_t more = send(one, big, WIRE_LINE_BYTES - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        sent += more > 0 ? (unsigned)more : 0;
        serve(2);
    }
    serve(2);
    char got[128] = "";
    assert_true(recv(one, got, sizeof got - 1, MSG_DONTWAIT) > 0);
    assert_non_null(strstr(got, "at most 65535 bytes"));
    assert_true(is_gone(one));
    assert_int_equal(heard, 0);
    say(two, "still there\n");
    serve(1);
    hears(two, "<still there>\n");
    (void)close(one);
    (void)close(two);
}

/* Asks for more and more and reads nothing: nothing is read of it any more, and nothing piles up. */
static void who_does_not_read_is_not_heard(void **state)
{
    (void)state;
    int one = come(), two = come(), small = 4096;
    assert_int_equal(setsockopt(one, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    for (unsigned i = 0; i < 100; i++)
        say(one, "big\n");
    serve(300);
    unsigned before = heard;
    assert_true(before < 50);
    serve(100);
    assert_int_equal(heard, before);
    say(two, "hallo\n");
    serve(1);
    hears(two, "<hallo>\n");
    unsigned lines = 0;
    for (unsigned i = 0; i < 100000 && lines < 100; i++) { /* now it reads */
        static char bytes[WIRE_LINE_BYTES];
        ssize_t got = recv(one, bytes, sizeof bytes, MSG_DONTWAIT);
        for (ssize_t k = 0; k < got; k++)
            lines += bytes[k] == '\n';
        serve(1);
    }
    assert_int_equal(lines, 100);
    (void)close(one);
    (void)close(two);
}

static void an_answer_that_is_too_long_is_told(void **state)
{
    (void)state;
    int one = come();
    char got[128] = "";
    say(one, "huge\n");
    serve(1);
    assert_true(recv(one, got, sizeof got - 1, MSG_DONTWAIT) > 0);
    assert_non_null(strstr(got, "\"error\""));
    (void)close(one);
}

static void one_too_many_takes_the_place_of_the_one_who_asked_longest_ago(void **state)
{
    (void)state;
    int many[WIRE_CLIENTS_MAX + 1];
    for (unsigned i = 0; i < WIRE_CLIENTS_MAX; i++)
        many[i] = come();
    say(many[0], "here\n");
    serve(1);
    hears(many[0], "<here>\n");
    many[WIRE_CLIENTS_MAX] = come();
    assert_int_equal(wire.clients, WIRE_CLIENTS_MAX);
    assert_true(is_gone(many[1]));
    assert_false(is_gone(many[0]));
    say(many[WIRE_CLIENTS_MAX], "hallo\n");
    serve(1);
    hears(many[WIRE_CLIENTS_MAX], "<hallo>\n");
    for (unsigned i = 0; i <= WIRE_CLIENTS_MAX; i++)
        (void)close(many[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_its_owners_alone, begin, end),
        cmocka_unit_test_setup_teardown(lines_come_in_pieces_and_in_heaps, begin, end),
        cmocka_unit_test_setup_teardown(a_line_without_an_end_is_told_and_let_go, begin, end),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_not_heard, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_that_is_too_long_is_told, begin, end),
        cmocka_unit_test_setup_teardown(one_too_many_takes_the_place_of_the_one_who_asked_longest_ago, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
