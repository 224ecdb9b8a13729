/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which cipher suites a session offers, and in which order.
 *
 * Every suite of this wolfSSL is offered, because a server with one unusual suite is a finding too.
 * Some servers follow the client's order. They should take what is cheap for us and usual
 * elsewhere: ECDHE, then static RSA, then DHE (four times as costly), then weak suites. Anonymous
 * suites are not offered: every mail server that knows them would then send no certificate.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LIST_MAX   8192
#define SUITES_MAX 256

enum suite_class {
	CLASS_TLS13,
	CLASS_ECDHE_AEAD,
	CLASS_ECDHE,
	CLASS_RSA_AEAD,
	CLASS_RSA,
	CLASS_DHE,
	CLASS_STATIC_DH,
	CLASS_WEAK,
	CLASS_NULL,
	CLASS_NEVER,
};

struct suite {
	const char *name;
	unsigned int rank;
};

static bool starts(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool has(const char *name, const char *part)
{
	return strstr(name, part) != NULL;
}

static enum suite_class suite_classify(const char *name)
{
	bool aead = has(name, "GCM") || has(name, "CHACHA20") || has(name, "CCM");

	if (starts(name, "ADH-") || starts(name, "AECDH-") || has(name, "anon") ||
		has(name, "PSK") || has(name, "RENEGOTIATION")) /* wolfSSL adds it after the list */
		return CLASS_NEVER;
	if (has(name, "NULL") || starts(name, "TLS13-SHA")) /* RFC 9150: integrity only */
		return CLASS_NULL;
	if (has(name, "RC4") || has(name, "DES") || has(name, "OLD"))
		return CLASS_WEAK;
	if (starts(name, "TLS13-"))
		return CLASS_TLS13;
	if (starts(name, "ECDHE-"))
		return aead ? CLASS_ECDHE_AEAD : CLASS_ECDHE;
	if (starts(name, "DHE-"))
		return CLASS_DHE;
	if (starts(name, "ECDH-"))
		return CLASS_STATIC_DH;
	return aead ? CLASS_RSA_AEAD : CLASS_RSA;
}

static unsigned int suite_rank(const char *name)
{
	unsigned int within = 3;

	if (has(name, "AES128-GCM"))
		within = 0;
	else if (has(name, "CHACHA20"))
		within = 1;
	else if (has(name, "AES256-GCM") || has(name, "AES128-SHA"))
		within = 2;
	return suite_classify(name) * 4 + within;
}

/* A stable sort: within a rank the library's order stays. */
static void suites_sort(struct suite *suites, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++) {
		struct suite moving = suites[i];
		unsigned int at = i;

		for (; at > 0 && suites[at - 1].rank > moving.rank; at--)
			suites[at] = suites[at - 1];
		suites[at] = moving;
	}
}

bool tl_suites_offer(WOLFSSL_CTX *ctx)
{
	char all[LIST_MAX], list[LIST_MAX], *state = NULL;
	struct suite suites[SUITES_MAX];
	unsigned int n = 0;
	size_t len = 0;

	if (wolfSSL_get_ciphers(all, sizeof(all)) != WOLFSSL_SUCCESS)
		return false;
	for (char *name = strtok_r(all, ":", &state); name != NULL && n < SUITES_MAX;
		name = strtok_r(NULL, ":", &state)) {
		if (suite_classify(name) != CLASS_NEVER)
			suites[n++] = (struct suite){name, suite_rank(name)};
	}
	suites_sort(suites, n);
	list[0] = '\0';
	for (unsigned int i = 0; i < n;
		i++) /* never longer than what wolfSSL_get_ciphers() wrote */
		len += (size_t)snprintf(
			list + len, sizeof(list) - len, "%s%s", i == 0 ? "" : ":", suites[i].name);
	return wolfSSL_CTX_set_cipher_list(ctx, list) == WOLFSSL_SUCCESS;
}
