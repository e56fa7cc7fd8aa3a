/* http.h - the server's edge: HTTP/1.1 by libmicrohttpd, on one address, with its bounds on size, time and number. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_HTTP_H
#define CLINIC_SERVER_HTTP_H

#include "clinic/server/server.h"

struct http;

/* Listens at the address and port of the options and serves from threads of its own. Null with a message on `messages`. */
struct http *http_start(struct server *server, FILE *messages);
uint16_t http_port(const struct http *http);
/* Closes connections whose time is over (clinic/server/crowd.h). */
void http_tick(struct http *http, int64_t now_ms);
/* Ends streams, lets requests come to their end, and frees it. */
void http_stop(struct http *http);

#endif
