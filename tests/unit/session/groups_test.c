/* SPDX-License-Identifier: BSD-3-Clause */
/* Every named group that is offered completes a handshake with a server that has no other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "drive.h"
#include "sserver.h"
#include "tap.h"

/* s_server's names; NULL: OpenSSL 3.0 has none, and a wolfSSL server stands in. */
static const struct group {
	uint16_t code;
	const char *tls12, *tls13;
	bool tls13_only;
} groups[] = {
	{23, "P-256", "P-256", false},
	{24, "P-384", "P-384", false},
	{25, "P-521", "P-521", false},
	{29, "X25519", "X25519", false},
	{30, "X448", "X448", false},
	{22, "secp256k1", NULL, false},
	{26, "brainpoolP256r1", NULL, false},
	{27, "brainpoolP384r1", NULL, false},
	{28, "brainpoolP512r1", NULL, false},
	{31, NULL, NULL, true},
	{32, NULL, NULL, true},
	{33, NULL, NULL, true},
	{15, "secp160k1", NULL, false},
	{16, "secp160r1", NULL, false},
	{17, "secp160r2", NULL, false},
	{18, "secp192k1", NULL, false},
	{19, "prime192v1", NULL, false},
	{20, "secp224k1", NULL, false},
	{21, "secp224r1", NULL, false},
	{256, NULL, "ffdhe2048", true},
	{257, NULL, "ffdhe3072", true},
	{258, NULL, "ffdhe4096", true},
};
#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

static size_t n_missing; /* in this wolfSSL, as its own server shows */

static void check(struct tl_result *r, uint16_t version, const struct group *g, const char *with)
{
	bool retried = version == 0x0304 && g->code != 29;

	if (r == NULL) {
		n_missing++;
		tap_ok(true, "%s # SKIP not in this wolfSSL", hl_group_name(g->code));
		return;
	}
	if (!tap_ok(r->completed && r->version == version && r->group == g->code &&
			    r->n_certs == 1 && r->hello.retry_seen == retried,
		    "%s with nothing but %s (%u): %s completes%s", hl_version_name(version),
		    hl_group_name(g->code), g->code, with,
		    retried ? ", by a HelloRetryRequest" : ""))
		printf("# %s (%d) group %u alert %u\n", r->error, r->lib_error, r->group,
			r->alert_code);
	tl_result_free(r);
}

static void test_tls12(const struct group *g)
{
	char options[200];

	if (g->tls13_only)
		return;
	snprintf(options, sizeof(options),
		"-cert rsa.pem -key rsa.key -tls1_2 -groups %s -cipher "
		"ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
		g->tls12);
	check(sserver_talk(options, NULL, TL_ESTABLISHED), 0x0303, g, "s_server");
}

static void test_tls13(const struct group *g)
{
	char options[200];

	if (g->tls13 == NULL) {
		if (g->tls13_only)
			check(drive_handshake(&(struct mem_options){.dir = drive_dir,
						      .name = "rsa",
						      .version = 0x0304,
						      .group = g->code},
				      4096),
				0x0304, g, "a wolfSSL server");
		return;
	}
	snprintf(options, sizeof(options), "-cert rsa.pem -key rsa.key -tls1_3 -groups %s",
		g->tls13);
	check(sserver_talk(options, NULL, TL_ESTABLISHED), 0x0304, g, "s_server");
}

/* The groups in the supported_groups extension of a ClientHello; 0-terminated. */
static void offered_groups(uint16_t *out, size_t room)
{
	struct tl_session *session = drive_open(drive_worker, 1);
	uint8_t hello[2048];
	size_t len = tl_session_output(session, hello, sizeof(hello)), n = 0;

	tl_session_free(session);
	for (size_t at = 43; at + 6 < len; at++) {
		size_t ext = (size_t)hello[at + 2] << 8 | hello[at + 3];
		size_t list = (size_t)hello[at + 4] << 8 | hello[at + 5];

		if (hello[at] != 0 || hello[at + 1] != 10 || ext != list + 2 || list % 2 != 0 ||
			at + 6 + list > len || list < 8)
			continue;
		for (size_t i = 0; i < list && n + 1 < room; i += 2)
			out[n++] = (uint16_t)(hello[at + 6 + i] << 8 | hello[at + 7 + i]);
		break;
	}
	out[n] = 0;
}

static void test_offer(void)
{
	uint16_t offered[64];
	size_t n = 0, tested = 0;

	offered_groups(offered, 64);
	for (; offered[n] != 0; n++) {
		for (size_t i = 0; i < N_GROUPS; i++)
			tested += groups[i].code == offered[n];
	}
	tap_ok(n == N_GROUPS - n_missing && tested == n,
		"what is offered is what was tested: %zu groups", n);
	tap_ok(offered[0] == 29 && offered[1] == 23,
		"X25519 and P-256 come first among the groups");
}

/* With other code points a scan would find nothing, silently. */
static void test_refusal(void)
{
	static const uint16_t hybrid[] = {29, 4588, 0}, classic[] = {29, 23, 256, 0};

	tap_ok(tl_groups_refusal(hybrid, 0x05007002) != NULL,
		"wolfSSL 5.7.2 may not offer X25519MLKEM768: its code points are other ones");
	tap_ok(tl_groups_refusal(hybrid, 0x05008000) == NULL,
		"wolfSSL 5.8.0 may offer X25519MLKEM768");
	tap_ok(tl_groups_refusal(classic, 0x05005004) == NULL &&
			tl_groups_refusal(NULL, 0x05005004) == NULL,
		"wolfSSL 5.5.4 may offer groups that are not post-quantum");
}

int main(void)
{
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command here");
	if (TLSWEEP_WOLFSSL_SYSTEM)
		return tap_skip_all("the system's wolfSSL has fewer groups");
	memcpy(sserver_dir, drive_dir, sizeof(sserver_dir));
	tap_eq(tl_global_init(), 0, "groups: the library starts");
	drive_worker = sserver_worker = drive_worker_make(&drive_usual);
	for (size_t i = 0; i < N_GROUPS; i++) {
		test_tls12(&groups[i]);
		test_tls13(&groups[i]);
	}
	test_offer();
	test_refusal();
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
