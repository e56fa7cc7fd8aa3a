/* therapy.c - the one canonical byte encoding of a therapy, version 1, and the static judgement of a whole therapy.
 *
 * A therapy has one encoding and an encoding one therapy: sections stand in one order, each field has one width,
 * texts are padded only in memory, and whatever has a choice in it is refused. The format, byte by byte:
 * core/SPEC.md. */
// SPDX-License-Identifier: Apache-2.0
#include "core/therapy.h"

#include "core/bytes.h"
#include "core/text.h"

enum {
    TOTAL_AT = 6, /* where the total length stands */
    HEADER_BYTES = 8,
    SECTION_HEADER_BYTES = 3,
    RESTART_HOURS_MAX = 720
};

/* The sections, in their order; the numbers are their tags. */
enum section { SECTION_IDENTITY = 1, SECTION_MIXTURE, SECTION_PROGRAM, SECTION_LIMITS, SECTION_SAFETY, SECTION_END };

/* The longest form of each section, field by field, so that the bound of the whole is known before the program runs. */
enum {
    IDENTITY_BYTES = NAME_BYTES + SERIAL_BYTES + 1 + 1 + 4 + 4 + 2 + REGION_BYTES,
    DAY_SET_BYTES = 1 + PROGRAM_STEPS_MAX * (2 + 4),
    PROGRAM_BYTES = 1 + 4 + 1 + PROGRAM_DAY_SETS_MAX * DAY_SET_BYTES + WEEK_DAYS + (4 + 4 + 2 + 2) + (1 + 4 + 4) +
                    (1 + 4 + 4 + 2 + 1 + 2),
    LIMITS_BYTES = 1 + MIXTURE_DRUGS_MAX * (2 + 8 * WINDOW_KINDS) + 4 + 4,
    SAFETY_BYTES = 4 + 2 + 1 + 4 + 1,
    THERAPY_BYTES_BOUND = HEADER_BYTES + 5 * SECTION_HEADER_BYTES + IDENTITY_BYTES + MIXTURE_BYTES_MAX + PROGRAM_BYTES +
                          LIMITS_BYTES + SAFETY_BYTES
};
_Static_assert(THERAPY_BYTES_BOUND <= (int)THERAPY_BYTES_MAX, "the longest therapy fits");

static const uint8_t MAGIC[4] = { 'C', 'T', 'H', '1' };

static bool rate_fits(rate_nl_day rate)
{
    return rate.nl_day >= 0 && rate.nl_day <= RATE_NL_DAY_MAX;
}

static bool identity_fits(const struct therapy *therapy)
{
    return text_valid(therapy->name, NAME_BYTES) && text_valid(therapy->serial, SERIAL_BYTES) &&
           therapy->serial[0] != '\0' && text_valid(therapy->region, REGION_BYTES) && therapy->model != 0 &&
           therapy->revision != 0 && therapy->calibration.ppm >= -CALIB_PPM_MAX &&
           therapy->calibration.ppm <= CALIB_PPM_MAX && therapy->dead_volume.nl >= 1 &&
           therapy->dead_volume.nl <= VOL_NL_MAX;
}

static bool drug_limit_fits(const struct drug_limit *limit, bool used)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        int64_t most = limit->window[kind].fg;
        if (used ? most < 1 || most > LIMIT_FG_MAX : most != 0)
            return false;
    }
    return used || limit->drug == DRUG_NONE;
}

static bool limits_fit(const struct limits *limits)
{
    if (limits->count > MIXTURE_DRUGS_MAX)
        return false;
    for (unsigned i = 0; i < MIXTURE_DRUGS_MAX; i++)
        if (!drug_limit_fits(&limits->drug[i], i < limits->count))
            return false;
    return limits->bolus_max.nl >= 0 && limits->bolus_max.nl <= VOL_NL_MAX && rate_fits(limits->rate_max);
}

static bool safety_fits(const struct therapy *therapy)
{
    return rate_fits(therapy->safe_rate) && therapy->restart_limit_hours >= 1 &&
           therapy->restart_limit_hours <= RESTART_HOURS_MAX && therapy->under_delivery >= PRIORITY_LOW &&
           therapy->under_delivery <= PRIORITY_HIGH && therapy->reservoir_low.nl >= 0 &&
           therapy->reservoir_low.nl <= VOL_NL_MAX &&
           (therapy->mri_rule == MRI_KEEP_PROGRAM || therapy->mri_rule == MRI_EMPTY_FIRST);
}

static bool therapy_fits(const struct therapy *therapy)
{
    return identity_fits(therapy) && mixture_valid(&therapy->mixture) && program_canonical(&therapy->program) &&
           limits_fit(&therapy->limits) && safety_fits(therapy);
}

