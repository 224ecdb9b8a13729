/* SPDX-License-Identifier: BSD-3-Clause */
/* JA3S fingerprints, held against the MD5 of their strings as md5sum prints it. */
#include "tls/session/ja3s.h"

#include <stdio.h>

#include "tap.h"

static const char *ja3s(const struct hl_server_hello *hello)
{
	static char text[2 * TL_JA3S_LEN + 1];
	uint8_t digest[TL_JA3S_LEN];

	if (!tl_ja3s(hello, digest))
		return "none";
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

static struct hl_server_hello hello_of(uint16_t version, uint16_t suite)
{
	return (struct hl_server_hello){
		.seen = true, .legacy_version = version, .cipher_suite = suite};
}

static void test_published(void)
{
	static const uint16_t extensions[] = {0, 65281, 11, 16};
	struct hl_server_hello hello = hello_of(771, 52393);

	hello.n_extensions = 4;
	memcpy(hello.extensions, extensions, sizeof(extensions));
	tap_str(ja3s(&hello), "7f76f3e952a1bc7d407366fafe1db7ed",
		"\"771,52393,0-65281-11-16\" has its published fingerprint");
}

static void test_lengths(void)
{
	struct hl_server_hello hello = hello_of(769, 5);

	tap_str(ja3s(&hello), "9aeeb84942a46257594025306635f0ff",
		"a ServerHello without extensions has one: \"769,5,\"");
	hello = hello_of(771, 49199);
	for (hello.n_extensions = 0; hello.n_extensions < 12; hello.n_extensions++)
		hello.extensions[hello.n_extensions] = 100 + hello.n_extensions;
	tap_str(ja3s(&hello), "f99c28fbb49235b7537731e380c7b13b",
		"a string of 57 bytes, whose MD5 padding needs a second block");
	hello = hello_of(771, 4865);
	for (hello.n_extensions = 0; hello.n_extensions < 32; hello.n_extensions++)
		hello.extensions[hello.n_extensions] = (uint16_t)(65535 - hello.n_extensions);
	tap_str(ja3s(&hello), "6d9c96d8c29542229f2e82cd8c2211bf",
		"the longest string, of 32 extensions");
}

int main(void)
{
	struct hl_server_hello none = {0};

	tap_str(ja3s(&none), "none", "without a ServerHello there is no fingerprint");
	test_published();
	test_lengths();
	return tap_done();
}
