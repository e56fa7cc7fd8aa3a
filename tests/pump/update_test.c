/* update_test.c - an image comes into a running pump: what is taken, what is refused and why, and that therapy notices nothing
 * of it. REQ-SECU-09, HZ-15, HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/updating.h"

enum { RATE = 1200000, SMALL = 700, HOUR = HOUR_MS };

static struct rig rig, fork;
static struct build build, other;

static void start(void)
{
    updating_start(&rig, RATE);
    updating_pass(&rig, HOUR);
}

static void make(struct build *to, uint32_t version, uint32_t size)
{
    signer_build(&updating_signer, to, rig.unit.model.code, version, size);
}

static uint8_t slot_state(unsigned slot)
{
    return updating_status(&rig).slot[slot - 1].state;
}

static void an_image_is_received_tried_and_confirmed(void **state)
{
    (void)state;
    struct event event;
    start();
    struct update_status status = updating_status(&rig);
    assert_true(status.running_slot == 0 && status.running_version == UPDATING_FACTORY && status.floor_version == 0);
    for (uint32_t version = 4; version <= 7; version++) {
        unsigned slot = version % 2 == 0 ? 1 : 2; /* in turn, so that never the one that runs is filled */
        make(&build, version, SMALL * (version - 3));
        assert_int_equal(updating_begin(&rig, &build).reasons, 0);
        assert_int_equal(slot_state(slot), IMAGE_FILLING);
        assert_int_equal(updating_send(&rig, &build).reasons, 0);
        assert_int_equal(updating_status(&rig).filled_bytes, build.size);
        assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
        assert_int_equal(slot_state(slot), IMAGE_WHOLE);
        assert_memory_equal(updating_content(&rig, slot), build.content, build.size);
        updating_apply(&rig);
        status = updating_status(&rig);
        assert_int_equal(status.slot[slot - 1].state, IMAGE_TRYING);
        assert_true(status.running_slot == slot && status.running_version == version && status.floor_version < version);
        assert_in_range(status.revert.ms - rig.now.ms, 24 * HOUR - 1000, 24 * HOUR); /* from the start on */
        updating_pass(&rig, HOUR);
        assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
        status = updating_status(&rig);
        assert_int_equal(status.slot[slot - 1].state, IMAGE_CONFIRMED);
        assert_true(status.floor_version == version && status.slot[slot - 1].bytes == build.size);
        assert_int_equal(status.revert.ms, INT64_MAX);
        assert_int_equal(updating_events(&rig, EVENT_IMAGE_RUNS, &event), version - 3);
        assert_true(event.field[0] == slot && event.field[1] == version);
        assert_int_equal(updating_events(&rig, EVENT_IMAGE, &event), 4 * (version - 3));
        assert_true(event.actor == ACTOR_SERVICE && event.field[1] == IMAGE_CONFIRMED);
        rig_reset(&rig, RIG_MEMORY_LOST); /* and it stays so, whatever is lost */
        status = updating_status(&rig);
        assert_true(status.running_slot == slot && status.floor_version == version);
        assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0); /* once more does no harm */
        updating_pass(&rig, 24 * (int64_t)HOUR);
    }
    assert_int_equal(updating_events(&rig, EVENT_IMAGE_REVERTED, NULL), 0);
}

static void the_longest_image_fits(void **state)
{
    (void)state;
    start();
    make(&build, 4, IMAGE_BYTES_MAX);
    memset(updating_content(&rig, 1), 0x5A, IMAGE_BYTES_MAX); /* something older */
    int64_t begun = rig.now.ms;
    updating_install(&rig, &build);
    assert_in_range(rig.now.ms - begun, 31000, 34000); /* a sector a second, so that therapy's records come first */
    assert_memory_equal(updating_content(&rig, 1), build.content, IMAGE_BYTES_MAX);
    assert_int_equal(updating_content(&rig, 2)[0], 0xFF);
    assert_int_equal(rig.twin.flash.misuses, 0);
    updating_apply(&rig);
    assert_int_equal(updating_status(&rig).running_version, 4);
}

