/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments that name an address, a port or a host. */
#include "argument.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/targets/targets_item.h"

int ut_arg_addr(const struct ut_arg *arg, struct ts_addr *out)
{
	struct ts_addr addr;

	if (ts_addr_parse(arg->text, &addr) != 0)
		return ut_arg_refuse(arg, "this is not an IPv4 or IPv6 address");
	*out = addr;
	return 0;
}

int ut_arg_addr_prefix(const struct ut_arg *arg, struct ts_addr *out, uint8_t *prefix_len)
{
	const char *slash = strchr(arg->text, '/');
	struct ut_arg digits = *arg;
	char text[TS_ADDR_STRLEN];
	struct ts_addr addr;
	uint32_t len = 0, max;
	size_t addr_len = slash == NULL ? strlen(arg->text) : (size_t)(slash - arg->text);

	snprintf(text, sizeof(text), "%.*s", (int)addr_len, arg->text);
	if (addr_len >= sizeof(text) || ts_addr_parse(text, &addr) != 0)
		return ut_arg_refuse(
			arg, "give an IPv4 or IPv6 address, with /LEN if its network is on-link");
	max = ts_addr_is_v4(&addr) ? 32 : 128;
	if (slash != NULL) {
		digits.text = slash + 1;
		if (ut_arg_count32(&digits, 1, max, &len) != 0)
			return ut_arg_refuse(
				arg, "the prefix length is a number from 1 to %u", max);
	}
	*out = addr;
	*prefix_len = (uint8_t)len;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int ut_arg_mac(const struct ut_arg *arg, uint8_t out[6])
{
	const char *c = arg->text;
	uint8_t mac[6] = {0};
	bool good = strlen(c) == 17 && (c[2] == ':' || c[2] == '-');

	for (unsigned int i = 0; good && i < 6; i++) {
		int high = hex_digit(c[3 * i]), low = hex_digit(c[3 * i + 1]);

		good = high >= 0 && low >= 0 && (i == 5 || c[3 * i + 2] == c[2]);
		mac[i] = (uint8_t)(good ? high << 4 | low : 0);
	}
	if (!good)
		return ut_arg_refuse(arg, "write a MAC address as 02:00:00:00:00:01");
	if ((mac[0] & 1) != 0 || memcmp(mac, "\0\0\0\0\0", 6) == 0)
		return ut_arg_refuse(arg, "this MAC address belongs to no single machine");
	memcpy(out, mac, sizeof(mac));
	return 0;
}

int ut_arg_port_range(const struct ut_arg *arg, uint16_t *first, uint16_t *last)
{
	unsigned long ends[2];
	const char *c = arg->text;
	bool good = true;

	for (unsigned int i = 0; i < 2 && good; i++) {
		size_t n_digits = strspn(c, "0123456789");

		good = n_digits >= 1 && n_digits <= 5;
		ends[i] = good ? strtoul(c, NULL, 10) : 0;
		c += n_digits;
		if (i == 0 && *c == '\0') {
			ends[1] = ends[0];
			break;
		}
		good = good && *c++ == (i == 0 ? '-' : '\0');
	}
	if (!good || ends[0] == 0 || ends[1] > 65535 || ends[0] > ends[1])
		return ut_arg_refuse(
			arg, "give a port or a range such as 32768-61000, between 1 and 65535");
	*first = (uint16_t)ends[0];
	*last = (uint16_t)ends[1];
	return 0;
}

int ut_arg_line(const struct ut_arg *arg, size_t max_len)
{
	size_t len = strlen(arg->text);

	if (len == 0 || len > max_len)
		return ut_arg_refuse(arg, "give between 1 and %zu characters", max_len);
	for (size_t i = 0; i < len; i++)
		if (arg->text[i] < 0x20 || arg->text[i] >= 0x7f)
			return ut_arg_refuse(
				arg, "only visible ASCII characters and spaces can be sent");
	return 0;
}

int ut_arg_host(const struct ut_arg *arg)
{
	if (!dp_is_host_name(arg->text, strlen(arg->text)))
		return ut_arg_refuse(arg, "give a host name");
	return 0;
}

int ut_arg_ehlo(const struct ut_arg *arg)
{
	size_t len = strlen(arg->text);
	char inside[TS_ADDR_STRLEN + 5];
	struct ts_addr addr;
	bool v6;

	if (arg->text[0] != '[')
		return ut_arg_host(arg) == 0
			       ? 0
			       : ut_arg_refuse(arg, "give a host name, or an address as "
						    "[192.0.2.1] or [IPv6:2001:db8::1]");
	snprintf(inside, sizeof(inside), "%s", arg->text + 1);
	v6 = strncmp(inside, "IPv6:", 5) == 0;
	if (len < 3 || len > sizeof(inside) || arg->text[len - 1] != ']')
		return ut_arg_refuse(arg, "an address literal ends with ]");
	inside[len - 2] = '\0';
	if (ts_addr_parse(inside + (v6 ? 5 : 0), &addr) != 0 || ts_addr_is_v4(&addr) == v6)
		return ut_arg_refuse(
			arg, "write an address literal as [192.0.2.1] or [IPv6:2001:db8::1]");
	return 0;
}
