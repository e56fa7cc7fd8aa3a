/* ether_test.c - frames under way: how many come, when, whole, in which order, and who hears them. What arrives is counted here
 * from the frames themselves: each carries its number and noise that belongs to it; nothing is taken from the ether's counts. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/ether.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/hardware/hardware.h"

enum { FRAMES = 50000, FRAME_BYTES = 20 };

static void frame_make(uint8_t frame[FRAME_BYTES], uint32_t number)
{
    struct dice dice = { number };
    memcpy(frame, &number, sizeof number);
    for (unsigned i = sizeof number; i < FRAME_BYTES; i += 8) {
        uint64_t bits = dice_roll(&dice);
        memcpy(frame + i, &bits, 8);
    }
}

/* The bits by which it differs from the one it should be. */
static unsigned wrong_bits(const uint8_t *bytes, uint32_t number)
{
    uint8_t whole[FRAME_BYTES];
    unsigned bits = 0;
    frame_make(whole, number);
    for (unsigned i = 0; i < FRAME_BYTES; i++) {
        bits += (unsigned)__builtin_popcount(bytes[i] ^ whole[i]);
    }
    return bits;
}

/* What came of frames sent one every `every_ms`. */
struct fate {
    uint32_t arrived, once, twice, never, behind, damaged, bits;
    int64_t delay_sum, delay_least, delay_most;
};
static uint8_t times[FRAMES];

static struct fate fly(const struct ether_trouble *trouble, uint64_t seed, int64_t every_ms, bool to_pump)
{
    struct fate fate = { .delay_least = INT64_MAX };
    struct ether ether;
    struct ether_ear ear;
    struct radio_heard heard;
    uint32_t highest = 0;
    memset(times, 0, sizeof times);
    ether_init(&ether, seed);
    ether.to_pump.trouble = ether.from_pump.trouble = *trouble;
    ear = ether_ear(&ether, (instant_ms){ 0 });
    for (int64_t now = 0; now < (int64_t)FRAMES * every_ms + 2000; now++) {
        uint8_t frame[FRAME_BYTES];
        uint32_t number = (uint32_t)(now / every_ms);
        frame_make(frame, number);
        if (now % every_ms == 0 && number < FRAMES && to_pump) {
            assert_true(ether_to_pump(&ether, frame, sizeof frame, REACH_FAR, (instant_ms){ now }));
        } else if (now % every_ms == 0 && number < FRAMES) {
            assert_true(ether_from_pump(&ether, frame, sizeof frame, (instant_ms){ now }));
        }
        for (;;) {
            if (to_pump) {
                ether_fetch(&ether, (instant_ms){ now }, &heard);
            } else {
                heard.size = (uint16_t)ether_hear(&ether, &ear, (instant_ms){ now }, heard.bytes);
            }
            if (heard.size == 0) {
                break;
            }
            assert_int_equal(heard.size, FRAME_BYTES);
            fate.arrived++;
            memcpy(&number, heard.bytes, sizeof number);
            if (number >= FRAMES || wrong_bits(heard.bytes, number) != 0) {
                fate.damaged++; /* whose it was cannot always be told: such a run has no other trouble */
                continue;
            }
            int64_t delay = now - number * every_ms;
            times[number]++;
            fate.behind += number < highest ? 1 : 0;
            highest = number > highest ? number : highest;
            fate.delay_sum += delay;
            fate.delay_least = delay < fate.delay_least ? delay : fate.delay_least;
            fate.delay_most = delay > fate.delay_most ? delay : fate.delay_most;
        }
    }
    for (uint32_t i = 0; i < FRAMES; i++) {
        fate.never += times[i] == 0 ? 1 : 0;
        fate.once += times[i] == 1 ? 1 : 0;
        fate.twice += times[i] == 2 ? 1 : 0;
    }
    assert_int_equal(ether.to_pump.count.crowded + ether.from_pump.count.crowded, 0);
    return fate;
}

/* A count of independent events of this probability lies within five standard deviations: by chance it would not once in a
 * million seeds, and these are fixed. */
static void expect_share(uint32_t count, double share)
{
    double mean = FRAMES * share, bound = 25.0 * mean * (1.0 - share);
    double off = (double)count - mean;
    assert_true(off * off <= bound);
}

static void all_well_all_come_at_once(void **state)
{
    (void)state;
    for (int to_pump = 0; to_pump <= 1; to_pump++) {
        struct fate fate = fly(&(struct ether_trouble){ 0 }, 1, 1, to_pump);
        assert_int_equal(fate.once, FRAMES);
        assert_int_equal(fate.arrived, FRAMES);
        assert_int_equal(fate.behind + fate.damaged, 0);
        assert_int_equal(fate.delay_most, 0);
    }
}

