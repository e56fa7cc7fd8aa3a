/* about.c - what anybody may ask: is it up, and what can it do. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/about.h"

#include "clinic/server/openapi.h"

void health_get(struct request *request, struct answer *answer)
{
    (void)request;
    answer_json(answer, 200, json_pack("{s:s, s:s}", "status", "up", "notice", "SIMULATION, never for use in people"));
}

void openapi_get(struct request *request, struct answer *answer)
{
    answer_json(answer, 200, openapi_json(request->server->options.version));
}
