/* chip.c - one wake of a core behind the board bus, from the answer that wakes it to its next sleep. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/chip.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig/chip/doors.h"
#include "rig/rig.h"

enum { FAULTS_KEPT = 16, STARTS_FAULTED_MAX = 10, WHY_BYTES = 240 };

struct chip {
    struct wires line;
    struct bus_hello hello;
    struct bus_window *window;
    const uint8_t *pump;
    uint64_t *retained;
    uint8_t *flash; /* the copy that the core reads; null: it has none */
    bool pictured;   /* once at least */
    bool copied;    /* flash is open: the copy is that of now */
    struct doors_answer answer;
    uint8_t frame[RADIO_FRAME_MAX];
    enum chip_end end;
    struct chip_watch watch;
    unsigned starts_faulted; /* one after the other, without a sleep between them */
    struct chip_counts counts;
    unsigned faults;
    struct bus_fault fault[FAULTS_KEPT];
    char why[WHY_BYTES];
};

static enum chip_end lost(struct chip *chip, const char *text, const char *word)
{
    if (chip->why[0] == '\0')
        snprintf(chip->why, sizeof chip->why, "%s%s", text, word);
    return CHIP_LOST;
}

/* What came of a try to hear or to say something. The core that has asked what nobody may ask is told so, and starts again by
 * itself, keeping what it was. */
static enum chip_end come(struct chip *chip, enum wires_news news)
{
    switch (news) {
    case WIRES_DONE:
        return CHIP_SLEEPS;
    case WIRES_SILENT:
        return CHIP_HANGS;
    case WIRES_GONE:
        return lost(chip, "the emulated chip has gone: ", chip->line.failed);
    case WIRES_MALFORMED:
        break;
    }
    chip->counts.malformed++;
    news = wires_answer(&chip->line, (uint8_t)(chip->line.asked.sequence << 4 | BUS_MALFORMED));
    busline_start(&chip->line.line);
    if (news == WIRES_DONE)
        news = wires_hear(&chip->line);
    return news == WIRES_GONE ? lost(chip, "the emulated chip has gone: ", chip->line.failed) : CHIP_FAULTED;
}

static enum chip_end request(struct chip *chip)
{
    return come(chip, wires_hear(&chip->line));
}

/* Answers the request that waits. */
static enum chip_end answer(struct chip *chip, const void *result, size_t size)
{
    struct bus_window *window = chip->window;
    const uint8_t byte = (uint8_t)(chip->line.asked.sequence << 4 | BUS_DONE);
    if (size > 0)
        memcpy(window->bytes, result, size);
    window->size = (uint16_t)size;
    window->check = bus_check(0xFFFF, result, size);
    window->flash_open = chip->copied;
    window->sequence = chip->line.asked.sequence;
    atomic_thread_fence(memory_order_seq_cst);
    if (chip->watch.answering != NULL &&
        chip->watch.answering(chip->watch.context, chip, chip->line.asked.number, byte))
        return CHIP_SLEEPS;
    return come(chip, wires_answer(&chip->line, byte));
}

/* Only what has changed is written: whenever this process is killed, what it keeps of the memory is what the core had at one of
 * its requests, but for the few words of one moment. */
static void retained_fetch(const struct chip *chip, struct rig *rig)
{
    for (unsigned i = 0; i < RETAINED_BYTES / 8; i++)
        if (rig->twin.retained[i] != chip->retained[i])
            rig->twin.retained[i] = chip->retained[i];
}

static void picture_take(struct chip *chip, struct rig *rig)
{
    chip->pictured = true;
    memcpy(&rig->pump, chip->pump, sizeof rig->pump);
}

static bool inside(const struct chip *chip, uint32_t address, size_t size, size_t aligned)
{
    return address >= CHIP_MEMORY_AT && address % aligned == 0 && size <= chip->line.ways.memory_bytes &&
           address - CHIP_MEMORY_AT <= chip->line.ways.memory_bytes - size;
}