static void shares_are_as_asked_for(void **state)
{
    (void)state;
    for (int to_pump = 0; to_pump <= 1; to_pump++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct fate fate = fly(&(struct ether_trouble){ .lost_ppm = 137000 }, seed, 1, to_pump);
            expect_share(fate.never, 0.137);
            assert_int_equal(fate.once + fate.never, FRAMES);
            fate = fly(&(struct ether_trouble){ .repeated_ppm = 61000 }, seed, 1, to_pump);
            expect_share(fate.twice, 0.061);
            assert_int_equal(fate.once + fate.twice, FRAMES);
            fate = fly(&(struct ether_trouble){ .damaged_ppm = 9000 }, seed, 1, to_pump);
            expect_share(fate.damaged, 0.009);
            assert_int_equal(fate.arrived, FRAMES);
        }
    }
}

static void delays_lie_evenly_between_their_bounds(void **state)
{
    (void)state;
    /* Farther apart than they are late, so that none waits for the one before. */
    struct fate fate = fly(&(struct ether_trouble){ .delay_least_ms = 3, .delay_most_ms = 12 }, 4, 13, true);
    assert_int_equal(fate.once, FRAMES);
    assert_int_equal(fate.delay_least, 3);
    assert_int_equal(fate.delay_most, 12);
    double mean = (double)fate.delay_sum / FRAMES; /* variance (10^2 - 1) / 12 = 8.25 a frame */
    assert_true((mean - 7.5) * (mean - 7.5) <= 25.0 * 8.25 / FRAMES);
}

static void order_holds_unless_one_is_overtaken(void **state)
{
    (void)state;
    struct ether_trouble trouble = { .delay_least_ms = 0, .delay_most_ms = 100 };
    struct fate fate = fly(&trouble, 5, 20, false);
    assert_int_equal(fate.once, FRAMES);
    assert_int_equal(fate.behind, 0);
    trouble = (struct ether_trouble){ .overtaken_ppm = 50000 };
    fate = fly(&trouble, 6, 100, true);
    assert_int_equal(fate.once, FRAMES);
    assert_int_equal(fate.delay_most, ETHER_LATE_MS);
    /* One that comes up to a second later is overtaken by the one behind it when it is over 100 ms late, nine times of ten;
     * but that may be late too, and the one behind that must do it, where there is time. */
    expect_share(fate.behind, 0.05 * (0.9 - 0.1 * 0.05 * 0.9));
}

static void damage_turns_over_a_few_bits(void **state)
{
    (void)state;
    struct ether ether;
    struct radio_heard heard;
    unsigned seen[2 * ETHER_BITS_MAX] = { 0 }, place[FRAME_BYTES] = { 0 };
    ether_init(&ether, 7);
    ether.to_pump.trouble.damaged_ppm = 1000000;
    for (uint32_t i = 0; i < 20000; i++) {
        uint8_t frame[FRAME_BYTES];
        frame_make(frame, i);
        assert_true(ether_to_pump(&ether, frame, sizeof frame, REACH_NEAR, (instant_ms){ i }));
        ether_fetch(&ether, (instant_ms){ i }, &heard);
        assert_int_equal(heard.size, FRAME_BYTES);
        assert_int_equal(heard.reach, REACH_NEAR);
        unsigned bits = wrong_bits(heard.bytes, i);
        assert_in_range(bits, 0, ETHER_BITS_MAX); /* 0: the same bit twice */
        seen[bits]++;
        for (unsigned k = 0; k < FRAME_BYTES; k++) {
            place[k] += heard.bytes[k] != frame[k] ? 1 : 0;
        }
    }
    assert_in_range(seen[0], 1, 200);
    for (unsigned bits = 1; bits <= ETHER_BITS_MAX; bits++) {
        assert_in_range(seen[bits], 4500, 5500);
    }
    for (unsigned k = 0; k < FRAME_BYTES; k++) { /* 2.5 bits a frame over all bytes alike, the last one too */
        assert_in_range(place[k], 2200, 2700);
    }
}

static uint8_t fetched(struct ether *ether, int64_t now_ms)
{
    struct radio_heard heard;
    ether_fetch(ether, (instant_ms){ now_ms }, &heard);
    return heard.size != 0 ? heard.bytes[0] : 0;
}

static void send(struct ether *ether, uint8_t mark, enum reach reach, uint32_t delay_ms, int64_t now_ms)
{
    ether->to_pump.trouble.delay_least_ms = ether->to_pump.trouble.delay_most_ms = delay_ms;
    assert_true(ether_to_pump(ether, &mark, 1, reach, (instant_ms){ now_ms }));
}

