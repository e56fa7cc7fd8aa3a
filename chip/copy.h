/* copy.h - the four functions of string.h that the compiler calls by itself, and their declarations. Bytes one by one where they
 * do not lie well, words where they do. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_COPY_H
#define CHIP_COPY_H

#include <string.h>

#endif