/* Does the image that says HELLO fit this program? */
static enum chip_end hello_judge(struct chip *chip)
{
    struct bus_hello hello;
    char text[120];
    if (chip->line.asked.number != BUS_HELLO)
        return CHIP_FAULTED;
    memcpy(&hello, chip->line.asked.body, sizeof hello);
    if (hello.version != BUS_VERSION) {
        snprintf(text, sizeof text, "version %u of the board bus, this program version %d", hello.version, BUS_VERSION);
        return lost(chip, "the image speaks ", text);
    }
    if (hello.pump_bytes != sizeof(struct pump) || hello.unit_bytes != sizeof(struct pump_unit)) {
        snprintf(text, sizeof text, "%u and %u bytes in the image, %zu and %zu in this program",
                 (unsigned)hello.pump_bytes, (unsigned)hello.unit_bytes, sizeof(struct pump), sizeof(struct pump_unit));
        return lost(chip, "the image is of another state of the sources: struct pump and struct pump_unit take ", text);
    }
    if (!inside(chip, hello.window, sizeof(struct bus_window), 4) || !inside(chip, hello.retained, RETAINED_BYTES, 8) ||
        !inside(chip, hello.pump, sizeof(struct pump), 8) ||
        (hello.flash != 0 && !inside(chip, hello.flash, FLASH_BYTES, 8)))
        return lost(chip, "the image names places that are not in its memory", "");
    if (chip->hello.version != 0 && (chip->hello.image_crc != hello.image_crc || chip->hello.bench != hello.bench))
        return lost(chip, "another image has started than before", "");
    chip->hello = hello;
    chip->window = (struct bus_window *)(void *)(chip->line.ways.memory + (hello.window - CHIP_MEMORY_AT));
    chip->retained = (uint64_t *)(void *)(chip->line.ways.memory + (hello.retained - CHIP_MEMORY_AT));
    chip->pump = chip->line.ways.memory + (hello.pump - CHIP_MEMORY_AT);
    chip->flash = hello.flash != 0 ? chip->line.ways.memory + (hello.flash - CHIP_MEMORY_AT) : NULL;
    return CHIP_SLEEPS;
}

/* Resets the core, and waits for its HELLO, which is then the request that waits. */
static enum chip_end start(struct chip *chip)
{
    if (!chip->line.ways.reset(chip->line.ways.context)) {
        const char *ended = chip->line.ways.ended(chip->line.ways.context);
        return lost(chip, "the emulated chip cannot be reset: ", ended != NULL ? ended : "it does not answer");
    }
    chip->counts.starts++;
    busline_start(&chip->line.line);
    enum chip_end end = request(chip);
    return end == CHIP_SLEEPS ? hello_judge(chip) : end;
}

static enum chip_end fault_keep(struct chip *chip)
{
    struct bus_fault fault;
    memcpy(&fault, chip->line.asked.body, sizeof fault);
    if (chip->faults < FAULTS_KEPT)
        chip->fault[chip->faults++] = fault;
    if (fault.kind == BUS_FAULT_IMAGE)
        return lost(chip, "the image is damaged: its check value is not the one it was built with", "");
    return answer(chip, NULL, 0);
}

/* What the core sees of a part of the flash, as of now. */
static void flash_show(struct chip *chip, const struct flash *flash, uint32_t at, uint32_t size)
{
    flash_read(flash, at, chip->flash + at, size);
}

/* After a door. From its first read in a wake on the core may read by itself: most wakes read nothing. Not while doors are
 * counted. */
static void flash_open(struct chip *chip, const struct twin *twin)
{
    const struct flash *flash = &twin->flash;
    uint8_t number = chip->line.asked.number;
    uint32_t at;
    if (chip->flash == NULL || twin->cut.doors != 0) {
        chip->copied = false;
    } else if (!chip->copied && number == BUS_FLASH_READ) {
        flash_show(chip, flash, 0, FLASH_BYTES);
        chip->copied = true;
    } else if (chip->copied && (number == BUS_FLASH_PROGRAM || number == BUS_FLASH_ERASE)) {
        memcpy(&at, chip->line.asked.body, sizeof at);
        if (number == BUS_FLASH_PROGRAM)
            flash_show(chip, flash, at, FLASH_WORD_BYTES);
        if (flash->erasing >= 0) /* its noise is another after each operation */
            flash_show(chip, flash, (uint32_t)flash->erasing * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES);
    }
}

