/* hardware.c - the parts of the implant joined into one, and the doors opened onto it. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/hardware.h"

#include <stddef.h>
#include <string.h>

static const double FILL_FORGIVEN_M3 = 1e-14; /* 0.01 nL: filling exactly to capacity must not fail by rounding */

/* Guesses: pressure of the cerebrospinal fluid at the tip; how far a volume that cannot pass raises it (a quantum of a
 * quarter microlitre by 10 kPa); and where the tubing gives way. */
static const double CSF_PA = 1300.0;
static const double STIFFNESS_PA_M3 = 4e13;
static const double PRESSURE_MOST_PA = 200e3;

bool twin_init(struct twin *twin, const struct twin_setup *setup)
{
    const struct mechanism_make *make = mechanism_find(setup->model);
    struct fluid dead_fluid;
    uint16_t drug[FLUID_DRUGS_MAX] = { 0 };
    if (make == NULL || !(setup->calibration > 0.0) || !(setup->catheter_m3 > 0.0)
        || !fluid_arrange(&setup->dead_fluid, drug, &dead_fluid)) {
        return false;
    }
    memset(twin, 0, sizeof *twin); /* not by assignment: it is large */
    twin->seed = setup->seed;
    twin->reservoir_fluid = dead_fluid;
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        twin->totals.drug[i] = drug[i];
    }
    twin->reservoir_capacity_m3 = volume_on_grid(make->reservoir_m3);
    mechanism_init(&twin->mechanism, make, setup->calibration);
    driver_init(&twin->driver, make->quantum_ms, make->stall_ms);
    catheter_init(&twin->catheter, make->tubing_m3 + setup->catheter_m3, &dead_fluid);
    battery_init(&twin->battery, make->quantum_coulomb);
    flash_init(&twin->flash);
    twin->flash.seed = setup->seed;
    ether_init(&twin->ether, setup->seed);
    sensors_init(&twin->sensors, battery_mv(&twin->battery, twin->now));
    twin->sensors.fill_fitted = setup->fill_sensor;
    twin->sensors.pressure_fitted = setup->pressure_sensor;
    return true;
}

void twin_succeed(struct twin *twin, const struct twin *before)
{
    twin->now = before->now;
    twin->mechanism = before->mechanism;
    twin->catheter = before->catheter;
    twin->battery = before->battery;
    twin->sensors = before->sensors;
    twin->reservoir_m3 = before->reservoir_m3;
    twin->reservoir_capacity_m3 = before->reservoir_capacity_m3;
    twin->reservoir_fluid = before->reservoir_fluid;
    memcpy(twin->fault, before->fault, sizeof twin->fault);
    twin->troubled = before->troubled;
    twin->trapped_m3 = before->trapped_m3;
    twin->totals = before->totals;
    twin->driver.load_from = before->driver.load_from;
    twin->driver.load_to = before->driver.load_to;
    twin->driver.load_from_ms = before->driver.load_from_ms;
    twin->driver.load_to_ms = before->driver.load_to_ms;
    driver_jam(&twin->driver, before->driver.jammed);
}

/* Returns the volume that truly leaves the reservoir. */
static inline double reservoir_give_m3(struct twin *twin, double asked_m3)
{
    double reservoir_m3 = twin->reservoir_m3;
    double displaced_m3 = asked_m3 > reservoir_m3 ? reservoir_m3 : asked_m3; /* what is left, then nothing */
    twin->reservoir_m3 = reservoir_m3 - displaced_m3;
    twin->totals.displaced += displaced_m3;
    return displaced_m3;
}

/* The mechanism has turned by this share of a quantum. */
static inline double reservoir_give(struct twin *twin, double share)
{
    return reservoir_give_m3(twin, mechanism_displace(&twin->mechanism, share));
}

