/* SPDX-License-Identifier: BSD-3-Clause */
/* Self-signatures of servers' own certificates are verified within a share of the writer's time. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "apps/output/cert_store.h"
#include "unit/session/certs.h"
#include "tap.h"

#define MS_US	1000ull
#define N_CERTS 800 /* as many as test_share() can tell apart */

static char dir[256];
static struct js_buf js;
/* Each look at the clock takes so long: verifying is a look before and one after. */
static uint64_t now_us = 1000000, look_us;

static uint64_t slow_clock(void)
{
	now_us += look_us;
	return now_us;
}

/* Put a certificate. @return does the record say this of "self_signed"? */
static bool says(struct out_cert_store *store, const uint8_t *der, size_t len, bool is_leaf,
	const char *self_signed)
{
	char wanted[64];

	snprintf(wanted, sizeof(wanted), "\"self_signed\":%s}", self_signed);
	js_reset(&js);
	js_array(&js, NULL);
	out_cert_store_put(store, &js, NULL,
		&(struct js_cert){.der = der, .der_len = len, .is_leaf = is_leaf});
	js_end_array(&js);
	return !js.failed && memmem(js.data, js.len, wanted, strlen(wanted)) != NULL;
}

static uint64_t unverified(const struct out_cert_store *store)
{
	struct out_cert_counts counts;

	out_cert_store_counts(store, &counts);
	return counts.n_unverified;
}

static void test_roles(const uint8_t *der, size_t len)
{
	struct out_cert_store *store = out_cert_store_new(NULL, slow_clock);

	tap_ok(says(store, der, len, false, "null") && unverified(store) == 0,
		"a certificate that only stands in a chain is not verified");
	tap_ok(says(store, der, len, true, "true"), "a server's own is, though it was met before");
	tap_ok(says(store, der, len, false, "true"), "what is known stays known");
	out_cert_store_free(store);
}

/* Certificates that differ in one bit of their signatures: each is another one, and a forgery. */
static void test_share(uint8_t *der, size_t len)
{
	struct out_cert_store *store = out_cert_store_new(NULL, slow_clock);
	unsigned int n_verified = 0, n_null = 0;
	uint64_t start_us = now_us;

	look_us = 10 * MS_US;
	for (unsigned int i = 0; i < N_CERTS; i++) {
		uint8_t was = der[len - 1 - i % 4];

		der[len - 1 - i % 4] = (uint8_t)(was + 1 + i / 4 % 200);
		if (says(store, der, len, true, "null"))
			n_null++;
		else
			n_verified++;
		der[len - 1 - i % 4] = was;
	}
	tap_ok(n_null > 200 && n_null == unverified(store),
		"beyond its share of the time self_signed is null and counted: %u of %u", n_null,
		(unsigned int)N_CERTS);
	tap_ok(n_verified > 0 && n_verified * 10 * MS_US <= (now_us - start_us) / 10 + 600 * MS_US,
		"verifying takes a tenth of the time and the burst");
	look_us = 0;
	now_us += 3600 * 1000 * MS_US;
	tap_ok(says(store, der, len, true, "true"), "later there is time again");
	out_cert_store_free(store);
}

int main(void)
{
	size_t len;
	uint8_t *der;

	if (!certs_make(dir, sizeof(dir)))
		return tap_skip_all("no openssl command to make certificates with");
	der = certs_load_der(dir, "p256.pem", 0, &len);
	if (tap_ok(der != NULL, "there is a self-signed certificate")) {
		test_roles(der, len);
		test_share(der, len);
	}
	free(der);
	js_free(&js);
	certs_remove(dir);
	return tap_done();
}
