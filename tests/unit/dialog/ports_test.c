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
		tap_ok(strcmp(dl_service_name(&services[0]), pairs[i].name) == 0,
			"the service of port %u has the name %s", pairs[i].port, pairs[i].name);
		snprintf(port, sizeof(port), "%u", pairs[i].port);
		tap_ok(parse(port, &n) == 0 && n == 1 && services[0].proto == pairs[i].proto &&
				services[0].implicit_tls == pairs[i].implicit,
			"port %s alone means the service %s", port, pairs[i].name);
	}
}

static void test_lists(void)
{
	size_t n;

	tap_eq(parse("smtp,IMAPS,443,2525:smtp,4433:tls,8443:https", &n), 0,
		"a list with items of each kind is read");
	tap_eq(n, 6, "all six items of a list are taken");
	tap_ok(services[0].port == 25 && services[1].port == 443 && services[2].port == 993,
		"services are kept in the order of their ports");
	tap_ok(services[3].port == 2525 && services[3].proto == DL_SMTP &&
			!services[3].implicit_tls,
		"any port may speak any protocol");
	tap_str(dl_service_name(&services[3]), "smtp",
		"a service on an odd port has the name of its protocol");
	tap_ok(services[4].port == 4433 && services[4].proto == DL_TLS && services[4].implicit_tls,
		"any port may speak TLS alone");
	tap_str(dl_service_name(&services[4]), "tls",
		"a service of TLS without a protocol is called tls");
	tap_eq(dl_services_parse("pop3", services, &n, err, sizeof(err)), 0,
		"a second list of services is accepted");
	tap_eq(n, 7, "a second list of services adds to the first");
	tap_ok(services[1].port == 110, "services of a second -p are put in order");
	tap_eq(dl_services_parse("25", services, &n, err, sizeof(err)), -EINVAL,
		"a second -p must not repeat a port of the first");
}

static void test_ranges(void)
{
	char item[DL_ITEM_LEN];
	size_t n;

	tap_eq(parse("8000-8099:https,25,1-24:tls", &n), 0,
		"a list of services with ranges of ports is accepted");
	tap_eq(n, 125, "a range of ports stands for each of its ports");
	tap_ok(services[0].port == 1 && services[24].port == 25 && services[24].proto == DL_SMTP &&
			services[124].port == 8099 && services[124].proto == DL_HTTP,
		"each port of a range has the protocol of the range");
	tap_eq(dl_services_item(services, n, item), 24,
		"24 ports in a row that speak the same are written as one item");
	tap_str(item, "1-24:tls", "ports in a row that speak the same are written as a range");
	tap_eq(dl_services_item(services + 24, n - 24, item), 1,
		"a port alone is written as one item");
	tap_str(item, "25:smtp", "a port alone is not written as a range");
	tap_eq(parse("7:tls,7-7:tls", &n), -EINVAL, "a range must not repeat a port");
	tap_eq(parse("7-9:tls,9-12:tls", &n), -EINVAL, "a range must not overlap another");
	tap_eq(parse("*:tls", &n), 0, "the list of services \"*:tls\" is accepted");
	tap_eq(n, DL_MAX_SERVICES, "the list of services \"*:tls\" is all 65,535 ports");
	tap_eq(dl_services_parse("25", services, &n, err, sizeof(err)), -EINVAL,
		"* leaves no port for another protocol");
}

static void test_errors(void)
{
	static const char *const bad[] = {"", "smtp,", ",smtp", "ftp", "22", "0", "65536", "0:smtp",
		"70000:smtp", "25:", ":smtp", "25:ftp", "tls", "25x", "25x:smtp", "smtp,25",
		"smtp smtps", "-25", "000025:smtp", "99999999999999999999:smtp", "8000-8099",
		"80-70:tls", "0-9:tls", "9-65536:tls", "9-:tls", "-9:tls", "1-2-3:tls", "*",
		"**:tls", "*-9:tls"};
	char small[16];
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tap_ok(parse(bad[i], &n) == -EINVAL, "the list of services \"%s\" is refused",
			bad[i]);
		tap_ok(strstr(err, "accepted are smtp") != NULL,
			"the message about \"%s\" says what is accepted", bad[i]);
	}
	parse("smtp,ftp", &n);
	tap_ok(strstr(err, "\"ftp\"") != NULL, "the message names the bad item of a list");
	tap_eq(dl_services_parse("ftp", services, &n, small, sizeof(small)), -EINVAL,
		"a small buffer gets a shorter message");
	tap_ok(memchr(small, '\0', sizeof(small)) != NULL,
		"the message in a small buffer is terminated");
}

int main(void)
{
	test_names();
	test_lists();
	test_errors();
	test_ranges();
	return tap_done();
}
