// SPDX-License-Identifier: Apache-2.0
#include "pump/settings.h"

#include "core/bytes.h"
#include "core/crc.h"

/* One walk over the members both writes and reads, so that the two cannot differ. */
struct codec {
    bool writing;
    struct byte_writer writer;
    struct byte_reader reader;
};

static void walk_i64(struct codec *codec, int64_t *value)
{
    if (codec->writing) {
        byte_write(&codec->writer, (uint64_t)*value, 8);
    } else {
        *value = (int64_t)byte_read(&codec->reader, 8);
    }
}

static void walk_u64(struct codec *codec, uint64_t *value)
{
    if (codec->writing) {
        byte_write(&codec->writer, *value, 8);
    } else {
        *value = byte_read(&codec->reader, 8);
    }
}

static void walk_u32(struct codec *codec, uint32_t *value)
{
    if (codec->writing) {
        byte_write(&codec->writer, *value, 4);
    } else {
        *value = (uint32_t)byte_read(&codec->reader, 4);
    }
}

static void walk_i32(struct codec *codec, int32_t *value)
{
    uint32_t bits = (uint32_t)*value;
    walk_u32(codec, &bits);
    *value = (int32_t)bits;
}

static void walk_rate(struct codec *codec, rate_nl_day *rate)
{
    walk_i32(codec, &rate->nl_day);
}

static void walk_u16(struct codec *codec, uint16_t *value)
{
    if (codec->writing) {
        byte_write(&codec->writer, *value, 2);
    } else {
        *value = (uint16_t)byte_read(&codec->reader, 2);
    }
}

/* A byte from 0 to `most`. */
static void walk_u8(struct codec *codec, uint8_t *value, uint8_t most)
{
    if (codec->writing) {
        byte_write(&codec->writer, *value, 1);
    } else {
        *value = (uint8_t)byte_read(&codec->reader, 1);
        codec->reader.bad |= *value > most;
    }
}

static void walk_block(struct codec *codec, uint8_t *block, uint32_t size)
{
    if (codec->writing) {
        byte_write_block(&codec->writer, block, size);
    } else {
        byte_read_block(&codec->reader, block, size);
    }
}

/* The newest answer to a sender: the receipt it may ask for again. */
static struct answered *answer_newest(struct standing *s, unsigned slot)
{
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        if (s->answered[i].slot == slot && s->highest_id[slot] != 0 &&
            s->answered[i].receipt.id == s->highest_id[slot]) {
            return &s->answered[i];
        }
    }
    return NULL;
}

static void walk_answer(struct codec *codec, struct standing *s, unsigned slot)
{
    struct answered *answer = codec->writing ? answer_newest(s, slot) : &s->answered[slot - 1];
    uint8_t bytes[RECEIPT_BYTES] = { 0 };
    uint8_t there = answer != NULL;
    walk_u8(codec, &there, 1);
    if (!there) {
        return;
    }
    if (codec->writing) {
        receipt_encode(&answer->receipt, bytes);
    }
    walk_u64(codec, &answer->fingerprint);
    walk_block(codec, bytes, sizeof bytes);
    if (!codec->writing) {
        answer->slot = (uint8_t)slot;
        codec->reader.bad |= receipt_decode(bytes, &answer->receipt) != RESULT_OK;
    }
}

static void walk_counts(struct codec *codec, struct checkpoint *c)
{
    walk_u64(codec, &c->stamp);
    walk_i64(codec, &c->at_ms);
    walk_u32(codec, &c->settings_sequence);
    walk_i64(codec, &c->commanded);
    walk_i64(codec, &c->commanded_course);
    walk_i64(codec, &c->metered);
}

bool checkpoint_peek(const uint8_t *bytes, uint32_t size, struct checkpoint *checkpoint)
{
    struct codec codec = { .reader = { .at = bytes, .left = size } };
    struct checkpoint c;
    walk_counts(&codec, &c);
    if (!codec.reader.bad) {
        *checkpoint = c;
    }
    return !codec.reader.bad;
}

static void walk_i16(struct codec *codec, int16_t *value)
{
    uint16_t bits = (uint16_t)*value;
    walk_u16(codec, &bits);
    *value = (int16_t)bits;
}

