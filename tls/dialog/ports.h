/* SPDX-License-Identifier: BSD-3-Clause */
/* What a port speaks: the 14 well-known protocol-port pairs, and -p items. */
#pragma once

#include "dialog.h"

/* One service to scan: what the scanner speaks on a port. */
struct dl_service {
	uint16_t port; /* host order */
	enum dl_proto proto;
	bool implicit_tls;
};

#define DL_MAX_SERVICES 256

/**
 * Parse one -p argument: comma-separated names (smtp, submission, smtps, imap, imaps, pop3, pop3s,
 * irc, ircs, xmpp-client, xmpps-client, xmpp-server, xmpps-server, https; each on its well-known
 * port), well-known port numbers, or port:name for any port (2525:smtp, 8443:https, 4433:tls).
 * @param text      in: NUL-terminated
 * @param services  out: at most DL_MAX_SERVICES, in the order given
 * @param n         in/out: number filled so far
 * @param err       out: on failure a sentence naming the bad item and what is accepted
 * @return 0; -EINVAL: unknown name, port without protocol, port 0 or above 65535, the same port
 *         twice; -E2BIG: more than DL_MAX_SERVICES
 */
int dl_services_parse(
	const char *text, struct dl_service *services, size_t *n, char *err, size_t err_len);

/**
 * The service of one port.
 * @param port     in: 1..65535
 * @param name     in: NUL-terminated; "" stands for the port's well-known one
 * @param service  out: written on success only
 * @return 0; -ENOENT: no service is known for the port alone; -EINVAL: not a protocol we speak
 */
int dl_service_make(uint16_t port, const char *name, struct dl_service *service);

/** The service's name as -p takes it, e.g. "smtps". */
const char *dl_service_name(const struct dl_service *service);
