/* spine_reference.c - the spine by CVODE. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/twin/spine_reference.h"

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_band.h>
#include <sunmatrix/sunmatrix_band.h>

enum { LEVELS = 26 };

/* Lengths (cm), fluid and tissue (mL) from C1 to S2, copied by hand from the sources of twin/body/level.def. */
static const double LENGTH[LEVELS] = { 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 2,   2,   2,   2,   2,   2,
                                       2,   2,   2,   2,   2,   2,   3.6, 3.6, 3.6, 3.6, 3.6, 3.4, 3.4 };
static const double FLUID[LEVELS] = { 2.906, 2.906, 2.906, 2.906, 2.906, 2.906, 2.906, 3.632, 3.632,
                                      3.632, 3.632, 3.632, 3.632, 3.632, 3.632, 3.632, 3.632, 3.638,
                                      3.9,   5.8,   5.45,  5.05,  4.7,   4.3,   5.1,   2.7 };
static const double SOLID[LEVELS] = {
    1.23, 1.23, 1.23, 1.23, 1.23, 1.23, 1.23, 0.82,  0.82,  0.82,  0.82,  0.82, 0.82,
    0.82, 0.82, 0.82, 0.82, 0.82, 0.82, 1.45, 0.985, 0.985, 0.985, 0.985, 0.93, 0.93
};

/* Surface of cord and roots, cm2. */
static const double OUTLINE[LEVELS] = { 5.91, 5.91, 5.91,  5.91,  5.91,  5.91,  5.91,  5.13, 5.13,
                                        5.13, 5.13, 5.13,  5.13,  5.13,  5.13,  5.13,  5.13, 5.13,
                                        5.13, 9.27, 39.41, 39.41, 39.41, 39.41, 37.23, 37.23 };

/* The equations with all that they need, by cell from the foramen. */
struct reference_body {
    const struct reference_case *what;
    double volume[REFERENCE_CELLS_MAX], tissue[REFERENCE_CELLS_MAX], share[REFERENCE_CELLS_MAX];
    double surface[REFERENCE_CELLS_MAX], lost[REFERENCE_CELLS_MAX]; /* lost: as a rate of the cell's fluid, 1/s */
    double spread[REFERENCE_CELLS_MAX], flow[REFERENCE_CELLS_MAX];  /* at the upper face of a cell, m3/s */
    double total, rate_kg_s, cell_m;
};

/* Area in a level, by Hermite's basis: between the slopes at its ends, and with the mean that its row says. */
static double area_in(const double *column, int level, double t)
{
    double mean = column[level] / LENGTH[level], end[2];
    for (int side = 0; side < 2; side++) {
        int left = level - 1 + side, right = level + side;
        if (left < 0 || right >= LEVELS) {
            end[side] = mean;
            continue;
        }
        double a = column[left] / LENGTH[left], b = column[right] / LENGTH[right];
        double weight = (LENGTH[left] + 2 * LENGTH[right]) / (3 * (LENGTH[left] + LENGTH[right]));
        end[side] = a * b / (weight * b + (1 - weight) * a);
    }
    return 6 * t * (1 - t) * mean + (1 - t) * (1 - 3 * t) * end[0] + t * (3 * t - 2) * end[1];
}

static double area_at(const double *column, double x_cm)
{
    int level = 0;
    while (level < LEVELS - 1 && x_cm > LENGTH[level])
        x_cm -= LENGTH[level++];
    return area_in(column, level, x_cm / LENGTH[level]);
}

/* Simpson's rule in many short pieces. */
static double integral(const double *column, double from_cm, double to_cm)
{
    enum { PIECES = 64 };
    double sum = 0, h = (to_cm - from_cm) / PIECES;
    for (int i = 0; i < PIECES; i++) {
        double x = from_cm + i * h;
        sum += h / 6 * (area_at(column, x) + 4 * area_at(column, x + h / 2) + area_at(column, x + h));
    }
    return sum;
}

static double hat(double from, double to) /* of a triangle of height 1 over -1..1, by its four cases */
{
    from = fmin(fmax(from, -1), 1);
    to = fmin(fmax(to, -1), 1);
    if (from < 0 && to > 0)
        return hat(from, 0) + hat(0, to);
    double middle = fabs(from + to) / 2;
    return (to - from) * (1 - middle);
}