static void walk_energy(struct codec *codec, struct energy *e)
{
    walk_i64(codec, &e->used_nc);
    walk_i64(codec, &e->at_ms);
    walk_i64(codec, &e->quanta);
    walk_i64(codec, &e->day_nc);
    walk_i64(codec, &e->day_ms);
    walk_i64(codec, &e->daily_nc);
    walk_i64(codec, &e->replace_ms);
    walk_i64(codec, &e->end_ms);
    walk_i64(codec, &e->reading_ms);
    walk_i64(codec, &e->anchor_ms);
    for (unsigned i = 0; i < ENERGY_READINGS; i++) {
        walk_i16(codec, &e->reading[i]);
    }
    for (unsigned i = 0; i < ENERGY_ANCHORS; i++) {
        walk_i16(codec, &e->anchor[i]);
    }
    walk_u8(codec, &e->readings, ENERGY_READINGS);
    walk_u8(codec, &e->anchors, ENERGY_ANCHORS);
    walk_u8(codec, &e->strange, UINT8_MAX);
    walk_u8(codec, &e->ended, 1);
}

static void walk_checkpoint(struct codec *codec, struct checkpoint *c, struct standing *s, unsigned slots)
{
    walk_counts(codec, c);
    walk_u32(codec, &s->therapy_sequence);
    walk_u32(codec, &s->boots);
    walk_u32(codec, &s->epoch);
    walk_i64(codec, &s->clock_base_ms);
    walk_u64(codec, &s->head);
    walk_i64(codec, &s->flow_since_ms);
    walk_i64(codec, &s->missed_ms);
    walk_i64(codec, &s->interrupted_ms);
    walk_i64(codec, &s->dropped_grain);
    walk_i64(codec, &s->withheld);
    walk_i64(codec, &s->course_missed);
    walk_energy(codec, &s->energy);
    for (unsigned slot = 1; slot <= slots; slot++) {
        walk_u64(codec, &s->highest_id[slot]);
        walk_answer(codec, s, slot);
    }
}

static void walk_mixture(struct codec *codec, struct mixture *mixture)
{
    uint8_t unknown = mixture->unknown;
    walk_u8(codec, &unknown, 1);
    if (codec->writing) {
        mixture_write(&codec->writer, mixture);
    } else {
        mixture_read(&codec->reader, mixture);
        mixture->unknown = unknown != 0;
    }
}

static void walk_contents(struct codec *codec, struct contents *contents)
{
    walk_u8(codec, &contents->count, CONTENTS_MAX);
    if (contents->count == 0 || contents->count > CONTENTS_MAX) {
        contents->count = 1;
        codec->reader.bad = true;
    }
    for (unsigned i = 0; i < contents->count; i++) {
        walk_mixture(codec, &contents->stretch[i].mixture);
        walk_i64(codec, &contents->stretch[i].from_fl);
    }
    walk_i64(codec, &contents->dead_fl);
    walk_i64(codec, &contents->tolerance_fl);
}

static void walk_limits(struct codec *codec, struct standing *s)
{
    walk_u8(codec, &s->limits, GOVERNOR_DRUGS);
    for (unsigned i = 0; i < s->limits && i < GOVERNOR_DRUGS; i++) {
        walk_u16(codec, &s->limit[i].drug);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            walk_i64(codec, &s->limit[i].window[kind].fg);
        }
    }
}

/* What came with version 2. */
static void walk_later_facts(struct codec *codec, struct standing *s)
{
    walk_u32(codec, &s->selftest_failed);
    walk_u8(codec, &s->resets.count, RESETS_LATCH);
    for (unsigned i = 0; i < RESETS_LATCH; i++) {
        walk_i64(codec, &s->resets.at_ms[i]);
    }
    walk_u8(codec, &s->field.on, 1);
    walk_u8(codec, &s->field.mri, 1);
    walk_u8(codec, &s->field.empty, 1);
    walk_i64(codec, &s->field.since_ms);
    walk_i64(codec, &s->field.mri_until_ms);
    walk_u32(codec, &s->wear.first_load);
    walk_u16(codec, &s->wear.days);
    walk_u8(codec, &s->history.refills, HISTORY_REFILLS);
    walk_u8(codec, &s->history.not_infusing, 1);
    for (unsigned i = 0; i < s->history.refills && i < HISTORY_REFILLS; i++) {
        walk_i32(codec, &s->history.refill[i].found_nl);
        walk_i32(codec, &s->history.refill[i].metered_nl);
    }
}

