/* pumpcontrol.c - lines to acts. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/pumpcontrol.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/options.h"
#include "app/progress.h"
#include "rig/moments.h"

int64_t pumpcontrol_wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool save(void *context, const char *name, char fault[CONTROL_FAULT_BYTES])
{
    struct pumpcontrol *pump = context;
    return moments_keep(pump->control.live, name, pumpcontrol_wall(), fault);
}

int pumpcontrol_begin(struct pumpcontrol *pump, const char *folder, struct live *live, struct pace *pace)
{
    control_begin(&pump->control);
    pump->control.live = live;
    pump->control.pace = pace;
    pump->control.edge = (struct control_edge){ .context = pump, .save = save };
    moments_list(live, &pump->control);
    enum listener_fault fault = wire_open(&pump->wire, folder, "control");
    pump->on = fault == LISTENER_OK;
    if (pump->on)
        return EXIT_DONE;
    fprintf(stderr, "cisterna pump: %s/control: %s\n", folder,
            fault == LISTENER_BUSY ? "somebody listens there already" : strerror(errno));
    return EXIT_FAILED;
}

static char *on_line(void *context, const char *line, size_t size)
{
    return control_answer(context, line, size, progress_clock(), pumpcontrol_wall());
}

void pumpcontrol_serve(struct pumpcontrol *pump)
{
    if (!pump->on)
        return;
    wire_serve(&pump->wire, on_line, &pump->control);
    live_fade(pump->control.live, pumpcontrol_wall());
}

instant_ms pumpcontrol_until(const struct pumpcontrol *pump, instant_ms until)
{
    if (!pump->on)
        return until;
    instant_ms next = control_next(&pump->control), now = pump->control.live->implant.rig->now;
    return next.ms > now.ms ? instant_min(next, until) : until;
}

void pumpcontrol_pass(struct pumpcontrol *pump)
{
    if (pump->on)
        control_pass(&pump->control);
}

bool pumpcontrol_idle(const struct pumpcontrol *pump)
{
    return !pump->on || !pump->wire.more;
}

void pumpcontrol_end(struct pumpcontrol *pump)
{
    if (pump->on)
        wire_close(&pump->wire);
    pump->on = false;
}
