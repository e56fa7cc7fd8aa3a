// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "tests/rig/den.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char folder[PATH_ROOM], other[PATH_ROOM];
struct live live, again;

void path_in(char path[PATH_ROOM + 16], const char *dir, const char *name)
{
    snprintf(path, PATH_ROOM + 16, "%s/%s", dir, name);
}

static void folder_make(char path[PATH_ROOM])
{
    snprintf(path, PATH_ROOM, "%s/cisterna-live-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(path));
}

static void folder_remove(const char *dir)
{
    char path[PATH_ROOM + 16];
    path_in(path, dir, "implant");
    (void)unlink(path);
    path_in(path, dir, "note");
    (void)unlink(path);
    path_in(path, dir, "body");
    (void)unlink(path);
    assert_int_equal(rmdir(dir), 0);
}

int den_begin(void **state)
{
    (void)state;
    struct implant_made made;
    folder_make(folder);
    folder_make(other);
    cradle_made(&made, SEED);
    memset(&live, 0, sizeof live);
    memset(&again, 0, sizeof again);
    again.implant.folder = -1;
    assert_int_equal(implant_enter(&live.implant, folder), IMPLANT_OK);
    assert_int_equal(implant_make(&live.implant, &made, 1000), IMPLANT_OK);
    assert_int_equal(live_body(&live, NULL, 1000), BODYFILE_OK);
    live_start(&live, false, 0, SEED, 1000);
    return 0;
}

int den_end(void **state)
{
    (void)state;
    implant_close(&live.implant);
    implant_close(&again.implant);
    folder_remove(folder);
    folder_remove(other);
    return 0;
}

static void copy(const char *name)
{
    static uint8_t bytes[1 << 16];
    char from[PATH_ROOM + 16], to[PATH_ROOM + 16];
    path_in(from, folder, name);
    path_in(to, other, name);
    FILE *in = fopen(from, "rb"), *out = in != NULL ? fopen(to, "wb") : NULL;
    if (in == NULL && strcmp(name, "implant") != 0)
        return;
    assert_true(in != NULL && out != NULL);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    assert_int_equal(fclose(in) + fclose(out), 0);
}

void snapshot(void)
{
    copy("implant");
    copy("body");
}

enum implant_fault reopen(int64_t *wall_ms)
{
    implant_close(&again.implant);
    assert_int_equal(implant_enter(&again.implant, other), IMPLANT_OK);
    enum implant_fault fault = implant_open(&again.implant, wall_ms);
    if (fault == IMPLANT_OK)
        assert_int_equal(live_body(&again, NULL, *wall_ms), BODYFILE_OK);
    return fault;
}

void drain(struct live *which)
{
    struct event event;
    while (live_event(which, &event)) {
    }
}

void run_to(struct live *which, int64_t ms)
{
    drain(which);
    while (!live_until(which, (instant_ms){ ms }, FOREVER, 2000))
        drain(which);
    assert_int_equal(which->implant.rig->now.ms, ms);
    assert_false(live_stuck(which));
}
