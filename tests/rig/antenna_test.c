/* antenna_test.c - the sockets of a live implant: who is heard and who hears, and that nobody makes the others wait. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/antenna.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEARD_MAX = 2000 };

static char folder[64];
static struct antenna antenna, second;
static sigset_t mask;
static struct heard {
    unsigned frames;
    enum reach reach[HEARD_MAX];
    size_t size[HEARD_MAX];
    uint8_t first[HEARD_MAX];
} heard;
static const uint8_t *answer; /* to each frame, two bytes; null: none */

static int begin(void **state)
{
    (void)state;
    enum antenna_place place;
    snprintf(folder, sizeof folder, "%s/cisterna-antenna-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    memset(&heard, 0, sizeof heard);
    answer = NULL;
    sigemptyset(&mask);
    assert_int_equal(antenna_open(&antenna, folder, &place), ANTENNA_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    antenna_close(&antenna);
    assert_int_equal(rmdir(folder), 0); /* nothing is left behind */
    return 0;
}

static void on_frame(void *context, enum reach reach, const uint8_t *frame, size_t size)
{
    assert_ptr_equal(context, &heard);
    assert_true(heard.frames < HEARD_MAX && size >= 2 && frame[size - 1] == 0);
    heard.reach[heard.frames] = reach;
    heard.size[heard.frames] = size;
    heard.first[heard.frames++] = frame[0];
    if (answer != NULL)
        antenna_send(&antenna, answer, 2);
}

/* What was done before is there already: sockets of one machine do not keep anything back. */
static void serve(void)
{
    antenna_serve(&antenna, 0, &mask, on_frame, &heard);
}

static int reach_for(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(client >= 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&address, sizeof address), 0);
    return client;
}

static int come(enum antenna_place place)
{
    int client = reach_for(antenna.path[place]);
    serve();
    return client;
}

static void say(int client, const void *bytes, size_t size)
{
    assert_int_equal(send(client, bytes, size, MSG_NOSIGNAL), size);
    serve();
}

/* What has come; 0 nothing yet, -1 cut off. */
static ssize_t got(int client, uint8_t *bytes, size_t room)
{
    ssize_t size = recv(client, bytes, room, MSG_DONTWAIT);
    return size == 0 ? -1 : size < 0 && errno == EAGAIN ? 0 : size;
}

static void where_they_are_tells_how_they_come(void **state)
{
    (void)state;
    int far = come(ANTENNA_FAR), near = come(ANTENNA_NEAR);
    assert_false(antenna_magnet(&antenna));
    int magnet = come(ANTENNA_MAGNET);
    assert_true(antenna_magnet(&antenna));
    say(far, "a", 2);
    say(near, "b", 2);
    say(magnet, "c", 2);
    assert_int_equal(heard.frames, 3);
    assert_memory_equal(heard.first, "abc", 3);
    assert_int_equal(heard.reach[0], REACH_FAR);
    assert_int_equal(heard.reach[1], REACH_NEAR);
    assert_int_equal(heard.reach[2], REACH_NEAR);
    close(magnet);
    serve();
    assert_false(antenna_magnet(&antenna));
    close(far);
    close(near);
    serve();
    assert_int_equal(antenna.clients, 0);
}

static void frames_are_cut_whatever_pieces_they_come_in(void **state)
{
    (void)state;
    uint8_t longest[FRAME_BYTES_MAX + 1];
    int far = come(ANTENNA_FAR), other = come(ANTENNA_FAR);
    say(far, "he", 2);
    say(other, "x\0y", 3); /* each has a cutter of its own */
    say(far, "re\0\0\0and", 8);
    say(far, "\0th", 3);
    assert_int_equal(heard.frames, 3);
    assert_memory_equal(heard.first, "xha", 3);
    assert_int_equal(heard.size[1], 5);
    assert_int_equal(heard.size[2], 4);
    memset(longest, 'L', sizeof longest);
    longest[FRAME_BYTES_MAX - 1] = 0;
    say(other, "", 1);
    say(other, longest, FRAME_BYTES_MAX);
    assert_int_equal(heard.frames, 5);
    assert_int_equal(heard.size[4], FRAME_BYTES_MAX);
    longest[FRAME_BYTES_MAX - 1] = 'L'; /* one too long is dropped whole, and what follows is heard */
    longest[FRAME_BYTES_MAX] = 0;
    say(other, longest, FRAME_BYTES_MAX + 1);
    for (unsigned i = 0; i < 100; i++)
        say(other, longest, FRAME_BYTES_MAX);
    say(other, "\0ok", 4);
    assert_int_equal(heard.frames, 6);
    assert_int_equal(heard.first[5], 'o');
    say(other, "left", 4);
    close(far);
    close(other);
    serve();
    far = come(ANTENNA_FAR); /* who comes after does not go on where that one ended */
    other = come(ANTENNA_FAR);
    say(far, "1", 2);
    say(other, "2", 2);
    assert_int_equal(heard.frames, 8);
    assert_memory_equal(heard.first + 6, "12", 2);
    close(far);
    close(other);
}

static void all_hear_what_is_sent(void **state)
{
    (void)state;
    uint8_t bytes[16];
    int client[3] = { come(ANTENNA_FAR), come(ANTENNA_NEAR), come(ANTENNA_MAGNET) };
    antenna_send(&antenna, (const uint8_t *)"p\0q", 4);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(got(client[i], bytes, sizeof bytes), 4);
        assert_memory_equal(bytes, "p\0q", 4);
    }
    answer = (const uint8_t *)"!"; /* also while others are being served, and some of them have gone */
    close(client[0]);
    say(client[1], "1\0\0" "2", 5);
    assert_int_equal(got(client[2], bytes, sizeof bytes), 4);
    assert_int_equal(got(client[1], bytes, sizeof bytes), 4);
    serve();
    assert_int_equal(antenna.clients, 2);
    say(client[2], "3", 2);
    assert_int_equal(got(client[1], bytes, sizeof bytes), 2);
    assert_int_equal(heard.frames, 3);
    close(client[1]);
    close(client[2]);
}