/* Beside a pump that is left alone: the same quanta at the same instants, the same therapy, no alarm. */
static void therapy_notices_nothing(void **state)
{
    (void)state;
    start();
    memset(updating_content(&rig, 1), 0x5A, IMAGE_BYTES_MAX);
    memcpy(&fork, &rig, sizeof fork);
    make(&build, 4, 40000);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    for (uint32_t at = 0; at < build.size;) { /* for some minutes: a chunk every second */
        uint32_t size = build.size - at < 192 ? build.size - at : 192;
        at += updating_chunk(&rig, &build, at, size).outcome == OUTCOME_APPLIED ? size : 0;
        updating_pass(&rig, 1000);
        rig_run_until(&fork, rig.now);
        assert_int_equal(rig.twin.driver.fired, fork.twin.driver.fired);
        assert_int_equal(rig.twin.driver.fired_ms, fork.twin.driver.fired_ms);
    }
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
    struct pump_status here, there;
    rig_status(&rig, &here);
    rig_status(&fork, &there);
    assert_int_equal(here.commanded_quanta, there.commanded_quanta);
    assert_int_equal(here.metered_quanta, there.metered_quanta);
    assert_int_equal(here.in_hand.grain, there.in_hand.grain);
    assert_int_equal(here.dropped.grain, there.dropped.grain);
    assert_int_equal(here.alarms, 0);
}

static void only_what_is_signed_newer_and_for_this_pump_begins(void **state)
{
    (void)state;
    start();
    make(&build, UPDATING_FACTORY + 1, SMALL);
    for (unsigned bit = 0; bit < sizeof build.signature * 8; bit += 7) {
        build.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_SIGNATURE);
        build.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (unsigned bit = 8 * 8; bit < sizeof build.header * 8; bit += 5) { /* version, size, hash */
        build.header[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true((updating_begin(&rig, &build).reasons & VERDICT_SIGNATURE) != 0);
        build.header[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    struct signer stranger = signer_make(2);
    signer_sign(&stranger, &build);
    assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_SIGNATURE);
    for (unsigned byte = 0; byte < 8; byte++) { /* signed as it should be, and of another form or for another model */
        make(&build, UPDATING_FACTORY + 1, SMALL);
        build.header[byte] ^= 2;
        signer_sign(&updating_signer, &build);
        assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_IMAGE);
    }
    const uint32_t sizes[] = { 0, IMAGE_BYTES_MAX + 1, UINT32_MAX };
    for (unsigned i = 0; i < 3; i++) {
        make(&build, UPDATING_FACTORY + 1, SMALL);
        signer_number(build.header + 12, sizes[i]);
        signer_sign(&updating_signer, &build);
        assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_IMAGE);
    }
    for (uint32_t version = 0; version <= UPDATING_FACTORY; version++) {
        make(&build, version, SMALL);
        struct receipt receipt = updating_begin(&rig, &build);
        assert_int_equal(receipt.reasons, VERDICT_ROLLBACK);
        assert_int_equal(receipt.detail, UPDATING_FACTORY + 1);
        assert_int_equal(receipt.earliest.ms, INT64_MAX);
    }
    build.signature[0] ^= 1; /* all reasons at once */
    assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_ROLLBACK | VERDICT_SIGNATURE);
    assert_int_equal(rig.pump.store.place[STORE_IMAGES].sequence, 0); /* and nothing of all that left a trace */
    assert_int_equal(slot_state(1), IMAGE_EMPTY);
}

static void without_a_key_nothing_is_taken(void **state)
{
    (void)state;
    start();
    memset(rig.unit.firmware_key, 0, sizeof rig.unit.firmware_key);
    rig_reset_as(&rig, &(struct rig_reset){ .cause = BOOT_COMMAND });
    make(&build, 9, SMALL);
    assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_SIGNATURE);
}

/* Neither an old image nor the one that runs once more, however the floor came to be: REQ-SECU-09. */
static void nothing_older_than_what_was_ever_confirmed(void **state)
{
    (void)state;
    start();
    make(&build, 10, SMALL);
    updating_install(&rig, &build);
    updating_apply(&rig);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
    const uint32_t versions[] = { 4, 9, 10 };
    for (unsigned i = 0; i < 3; i++) {
        make(&other, versions[i], SMALL);
        struct receipt receipt = updating_begin(&rig, &other);
        assert_int_equal(receipt.reasons, VERDICT_ROLLBACK);
        assert_int_equal(receipt.detail, 11);
    }
    updating_content(&rig, 1)[5] ^= 1; /* version 10 is damaged: the factory's version 3 runs, and the floor stays */
    rig_reset(&rig, RIG_MEMORY_LOST);
    assert_int_equal(updating_status(&rig).running_version, UPDATING_FACTORY);
    assert_int_equal(updating_begin(&rig, &other).reasons, VERDICT_ROLLBACK);
    make(&other, 11, SMALL);
    updating_install(&rig, &other);
    updating_apply(&rig);
    assert_int_equal(updating_status(&rig).running_version, 11);
}