/* Where a volume goes whatever is wrong: through the catheter to the tip, or lost beside it. */
static void pass_on(struct twin *twin, double displaced_m3)
{
    const double *fault = twin->fault;
    double passed_m3 = displaced_m3;
    double passes = (fault[TWIN_FAULT_KINK] > 0.0 ? fault[TWIN_FAULT_KINK] : 1.0) * (1.0 - fault[TWIN_FAULT_GRANULOMA]);
    if (fault[TWIN_FAULT_DISCONNECTION] > 0.0) {
        passed_m3 = 0.0;
    } else if (fault[TWIN_FAULT_OCCLUSION] > 0.0) {
        passed_m3 = 0.0;
        twin->trapped_m3 += displaced_m3;
    } else if (passes < 1.0) {
        passed_m3 = volume_on_grid(displaced_m3 * passes);
        twin->trapped_m3 = (twin->trapped_m3 + displaced_m3) * (1.0 - passes);
    }
    double delivered_m3 = volume_on_grid(passed_m3 * (1.0 - fault[TWIN_FAULT_LEAK]));
    twin->totals.delivered += delivered_m3;
    twin->totals.lost += displaced_m3 - delivered_m3;
    if (passed_m3 > 0.0) {
        catheter_push_slugs(&twin->catheter, passed_m3, delivered_m3 / passed_m3, twin->totals.delivered_kg);
    }
}

void twin_let_out(struct twin *twin, double volume_m3)
{
    pass_on(twin, reservoir_give_m3(twin, volume_on_grid(volume_m3)));
}

static void tone_record(struct twin *twin, uint8_t tone)
{
    if (twin->fault[TWIN_FAULT_SOUNDER_DEAD] > 0.0) {
        return;
    }
    twin->tone = tone;
    twin->tones++;
    battery_count(&twin->battery, BATTERY_TONE);
}

void twin_block_motion(struct twin *twin)
{
    if (twin->driver.state == MOTOR_MOVING && !twin->driver.blocked) {
        pass_on(twin, reservoir_give(twin, mechanism_share_after(&twin->mechanism, twin->now.ms - twin->driver.fired_ms)));
        driver_block(&twin->driver);
    }
}

/* The motion under way ends while something is wrong; twin_end_motion() ends the others by a shorter way. */
static void motion_end_troubled(struct twin *twin)
{
    if (twin->driver.blocked) {
        if (driver_stalled(&twin->driver)) {
            tone_record(twin, TONE_DUAL);
        }
        return;
    }
    driver_done(&twin->driver);
    if (!mechanism_slips(&twin->mechanism)) {
        pass_on(twin, reservoir_give(twin, 1.0));
    }
}

void twin_end_motion(struct twin *twin)
{
    battery_count(&twin->battery, BATTERY_QUANTUM);
    if (twin->driver.blocked || twin->troubled) {
        motion_end_troubled(twin);
        return;
    }
    driver_done(&twin->driver);
    double displaced_m3 = reservoir_give(twin, 1.0);
    twin->totals.delivered += displaced_m3;
    catheter_push(&twin->catheter, displaced_m3, twin->totals.delivered_kg);
}

bool twin_transmit(struct twin *twin, const uint8_t *bytes, size_t size, enum reach reach)
{
    return ether_to_pump(&twin->ether, bytes, size, reach, twin->now);
}

void twin_miss_frames(struct twin *twin)
{
    ether_miss(&twin->ether, twin->now);
}

void twin_set_load(struct twin *twin, double factor, int64_t over_ms)
{
    twin->fault[TWIN_FAULT_LOAD] = factor;
    driver_set_load(&twin->driver, factor, twin->now, over_ms);
}

/* What truly comes out when so much is asked for. */
static double withdrawal(const struct twin *twin, double volume_m3)
{
    double out_m3 = volume_m3 > 0.0 ? volume_m3 : 0.0;
    return out_m3 < twin->reservoir_m3 ? volume_on_grid(out_m3) : twin->reservoir_m3;
}

double twin_withdraw(struct twin *twin, double volume_m3)
{
    double out_m3 = withdrawal(twin, volume_m3);
    twin->reservoir_m3 -= out_m3;
    twin->totals.withdrawn += out_m3;
    return out_m3;
}

/* What of a fill goes into the reservoir. */
static double fill_enters(const struct twin *twin, double volume_m3)
{
    return volume_on_grid(volume_m3 * (1.0 - twin->fault[TWIN_FAULT_POCKET]));
}