static void identity_write(struct byte_writer *writer, const struct therapy *therapy)
{
    text_write(writer, therapy->name, NAME_BYTES);
    text_write(writer, therapy->serial, SERIAL_BYTES);
    byte_write(writer, therapy->model, 1);
    byte_write(writer, therapy->revision, 1);
    byte_write(writer, (uint32_t)therapy->calibration.ppm, 4);
    byte_write(writer, (uint64_t)therapy->dead_volume.nl, 4);
    byte_write(writer, therapy->formulary_version, 2);
    text_write(writer, therapy->region, REGION_BYTES);
}

static void program_write(struct byte_writer *writer, const struct program *program)
{
    byte_write(writer, program->kind, 1);
    byte_write(writer, (uint32_t)program->base.nl_day, 4);
    byte_write(writer, program->day_set_count, 1);
    for (unsigned set = 0; set < program->day_set_count; set++) {
        const struct day_set *day = &program->day_set[set];
        byte_write(writer, day->count, 1);
        for (unsigned i = 0; i < day->count; i++) {
            byte_write(writer, day->step[i].minute, 2);
            byte_write(writer, (uint32_t)day->step[i].rate.nl_day, 4);
        }
    }
    byte_write_block(writer, program->weekday_set, WEEK_DAYS);
    byte_write(writer, (uint64_t)program->periodic.volume.nl, 4);
    byte_write(writer, (uint32_t)program->periodic.rate.nl_day, 4);
    byte_write(writer, program->periodic.interval_minutes, 2);
    byte_write(writer, program->periodic.first_minutes, 2);
    byte_write(writer, program->opening.kind, 1);
    byte_write(writer, (uint64_t)program->opening.volume.nl, 4);
    byte_write(writer, (uint32_t)program->opening.rate.nl_day, 4);
    byte_write(writer, program->patient.allowed, 1);
    byte_write(writer, (uint64_t)program->patient.volume.nl, 4);
    byte_write(writer, (uint32_t)program->patient.rate.nl_day, 4);
    byte_write(writer, program->patient.lockout_minutes, 2);
    byte_write(writer, program->patient.max_per_day, 1);
    byte_write(writer, program->patient.expiry_days, 2);
}

static void limits_write(struct byte_writer *writer, const struct limits *limits)
{
    byte_write(writer, limits->count, 1);
    for (unsigned i = 0; i < limits->count; i++) {
        byte_write(writer, limits->drug[i].drug, 2);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
            byte_write(writer, (uint64_t)limits->drug[i].window[kind].fg, 8);
    }
    byte_write(writer, (uint64_t)limits->bolus_max.nl, 4);
    byte_write(writer, (uint32_t)limits->rate_max.nl_day, 4);
}

static void safety_write(struct byte_writer *writer, const struct therapy *therapy)
{
    byte_write(writer, (uint32_t)therapy->safe_rate.nl_day, 4);
    byte_write(writer, therapy->restart_limit_hours, 2);
    byte_write(writer, therapy->under_delivery, 1);
    byte_write(writer, (uint64_t)therapy->reservoir_low.nl, 4);
    byte_write(writer, therapy->mri_rule, 1);
}

static void payload_write(struct byte_writer *writer, enum section section, const struct therapy *therapy)
{
    switch (section) {
    case SECTION_IDENTITY:
        identity_write(writer, therapy);
        break;
    case SECTION_MIXTURE:
        mixture_write(writer, &therapy->mixture);
        break;
    case SECTION_PROGRAM:
        program_write(writer, &therapy->program);
        break;
    case SECTION_LIMITS:
        limits_write(writer, &therapy->limits);
        break;
    case SECTION_SAFETY:
        safety_write(writer, therapy);
        break;
    case SECTION_END:
        break;
    }
}

/* Puts a length, known only now, where room was left for it. */
static void length_patch(uint8_t *at, size_t length)
{
    at[0] = (uint8_t)length;
    at[1] = (uint8_t)(length >> 8);
}

enum result therapy_encode(const struct therapy *therapy, uint8_t *bytes, size_t room, size_t *size)
{
    if (!therapy_fits(therapy))
        return RESULT_MALFORMED;
    struct byte_writer writer = { .at = bytes, .left = room };
    byte_write_block(&writer, MAGIC, sizeof MAGIC);
    byte_write(&writer, THERAPY_VERSION, 2);
    byte_write(&writer, 0, 2);
    for (enum section section = SECTION_IDENTITY; section < SECTION_END; section++) {
        size_t header = writer.written;
        byte_write(&writer, (uint64_t)section, 1);
        byte_write(&writer, 0, 2);
        payload_write(&writer, section, therapy);
        if (writer.bad)
            return RESULT_NO_ROOM;
        length_patch(bytes + header + 1, writer.written - header - SECTION_HEADER_BYTES);
    }
    length_patch(bytes + TOTAL_AT, writer.written);
    *size = writer.written;
    return RESULT_OK;
}