static enum chip_end door(struct chip *chip, struct rig *rig, const struct board *board)
{
    struct doors_answer *got = &chip->answer;
    uint16_t size = doors_frame_size(&chip->line.asked);
    enum chip_end end =
        come(chip, size > RADIO_FRAME_MAX ? WIRES_MALFORMED : wires_frame(&chip->line, chip->frame, size));
    if (end != CHIP_SLEEPS)
        return end;
    chip->counts.doors++;
    if (!doors_open(board, &chip->line.asked, chip->frame, got))
        return come(chip, WIRES_MALFORMED);
    flash_open(chip, &rig->twin);
    end = answer(chip, got->bytes, got->size);
    if (end == CHIP_SLEEPS && got->heard.size != 0)
        end = come(chip, wires_radio(&chip->line, got->heard.bytes, got->heard.size));
    return end;
}

static enum chip_end receipt_take(struct chip *chip, const struct power_call *call)
{
    if (call->entry != ENTRY_COMMAND)
        return come(chip, WIRES_MALFORMED); /* nobody waits for one */
    memcpy(call->receipt, chip->line.asked.body, sizeof *call->receipt);
    return answer(chip, NULL, 0);
}

/* The core has been woken: its requests, up to the sleep, which is then the request that waits. */
static enum chip_end serve(struct chip *chip, struct rig *rig, const struct board *board, const struct power_call *call,
                           struct bus_sleep *sleep)
{
    for (;;) {
        enum chip_end end = request(chip);
        retained_fetch(chip, rig);
        if (end != CHIP_SLEEPS)
            return end;
        switch (chip->line.asked.number) {
        case BUS_HELLO:
            chip->counts.self_starts++;
            return CHIP_FAULTED;
        case BUS_UNIT:
            end = answer(chip, &rig->unit, sizeof rig->unit);
            break;
        case BUS_SLEEP:
            memcpy(sleep, chip->line.asked.body, sizeof *sleep);
            return CHIP_SLEEPS;
        case BUS_FAULT:
            end = fault_keep(chip);
            break;
        case BUS_BENCH_RECEIPT:
            end = receipt_take(chip, call);
            break;
        default:
            end = door(chip, rig, board);
        }
        if (end != CHIP_SLEEPS)
            return end;
    }
}

/* The answer that wakes the core, or lets it begin. */
static enum chip_end wake(struct chip *chip, struct rig *rig, const struct power_call *call)
{
    uint8_t bytes[sizeof(struct bus_wake) + COMMAND_BYTES_MAX];
    struct bus_wake wake = { .now_ms = rig_tick(rig).ms, .why = BUS_WAKE_STEP };
    if (call->entry == ENTRY_BOOT) {
        struct bus_start begin = { .now_ms = wake.now_ms,
                                   .boot_cause = (uint8_t)rig->power.reset.cause,
                                   .clock_lost = rig->power.reset.clock_lost };
        enum chip_end end = start(chip);
        if (end != CHIP_SLEEPS)
            return end;
        memcpy(chip->retained, rig->twin.retained, RETAINED_BYTES);
        return answer(chip, &begin, sizeof begin);
    }
    if (call->entry == ENTRY_RADIO)
        wake.why = BUS_WAKE_RADIO;
    if (call->entry == ENTRY_COMMAND) {
        if (!chip->hello.bench || call->size > COMMAND_BYTES_MAX)
            return lost(chip, "this image takes commands over the air alone; the bench image is another one", "");
        wake.why = BUS_WAKE_BENCH;
        wake.role = call->sender.role;
        wake.slot = call->sender.slot;
        wake.size = (uint16_t)call->size;
        memcpy(bytes + sizeof wake, call->bytes, call->size);
    }
    memcpy(bytes, &wake, sizeof wake);
    memcpy(chip->retained, rig->twin.retained, RETAINED_BYTES);
    return answer(chip, bytes, sizeof wake + wake.size);
}

/* A core that faults at each of its starts is no pump any more. */
static enum chip_end faults_count(struct chip *chip, enum chip_end end)
{
    chip->counts.hangs += end == CHIP_HANGS;
    if (end == CHIP_SLEEPS)
        chip->starts_faulted = 0;
    else if (end == CHIP_FAULTED && ++chip->starts_faulted > STARTS_FAULTED_MAX)
        return lost(chip, "the core faults again and again at its start; it told last: ",
                    chip->faults > 0 ? chip_fault_word(chip->fault[chip->faults - 1].kind) : "nothing");
    return end;
}