/* The fluid as it would be arranged, and the places of all drugs then; false when it does not go in. */
static bool fill_fits(const struct twin *twin, double reservoir_m3, double volume_m3, const struct fluid *fluid,
                      uint16_t drug[FLUID_DRUGS_MAX], struct fluid *added)
{
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        drug[i] = twin->totals.drug[i];
    }
    return volume_m3 >= 0.0 && reservoir_m3 + fill_enters(twin, volume_m3) <= twin->reservoir_capacity_m3 + FILL_FORGIVEN_M3
           && fluid_arrange(fluid, drug, added);
}

bool twin_can_fill(const struct twin *twin, double withdrawn_m3, double volume_m3, const struct fluid *fluid)
{
    struct fluid added;
    uint16_t drug[FLUID_DRUGS_MAX];
    return fill_fits(twin, twin->reservoir_m3 - withdrawal(twin, withdrawn_m3), volume_m3, fluid, drug, &added);
}

bool twin_fill(struct twin *twin, double volume_m3, const struct fluid *fluid)
{
    struct fluid added;
    uint16_t drug[FLUID_DRUGS_MAX];
    if (!fill_fits(twin, twin->reservoir_m3, volume_m3, fluid, drug, &added)) {
        return false;
    }
    double in_m3 = fill_enters(twin, volume_m3), beside_m3 = volume_on_grid(volume_m3) - in_m3;
    /* Cannot fail: both have their drugs in the places of one table. */
    (void)fluid_mix(&twin->reservoir_fluid, twin->reservoir_m3, &added, in_m3, &twin->reservoir_fluid);
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        twin->totals.drug[i] = drug[i];
        twin->totals.pocket_kg[i] += beside_m3 * added.kg_m3[i];
    }
    twin->totals.pocket += beside_m3;
    if (volume_m3 > 0.0) {
        twin_set_fault(twin, TWIN_FAULT_POCKET, 0.0);
    }
    twin->reservoir_m3 += in_m3;
    twin->totals.filled += in_m3;
    catheter_inflow(&twin->catheter, &twin->reservoir_fluid);
    return true;
}

double twin_fill_pressed(struct twin *twin, double volume_m3, const struct fluid *fluid)
{
    const double grain_m3 = 0x1p-60; /* of volume_on_grid() */
    double share = 1.0 - twin->fault[TWIN_FAULT_POCKET], room_m3 = twin->reservoir_capacity_m3 - twin->reservoir_m3;
    double all_m3 = volume_on_grid(volume_m3 > 0.0 ? volume_m3 : 0.0), fits_m3 = all_m3;
    if (fill_enters(twin, all_m3) > room_m3) {
        fits_m3 = volume_on_grid(room_m3 / share);
    }
    while (fill_enters(twin, fits_m3) > room_m3) { /* once at most: rounded up, by a grain */
        fits_m3 -= grain_m3;
    }
    double spilled_m3 = twin_fill(twin, fits_m3, fluid) ? all_m3 - fits_m3 : all_m3;
    twin->totals.spilled += spilled_m3;
    return spilled_m3;
}

void twin_power_cut(struct twin *twin)
{
    twin_block_motion(twin);
    flash_power_cut(&twin->flash, twin->now);
    ether_power_cut(&twin->ether);
    twin->cut.struck = false;
}

double twin_dead_volume(const struct twin *twin)
{
    return catheter_volume(&twin->catheter);
}

double twin_tip_concentration(const struct twin *twin, uint16_t drug)
{
    return fluid_concentration(&twin->catheter.slug[0].fluid, drug);
}

static void door_key_engine(void *hardware, uint32_t key)
{
    struct twin *twin = hardware;
    (void)driver_key_engine(&twin->driver, key, twin->now);
}

static void door_key_governor(void *hardware, uint32_t key)
{
    struct twin *twin = hardware;
    (void)driver_key_governor(&twin->driver, key, twin->now);
}

static struct motor_report door_result(void *hardware)
{
    struct twin *twin = hardware;
    return driver_result(&twin->driver);
}

static void door_budget(void *hardware, const struct motor_budget *budget)
{
    struct twin *twin = hardware;
    driver_set_budget(&twin->driver, budget);
}

static void door_witness(void *hardware, struct motor_witness *witness)
{
    struct twin *twin = hardware;
    *witness = (struct motor_witness){ .fired = twin->driver.fired,
                                       .clock_ms = twin->now.ms,
                                       .load = driver_load(&twin->driver, twin->now) };
}