static void identity_read(struct byte_reader *reader, struct therapy *therapy)
{
    text_read(reader, therapy->name, NAME_BYTES);
    text_read(reader, therapy->serial, SERIAL_BYTES);
    therapy->model = (uint8_t)byte_read(reader, 1);
    therapy->revision = (uint8_t)byte_read(reader, 1);
    therapy->calibration.ppm = (int32_t)byte_read(reader, 4);
    therapy->dead_volume.nl = (int64_t)byte_read(reader, 4);
    therapy->formulary_version = (uint16_t)byte_read(reader, 2);
    text_read(reader, therapy->region, REGION_BYTES);
}

static void day_set_read(struct byte_reader *reader, struct day_set *day)
{
    day->count = (uint8_t)byte_read(reader, 1);
    if (day->count > PROGRAM_STEPS_MAX)
        reader->bad = true;
    for (unsigned i = 0; i < day->count && !reader->bad; i++) {
        day->step[i].minute = (uint16_t)byte_read(reader, 2);
        day->step[i].rate.nl_day = (int32_t)byte_read(reader, 4);
    }
}

static void program_read(struct byte_reader *reader, struct program *program)
{
    program->kind = (uint8_t)byte_read(reader, 1);
    program->base.nl_day = (int32_t)byte_read(reader, 4);
    program->day_set_count = (uint8_t)byte_read(reader, 1);
    if (program->day_set_count > PROGRAM_DAY_SETS_MAX)
        reader->bad = true;
    for (unsigned set = 0; set < program->day_set_count && !reader->bad; set++)
        day_set_read(reader, &program->day_set[set]);
    byte_read_block(reader, program->weekday_set, WEEK_DAYS);
    program->periodic.volume.nl = (int64_t)byte_read(reader, 4);
    program->periodic.rate.nl_day = (int32_t)byte_read(reader, 4);
    program->periodic.interval_minutes = (uint16_t)byte_read(reader, 2);
    program->periodic.first_minutes = (uint16_t)byte_read(reader, 2);
    program->opening.kind = (uint8_t)byte_read(reader, 1);
    program->opening.volume.nl = (int64_t)byte_read(reader, 4);
    program->opening.rate.nl_day = (int32_t)byte_read(reader, 4);
    program->patient.allowed = (uint8_t)byte_read(reader, 1);
    program->patient.volume.nl = (int64_t)byte_read(reader, 4);
    program->patient.rate.nl_day = (int32_t)byte_read(reader, 4);
    program->patient.lockout_minutes = (uint16_t)byte_read(reader, 2);
    program->patient.max_per_day = (uint8_t)byte_read(reader, 1);
    program->patient.expiry_days = (uint16_t)byte_read(reader, 2);
}

static void limits_read(struct byte_reader *reader, struct limits *limits)
{
    limits->count = (uint8_t)byte_read(reader, 1);
    if (limits->count > MIXTURE_DRUGS_MAX)
        reader->bad = true;
    for (unsigned i = 0; i < limits->count && !reader->bad; i++) {
        limits->drug[i].drug = (uint16_t)byte_read(reader, 2);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
            limits->drug[i].window[kind].fg = (int64_t)byte_read(reader, 8);
    }
    limits->bolus_max.nl = (int64_t)byte_read(reader, 4);
    limits->rate_max.nl_day = (int32_t)byte_read(reader, 4);
}

static void safety_read(struct byte_reader *reader, struct therapy *therapy)
{
    therapy->safe_rate.nl_day = (int32_t)byte_read(reader, 4);
    therapy->restart_limit_hours = (uint16_t)byte_read(reader, 2);
    therapy->under_delivery = (uint8_t)byte_read(reader, 1);
    therapy->reservoir_low.nl = (int64_t)byte_read(reader, 4);
    therapy->mri_rule = (uint8_t)byte_read(reader, 1);
}

static void payload_read(struct byte_reader *reader, enum section section, struct therapy *therapy)
{
    switch (section) {
    case SECTION_IDENTITY:
        identity_read(reader, therapy);
        break;
    case SECTION_MIXTURE:
        mixture_read(reader, &therapy->mixture);
        break;
    case SECTION_PROGRAM:
        program_read(reader, &therapy->program);
        break;
    case SECTION_LIMITS:
        limits_read(reader, &therapy->limits);
        break;
    case SECTION_SAFETY:
        safety_read(reader, therapy);
        break;
    case SECTION_END:
        break;
    }
}

