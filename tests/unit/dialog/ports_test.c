/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/dialog/ports.h"

#include <errno.h>
#include <stdio.h>

#include "tap.h"

static struct dl_service services[DL_MAX_SERVICES];
static char err[512];

static int parse(const char *text, size_t *n)
{
	*n = 0;
	err[0] = '\0';
	return dl_services_parse(text, services, n, err, sizeof(err));
}

static void test_names(void)
{
	static const struct {
		const char *name;
		uint16_t port;
		enum dl_proto proto;
		bool implicit;
	} pairs[] = {
		{"smtp", 25, DL_SMTP, false},
		{"submission", 587, DL_SMTP, false},
		{"smtps", 465, DL_SMTP, true},
		{"imap", 143, DL_IMAP, false},
		{"imaps", 993, DL_IMAP, true},
		{"pop3", 110, DL_POP3, false},
		{"pop3s", 995, DL_POP3, true},
		{"irc", 6667, DL_IRC, false},
		{"ircs", 6697, DL_IRC, true},
		{"xmpp-client", 5222, DL_XMPP_CLIENT, false},
		{"xmpps-client", 5223, DL_XMPP_CLIENT, true},
		{"xmpp-server", 5269, DL_XMPP_SERVER, false},
		{"xmpps-server", 5270, DL_XMPP_SERVER, true},
		{"https", 443, DL_HTTP, true},
	};
	size_t n;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char port[8];

		tap_ok(parse(pairs[i].name, &n) == 0 && n == 1 &&
				services[0].port == pairs[i].port &&
				services[0].proto == pairs[i].proto &&
				services[0].implicit_tls == pairs[i].implicit,
			"%s is a name with a port of its own", pairs[i].name);
		tap_str(dl_service_name(&services[0]), pairs[i].name, "... and back");
		snprintf(port, sizeof(port), "%u", pairs[i].port);
		tap_ok(parse(port, &n) == 0 && n == 1 && services[0].proto == pairs[i].proto &&
				services[0].implicit_tls == pairs[i].implicit,
			"port %s says the same", port);
	}
}

static void test_lists(void)
{
	size_t n;

	tap_eq(parse("smtp,IMAPS,443,2525:smtp,4433:tls,8443:https", &n), 0, "items of each kind");
	tap_eq(n, 6, "are all taken");
	tap_ok(services[3].port == 2525 && services[3].proto == DL_SMTP &&
			!services[3].implicit_tls,
		"any port may speak any protocol");
	tap_str(dl_service_name(&services[3]), "smtp", "its name is the protocol's");
	tap_ok(services[4].port == 4433 && services[4].proto == DL_TLS && services[4].implicit_tls,
		"also TLS alone");
	tap_str(dl_service_name(&services[4]), "tls", "which has a name");
	tap_eq(dl_services_parse("pop3", services, &n, err, sizeof(err)), 0, "a second -p adds");
	tap_eq(n, 7, "to the first");
	tap_eq(dl_services_parse("25", services, &n, err, sizeof(err)), -EINVAL,
		"and must not repeat a port of it");
}

static void test_errors(void)
{
	static const char *const bad[] = {"", "smtp,", ",smtp", "ftp", "22", "0", "65536", "0:smtp",
		"70000:smtp", "25:", ":smtp", "25:ftp", "tls", "25x", "25x:smtp", "smtp,25",
		"smtp smtps", "-25", "000025:smtp", "99999999999999999999:smtp"};
	char small[16];
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tap_ok(parse(bad[i], &n) == -EINVAL, "\"%s\" is refused", bad[i]);
		tap_ok(strstr(err, "accepted are smtp") != NULL, "... with what is accepted");
	}
	parse("smtp,ftp", &n);
	tap_ok(strstr(err, "\"ftp\"") != NULL, "the sentence names the bad item");
	tap_eq(dl_services_parse("ftp", services, &n, small, sizeof(small)), -EINVAL,
		"a small buffer holds a shorter sentence");
	tap_ok(memchr(small, '\0', sizeof(small)) != NULL, "that still ends");
}

static void test_too_many(void)
{
	static char text[DL_MAX_SERVICES * 16];
	size_t len = 0, n;

	for (unsigned int i = 0; i < DL_MAX_SERVICES; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s%u:tls", i > 0 ? "," : "", 10000 + i);
	tap_eq(parse(text, &n), 0, "as many services as there is room for");
	tap_eq(dl_services_parse("smtp", services, &n, err, sizeof(err)), -E2BIG,
		"and not one more");
	tap_eq(n, DL_MAX_SERVICES, "the full list stays as it was");
}

int main(void)
{
	test_names();
	test_lists();
	test_errors();
	test_too_many();
	return tap_done();
}