static void door_flash_read(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size)
{
    struct twin *twin = hardware;
    flash_settle(&twin->flash, twin->now);
    flash_read(&twin->flash, address, bytes, size);
}

/* Power went in this operation: the core is not to learn its answer. */
static uint8_t flash_answer(struct twin *twin, uint8_t answer)
{
    if (twin->flash.off && !twin->cut.struck) {
        cut_strike(twin);
    }
    return answer;
}

static uint8_t door_flash_program(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    struct twin *twin = hardware;
    battery_count(&twin->battery, BATTERY_FLASH_WORD);
    flash_settle(&twin->flash, twin->now);
    return flash_answer(twin, flash_program(&twin->flash, address, word));
}

static uint8_t door_flash_erase(void *hardware, uint32_t sector)
{
    struct twin *twin = hardware;
    battery_count(&twin->battery, BATTERY_FLASH_ERASE);
    return flash_answer(twin, flash_erase(&twin->flash, sector, twin->now));
}

static uint8_t door_flash_erased(void *hardware)
{
    struct twin *twin = hardware;
    return flash_erased(&twin->flash, twin->now);
}

static bool door_sounder_alive(void *hardware)
{
    const struct twin *twin = hardware;
    return !(twin->fault[TWIN_FAULT_SOUNDER_DEAD] > 0.0);
}

static void door_sound(void *hardware, uint8_t tone)
{
    tone_record(hardware, tone);
}

static void door_sense(void *hardware, struct sensors *sensors)
{
    struct twin *twin = hardware;
    double pressure_pa = CSF_PA + twin->trapped_m3 * STIFFNESS_PA_M3;
    battery_count(&twin->battery, BATTERY_SENSE);
    twin->sensors.reservoir_m3 = twin->reservoir_m3;
    twin->sensors.pressure_pa = pressure_pa < PRESSURE_MOST_PA ? pressure_pa : PRESSURE_MOST_PA;
    *sensors = sensors_read(&twin->sensors, battery_mv(&twin->battery, twin->now),
                            chance_bits(twin->seed, twin->random_counter++));
}

static void door_watchdog(void *hardware)
{
    struct twin *twin = hardware;
    battery_count(&twin->battery, BATTERY_WAKE);
}

static uint64_t door_random(void *hardware)
{
    struct twin *twin = hardware;
    return chance_bits(twin->seed, twin->random_counter++);
}

static void door_radio_receive(void *hardware, struct radio_heard *heard)
{
    struct twin *twin = hardware;
    ether_fetch(&twin->ether, twin->now, heard);
    battery_count_many(&twin->battery, BATTERY_RADIO_BYTE, heard->size);
}

/* What is no frame is not sent. */
static void door_radio_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    struct twin *twin = hardware;
    if (ether_from_pump(&twin->ether, bytes, size, twin->now)) {
        battery_count_many(&twin->battery, BATTERY_RADIO_BYTE, size);
    }
}

static void door_radio_listen(void *hardware, uint8_t reach)
{
    struct twin *twin = hardware;
    ether_listen(&twin->ether, reach, twin->now);
}

static void door_restart(void *hardware)
{
    struct twin *twin = hardware;
    twin->restart = true;
}

const struct board_doors twin_doors = { .motor_key_engine = door_key_engine,
                                        .motor_key_governor = door_key_governor,
                                        .motor_result = door_result,
                                        .motor_budget = door_budget,
                                        .motor_witness = door_witness,
                                        .flash_read = door_flash_read,
                                        .flash_program = door_flash_program,
                                        .flash_erase = door_flash_erase,
                                        .flash_erased = door_flash_erased,
                                        .sound = door_sound,
                                        .sounder_alive = door_sounder_alive,
                                        .sense = door_sense,
                                        .watchdog = door_watchdog,
                                        .random = door_random,
                                        .radio_receive = door_radio_receive,
                                        .radio_send = door_radio_send,
                                        .radio_listen = door_radio_listen,
                                        .restart = door_restart };

struct board twin_board(struct twin *twin)
{
    return (struct board){ .doors = twin->cut.doors != 0 ? &cut_doors : &twin_doors, .hardware = twin,
                           .retained = twin->retained, .boot_cause = BOOT_POWER };
}
