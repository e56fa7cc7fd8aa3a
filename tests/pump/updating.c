// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/updating.h"

#include "pump/logread.h"

enum { CATHETER_MM = 400, FILL_NL = 19000000, BOLUS_NL_DAY = 1440000 };

struct signer updating_signer;

static struct mixture drug(void)
{
    return (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 1000000 } } } };
}

struct therapy updating_therapy(const struct rig *rig, int32_t nl_day)
{
    const struct model *model = &rig->unit.model;
    struct therapy therapy = { .name = "running", .mixture = drug(), .restart_limit_hours = 24,
                               .dead_volume = model_dead_volume(model, CATHETER_MM), .model = model->code,
                               .revision = model->revision, .calibration = rig->unit.calibration,
                               .under_delivery = PRIORITY_MEDIUM, .mri_rule = MRI_KEEP_PROGRAM,
                               .reservoir_low = { 1000000 }, .safe_rate = { 48000 } };
    memcpy(therapy.serial, rig->unit.serial, SERIAL_BYTES);
    therapy.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { nl_day } };
    if (nl_day + BOLUS_NL_DAY <= model->rate_max.nl_day)
        therapy.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 10000 }, .rate = { BOLUS_NL_DAY },
                                                          .lockout_minutes = 30, .max_per_day = 8, .expiry_days = 30 };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { 100000 }, .rate_max = model->rate_max };
    therapy.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { 100000000000000 }, { 1000000000000000 } } };
    return therapy;
}

void updating_start(struct rig *rig, int32_t nl_day)
{
    struct pump_unit unit = { .model = *model_named("C20"), .serial = "UPDATED-1", .software = UPDATING_FACTORY };
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.104e-6, .seed = 11 };
    struct rig_refill fill = { .told = { .withdrawn = { -1 }, .filled = { FILL_NL }, .drawn_up = { FILL_NL }, .fill = drug(),
                                         .dead_drug_free = 1 } };
    struct receipt receipt;
    updating_signer = signer_make(1);
    memcpy(unit.firmware_key, updating_signer.key, sizeof unit.firmware_key);
    assert_true(rig_start(rig, &unit, &setup));
    assert_true(rig_refill(rig, &fill, &receipt));
    assert_int_equal(receipt.reasons, 0);
    struct therapy therapy = updating_therapy(rig, nl_day);
    rig_activate(rig, &therapy, false, &receipt);
    assert_int_equal(receipt.reasons, 0);
}

struct receipt updating_give(struct rig *rig, enum role role, struct command command)
{
    struct receipt receipt;
    rig_command(rig, role, &command, &receipt);
    return receipt;
}

struct receipt updating_do(struct rig *rig, enum command_kind kind)
{
    return updating_give(rig, ROLE_SERVICE, (struct command){ .kind = (uint8_t)kind });
}

struct receipt updating_begin(struct rig *rig, const struct build *build)
{
    struct command command = { .kind = COMMAND_UPDATE_BEGIN };
    memcpy(command.header, build->header, sizeof command.header);
    memcpy(command.signature, build->signature, sizeof command.signature);
    return updating_give(rig, ROLE_SERVICE, command);
}

struct receipt updating_chunk(struct rig *rig, const struct build *build, uint32_t offset, uint32_t size)
{
    struct command command = { .kind = COMMAND_UPDATE_CHUNK, .stage = { .offset = offset, .size = (uint8_t)size } };
    memcpy(command.stage.bytes, build->content + offset, size);
    return updating_give(rig, ROLE_SERVICE, command);
}

struct receipt updating_send(struct rig *rig, const struct build *build)
{
    struct receipt receipt = { .outcome = OUTCOME_APPLIED };
    for (uint32_t at = updating_status(rig).filled_bytes; at < build->size;) {
        uint32_t size = build->size - at < STAGE_CHUNK_MAX ? build->size - at : STAGE_CHUNK_MAX;
        receipt = updating_chunk(rig, build, at, size);
        if (receipt.reasons == VERDICT_STORAGE && receipt.earliest.ms != INT64_MAX)
            rig_run_until(rig, receipt.earliest);
        else if (receipt.outcome == OUTCOME_APPLIED)
            at += size;
        else
            break;
    }
    return receipt;
}

void updating_install(struct rig *rig, const struct build *build)
{
    assert_int_equal(updating_begin(rig, build).reasons, 0);
    assert_int_equal(updating_send(rig, build).reasons, 0);
    assert_int_equal(updating_do(rig, COMMAND_UPDATE_SEAL).reasons, 0);
}

void updating_apply(struct rig *rig)
{
    uint32_t resets = rig->resets;
    assert_int_equal(updating_do(rig, COMMAND_UPDATE_APPLY).reasons, 0);
    updating_pass(rig, rig->unit.model.motor_timeout.ms + RIG_RESTART_MS);
    assert_int_equal(rig->resets, resets + 1);
}

struct update_status updating_status(const struct rig *rig)
{
    struct update_status status;
    update_tell(&rig->pump, &status);
    return status;
}

uint8_t *updating_content(struct rig *rig, unsigned slot)
{
    return rig->twin.flash.byte + (325u + 32u * (slot - 1)) * FLASH_SECTOR_BYTES;
}

unsigned updating_events(struct rig *rig, uint16_t code, struct event *last)
{
    struct board board = twin_board(&rig->twin);
    struct logread read;
    struct logread_item item;
    unsigned count = 0;
    logread_begin(&read, &board, LOG_EVENTS_RING, 1, NULL);
    for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item)) {
        if (item.what != LOGREAD_EVENT || item.event.code != code)
            continue;
        count++;
        if (last != NULL)
            *last = item.event;
    }
    return count;
}

void updating_pass(struct rig *rig, int64_t ms)
{
    rig_run_until(rig, (instant_ms){ rig->now.ms + ms });
    assert_false(rig->stuck);
}
