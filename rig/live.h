/* live.h - an implant that goes on by a clock outside: the body of its loop, which depends on what the clock shows and on the
 * frames that come, and on nothing else. The clock is in app/pump.c, the sockets are in rig/antenna.h. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_LIVE_H
#define RIG_LIVE_H

#include "core/calendar.h"
#include "core/event.h"
#include "rig/bodyfile.h"
#include "rig/implant.h"

struct patient;

/* What the pump was told of a refill, and what of it was so. */
struct live_refill {
    bool is; /* there was one since the simulation was started last */
    instant_ms at;
    vol_nl told, filled; /* withdrawn and filled, as the pump was told */
    double drawn_m3;     /* what truly came out: never more than was there */
    double entered_m3;   /* of what was filled, into the reservoir; the rest went into the pocket, or */
    double spilled_m3;   /* did not fit */
};

/* What had left the tip when the pump's day began. */
struct live_day {
    bool known;        /* false until a midnight was seen, unless nothing had left it before */
    int64_t day;       /* by the pump's clock, counted from 1970 */
    int64_t offset_ms; /* of its calendar, by which that holds */
    double before_m3;
};

struct live {
    struct implant implant;
    struct ether_ear ear;      /* hears what the pump sends */
    struct calendar calendar;  /* the pump's, when last looked at */
    struct mixture reservoir;  /* what the pump took it to hold after the last refill */
    struct live_refill refill; /* the last */
    struct live_day day;
    bool pressed;              /* somebody presses the button for the person: no time passes while that is wanted */
    uint64_t told;             /* the last event of its log that was told, */
    uint64_t moved;            /* and up to which the fluid of refills was moved */
    struct body body;          /* of the person who has it; without live_body() nobody */
    int64_t body_ms;           /* when that was kept last, by the wall clock, */
    instant_ms body_at;        /* and how far it had come */
    int body_error;            /* errno of the last time, 0: it was kept */
};

/* Between making or opening an implant and live_start(): the person goes on from the file, and gets what left the tip between
 * that and the moment the core lost its power. Where the file is not there, somebody like this (rig/patient.h; null: a
 * typical adult) has had all that was ever delivered since the implant, evenly. On a fault nothing was changed. */
MUST_USE enum bodyfile_fault live_body(struct live *live, const struct patient *who, int64_t wall_ms);

/* With an implant made or opened. When it was opened, power was off for so long (less than 0 counts as 0): the pump starts, with
 * BOOT_BROWN_OUT. `chance` seeds what the pump draws from now on: unpredictable, where that matters. */
void live_start(struct live *live, bool opened, int64_t off_ms, uint64_t chance, int64_t wall_ms);
/* When something happens next, if nobody does anything. */
instant_ms live_next(const struct live *live);
/* Lets time pass up to and including `until`; less when there is an event to tell, a button to press, or after so many wakes.
 * True when `until` was reached. */
bool live_until(struct live *live, instant_ms until, uint32_t wakes, int64_t wall_ms);
/* A frame comes to the pump now. */
void live_hear(struct live *live, enum reach reach, const uint8_t *frame, size_t size, int64_t wall_ms);
/* The next frame that the pump has sent since; its length, 0 when there is none. */
size_t live_say(struct live *live, uint8_t frame[RADIO_FRAME_MAX]);
/* Is a magnet held over the implant? */
void live_magnet(struct live *live, bool held);
/* The next event of the pump's log that was not told yet; the calendar is that of now. False when there is none. What was written
 * just before power went is not told again after it: the pump keeps it in flash. */
bool live_event(struct live *live, struct event *event);
/* What has left the tip since the pump's midnight, m3, but for a quantum under way then. False when that is not known: the clock
 * was set, or the simulation started, since then. */
MUST_USE bool live_today(struct live *live, double *m3);
/* Would the person press the button now? Only of one who asks freely. */
bool live_wants(const struct live *live);
/* Keeps implant and body, whole and on the disk. False, with errno, when they cannot get there. Between times the body is kept
 * by itself, every few seconds: live->body_error says how that went. */
MUST_USE bool live_save(struct live *live, int64_t wall_ms);
/* When the cell cannot feed the core any more, the core stops here, and starts no more while its process lives. To be called now
 * and then; nothing else is done. */
void live_fade(struct live *live, int64_t wall_ms);
/* The pump asks for the same instant again and again: a fault of ours. */
bool live_stuck(const struct live *live);

#endif
