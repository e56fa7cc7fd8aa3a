/* peers_test.c - who the pump knows, through flash and damage. REQ-SECU-02, -07. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/peers.h"

#include "tests/pump/bench.h"

static struct stand stand;

static struct peer peer_of(uint8_t role, uint8_t key)
{
    struct peer peer = { .role = role, .label = "somebody" };
    memset(peer.key, key, sizeof peer.key);
    memset(peer.gate_key, key ^ 0xFF, sizeof peer.gate_key);
    return peer;
}

static void put(uint8_t slot, const struct peer *peer)
{
    struct board board = stand_board(&stand);
    assert_int_equal(peers_set(&stand.pump, &board, slot, peer), RESULT_OK);
    stand_run(&stand, stand.now.ms + 1000); /* a sector may be erased */
}

static void all_members_come_back(void **state)
{
    (void)state;
    struct peers peers = { .check = 0 }, back;
    uint8_t bytes[PEERS_BYTES];
    for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++)
        peers.peer[slot] = peer_of((uint8_t)(slot % 5), slot);
    for (unsigned slot = 0; slot <= PEER_SLOTS; slot++)
        peers.reserved[slot] = UINT64_MAX - slot;
    peers_encode(&peers, bytes);
    assert_int_equal(peers_decode(PEERS_VERSION, bytes, sizeof bytes, &back), RESULT_OK);
    assert_memory_equal(back.peer, peers.peer, sizeof peers.peer);
    assert_memory_equal(back.reserved, peers.reserved, sizeof peers.reserved);
    assert_int_equal(peers_decode(PEERS_VERSION + 1, bytes, sizeof bytes, &back), RESULT_UNKNOWN_VERSION);
    assert_int_equal(peers_decode(PEERS_VERSION, bytes, sizeof bytes - 1, &back), RESULT_MALFORMED);
    bytes[0] = ROLE_SERVICE + 1;
    assert_int_equal(peers_decode(PEERS_VERSION, bytes, sizeof bytes, &back), RESULT_MALFORMED);
}

static void peers_live_in_flash(void **state)
{
    (void)state;
    bench_running(&stand);
    struct peer clinician = peer_of(ROLE_CLINICIAN, 3), patient = peer_of(ROLE_PATIENT, 4);
    put(1, &clinician);
    put(5, &patient);
    put(1, NULL);
    memset(stand.twin.retained, 0, sizeof stand.twin.retained);
    stand_reset(&stand);
    struct board board = stand_board(&stand);
    assert_null(peers_find(&stand.pump, &board, 1));
    assert_memory_equal(peers_find(&stand.pump, &board, 5), &patient, sizeof patient);
    assert_int_equal(peers_slot_of(&stand.pump, &board, patient.key), 5);
    assert_int_equal(peers_slot_of(&stand.pump, &board, clinician.key), 0);
    assert_int_equal(peers_free(&stand.pump, &board), 1);
    assert_null(peers_find(&stand.pump, &board, 0));
    assert_null(peers_find(&stand.pump, &board, PEER_SLOTS + 1));
}

/* Every record is there twice: one that is damaged does not bring back who was removed. */
static void a_damaged_record_brings_nobody_back(void **state)
{
    (void)state;
    bench_running(&stand);
    struct peer clinician = peer_of(ROLE_CLINICIAN, 3);
    put(1, &clinician);
    put(1, NULL);
    struct store_place place = stand.pump.store.place[STORE_PEERS];
    stand.twin.flash.byte[place.address + 100] ^= 1;
    stand_reset(&stand);
    struct board board = stand_board(&stand);
    assert_null(peers_find(&stand.pump, &board, 1));
}

/* Each bit of the copy in memory: read anew from flash, so that nobody gets another's rights. */
static void a_flipped_bit_gives_nobody_rights(void **state)
{
    (void)state;
    bench_running(&stand);
    struct peer patient = peer_of(ROLE_PATIENT, 4);
    put(2, &patient);
    struct board board = stand_board(&stand);
    uint8_t *bytes = (uint8_t *)&stand.pump.peers;
    for (size_t bit = 0; bit < 8 * sizeof stand.pump.peers; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_memory_equal(peers_find(&stand.pump, &board, 2), &patient, sizeof patient);
        for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++)
            assert_true(slot == 2 || peers_find(&stand.pump, &board, slot) == NULL);
        struct peers sound = stand.pump.peers;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        stand.pump.peers = sound;
    }
}

static void a_worn_flash_changes_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    struct peer patient = peer_of(ROLE_PATIENT, 4), clinician = peer_of(ROLE_CLINICIAN, 5);
    put(2, &patient);
    stand.twin.flash.wear.words_ppm = 1000000;
    struct board board = stand_board(&stand);
    assert_int_equal(peers_set(&stand.pump, &board, 2, &clinician), RESULT_DAMAGED);
    assert_memory_equal(peers_find(&stand.pump, &board, 2), &patient, sizeof patient);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_members_come_back),
        cmocka_unit_test(peers_live_in_flash),
        cmocka_unit_test(a_damaged_record_brings_nobody_back),
        cmocka_unit_test(a_flipped_bit_gives_nobody_rights),
        cmocka_unit_test(a_worn_flash_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
