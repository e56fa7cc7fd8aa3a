/* spine.c - a bolus of morphine and a day of it, with the library of the spine alone:
 *
 *   cc spine.c $(pkg-config --cflags --libs cisterna-spine) && ./a.out
 *
 * prints the concentration in the fluid at three levels, each hour. SIMULATION; never for use in people. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "twin/body/agent.h"
#include "twin/body/march.h"

int main(void)
{
    static const enum level levels[] = { LEVEL_L2, LEVEL_T6, LEVEL_C1 };
    static struct spine spine; /* large: not for the stack */
    struct canal canal;
    struct figures figures;
    double tip_m = level_middle(LEVEL_L2);

    figures_typical(&figures);
    struct spine_setup setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, tip_m);
    if (!canal_init(&canal, CANAL_CELLS_USUAL, tip_m) || !spine_init(&spine, &canal, &setup))
        return 1;
    spine_bolus(&spine, 0.25e-6);       /* 0.25 mg, in kg */
    spine_infuse(&spine, 1e-6 / 86400); /* 1 mg a day, in kg/s */
    for (int hour = 1; hour <= 24; hour++) {
        march(&spine, 3600);
        printf("%2d h", hour);
        for (int i = 0; i < 3; i++) /* kg/m3 is mg/mL */
            printf("  %s %.6g ng/mL", level_name(levels[i]), 1e6 * spine_csf_at(&spine, level_middle(levels[i])));
        putchar('\n');
    }
    return spine_balance(&spine).gap < 1e-18 ? 0 : 1;
}