static void what_is_not_listened_to_is_gone(void **state)
{
    (void)state;
    struct ether ether;
    ether_init(&ether, 8);
    ether_listen(&ether, REACH_NEAR, (instant_ms){ 0 });
    send(&ether, 1, REACH_FAR, 10, 0);
    send(&ether, 2, REACH_NEAR, 10, 0);
    send(&ether, 3, REACH_FAR, 20, 0);
    send(&ether, 4, REACH_FAR, 30, 0);
    assert_int_equal(ether.due.ms, 10);
    ether_arrive(&ether, (instant_ms){ 10 });
    assert_int_equal(fetched(&ether, 10), 2);
    assert_int_equal(fetched(&ether, 10), 0);
    assert_int_equal(ether.due.ms, 20);
    ether_arrive(&ether, (instant_ms){ 20 });
    assert_false(ether_waits(&ether, (instant_ms){ 20 })); /* nobody is woken for it */
    ether_listen(&ether, REACH_FAR, (instant_ms){ 25 });
    assert_int_equal(fetched(&ether, 25), 0); /* gone for good */
    assert_int_equal(fetched(&ether, 29), 0);
    assert_int_equal(fetched(&ether, 30), 4); /* it set out before, and came when it was listened to */
    assert_int_equal(ether.due.ms, INT64_MAX);
    send(&ether, 5, REACH_FAR, 0, 40);
    send(&ether, 6, REACH_NEAR, 0, 40);
    ether_arrive(&ether, (instant_ms){ 40 });
    ether_listen(&ether, REACH_NEAR, (instant_ms){ 40 }); /* what waits already goes too */
    assert_int_equal(fetched(&ether, 40), 6);
    assert_int_equal(fetched(&ether, 40), 0);
    assert_int_equal(ether.heard_frames, 3);
    assert_int_equal(ether.heard_bytes, 3);
    ether_power_cut(&ether);
    send(&ether, 7, REACH_FAR, 0, 50);
    assert_int_equal(fetched(&ether, 50), 7);
}

static void what_was_missed_does_not_come_later(void **state)
{
    (void)state;
    struct ether ether;
    ether_init(&ether, 9);
    send(&ether, 1, REACH_FAR, 5, 0);
    send(&ether, 2, REACH_FAR, 6, 0);
    ether_miss(&ether, (instant_ms){ 5 });
    assert_int_equal(ether.due.ms, 6);
    assert_int_equal(fetched(&ether, 6), 2);
    send(&ether, 3, REACH_FAR, 5, 6);
    ether_silence(&ether);
    assert_int_equal(ether.due.ms, INT64_MAX);
    assert_int_equal(fetched(&ether, 100), 0);
    assert_int_equal(ether.to_pump.count.frames, 3);
}

static void there_is_room_for_so_many(void **state)
{
    (void)state;
    struct ether ether;
    struct ether_ear ear;
    uint8_t bytes[RADIO_FRAME_MAX + 1] = { 0 };
    ether_init(&ether, 10);
    assert_false(ether_to_pump(&ether, bytes, 0, REACH_FAR, (instant_ms){ 0 }));
    assert_false(ether_to_pump(&ether, bytes, sizeof bytes, REACH_FAR, (instant_ms){ 0 }));
    assert_false(ether_from_pump(&ether, bytes, 0, (instant_ms){ 0 }));
    assert_false(ether_from_pump(&ether, bytes, sizeof bytes, (instant_ms){ 0 }));
    assert_int_equal(ether.to_pump.count.frames + ether.from_pump.count.frames, 0);
    ear = ether_ear(&ether, (instant_ms){ 0 });
    for (uint8_t i = 1; i <= ETHER_FRAMES_MAX + 3; i++) {
        bytes[0] = i;
        assert_true(ether_to_pump(&ether, bytes, RADIO_FRAME_MAX, REACH_FAR, (instant_ms){ 0 }));
        assert_true(ether_from_pump(&ether, bytes, RADIO_FRAME_MAX, (instant_ms){ 0 }));
    }
    assert_int_equal(ether.to_pump.count.crowded, 3);
    assert_int_equal(ether.from_pump.count.crowded, 0);
    for (uint8_t i = 1; i <= ETHER_FRAMES_MAX; i++) { /* the newest did not get in; outside the oldest were missed */
        assert_int_equal(fetched(&ether, 0), i);
        assert_int_equal(ether_hear(&ether, &ear, (instant_ms){ 0 }, bytes), RADIO_FRAME_MAX);
        assert_int_equal(bytes[0], i + 3);
    }
    assert_int_equal(fetched(&ether, 0), 0);
    assert_int_equal(ether_hear(&ether, &ear, (instant_ms){ 0 }, bytes), 0);
    ether.from_pump.trouble.delay_least_ms = ether.from_pump.trouble.delay_most_ms = 9;
    for (uint8_t i = 1; i <= ETHER_FRAMES_MAX + 2; i++) {
        assert_true(ether_from_pump(&ether, bytes, 1, (instant_ms){ 1 }));
    }
    assert_int_equal(ether.from_pump.count.crowded, 2); /* two never arrived */
}