/* Reads magic, version and total length; afterwards the reader stands at the first section. */
static enum result header_read(struct byte_reader *reader)
{
    size_t size = reader->left;
    bool magic = true;
    for (unsigned i = 0; i < sizeof MAGIC; i++)
        magic = byte_read(reader, 1) == MAGIC[i] && magic;
    uint64_t version = byte_read(reader, 2);
    uint64_t total = byte_read(reader, 2);
    if (reader->bad)
        return RESULT_TRUNCATED;
    if (!magic)
        return RESULT_MALFORMED;
    if (version != THERAPY_VERSION)
        return RESULT_UNKNOWN_VERSION;
    return total == size ? RESULT_OK : RESULT_TRUNCATED;
}

/* Takes the next section from the reader: its payload only, and only if it is the one that must stand here. */
static enum result section_open(struct byte_reader *reader, enum section section, struct byte_reader *payload)
{
    uint64_t tag = byte_read(reader, 1);
    size_t length = (size_t)byte_read(reader, 2);
    if (reader->bad || length > reader->left)
        return RESULT_TRUNCATED;
    if (tag != (uint64_t)section)
        return RESULT_NOT_CANONICAL;
    *payload = (struct byte_reader){ .at = reader->at, .left = length };
    reader->at += length;
    reader->left -= length;
    return RESULT_OK;
}

enum result therapy_decode(const uint8_t *bytes, size_t size, struct therapy *therapy)
{
    struct byte_reader reader = { .at = bytes, .left = size };
    struct therapy read = { 0 }; /* so that the caller's therapy stays whole until this one is */
    enum result result = header_read(&reader);
    for (enum section section = SECTION_IDENTITY; result == RESULT_OK && section < SECTION_END; section++) {
        struct byte_reader payload;
        result = section_open(&reader, section, &payload);
        if (result != RESULT_OK)
            break;
        payload_read(&payload, section, &read);
        if (payload.bad || payload.left != 0)
            result = RESULT_NOT_CANONICAL;
    }
    if (result != RESULT_OK)
        return result;
    if (reader.left != 0)
        return RESULT_TRUNCATED;
    if (!therapy_fits(&read))
        return RESULT_MALFORMED;
    *therapy = read;
    return RESULT_OK;
}

enum result therapy_limits_section(const uint8_t *bytes, size_t size, size_t *offset, size_t *length)
{
    struct byte_reader reader = { .at = bytes, .left = size };
    enum result result = header_read(&reader);
    const uint8_t *start = reader.at;
    for (enum section section = SECTION_IDENTITY; result == RESULT_OK && section <= SECTION_LIMITS; section++) {
        struct byte_reader payload;
        start = reader.at;
        result = section_open(&reader, section, &payload);
    }
    if (result != RESULT_OK)
        return result;
    *offset = (size_t)(start - bytes);
    *length = (size_t)(reader.at - start);
    return RESULT_OK;
}

/* Zero, or a flow this pump can keep up for ever within the limits, and no more in a day than the program's least day: a
 * fault may lower a dose and never raise it. */
static verdict safe_rate_judge(const struct therapy *therapy, const struct model *model)
{
    rate_nl_day rate = therapy->safe_rate;
    if (rate.nl_day == 0)
        return 0;
    bool fit = rate.nl_day >= model->rate_min.nl_day && rate.nl_day <= model->rate_max.nl_day &&
               limits_judge_rate(&therapy->limits, rate, &therapy->mixture, model, therapy->calibration) == 0 &&
               grain_of_rate(rate, (span_ms){ DAY_MS }).grain <= program_least_day(&therapy->program).grain;
    return fit ? 0 : VERDICT_SAFE_RATE;
}

verdict therapy_judge(const struct therapy *therapy, const struct model *model)
{
    if (!therapy_fits(therapy))
        return VERDICT_THERAPY_FORM | program_judge(&therapy->program, model, therapy->dead_volume);
    verdict reasons = program_judge(&therapy->program, model, therapy->dead_volume) | safe_rate_judge(therapy, model);
    reasons |= limits_judge(&therapy->limits, &therapy->program, &therapy->mixture, model, therapy->calibration);
    bool volume_possible = therapy->dead_volume.nl >= model->tubing.nl &&
                           therapy->dead_volume.nl <= model_dead_volume(model, CATHETER_MM_MAX).nl;
    if (therapy->model != model->code || therapy->revision != model->revision || !volume_possible)
        reasons |= VERDICT_MODEL_MISMATCH;
    return therapy->reservoir_low.nl > model->reservoir.nl ? reasons | VERDICT_LIMITS_FORM : reasons;
}
