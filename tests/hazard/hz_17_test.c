/* HZ-17: a programming session breaks off and leaves the pump stopped. REQ-THER-05, REQ-THER-15, REQ-LINK-05,
 * REQ-LINK-06, REQ-ALRM-04.
 *
 * An update that was not completed left pumps stopped; it was noticed after 48 hours to 21 days, and five people
 * were harmed. The cause is a pump that must be stopped to be changed. Here the old program runs until the new one is
 * whole, checked and named by the hash of what was staged; whatever breaks off before that leaves no trace in the
 * delivery. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/clinician.h"

enum { CHUNK = 20 }; /* small pieces, so that there are many places to cut */

/* The nth chunk of a therapy's bytes; its size 0 when there is none. */
static struct command chunk(const struct therapy *therapy, unsigned n)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    struct command command = { .kind = COMMAND_STAGE };
    assert_int_equal(therapy_encode(therapy, bytes, sizeof bytes, &size), RESULT_OK);
    size_t offset = (size_t)n * CHUNK;
    if (offset < size) {
        size_t length = size - offset < CHUNK ? size - offset : CHUNK;
        command.stage.total = (uint16_t)size;
        command.stage.offset = (uint16_t)offset;
        command.stage.size = (uint8_t)length;
        memcpy(command.stage.bytes, bytes + offset, length);
    }
    return command;
}

static void start(struct bedside *bed, struct therapy *therapy)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(bed, "C20", &morphine);
    *therapy = bedside_therapy(bed, &morphine, NL_PER_ML / 2);
    bedside_treat(bed, therapy);
    bedside_pass(bed, DAY_MS);
}

/* A session cut after each of its messages, with and without a reset: the delivery is that of a pump left alone. */
static void test_a_session_cut_anywhere_leaves_the_old_program_running(void **state)
{
    (void)state;
    static struct bedside alone, cut;
    struct therapy old;
    start(&alone, &old);
    struct therapy new = old;
    new.program.base.nl_day = NL_PER_ML;
    unsigned chunks = 0;
    while (chunk(&new, chunks).stage.size != 0)
        chunks++;
    assert_true(chunks > 5);
    for (unsigned sent = 0; sent <= chunks; sent++) {
        cut = alone; /* forked by assignment */
        for (unsigned n = 0; n < sent; n++)
            assert_applied(bedside_give(&cut, ROLE_CLINICIAN, chunk(&new, n)));
        struct bedside other = cut;
        bedside_pass(&cut, DAY_MS + 1000);
        assert_int_equal(bedside_status(&cut).mode, MODE_RUNNING);
        assert_int_equal(bedside_status(&cut).base.nl_day, NL_PER_ML / 2);
        assert_int_equal(bedside_moved(&cut), 4000);

        bedside_reset(&other, RIG_MEMORY_KEPT);
        assert_int_equal(bedside_status(&other).staged_bytes, 0); /* half a program does not outlive a reset */
        bedside_pass(&other, DAY_MS + 1000);
        assert_int_equal(bedside_status(&other).base.nl_day, NL_PER_ML / 2);
        assert_in_range(bedside_moved(&other), 3998, 4000); /* the fraction in hand is dropped, logged */
    }
}

static void test_only_the_whole_staged_program_can_be_activated(void **state)
{
    (void)state;
    static struct bedside bed;
    struct therapy therapy;
    start(&bed, &therapy);
    therapy.program.base.nl_day = NL_PER_ML;
    struct command activate = { .kind = COMMAND_ACTIVATE };
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, activate), VERDICT_NOTHING_STAGED);
    assert_applied(bedside_give(&bed, ROLE_CLINICIAN, chunk(&therapy, 0)));
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, activate), VERDICT_NOTHING_STAGED);
    struct receipt receipt;
    assert_true(rig_stage(&bed.rig, &therapy, activate.token, &receipt));
    activate.token[31] ^= 1; /* of some other bytes */
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, activate), VERDICT_TOKEN);
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
    activate.token[31] ^= 1;
    assert_applied(bedside_give(&bed, ROLE_CLINICIAN, activate));
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML);
}

/* Staged and forgotten: after a while it is gone, and tomorrow's token cannot bring it into force. */
static void test_a_staging_expires(void **state)
{
    (void)state;
    static struct bedside bed;
    struct therapy therapy;
    struct receipt receipt;
    start(&bed, &therapy);
    therapy.program.base.nl_day = NL_PER_ML;
    struct command activate = { .kind = COMMAND_ACTIVATE };
    assert_true(rig_stage(&bed.rig, &therapy, activate.token, &receipt));
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bed.count[EVENT_STAGING_EXPIRED], 1);
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, activate), VERDICT_NOTHING_STAGED);
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
}

/* The same at the clinic's end: a workflow that is dropped at any of its wants, over the air. */
static void test_a_workflow_dropped_anywhere_leaves_the_old_program_running(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy old = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &old);
    bedside_pass(&bed, HOUR_MS);
    clinician.wanted = old;
    clinician.wanted.program.base.nl_day = 600000; /* a fifth more */
    unsigned wants = 0;
    for (bool sent = false; !sent; wants++) {
        workflow_begin(&clinician.workflow, WORK_PROGRAM, bed.rig.now.ms);
        for (unsigned i = 0; i < wants; i++)
            clinician_do();
        sent = clinician.workflow.change != CHANGE_NONE;
        assert_int_equal(bedside_status(&bed).base.nl_day, sent ? 600000 : NL_PER_ML / 2);
        bedside_pass(&bed, HOUR_MS); /* nobody comes back */
        assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
        assert_int_equal(bedside_status(&bed).base.nl_day, sent ? 600000 : NL_PER_ML / 2);
        assert_int_equal(bedside_status(&bed).staged_bytes, 0);
    }
    assert_in_range(wants, 7, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_cut_anywhere_leaves_the_old_program_running),
        cmocka_unit_test(test_only_the_whole_staged_program_can_be_activated),
        cmocka_unit_test(test_a_staging_expires),
        cmocka_unit_test(test_a_workflow_dropped_anywhere_leaves_the_old_program_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
