/* canal.h - the spinal canal as a tube: where each vertebral level lies, how much cerebrospinal fluid and tissue
 * stands above a point, and the cells the fluid is cut into. Positions are metres from the foramen magnum towards
 * the sac. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_CANAL_H
#define TWIN_BODY_CANAL_H

#include <stdbool.h>

enum { CANAL_CELLS_MIN = 16, CANAL_CELLS_MAX = 128, CANAL_CELLS_USUAL = 64 };

/* Levels in order: LEVEL_C1 ... LEVEL_S2. */
enum level {
#define LEVEL(name, length_mm, csf_ul, tissue_ul, surface_mm2, source) LEVEL_##name,
#include "twin/body/level.def"
#undef LEVEL
    LEVELS_ALL
};

/* "C1"; null for a level that is none. */
const char *level_name(int level);
/* The level of a name such as "L2"; -1 when there is none. */
int level_find(const char *name);
/* Where the middle of a level lies, m. */
double level_middle(enum level level);
/* The level in which a point lies; the first or the last beyond the ends. */
enum level level_at(double x_m);

/* The canal cut into cells. Node 0 is the cranial reservoir and has no length here; nodes 1 to `cells` are cells
 * from the foramen downwards. Face f lies between nodes f and f + 1; face 0 is the foramen. Beyond the last cell the
 * sac is closed. */
struct canal {
    int cells;
    double length_m;
    double end_m[CANAL_CELLS_MAX + 1];      /* lower end of a cell, which is face i for node i; 0 in node 0 */
    double csf_m3[CANAL_CELLS_MAX + 1];     /* fluid of a cell; 0 in node 0 */
    double tissue_m3[CANAL_CELLS_MAX + 1];  /* cord and roots of a cell */
    double surface_m2[CANAL_CELLS_MAX + 1]; /* of these, towards the fluid */
    double face_m2[CANAL_CELLS_MAX];        /* cross-section of the fluid at a face */
};

/* The usual adult canal of level.def. Between the ends of levels the volume above a point is a monotone cubic
 * (Fritsch and Butland 1984), so that the area is continuous and each level holds exactly what its row says. Cells
 * are shortest around `dense_m`, where the tip will be, and grow with the distance from it; a negative one asks for
 * equal cells. False, and nothing done, for a number of cells that is odd or out of range, or a point that is not in
 * the canal. */
bool canal_init(struct canal *canal, int cells, double dense_m);
/* A tube of one cross-section, for comparison with closed forms; its surface is even, whether tissue is there or not.
 * False as above, or when a size is not positive (tissue may be zero). */
bool canal_uniform(struct canal *canal, int cells, double dense_m, double length_m, double csf_m2, double tissue_m2);
/* Fluid of the whole canal, m3. */
double canal_csf(const struct canal *canal);
/* Surface of all its tissue towards the fluid, m2. */
double canal_surface(const struct canal *canal);
/* The middle of a node's cell, m; 0 for the reservoir. */
static inline double canal_middle(const struct canal *canal, int node)
{
    return node > 0 ? 0.5 * (canal->end_m[node - 1] + canal->end_m[node]) : 0.0;
}

#endif