static void everyone_hears_everything_once(void **state)
{
    (void)state;
    struct ether ether;
    struct ether_ear ear[3];
    uint8_t bytes[RADIO_FRAME_MAX];
    ether_init(&ether, 11);
    ear[0] = ether_ear(&ether, (instant_ms){ 0 });
    bytes[0] = 1;
    assert_true(ether_from_pump(&ether, bytes, 1, (instant_ms){ 5 }));
    ear[1] = ether_ear(&ether, (instant_ms){ 5 }); /* came at the same instant, and too late for it */
    bytes[0] = 2;
    assert_true(ether_from_pump(&ether, bytes, 1, (instant_ms){ 5 }));
    ether.from_pump.trouble.delay_least_ms = ether.from_pump.trouble.delay_most_ms = 10;
    bytes[0] = 3;
    assert_true(ether_from_pump(&ether, bytes, 1, (instant_ms){ 6 }));
    ear[2] = ether_ear(&ether, (instant_ms){ 7 }); /* hears what is still under way */
    static const uint8_t hears[3][3] = { { 1, 2, 3 }, { 2, 3 }, { 3 } };
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned k = 0; k < 3; k++) {
            bool last = hears[i][k] == 3;
            size_t size = ether_hear(&ether, &ear[i], (instant_ms){ 15 }, bytes);
            assert_int_equal(size, hears[i][k] == 0 || last ? 0 : 1);
            assert_true(size == 0 || bytes[0] == hears[i][k]);
        }
        assert_int_equal(ether_next(&ether, &ear[i]).ms, 16);
        assert_int_equal(ether_hear(&ether, &ear[i], (instant_ms){ 16 }, bytes), 1);
        assert_int_equal(bytes[0], 3);
        assert_int_equal(ether_hear(&ether, &ear[i], (instant_ms){ 99 }, bytes), 0);
        assert_int_equal(ether_next(&ether, &ear[i]).ms, INT64_MAX);
    }
}

static uint64_t go_on(struct ether *ether, uint64_t seed)
{
    struct dice dice = { seed };
    uint64_t sum = 0;
    struct radio_heard heard;
    struct ether_ear ear = ether_ear(ether, (instant_ms){ 1000 });
    for (int64_t now = 1000; now < 20000; now++) {
        uint8_t frame[FRAME_BYTES];
        frame_make(frame, (uint32_t)now);
        if (dice_between(&dice, 0, 9) == 0) {
            assert_true(ether_to_pump(ether, frame, 1 + (size_t)dice_between(&dice, 0, 19), REACH_FAR, (instant_ms){ now }));
            assert_true(ether_from_pump(ether, frame, sizeof frame, (instant_ms){ now }));
        }
        ether_fetch(ether, (instant_ms){ now }, &heard);
        for (unsigned i = 0; i < heard.size; i++) {
            sum = sum * 31 + heard.bytes[i];
        }
        heard.size = (uint16_t)ether_hear(ether, &ear, (instant_ms){ now }, heard.bytes);
        for (unsigned i = 0; i < heard.size; i++) {
            sum = sum * 31 + heard.bytes[i];
        }
    }
    return sum;
}

static void a_copy_goes_on_like_the_original(void **state)
{
    (void)state;
    struct ether first, second, other;
    ether_init(&first, 12);
    ether_init(&other, 13);
    first.to_pump.trouble = (struct ether_trouble){ 50000, 50000, 50000, 50000, 0, 90 };
    first.from_pump.trouble = other.to_pump.trouble = other.from_pump.trouble = first.to_pump.trouble;
    for (uint8_t i = 0; i < 9; i++) {
        assert_true(ether_to_pump(&first, &i, 1, REACH_NEAR, (instant_ms){ 990 }));
    }
    second = first;
    uint64_t sum = go_on(&first, 1);
    assert_memory_not_equal(&first, &second, sizeof first);
    assert_true(go_on(&second, 1) == sum);
    assert_memory_equal(&first, &second, sizeof first);
    assert_true(go_on(&other, 1) != sum); /* another seed, another fate */
}

