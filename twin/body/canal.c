/* canal.c - the spinal canal as a tube, from the table of levels. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/canal.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* What levels hold: m3, m3 and m2. */
enum quantity { CSF, TISSUE, SURFACE, QUANTITIES };

static const struct {
    const char *name;
    double length_m, holds[QUANTITIES];
    const char *source;
} LEVELS[LEVELS_ALL] = {
#define LEVEL(name, length_mm, csf_ul, tissue_ul, surface_mm2, source)                                                 \
    { #name, (length_mm)*1e-3, { (csf_ul)*1e-9, (tissue_ul)*1e-9, (surface_mm2)*1e-6 }, source },
#include "twin/body/level.def"
#undef LEVEL
};

/* Cells grow as a hyperbola from the dense point: within this distance of it they are all short. A choice, made so
 * that with 64 cells a profile that falls to 1/e in 1.6 cm is still right to 1 % at the tip. */
static const double DENSE_M = 0.06;

/* How much stands above the ends of the levels: a monotone cubic through these points. */
struct column {
    double x_m[LEVELS_ALL + 1], above[LEVELS_ALL + 1], slope[LEVELS_ALL + 1];
};

const char *level_name(int level)
{
    return level >= 0 && level < LEVELS_ALL ? LEVELS[level].name : NULL;
}

int level_find(const char *name)
{
    for (int level = 0; level < LEVELS_ALL; level++) {
        if (strcmp(LEVELS[level].name, name) == 0) {
            return level;
        }
    }
    return -1;
}

double level_middle(enum level level)
{
    double x_m = 0.5 * LEVELS[level].length_m;
    for (int above = 0; above < (int)level; above++) {
        x_m += LEVELS[above].length_m;
    }
    return x_m;
}

enum level level_at(double x_m)
{
    int level = 0;
    double end_m = LEVELS[0].length_m;
    while (level + 1 < LEVELS_ALL && x_m >= end_m) {
        level++;
        end_m += LEVELS[level].length_m;
    }
    return (enum level)level;
}

/* Slopes that keep the cubic between its points: a harmonic mean of the two sides, weighted by their lengths. */
static void column_make(struct column *column, enum quantity quantity)
{
    double mean[LEVELS_ALL];
    column->x_m[0] = column->above[0] = 0.0;
    for (int i = 0; i < LEVELS_ALL; i++) {
        double holds = LEVELS[i].holds[quantity];
        column->x_m[i + 1] = column->x_m[i] + LEVELS[i].length_m;
        column->above[i + 1] = column->above[i] + holds;
        mean[i] = holds / LEVELS[i].length_m;
    }
    column->slope[0] = mean[0];
    column->slope[LEVELS_ALL] = mean[LEVELS_ALL - 1];
    for (int i = 1; i < LEVELS_ALL; i++) {
        double before_m = LEVELS[i - 1].length_m, after_m = LEVELS[i].length_m;
        double here = 2.0 * after_m + before_m, there = after_m + 2.0 * before_m;
        column->slope[i] = (here + there) / (here / mean[i - 1] + there / mean[i]);
    }
}

/* How much stands above a point, and how much for each metre there. */
static double column_above(const struct column *column, double x_m, double *slope)
{
    int i = 0;
    while (i + 1 < LEVELS_ALL && x_m >= column->x_m[i + 1]) {
        i++;
    }
    double length_m = column->x_m[i + 1] - column->x_m[i], t = (x_m - column->x_m[i]) / length_m;
    double mean = (column->above[i + 1] - column->above[i]) / length_m;
    double a = column->slope[i], b = column->slope[i + 1];
    double square = 3.0 * mean - 2.0 * a - b, cube = a + b - 2.0 * mean;
    *slope = a + t * (2.0 * square + t * 3.0 * cube);
    return column->above[i] + length_m * t * (a + t * (square + t * cube));
}

static bool cells_fit(int cells, double dense_m, double length_m)
{
    return cells >= CANAL_CELLS_MIN && cells <= CANAL_CELLS_MAX && cells % 2 == 0 && dense_m <= length_m;
}

static void ends_make(struct canal *canal, double dense_m)
{
    double above = asinh(dense_m / DENSE_M), below = asinh((canal->length_m - dense_m) / DENSE_M);
    for (int node = 1; node < canal->cells; node++) {
        double share = (double)node / canal->cells;
        canal->end_m[node] =
            dense_m < 0.0 ? share * canal->length_m : dense_m + DENSE_M * sinh(share * (above + below) - above);
    }
    canal->end_m[canal->cells] = canal->length_m;
}

bool canal_init(struct canal *canal, int cells, double dense_m)
{
    struct column column;
    double slope = 0.0;
    column_make(&column, CSF);
    if (!cells_fit(cells, dense_m, column.x_m[LEVELS_ALL])) {
        return false;
    }
    memset(canal, 0, sizeof *canal);
    canal->cells = cells;
    canal->length_m = column.x_m[LEVELS_ALL];
    ends_make(canal, dense_m);
    double *const cell[QUANTITIES] = { canal->csf_m3, canal->tissue_m3, canal->surface_m2 };
    for (int quantity = CSF; quantity < QUANTITIES; quantity++) {
        column_make(&column, (enum quantity)quantity);
        double above = column_above(&column, 0.0, &slope);
        for (int node = 1; node <= cells; node++) {
            if (quantity == CSF) {
                canal->face_m2[node - 1] = slope;
            }
            double end = column_above(&column, canal->end_m[node], &slope);
            cell[quantity][node] = end - above;
            above = end;
        }
    }
    return true;
}

bool canal_uniform(struct canal *canal, int cells, double dense_m, double length_m, double csf_m2, double tissue_m2)
{
    if (!cells_fit(cells, dense_m, length_m) || !(length_m > 0.0) || !(csf_m2 > 0.0) || !(tissue_m2 >= 0.0)) {
        return false;
    }
    memset(canal, 0, sizeof *canal);
    canal->cells = cells;
    canal->length_m = length_m;
    ends_make(canal, dense_m);
    for (int node = 1; node <= cells; node++) {
        double cell_m = canal->end_m[node] - canal->end_m[node - 1];
        canal->csf_m3[node] = csf_m2 * cell_m;
        canal->tissue_m3[node] = tissue_m2 * cell_m;
        canal->surface_m2[node] = cell_m; /* a metre around: only shares of the whole count */
        canal->face_m2[node - 1] = csf_m2;
    }
    return true;
}

static double cells_sum(const struct canal *canal, const double *value)
{
    double sum = 0.0;
    for (int node = 1; node <= canal->cells; node++) {
        sum += value[node];
    }
    return sum;
}

double canal_csf(const struct canal *canal)
{
    return cells_sum(canal, canal->csf_m3);
}

double canal_surface(const struct canal *canal)
{
    return cells_sum(canal, canal->surface_m2);
}
