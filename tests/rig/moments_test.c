/* moments_test.c - moments of a live implant: whole or not at all, and what is kept is what was. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/moments.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/therapy.h"
#include "tests/rig/den.h"

static struct control control;

static void remove_moment(const char *name)
{
    static const char *const FILES[] = { "implant", "body", "therapy", "moment.json", "seal" };
    char path[PATH_ROOM + 64];
    for (unsigned i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        snprintf(path, sizeof path, "%s/moments/%s/%s", folder, name, FILES[i]);
        (void)unlink(path);
    }
    snprintf(path, sizeof path, "%s/moments/%s", folder, name);
    (void)rmdir(path);
}

static int end(void **state)
{
    char path[PATH_ROOM + 16];
    remove_moment("early");
    remove_moment("late");
    remove_moment("other");
    path_in(path, folder, "moments");
    int gone = rmdir(path); /* nothing else is left in it */
    assert_true(gone == 0 || errno == ENOENT);
    return den_end(state);
}

static void keep(const char *name)
{
    char fault[CONTROL_FAULT_BYTES] = "";
    if (!moments_keep(&live, name, 2000, fault))
        print_error("%s\n", fault);
    assert_string_equal(fault, "");
}

static void what_is_kept_is_what_was(void **state)
{
    (void)state;
    struct moment_about about;
    uint8_t therapy[THERAPY_BYTES_MAX];
    struct therapy decoded;
    size_t size = 0;
    char path[PATH_ROOM + 64];
    int64_t wall_ms = 0;
    assert_true(cradle_fill(&live));
    run_to(&live, DAY_MS);
    keep("early");
    double reservoir_m3 = live.implant.rig->twin.reservoir_m3;
    run_to(&live, 3 * (int64_t)DAY_MS);
    keep("late");
    moments_list(&live, &control);
    assert_int_equal(control.moments, 2);
    assert_string_equal(control.moment[0].name, "early");
    assert_int_equal(control.moment[0].elapsed_ms, DAY_MS);
    assert_string_equal(control.moment[1].name, "late");
    snprintf(path, sizeof path, "%s/moments/early", folder);
    assert_int_equal(moments_read(path, &about, therapy, &size), MOMENT_OK);
    assert_int_equal(about.interrupted_ms, 0);
    assert_string_equal(about.mode, "running");
    assert_memory_equal(about.time, "2024-10-05T00:00:00", 19);
    assert_true(about.left_nl == (int64_t)(reservoir_m3 * 1e12));
    assert_int_equal(therapy_decode(therapy, size, &decoded), RESULT_OK);
    assert_string_equal(decoded.name, "cradle");
    assert_int_equal(implant_enter(&again.implant, path), IMPLANT_OK);
    assert_int_equal(implant_look(&again.implant, &wall_ms), IMPLANT_OK);
    assert_true(again.implant.rig->twin.reservoir_m3 == reservoir_m3);
    assert_int_equal(again.implant.rig->now.ms, DAY_MS);
    again.implant.rig->twin.reservoir_m3 = 0;
    assert_int_equal(moments_judge(path), MOMENT_OK); /* looked at, it is as it was */
}

/* All that is physical is as it was; what the pump knew is not there. */
static void a_new_pump_stands_in_its_truth(void **state)
{
    (void)state;
    struct implant_made made = *implant_made(&live.implant);
    struct pump_status status;
    assert_true(cradle_fill(&live));
    run_to(&live, 2 * (int64_t)DAY_MS);
    twin_set_fault(&live.implant.rig->twin, TWIN_FAULT_KINK, 0.5);
    twin_set_fault(&live.implant.rig->twin, TWIN_FAULT_STALL, 1.0);
    const struct rig *before = live.implant.rig;
    memcpy(made.unit.serial, "AGAIN", 6);
    assert_int_equal(implant_enter(&again.implant, other), IMPLANT_OK);
    assert_int_equal(implant_succeed(&again.implant, &made, before, 3000), IMPLANT_OK);
    live_start(&again, false, 0, SEED, 3000);
    const struct twin *old = &before->twin, *new = &again.implant.rig->twin;
    assert_memory_equal(&old->catheter, &new->catheter, sizeof old->catheter);
    assert_memory_equal(&old->mechanism, &new->mechanism, sizeof old->mechanism);
    assert_memory_equal(&old->totals, &new->totals, sizeof old->totals);
    assert_memory_equal(old->fault, new->fault, sizeof old->fault);
    assert_true(old->reservoir_m3 == new->reservoir_m3 &&new->driver.jammed &&new->troubled);
    assert_true(battery_left(&new->battery, again.implant.rig->now) <= battery_left(&old->battery, before->now));
    assert_true(battery_left(&new->battery, again.implant.rig->now) > battery_left(&old->battery, before->now) - 1e-5);
    assert_int_equal(again.implant.rig->now.ms, 2 * (int64_t)DAY_MS);
    rig_status(again.implant.rig, &status);
    assert_int_equal(status.mode, MODE_NEW);
    assert_int_equal(status.commanded_quanta, 0);
    assert_false(status.has_therapy);
    run_to(&again, 3 * (int64_t)DAY_MS);
    assert_true(old->reservoir_m3 == new->reservoir_m3);
    assert_int_equal(reopen(&(int64_t){ 0 }), IMPLANT_OK); /* and it outlives its process */
    assert_int_equal(again.implant.rig->now.ms, 3 * (int64_t)DAY_MS);
}