/* Radio: every byte that the pump fetches or sends, and nothing that it does not. */
static void frames_wake_the_core_and_cost_charge(void **state)
{
    (void)state;
    struct twin twin;
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 5 };
    const struct motor_budget budget = { 0, ~0u, 9, ~9u, 9, ~9u };
    assert_true(twin_init(&twin, &setup));
    struct board board = twin_board(&twin);
    board.doors->motor_budget(board.hardware, &budget);
    struct radio_heard heard;
    const uint8_t frame[30] = { 7 };
    double used_before = battery_used(&twin.battery, twin.now);
    twin.ether.to_pump.trouble.delay_least_ms = twin.ether.to_pump.trouble.delay_most_ms = 150;
    assert_int_equal(twin_next(&twin).ms, INT64_MAX);
    assert_true(twin_transmit(&twin, frame, sizeof frame, REACH_FAR));
    assert_int_equal(twin_next(&twin).ms, 150);
    board.doors->motor_key_engine(board.hardware, 1); /* a motion that ends after the frame came, */
    board.doors->motor_key_governor(board.hardware, ~1u);
    assert_int_equal(twin_next(&twin).ms, 150);
    twin_advance(&twin, (instant_ms){ 100 });
    board.doors->radio_receive(board.hardware, &heard);
    assert_int_equal(heard.size, 0);
    twin_advance(&twin, (instant_ms){ 150 });
    assert_int_equal(twin_next(&twin).ms, 400);
    assert_int_equal(board.doors->motor_result(board.hardware).state, MOTOR_MOVING);
    assert_true(twin_transmit(&twin, frame, sizeof frame, REACH_FAR)); /* and one that comes after the motion's end */
    assert_true(ether_waits(&twin.ether, twin.now));
    board.doors->radio_receive(board.hardware, &heard);
    assert_int_equal(heard.size, sizeof frame);
    twin.ether.to_pump.trouble.delay_least_ms = twin.ether.to_pump.trouble.delay_most_ms = 350;
    assert_true(twin_transmit(&twin, frame, sizeof frame, REACH_FAR));
    assert_int_equal(twin_next(&twin).ms, 300);
    twin_advance(&twin, (instant_ms){ 300 });
    twin_advance(&twin, (instant_ms){ 400 });
    assert_int_equal(board.doors->motor_result(board.hardware).state, MOTOR_DONE);
    assert_int_equal(twin_next(&twin).ms, 500);
    board.doors->radio_listen(board.hardware, REACH_NEAR); /* both are far: the one that waits goes too */
    assert_false(ether_waits(&twin.ether, twin.now));
    twin_advance(&twin, (instant_ms){ 500 });
    assert_int_equal(twin_next(&twin).ms, INT64_MAX);
    assert_int_equal(twin.battery.count[BATTERY_RADIO_BYTE], 30);
    board.doors->radio_send(board.hardware, frame, 12);
    board.doors->radio_send(board.hardware, frame, 0);
    assert_int_equal(twin.battery.count[BATTERY_RADIO_BYTE], 42);
    twin.ether.to_pump.trouble = (struct ether_trouble){ 0 };
    assert_true(twin_transmit(&twin, frame, sizeof frame, REACH_NEAR));
    board.doors->radio_receive(board.hardware, &heard); /* fetched at the same instant: nobody is woken for it any more */
    assert_int_equal(twin_next(&twin).ms, INT64_MAX);
    double one_quantum = twin.battery.quantum_coulomb, standing = 0.5 * 20e-6;
    assert_near(battery_used(&twin.battery, twin.now) - used_before, one_quantum + standing + 72 * 0.5e-6, 1e-12);
    board.doors->radio_listen(board.hardware, REACH_NEAR);
    twin_power_cut(&twin);
    assert_int_equal(twin.ether.reach, REACH_FAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_well_all_come_at_once),
        cmocka_unit_test(shares_are_as_asked_for),
        cmocka_unit_test(delays_lie_evenly_between_their_bounds),
        cmocka_unit_test(order_holds_unless_one_is_overtaken),
        cmocka_unit_test(damage_turns_over_a_few_bits),
        cmocka_unit_test(what_is_not_listened_to_is_gone),
        cmocka_unit_test(what_was_missed_does_not_come_later),
        cmocka_unit_test(there_is_room_for_so_many),
        cmocka_unit_test(everyone_hears_everything_once),
        cmocka_unit_test(frames_wake_the_core_and_cost_charge),
        cmocka_unit_test(a_copy_goes_on_like_the_original),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
