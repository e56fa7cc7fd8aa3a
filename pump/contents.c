// SPDX-License-Identifier: Apache-2.0
#include "pump/contents.h"

void contents_begin(struct contents *contents, const struct mixture *dead, const struct mixture *reservoir,
                    vol_nl dead_volume, calib_ppm tolerance)
{
    *contents = (struct contents){ .count = 1, /* the stretches that are not used are zeros: they are kept too */
                                   .stretch = { { .mixture = *dead, .from_fl = 0 } },
                                   .dead_fl = dead_volume.nl * FL_PER_NL,
                                   .tolerance_fl = dead_volume.nl * tolerance.ppm }; /* nL * ppm = fL, exactly */
    contents_change(contents, reservoir, (vol_fl){ 0 });
}

void contents_resize(struct contents *contents, vol_nl dead_volume, calib_ppm tolerance)
{
    int64_t dead_fl = dead_volume.nl * FL_PER_NL;
    int64_t tolerance_fl = dead_volume.nl * tolerance.ppm;
    if (contents->count > 1) {
        int64_t early = contents->dead_fl - contents->tolerance_fl, late = contents->dead_fl + contents->tolerance_fl;
        early = dead_fl - tolerance_fl < early ? dead_fl - tolerance_fl : early;
        late = dead_fl + tolerance_fl > late ? dead_fl + tolerance_fl : late;
        dead_fl = (early + late) / 2;
        tolerance_fl = (late - early + 1) / 2;
    }
    contents->dead_fl = dead_fl;
    contents->tolerance_fl = tolerance_fl;
}

const struct mixture *contents_reservoir(const struct contents *contents)
{
    return &contents->stretch[contents->count - 1].mixture;
}

bool contents_room(const struct contents *contents)
{
    return contents->count < CONTENTS_MAX;
}

void contents_change(struct contents *contents, const struct mixture *reservoir, vol_fl metered)
{
    if (mixture_same(contents_reservoir(contents), reservoir)) {
        return;
    }
    if (contents->count < CONTENTS_MAX) {
        contents->stretch[contents->count].mixture = *reservoir;
        contents->stretch[contents->count].from_fl = metered.fl;
        contents->count++;
    }
}

unsigned contents_clear(struct contents *contents, vol_fl metered)
{
    unsigned cleared = 0;
    while (contents->count > 1 &&
           metered.fl >= contents->stretch[1].from_fl + contents->dead_fl + contents->tolerance_fl) {
        for (unsigned i = 1; i < contents->count; i++) {
            contents->stretch[i - 1] = contents->stretch[i];
        }
        contents->count--;
        cleared++;
    }
    return cleared;
}

conc_ng_ml contents_highest(const struct contents *contents, uint16_t drug)
{
    conc_ng_ml highest = { 0 };
    for (unsigned i = 0; i < contents->count; i++) {
        conc_ng_ml conc = mixture_conc(&contents->stretch[i].mixture, drug);
        if (conc.ng_ml > highest.ng_ml) {
            highest = conc;
        }
    }
    return highest;
}

conc_ng_ml contents_conc(const struct contents *contents, uint16_t drug, vol_fl metered)
{
    conc_ng_ml highest = { 0 };
    for (unsigned i = 0; i < contents->count; i++) {
        bool begun = i == 0 || metered.fl >= contents->stretch[i].from_fl + contents->dead_fl - contents->tolerance_fl;
        bool over = i + 1u < contents->count &&
                    metered.fl >= contents->stretch[i + 1].from_fl + contents->dead_fl + contents->tolerance_fl;
        if (begun && !over) {
            conc_ng_ml conc = contents->stretch[i].mixture.unknown ? contents_highest(contents, drug)
                                                                   : mixture_conc(&contents->stretch[i].mixture, drug);
            if (conc.ng_ml > highest.ng_ml) {
                highest = conc;
            }
        }
    }
    return highest;
}

vol_fl contents_next(const struct contents *contents, vol_fl metered)
{
    int64_t next = INT64_MAX;
    for (unsigned i = 1; i < contents->count; i++) {
        int64_t at = contents->stretch[i].from_fl + contents->dead_fl;
        int64_t edge[2] = { at - contents->tolerance_fl, at + contents->tolerance_fl };
        for (unsigned e = 0; e < 2; e++) {
            if (edge[e] > metered.fl && edge[e] < next) {
                next = edge[e];
            }
        }
    }
    return (vol_fl){ next };
}

vol_fl contents_left(const struct contents *contents, vol_fl metered)
{
    if (contents->count <= 1) {
        return (vol_fl){ 0 };
    }
    int64_t left = contents->stretch[contents->count - 1].from_fl + contents->dead_fl + contents->tolerance_fl - metered.fl;
    return (vol_fl){ left > 0 ? left : 0 };
}