enum { ODD_BYTES = 241 }; /* so that no whole number of frames fills what waits for a client */

static void odd_frame(uint8_t frame[ODD_BYTES], unsigned number)
{
    for (unsigned i = 0; i < ODD_BYTES - 1; i++)
        frame[i] = (uint8_t)(1 + (number + i * 7) % 255);
    frame[0] = (uint8_t)(1 + number / 255);
    frame[1] = (uint8_t)(1 + number % 255);
    frame[ODD_BYTES - 1] = 0;
}

/* One never reads: whole frames are dropped for it, never parts of one, and the other misses none. */
static void who_does_not_read_makes_nobody_wait(void **state)
{
    (void)state;
    uint8_t frame[ODD_BYTES], bytes[1000];
    struct frame_cutter cutter = { .size = 0 };
    int slow = come(ANTENNA_FAR), quick = come(ANTENNA_FAR);
    enum { FRAMES = 20000 };
    for (unsigned i = 0; i < FRAMES; i++) {
        odd_frame(frame, i);
        antenna_send(&antenna, frame, sizeof frame);
        assert_int_equal(got(quick, bytes, sizeof bytes), sizeof frame);
        assert_memory_equal(bytes, frame, sizeof frame);
    }
    assert_true(antenna.count.dropped > 0);
    uint64_t kept = FRAMES - antenna.count.dropped, read_frames = 0;
    for (ssize_t size; (size = got(slow, bytes, sizeof bytes)) != 0;) { /* now it reads */
        assert_true(size > 0);
        for (ssize_t i = 0; i < size; i++)
            if (frame_cut(&cutter, bytes[i])) {
                odd_frame(frame, 255 * (cutter.bytes[0] - 1u) + cutter.bytes[1] - 1u);
                assert_int_equal(cutter.size, sizeof frame);
                assert_memory_equal(cutter.bytes, frame, sizeof frame);
                read_frames++;
            }
        serve();
    }
    assert_int_equal(read_frames, kept);
    antenna_send(&antenna, frame, sizeof frame);
    assert_int_equal(got(slow, bytes, sizeof bytes), sizeof frame);
    close(slow);
    close(quick);
}

