/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "internal.h"
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>
#ifdef FP_ECC
#include <wolfssl/wolfcrypt/ecc.h>
#endif

/* Weak servers are to be measured, not refused; the library's own least sizes are in its settings.
 */
#define MIN_RSA_DH_BITS 512
#define MIN_ECC_BITS	160

#ifdef MAX_CERTIFICATE_SZ
static_assert(TL_CERTIFICATE_CEILING <= MAX_CERTIFICATE_SZ, "wolfSSL takes what we let through");
#endif

/*
 * The library chooses its assembly at the first use of a primitive and keeps the choice in globals
 * that are not safe for threads. So the choice is made here, before there are threads.
 */
static bool choose_assembly(void)
{
	static const byte key[AES_128_KEY_SIZE];
	wc_Sha256 sha256;
	wc_Sha384 sha384;
	Aes aes;
	bool ok = wc_InitSha256(&sha256) == 0;

	wc_Sha256Free(&sha256);
	ok = wc_InitSha384(&sha384) == 0 && ok;
	wc_Sha384Free(&sha384);
	ok = wc_AesInit(&aes, NULL, INVALID_DEVID) == 0 && ok;
	ok = wc_AesSetKey(&aes, key, sizeof(key), NULL, AES_ENCRYPTION) == 0 && ok;
	wc_AesFree(&aes);
	return ok;
}

int tl_global_init(void)
{
	if (wolfSSL_SetAllocators(hp_malloc, hp_free, hp_realloc) != 0)
		return -EIO;
	return wolfSSL_Init() == WOLFSSL_SUCCESS && choose_assembly() ? 0 : -EIO;
}

const char *tl_library_version(void)
{
	return "wolfSSL " TLSWEEP_WOLFSSL_BUILD;
}

const char *tl_library_lacks(void)
{
	return TLSWEEP_WOLFSSL_LACKS;
}

static void ctx_set_versions(WOLFSSL_CTX *ctx)
{
	static const int lowest[] = {WOLFSSL_TLSV1, WOLFSSL_TLSV1_1, WOLFSSL_TLSV1_2};

	for (size_t i = 0; i < sizeof(lowest) / sizeof(lowest[0]); i++) {
		if (wolfSSL_CTX_SetMinVersion(ctx, lowest[i]) == WOLFSSL_SUCCESS)
			return;
	}
}

static bool ctx_setup(WOLFSSL_CTX *ctx, const uint16_t *groups)
{
	ctx_set_versions(ctx);
#if TLSWEEP_WOLFSSL_SYSTEM
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, tl_capture_verify);
#else
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, tl_capture_verify);
#endif
	wolfSSL_CTX_SetIORecv(ctx, tl_transport_recv);
	wolfSSL_CTX_SetIOSend(ctx, tl_transport_send);
#ifndef NO_SESSION_CACHE
	wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
#endif
	wolfSSL_CTX_set_group_messages(ctx);
	wolfSSL_CTX_SetMinRsaKey_Sz(ctx, MIN_RSA_DH_BITS);
	wolfSSL_CTX_SetMinDhKey_Sz(ctx, MIN_RSA_DH_BITS);
	wolfSSL_CTX_SetMinEccKey_Sz(ctx, MIN_ECC_BITS);
	/* Offered because the answer is a finding; no session is resumed. */
	wolfSSL_CTX_UseSessionTicket(ctx);
#ifdef HAVE_SECURE_RENEGOTIATION
	/* The system's library; transport.c ends a renegotiation. */
	wolfSSL_CTX_UseSecureRenegotiation(ctx);
#endif
	if (!tl_suites_offer(ctx) || !tl_groups_offer(ctx, groups))
		return false;
	tl_signatures_order(ctx);
	return true;
}

/* Inside the worker's arena. */
static bool worker_open(struct tl_worker *worker, const char **why)
{
	*why = tl_groups_refusal(worker->config.groups, LIBWOLFSSL_VERSION_HEX);
	if (*why != NULL)
		return false;
	*why = "not enough memory for a TLS context";
	worker->ctx = wolfSSL_CTX_new(wolfSSLv23_client_method());
	if (worker->ctx == NULL)
		return false;
	*why = "this wolfSSL refuses the cipher suites or a named group, or there are too many "
	       "groups";
	return ctx_setup(worker->ctx, worker->config.groups);
}

static uint32_t dear_share(uint32_t percent)
{
	if (percent == TL_DEAR_NEVER)
		return 0;
	return percent == 0 ? TL_DEAR_PERCENT : percent;
}

struct tl_worker *tl_worker_new(const struct tl_config *config, const char **why)
{
	struct tl_worker *worker = calloc(1, sizeof(*worker));
	struct hp_scope before;
	bool ok;

	*why = "not enough memory for a TLS worker";
	if (worker == NULL)
		return NULL;
	worker->config = *config;
	if (config->max_certificate_bytes == 0)
		worker->config.max_certificate_bytes = TL_CERTIFICATE_DEFAULT;
	tl_budget_init(&worker->dear, dear_share(config->dear_percent), TL_DEAR_BURST_US);
	worker->shared.seed = config->share_seed;
	worker->arena = hp_arena_new();
	if (worker->arena == NULL) {
		free(worker);
		return NULL;
	}
	before = hp_scope_enter((struct hp_scope){worker->arena, NULL});
	ok = worker_open(worker, why);
	hp_scope_enter(before);
	worker->config.groups = NULL;
	if (!ok) {
		tl_worker_free(worker);
		return NULL;
	}
	return worker;
}

void tl_worker_now(struct tl_worker *worker, uint64_t now_us)
{
	if (worker->dear_done && now_us > worker->now_us)
		tl_budget_charge(&worker->dear, now_us - worker->now_us);
	worker->dear_done = false;
	worker->now_us = now_us;
	tl_budget_earn(&worker->dear, now_us);
}

void tl_worker_free(struct tl_worker *worker)
{
	struct hp_scope before;

	if (worker == NULL)
		return;
	before = hp_scope_enter((struct hp_scope){worker->arena, NULL});
	wolfSSL_CTX_free(worker->ctx);
#ifdef FP_ECC
	wc_ecc_fp_free(); /* the thread's table of points, 12 MB */
#endif
	hp_scope_enter(before);
	hp_arena_free(worker->arena);
	free(worker);
}

void tl_worker_memory(const struct tl_worker *worker, size_t *now_bytes, size_t *peak_bytes)
{
	hp_arena_usage(worker->arena, now_bytes, peak_bytes);
}
