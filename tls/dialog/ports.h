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

#define DL_MAX_SERVICES 65535 /* one for each port */
#define DL_ITEM_LEN	32    /* of dl_services_item() */

/**
 * Parse one -p argument: comma-separated names (smtp, submission, smtps, imap, imaps, pop3, pop3s,
 * irc, ircs, xmpp-client, xmpps-client, xmpp-server, xmpps-server, https; each on its well-known
 * port), well-known port numbers, port:name for any port (2525:smtp, 4433:tls), first-last:name for
 * a range of ports (8000-8099:https), *:name for all ports.
 * @param text      in: NUL-terminated
 * @param services  in/out: room for DL_MAX_SERVICES. Sorted by port on return, so that the order in
 *                  which they were named makes no difference
 * @param n         in/out: number of services so far
 * @param err       out: on failure a sentence that names the bad item and what is accepted
 * @param err_len   in: bytes at err
 * @return 0; -EINVAL: unknown name, port without protocol, port 0 or above 65535, a range that runs
 *         backwards, or the same port twice. On failure services and n must not be used any more
 * Any thread.
 */
int dl_services_parse(
	const char *text, struct dl_service *services, size_t *n, char *err, size_t err_len);

/**
 * Write one -p item for as many services as possible: consecutive ports that speak the same.
 * @param services  in: sorted by port
 * @param n         in: their number, at least 1
 * @param out       out: "25:smtp" or "8000-8099:https", NUL-terminated
 * @return how many services the item stands for, counted from the first
 * Any thread.
 */
size_t dl_services_item(const struct dl_service *services, size_t n, char out[DL_ITEM_LEN]);

/**
 * Make the service of one port.
 * @param port     in: 1..65535
 * @param name     in: NUL-terminated; "" means the port's well-known service
 * @param service  out: written on success only
 * @return 0; -ENOENT: the port has no well-known service; -EINVAL: we do not speak that protocol
 * Any thread.
 */
int dl_service_make(uint16_t port, const char *name, struct dl_service *service);

/** The service's name as -p takes it, e.g. "smtps". */
const char *dl_service_name(const struct dl_service *service);

/** The name of the i-th service with a well-known port, in the order of messages; NULL behind the
 * last. */
const char *dl_service_known(size_t i);