/* That at the foramen is 1. */
static double square_of_stroke(const struct reference_case *what, double share_of_length, double length_m)
{
    return pow(exp(-what->stroke_fall_m * share_of_length * length_m), 2);
}

static void body_make(struct reference_body *body, const struct reference_case *what)
{
    double length_m = what->uniform ? what->length_m : 0.60, inside = 0, above = 0, all_surface = 0, mean = 0;
    double cell_m = length_m / what->cells;
    body->what = what;
    body->cell_m = cell_m;
    body->total = 0;
    body->rate_kg_s = 0;
    for (int i = 0; i < what->cells; i++) {
        double from = i * cell_m, to = from + cell_m;
        body->volume[i] = what->uniform ? what->csf_m2 * cell_m : integral(FLUID, from * 100, to * 100) * 1e-6;
        body->tissue[i] = what->uniform ? what->tissue_m2 * cell_m : integral(SOLID, from * 100, to * 100) * 1e-6;
        body->share[i] = hat((from - what->tip_m) / what->mixing_m, (to - what->tip_m) / what->mixing_m);
        body->surface[i] = what->uniform ? cell_m : integral(OUTLINE, from * 100, to * 100);
        all_surface += body->surface[i];
        body->total += body->volume[i];
        inside += body->share[i];
    }
    for (int i = 0; i < 1000; i++) /* from the middle of T2 to that of T12, 20 cm */
        mean += square_of_stroke(what, (0.142 + 0.2 * (i + 0.5) / 1000) / 0.60, length_m) / 1000;
    for (int i = 0; i < what->cells; i++) {
        body->lost[i] =
            what->clearance_m3_s * body->surface[i] / all_surface / body->volume[i] + what->inflow_m3_s / body->total;
        double x = i * cell_m, area = what->uniform ? what->csf_m2 : area_at(FLUID, x * 100) * 1e-4;
        double dispersion = what->dispersion_m2_s * square_of_stroke(what, x / length_m, length_m) / mean;
        body->spread[i] = area * dispersion / (i ? cell_m : cell_m / 2);
        body->flow[i] = what->inflow_m3_s * (1 - above / body->total) + what->drift_m_s * area;
        body->share[i] /= inside;
        above += body->volume[i];
    }
}

void reference_rates(const struct reference_body *body, const double *y, double *rate)
{
    const struct reference_case *what = body->what;
    double through = 0;
    rate[1] = 0;
    for (int i = 0; i < what->cells; i++) {
        double csf = y[2 * i + 2], tissue = y[2 * i + 3], before = y[2 * i];
        double face = i ? (before + csf) / 2 : before; /* the head's fluid stands at the foramen itself */
        double in = body->spread[i] * (before - csf) + body->flow[i] * face;
        double taken = body->tissue[i] * what->uptake_s * (what->partition * csf - tissue);
        if (i)
            rate[2 * i] -= in / body->volume[i - 1];
        else
            through = in;
        rate[2 * i + 2] =
            in / body->volume[i] - body->lost[i] * csf + (body->rate_kg_s * body->share[i] - taken) / body->volume[i];
        rate[2 * i + 3] = what->uptake_s * (what->partition * csf - tissue) - what->tissue_loss_s * tissue;
    }
    rate[0] = -(through + what->reservoir_out_m3_s * y[0]) / what->reservoir_m3;
}

static int change(realtype t, N_Vector y, N_Vector rate, void *body)
{
    (void)t;
    reference_rates(body, N_VGetArrayPointer(y), N_VGetArrayPointer(rate));
    return 0;
}

static void event_happen(struct reference_body *body, const struct reference_event *event, double *y)
{
    for (int i = 0; i < body->what->cells; i++)
        y[2 * i + 2] += event->bolus_kg * body->share[i] / body->volume[i];
    body->rate_kg_s = event->rate_kg_s;
}

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "spine_reference: %s failed\n", what);
        exit(1);
    }
}