/* Version 10 is left whole in slot 2 when version 9 is damaged: neither may it be tried beside version 11, nor after it. */
static void an_older_image_left_whole_is_not_tried(void **state)
{
    (void)state;
    start();
    make(&build, 9, SMALL);
    updating_install(&rig, &build);
    updating_apply(&rig);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
    make(&build, 10, SMALL);
    updating_install(&rig, &build);
    updating_content(&rig, 1)[5] ^= 1;
    rig_reset(&rig, RIG_MEMORY_KEPT);
    make(&build, 11, SMALL);
    updating_install(&rig, &build);
    updating_apply(&rig);
    assert_true(updating_status(&rig).running_slot == 1 && slot_state(2) == IMAGE_WHOLE);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_APPLY).reasons, VERDICT_IMAGE); /* version 11 is being tried */
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
    struct receipt receipt = updating_do(&rig, COMMAND_UPDATE_APPLY);
    assert_int_equal(receipt.reasons, VERDICT_ROLLBACK);
    assert_int_equal(receipt.detail, 12);
    assert_int_equal(updating_status(&rig).running_version, 11);
}

static void chunks_come_in_order_and_may_come_again(void **state)
{
    (void)state;
    start();
    make(&build, 4, 1003);
    struct receipt receipt = updating_chunk(&rig, &build, 0, 192);
    assert_int_equal(receipt.reasons, VERDICT_IMAGE); /* of nothing that was begun */
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    assert_int_equal(updating_chunk(&rig, &build, 0, 192).reasons, 0);
    uint64_t operations = rig_flash_operations(&rig);
    assert_int_equal(updating_chunk(&rig, &build, 0, 192).reasons, 0);
    assert_int_equal(updating_chunk(&rig, &build, 8, 33).reasons, 0); /* any part of what is there */
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);        /* the same image begun again goes on */
    assert_int_equal(updating_status(&rig).filled_bytes, 192);
    const struct { uint32_t offset, size; } wrong[] = {
        { 200, 192 }, { 384, 192 }, /* a gap */
        { 184, 16 },                /* in part there */
        { 192, 190 }, { 192, 1 },   /* not whole words, and not the end */
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        receipt = updating_chunk(&rig, &build, wrong[i].offset, wrong[i].size);
        assert_int_equal(receipt.reasons, VERDICT_IMAGE);
        assert_int_equal(receipt.detail, 192); /* where to go on */
    }
    memcpy(&other, &build, sizeof other);
    other.content[100] ^= 1;
    assert_int_equal(updating_chunk(&rig, &other, 0, 192).reasons, VERDICT_IMAGE); /* other bytes in the same place */
    assert_int_equal(memcmp(updating_content(&rig, 1), build.content, 192), 0);
    assert_true(rig_flash_operations(&rig) > operations); /* refusals are logged */
    for (uint32_t at = 192; at < 960; at += 192)
        assert_int_equal(updating_chunk(&rig, &build, at, 192).reasons, 0);
    assert_int_equal(updating_chunk(&rig, &build, 960, 48).reasons, VERDICT_IMAGE); /* beyond the end */
    receipt = updating_do(&rig, COMMAND_UPDATE_SEAL);
    assert_int_equal(receipt.reasons, VERDICT_IMAGE); /* not yet */
    assert_int_equal(receipt.detail, 960);
    assert_int_equal(updating_chunk(&rig, &build, 960, 43).reasons, 0);
    assert_int_equal(updating_chunk(&rig, &build, 960, 43).reasons, 0);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
    unsigned told = updating_events(&rig, EVENT_IMAGE, NULL);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
    assert_int_equal(updating_events(&rig, EVENT_IMAGE, NULL), told);
    assert_int_equal(rig.twin.flash.misuses, 0);
}