/* A process may end at each of the calls that write: by SIGKILL, or here by a limit to what it may write, and by a name taken. */
static void a_moment_is_there_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[PATH_ROOM + 64], fault[CONTROL_FAULT_BYTES] = "";
    struct rlimit before, little;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    (void)signal(SIGXFSZ, SIG_IGN);
    for (rlim_t bytes = 0; bytes < 2000000; bytes += 190000) {
        little.rlim_cur = bytes;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
        bool kept = moments_keep(&live, "other", 2000, fault);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        moments_list(&live, &control);
        assert_int_equal(control.moments, kept);
        if (!kept)
            assert_non_null(strstr(fault, "cannot be kept"));
        remove_moment("other");
    }
    /* What a killed process leaves is no moment, and is taken away. */
    snprintf(path, sizeof path, "%s/moments/.keeping", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/moments/.keeping/implant", folder);
    assert_int_equal(close(open(path, O_WRONLY | O_CREAT, 0600)), 0);
    moments_list(&live, &control);
    assert_int_equal(control.moments, 0);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_folder_that_is_none_of_ours_is_left_alone(void **state)
{
    (void)state;
    char path[PATH_ROOM + 64];
    keep("early");
    snprintf(path, sizeof path, "%s/moments/other", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    moments_list(&live, &control);
    assert_int_equal(control.moments, 1);
    assert_int_equal(access(path, F_OK), 0);
}

/* One byte of each file, in turn; or the file is gone. */
static void a_moment_that_was_touched_is_damaged(void **state)
{
    (void)state;
    static const char *const FILES[] = { "implant", "body", "therapy", "moment.json", "seal" };
    struct moment_about about;
    uint8_t therapy[THERAPY_BYTES_MAX], byte = 0;
    size_t size = 0;
    char path[PATH_ROOM + 64], file[PATH_ROOM + 96], away[PATH_ROOM + 96];
    assert_true(cradle_fill(&live));
    run_to(&live, DAY_MS);
    keep("early");
    snprintf(path, sizeof path, "%s/moments/early", folder);
    snprintf(away, sizeof away, "%s/away", path);
    assert_int_equal(moments_judge(path), MOMENT_OK);
    for (unsigned i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        snprintf(file, sizeof file, "%s/%s", path, FILES[i]);
        int open_file = open(file, O_RDWR);
        if (open_file < 0) /* nobody around it */
            continue;
        for (unsigned times = 0; times < 2; times++) { /* and back */
            assert_int_equal(pread(open_file, &byte, 1, 20), 1);
            byte ^= 1;
            assert_int_equal(pwrite(open_file, &byte, 1, 20), 1);
            assert_int_equal(moments_judge(path), times == 0 ? MOMENT_DAMAGED : MOMENT_OK);
            assert_int_equal(moments_read(path, &about, therapy, &size), times == 0 ? MOMENT_DAMAGED : MOMENT_OK);
            moments_list(&live, &control);
            assert_int_equal(control.moments, 1);
            assert_string_equal(control.moment[0].name, "early");
            assert_true(control.moment[0].damaged == (times == 0));
        }
        assert_int_equal(close(open_file), 0);
        assert_int_equal(rename(file, away), 0);
        assert_int_equal(moments_judge(path), MOMENT_DAMAGED);
        assert_int_equal(mkfifo(file, 0600), 0); /* nobody writes into it, and it is not waited for */
        assert_int_equal(moments_judge(path), MOMENT_DAMAGED);
        assert_int_equal(moments_read(path, &about, therapy, &size), MOMENT_DAMAGED);
        assert_int_equal(rename(away, file), 0);
    }
    assert_int_equal(moments_judge(path), MOMENT_OK);
    assert_int_equal(moments_judge(folder), MOMENT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_is_what_was, den_begin, end),
        cmocka_unit_test_setup_teardown(a_new_pump_stands_in_its_truth, den_begin, end),
        cmocka_unit_test_setup_teardown(a_moment_is_there_whole_or_not_at_all, den_begin, end),
        cmocka_unit_test_setup_teardown(a_folder_that_is_none_of_ours_is_left_alone, den_begin, end),
        cmocka_unit_test_setup_teardown(a_moment_that_was_touched_is_damaged, den_begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
