/* openapi.h - the OpenAPI 3.1 document of the server, made of the table of routes and the schemas. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_OPENAPI_H
#define CLINIC_SERVER_OPENAPI_H

#include <jansson.h>

/* A new object. */
json_t *openapi_json(const char *version);

#endif