enum chip_end chip_enter(struct chip *chip, struct rig *rig, const struct power_call *call)
{
    struct board board = twin_board(&rig->twin);
    struct bus_sleep sleep;
    bool begins = call->entry == ENTRY_BOOT;
    if (chip->end == CHIP_LOST)
        return CHIP_LOST;
    if (chip->end != CHIP_SLEEPS && !begins)
        return lost(chip, "a core that does not sleep cannot be woken", "");
    chip->end = CHIP_STRUCK; /* should this not return */
    chip->counts.wakes++;
    chip->copied = false;
    enum chip_end end = wake(chip, rig, call);
    if (end == CHIP_SLEEPS)
        end = serve(chip, rig, &board, call, &sleep);
    if (end == CHIP_SLEEPS) {
        picture_take(chip, rig);
        if (begins)
            rig->power.image = sleep.image;
        if (call->entry != ENTRY_COMMAND)
            rig->wake = clock_true(&rig->power.clock, (instant_ms){ sleep.wake_ms });
    }
    chip->end = faults_count(chip, end);
    return chip->end;
}

void chip_struck(struct chip *chip, struct rig *rig)
{
    picture_take(chip, rig);
}

bool chip_pictured(const struct chip *chip)
{
    return chip->pictured;
}

void chip_forget(struct chip *chip)
{
    chip->pictured = false;
}

enum chip_end chip_end(const struct chip *chip)
{
    return chip->end;
}

const char *chip_why(const struct chip *chip)
{
    return chip->why;
}

const struct bus_hello *chip_hello(const struct chip *chip)
{
    return &chip->hello;
}

struct chip_counts chip_counts(const struct chip *chip)
{
    struct chip_counts counts = chip->counts;
    counts.deaths = chip->line.deaths;
    return counts;
}

void chip_watch(struct chip *chip, const struct chip_watch *watch)
{
    chip->watch = *watch;
}

bool chip_request_waits(const struct chip *chip)
{
    return wires_waits(&chip->line);
}

void chip_patience(struct chip *chip, int64_t patience_ms)
{
    chip->line.ways.patience_ms = patience_ms;
}

uint8_t *chip_memory(const struct chip *chip)
{
    return chip->line.ways.memory;
}

struct chip_place chip_place(const struct chip *chip)
{
    return (struct chip_place){ .next = chip->line.line.sequence, .asleep = chip->line.asked.sequence };
}

void chip_place_put(struct chip *chip, struct chip_place place)
{
    chip->line.line = (struct busline){ .sequence = place.next };
    chip->line.asked = (struct busline_request){ .number = BUS_SLEEP, .sequence = place.asleep };
    chip->end = CHIP_SLEEPS;
}

bool chip_fault(struct chip *chip, struct bus_fault *fault)
{
    if (chip->faults == 0)
        return false;
    *fault = chip->fault[0];
    memmove(&chip->fault[0], &chip->fault[1], --chip->faults * sizeof chip->fault[0]);
    return true;
}

const char *chip_fault_word(uint32_t kind)
{
    static const char *const words[] = {
        [BUS_FAULT_HARD] = "hard",         [BUS_FAULT_MEMORY] = "memory", [BUS_FAULT_BUS] = "bus",
        [BUS_FAULT_USAGE] = "usage",       [BUS_FAULT_STACK] = "stack",   [BUS_FAULT_UNEXPECTED] = "unexpected",
        [BUS_FAULT_WATCHDOG] = "watchdog", [BUS_FAULT_IMAGE] = "image"
    };
    return kind >= BUS_FAULT_HARD && kind <= BUS_FAULT_IMAGE ? words[kind] : "unknown";
}

struct chip *chip_make(const struct chip_wires *ways, char *why, size_t room)
{
    struct chip *chip = calloc(1, sizeof *chip);
    struct wires line;
    wires_open(&line, ways);
    if (chip == NULL) {
        snprintf(why, room, "no memory is left");
        wires_close(&line);
        return NULL;
    }
    chip->line = line;
    enum chip_end end = start(chip);
    if (end == CHIP_SLEEPS)
        return chip;
    if (end == CHIP_HANGS)
        (void)lost(chip, "the image has not said HELLO in time: is it one of Cisterna's?", "");
    else if (end == CHIP_FAULTED)
        (void)lost(chip, "the image says something else than HELLO when it starts", "");
    snprintf(why, room, "%s", chip->why);
    chip_free(chip);
    return NULL;
}

void chip_free(struct chip *chip)
{
    if (chip == NULL)
        return;
    wires_close(&chip->line);
    free(chip);
}