/* One sends without end: it is served in turn, a piece at a time. */
static void who_floods_is_served_in_turn(void **state)
{
    (void)state;
    static uint8_t flood[64 * ANTENNA_IN_BYTES];
    int loud = come(ANTENNA_FAR), calm = come(ANTENNA_FAR);
    for (unsigned i = 0; i < sizeof flood; i += 2)
        flood[i] = 'F';
    ssize_t sent = send(loud, flood, sizeof flood, MSG_DONTWAIT | MSG_NOSIGNAL);
    assert_true(sent >= 4 * ANTENNA_IN_BYTES);
    say(calm, "c", 2);
    assert_int_equal(heard.frames, ANTENNA_IN_BYTES / 2 + 1);
    assert_int_equal(heard.first[ANTENNA_IN_BYTES / 2], 'c');
    close(loud);
    close(calm);
}

static void there_is_room_for_so_many(void **state)
{
    (void)state;
    uint8_t byte;
    int client[ANTENNA_CLIENTS_MAX + 1];
    for (unsigned i = 0; i < ANTENNA_CLIENTS_MAX; i++)
        client[i] = come(ANTENNA_FAR);
    client[ANTENNA_CLIENTS_MAX] = come(ANTENNA_NEAR);
    assert_int_equal(antenna.clients, ANTENNA_CLIENTS_MAX);
    assert_int_equal(got(client[ANTENNA_CLIENTS_MAX], &byte, 1), -1);
    assert_int_equal(antenna.count.turned_away, 1);
    for (unsigned i = 0; i < ANTENNA_CLIENTS_MAX; i += 2)
        close(client[i]);
    serve();
    assert_int_equal(antenna.clients, ANTENNA_CLIENTS_MAX / 2);
    for (unsigned i = 1; i < ANTENNA_CLIENTS_MAX; i += 2) { /* the others are who they were */
        say(client[i], (const uint8_t[]){ (uint8_t)i, 0 }, 2);
        assert_int_equal(heard.first[heard.frames - 1], i);
        close(client[i]);
    }
    close(client[ANTENNA_CLIENTS_MAX]);
}

static void sockets_are_private_and_replace_only_dead_ones(void **state)
{
    (void)state;
    enum antenna_place place;
    struct stat about;
    char path[128], far[ANTENNA_PATH_BYTES];
    for (unsigned i = 0; i < ANTENNA_PLACES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, antenna_word((enum antenna_place)i));
        assert_int_equal(stat(path, &about), 0);
        assert_true(S_ISSOCK(about.st_mode) && (about.st_mode & 0777) == 0600);
    }
    assert_int_equal(antenna_open(&second, folder, &place), ANTENNA_BUSY);
    assert_int_equal(place, ANTENNA_FAR);
    memcpy(far, antenna.path[ANTENNA_FAR], sizeof far);
    close(reach_for(far)); /* and the one that is there lives on */
    for (unsigned i = 0; i < ANTENNA_PLACES; i++) { /* as a process leaves them that is killed */
        close(antenna.listener[i]);
        antenna.listener[i] = -1;
    }
    assert_int_equal(stat(far, &about), 0);
    assert_int_equal(antenna_open(&antenna, folder, &place), ANTENNA_OK);
    close(come(ANTENNA_FAR));
    antenna_close(&antenna);
    FILE *file = fopen(far, "w"); /* what is no socket is left alone */
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(antenna_open(&antenna, folder, &place), ANTENNA_FAILED);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(unlink(far), 0);
    snprintf(path, sizeof path, "%s/%0*d", folder, (int)(ANTENNA_PATH_BYTES - 6 - strlen(folder)), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(antenna_open(&second, path, &place), ANTENNA_TOO_LONG); /* far still fits */
    assert_int_equal(place, ANTENNA_NEAR);
    assert_int_equal(rmdir(path), 0); /* and what was there already is gone again */
    assert_int_equal(antenna_open(&second, path, &place), ANTENNA_FAILED);
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(where_they_are_tells_how_they_come, begin, end),
        cmocka_unit_test_setup_teardown(frames_are_cut_whatever_pieces_they_come_in, begin, end),
        cmocka_unit_test_setup_teardown(all_hear_what_is_sent, begin, end),
        cmocka_unit_test_setup_teardown(who_does_not_read_makes_nobody_wait, begin, end),
        cmocka_unit_test_setup_teardown(who_floods_is_served_in_turn, begin, end),
        cmocka_unit_test_setup_teardown(there_is_room_for_so_many, begin, end),
        cmocka_unit_test_setup_teardown(sockets_are_private_and_replace_only_dead_ones, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