static void state_copy(struct reference_state *state, const struct reference_body *body, const double *y, long steps)
{
    state->cell_m = body->cell_m;
    state->reservoir = y[0];
    state->steps = steps;
    for (int i = 0; i < body->what->cells; i++) {
        state->csf[i] = y[2 * i + 2];
        state->tissue[i] = y[2 * i + 3];
        state->volume_m3[i] = body->volume[i];
    }
}

static double largest(const double *y, sunindextype count)
{
    double most = 0;
    for (sunindextype i = 0; i < count; i++)
        most = fmax(most, fabs(y[i]));
    return most;
}

/* From one event to the next the equations are smooth: CVODE begins anew at each. */
static void leg_run(void *cvode, const struct reference_case *what, N_Vector y, double from_s)
{
    double most = fmax(largest(N_VGetArrayPointer(y), N_VGetLength(y)), 1e-12);
    must(CVodeReInit(cvode, from_s, y) == CV_SUCCESS, "CVodeReInit");
    must(CVodeSStolerances(cvode, what->relative, what->relative * 1e-6 * most) == CV_SUCCESS, "CVodeSStolerances");
}

struct reference_body *reference_begin(const struct reference_case *what, double *y)
{
    struct reference_body *body = malloc(sizeof *body);
    must(body, "malloc");
    body_make(body, what);
    memset(y, 0, sizeof *y * (2 * (size_t)what->cells + 2));
    event_happen(body, &what->event[0], y);
    return body;
}

void reference_run(const struct reference_case *what, int count, const double *at_s, struct reference_state *state)
{
    struct reference_body *body = malloc(sizeof *body);
    SUNContext sun;
    sunindextype size = 2 * (sunindextype)what->cells + 2;
    must(body && SUNContext_Create(NULL, &sun) == 0, "SUNContext_Create");
    body_make(body, what);
    N_Vector y = N_VNew_Serial(size, sun);
    N_VConst(0, y);
    void *cvode = CVodeCreate(CV_BDF, sun);
    SUNMatrix matrix = SUNBandMatrix(size, 2, 2, sun);
    SUNLinearSolver solver = SUNLinSol_Band(y, matrix, sun);
    must(CVodeInit(cvode, change, 0, y) == CV_SUCCESS, "CVodeInit");
    must(CVodeSStolerances(cvode, what->relative, 1e-18) == CV_SUCCESS, "CVodeSStolerances");
    must(CVodeSetLinearSolver(cvode, solver, matrix) == CV_SUCCESS, "CVodeSetLinearSolver");
    must(CVodeSetUserData(cvode, body) == CV_SUCCESS, "CVodeSetUserData");
    must(CVodeSetMaxNumSteps(cvode, 5000000) == CV_SUCCESS, "CVodeSetMaxNumSteps");
    long all = 0, leg = 0;
    double now_s = 0;
    for (int event = 0, told = 0; told < count;) {
        double next_s = event < what->events ? what->event[event].at_s : HUGE_VAL;
        if (next_s <= now_s) {
            event_happen(body, &what->event[event++], N_VGetArrayPointer(y));
            all += leg;
            leg = 0;
            leg_run(cvode, what, y, now_s);
            continue;
        }
        double stop_s = fmin(next_s, at_s[told]);
        if (stop_s > now_s) {
            if (!what->glide || stop_s == next_s)
                must(CVodeSetStopTime(cvode, stop_s) == CV_SUCCESS, "CVodeSetStopTime");
            must(CVode(cvode, stop_s, y, &now_s, CV_NORMAL) >= 0, "CVode");
            now_s = stop_s;
            CVodeGetNumSteps(cvode, &leg);
        }
        while (told < count && at_s[told] <= now_s)
            state_copy(&state[told++], body, N_VGetArrayPointer(y), all + leg);
    }
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    SUNContext_Free(&sun);
    free(body);
}

double reference_csf_at(const struct reference_case *what, const struct reference_state *state, double x_m)
{
    double place = x_m / state->cell_m - 0.5;
    if (place <= 0)
        return state->csf[0];
    if (place >= what->cells - 1)
        return state->csf[what->cells - 1];
    int i = (int)place;
    return state->csf[i] + (place - i) * (state->csf[i + 1] - state->csf[i]);
}
