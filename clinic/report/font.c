/* font.c - the one font of the reports. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/font.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

const char FONT_FAMILY[] = "DejaVu Sans";

/* Where Debian's package fonts-dejavu-core has it. */
static const char *const FILES[] = { "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                                     "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf" };

/* Made once, and kept until the process ends: made for each report, cairo aborted after some hundred of them. What cairo itself
 * keeps of it, fonts of late in case they come again, is left to the end of the process: told to let go (by its
 * cairo_debug_reset_static_data), it finds in one process of twenty that it still uses some of it, and aborts. */
#ifdef __SANITIZE_ADDRESS__
/* For the leak checker alone: what pango still matches fonts for, in a thread of its own, when a process ends at that moment is
 * fontconfig's, and lost (2 of 109 runs). */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

/* Nor is it told each time: what a program prints is looked at. */
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PangoFontMap *map;

static void map_end(void)
{
    g_object_unref(map);
    FcFini();
}

static PangoFontMap *map_make(void)
{
    FcConfig *config = FcConfigCreate();
    bool good = config != NULL;
    for (unsigned i = 0; good && i < sizeof FILES / sizeof FILES[0]; i++)
        good = FcConfigAppFontAddFile(config, (const FcChar8 *)FILES[i]) == FcTrue;
    /* In force before pango looks: else it reads the settings of the machine. Not given to pango itself, which (1.50) never lets
     * go of it. */
    good = good && FcConfigSetCurrent(config) == FcTrue;
    if (config != NULL)
        FcConfigDestroy(config);
    return good ? pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT) : NULL;
}

PangoFontMap *font_map_take(void)
{
    (void)pthread_mutex_lock(&lock);
    if (map == NULL) {
        map = map_make();
        if (map != NULL)
            (void)atexit(map_end);
    }
    if (map == NULL)
        (void)pthread_mutex_unlock(&lock);
    return map;
}

void font_map_give(void)
{
    (void)pthread_mutex_unlock(&lock);
}