static void walk_facts(struct codec *codec, struct standing *s, uint8_t version)
{
    walk_u8(codec, &s->mode, MODE_EMPTY);
    walk_u8(codec, &s->course, COURSE_CLINICIAN);
    walk_u8(codec, &s->has_contents, 1);
    walk_u8(codec, &s->before_empty, MODE_EMPTY);
    walk_u8(codec, &s->bridge_open, 1);
    walk_rate(codec, &s->course_rate);
    walk_rate(codec, &s->minimum_rate);
    walk_rate(codec, &s->safe_rate);
    walk_rate(codec, &s->safe_cap);
    walk_i64(codec, &s->course_volume_nl);
    walk_i64(codec, &s->course_commanded);
    walk_i64(codec, &s->activated_ms);
    walk_i64(codec, &s->periodic_next_ms);
    walk_i64(codec, &s->stopped_since_ms);
    walk_i64(codec, &s->reservoir_nl);
    walk_i64(codec, &s->reservoir_metered);
    walk_u32(codec, &s->latched);
    walk_i64(codec, &s->calendar.offset.ms);
    walk_block(codec, (uint8_t *)s->calendar.zone, ZONE_LABEL_BYTES);
    walk_contents(codec, &s->contents);
    walk_limits(codec, s);
    if (version >= 2) {
        walk_later_facts(codec, s);
    }
}

uint32_t checkpoint_encode(struct checkpoint *checkpoint, struct standing *standing, uint8_t *bytes)
{
    struct codec codec = { .writing = true, .writer = { .at = bytes, .left = CHECKPOINT_BYTES_MAX } };
    walk_checkpoint(&codec, checkpoint, standing, SENDER_SLOTS);
    return (uint32_t)codec.writer.written;
}

uint32_t settings_encode(struct checkpoint *checkpoint, struct standing *standing, uint8_t *bytes, uint32_t *facts)
{
    struct codec codec = { .writing = true, .writer = { .at = bytes, .left = SETTINGS_BYTES_MAX } };
    walk_checkpoint(&codec, checkpoint, standing, SENDER_SLOTS);
    uint32_t begin = (uint32_t)codec.writer.written;
    walk_facts(&codec, standing, SETTINGS_VERSION);
    *facts = crc32_of(bytes + begin, codec.writer.written - begin);
    return (uint32_t)codec.writer.written;
}

static enum result decode(uint8_t version, bool facts, const uint8_t *bytes, uint32_t size,
                          struct checkpoint *checkpoint, struct standing *standing)
{
    struct codec codec = { .reader = { .at = bytes, .left = size } };
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        standing->answered[i] = (struct answered){ .slot = 0 };
    }
    standing->answers_next = 0;
    bool by_role = version < (facts ? SETTINGS_BY_SLOT : CHECKPOINT_BY_SLOT);
    walk_checkpoint(&codec, checkpoint, standing, by_role ? ROLE_SERVICE : SENDER_SLOTS);
    if (facts) {
        walk_facts(&codec, standing, version);
    }
    if (codec.reader.bad) {
        return RESULT_MALFORMED;
    }
    return codec.reader.left != 0 ? RESULT_TRUNCATED : RESULT_OK;
}

enum result checkpoint_decode(uint8_t version, const uint8_t *bytes, uint32_t size, struct checkpoint *checkpoint,
                              struct standing *standing)
{
    return version == 0 || version > CHECKPOINT_VERSION ? RESULT_UNKNOWN_VERSION
                                                        : decode(version, false, bytes, size, checkpoint, standing);
}

enum result settings_decode(uint8_t version, const uint8_t *bytes, uint32_t size, struct checkpoint *checkpoint,
                            struct standing *standing)
{
    return version == 0 || version > SETTINGS_VERSION ? RESULT_UNKNOWN_VERSION
                                                      : decode(version, true, bytes, size, checkpoint, standing);
}
