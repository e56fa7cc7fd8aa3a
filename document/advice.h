/* advice.h - what would pass instead: nobody is refused without being told what to do. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_ADVICE_H
#define DOCUMENT_ADVICE_H

/* A sentence for one reason bit of core/verdict.def (0 to VERDICT_COUNT - 1); null for others. */
const char *advice_text(unsigned bit);

#endif
