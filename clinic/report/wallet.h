/* wallet.h - the emergency card to cut out: panels of the size of a bank card (85.6 mm by 54 mm), to be folded. The first holds
 * the facts, then one for each drug. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_WALLET_H
#define CLINIC_REPORT_WALLET_H

#include "clinic/report/emergency.h"

/* On a page of its own. */
void wallet_draw(struct page *page, const struct report_emergency *card);

#endif