/* Hundreds of chunks must not push the receipts of real commands out, nor write a checkpoint each. */
static void a_chunk_leaves_no_receipt_and_no_record(void **state)
{
    (void)state;
    start();
    make(&build, 4, 12000);
    struct receipt first = updating_begin(&rig, &build);
    uint8_t begun[COMMAND_BYTES_MAX];
    size_t size = rig.told_size;
    memcpy(begun, rig.told, size);
    updating_pass(&rig, 5000);
    uint32_t checkpoints = rig.pump.store.place[STORE_CHECKPOINT].sequence;
    uint32_t settings = rig.pump.store.place[STORE_SETTINGS].sequence;
    uint64_t operations = rig_flash_operations(&rig);
    assert_int_equal(updating_send(&rig, &build).reasons, 0);
    assert_int_equal(rig_flash_operations(&rig) - operations, 12000 / 8); /* its words, and not one more */
    assert_int_equal(rig.pump.store.place[STORE_CHECKPOINT].sequence, checkpoints);
    assert_int_equal(rig.pump.store.place[STORE_SETTINGS].sequence, settings);
    rig.next_id = 1; /* and they stand outside the order of ids */
    assert_int_equal(updating_chunk(&rig, &build, 0, 192).reasons, 0);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, VERDICT_REUSED_ID);
    struct receipt again;
    memcpy(rig.told, begun, size);
    rig.told_size = size;
    rig_repeat(&rig, &again);
    assert_true(again.id == first.id && again.at.ms == first.at.ms && again.outcome == OUTCOME_APPLIED);
}

static void another_image_begins_anew(void **state)
{
    (void)state;
    start();
    make(&build, 4, SMALL);
    make(&other, 5, SMALL + 100);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    assert_int_equal(updating_chunk(&rig, &build, 0, 192).reasons, 0);
    assert_int_equal(updating_begin(&rig, &other).reasons, 0);
    assert_int_equal(updating_status(&rig).filled_bytes, 0);
    struct receipt receipt = updating_chunk(&rig, &other, 0, 192);
    assert_int_equal(receipt.reasons, VERDICT_STORAGE); /* its slot is being erased */
    assert_int_equal(receipt.earliest.ms, rig.now.ms + 1000);
    assert_int_equal(updating_send(&rig, &other).reasons, 0);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
    updating_install(&rig, &build); /* one that is whole, and was never tried, may be replaced, by an older one too */
    assert_int_equal(updating_status(&rig).slot[0].version, 4);
    assert_int_equal(rig.twin.flash.misuses, 0);
}

static void only_service_updates_and_clinicians_confirm(void **state)
{
    (void)state;
    static const uint8_t kinds[] = { COMMAND_UPDATE_SEAL, COMMAND_UPDATE_APPLY, COMMAND_UPDATE_CONFIRM };
    start();
    for (unsigned role = ROLE_PATIENT; role <= ROLE_SERVICE; role++) {
        for (unsigned i = 0; i < 3; i++) {
            struct receipt receipt = updating_give(&rig, (enum role)role, (struct command){ .kind = kinds[i] });
            bool may = role == ROLE_SERVICE || (role == ROLE_CLINICIAN && kinds[i] == COMMAND_UPDATE_CONFIRM);
            assert_int_equal(receipt.reasons, may ? VERDICT_IMAGE : VERDICT_ROLE);
        }
    }
}

int main(void)
{
    updating_signer = signer_make(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_received_tried_and_confirmed),
        cmocka_unit_test(the_longest_image_fits),
        cmocka_unit_test(therapy_notices_nothing),
        cmocka_unit_test(only_what_is_signed_newer_and_for_this_pump_begins),
        cmocka_unit_test(without_a_key_nothing_is_taken),
        cmocka_unit_test(nothing_older_than_what_was_ever_confirmed),
        cmocka_unit_test(an_older_image_left_whole_is_not_tried),
        cmocka_unit_test(chunks_come_in_order_and_may_come_again),
        cmocka_unit_test(a_chunk_leaves_no_receipt_and_no_record),
        cmocka_unit_test(another_image_begins_anew),
        cmocka_unit_test(only_service_updates_and_clinicians_confirm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
