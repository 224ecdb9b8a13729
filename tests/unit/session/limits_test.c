/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions against servers that answer strangely, too much, or nothing whole; and what stays in
 * memory. */
#include <stdlib.h>

#include "certs.h"
#include "drive.h"
#include "tap.h"

static struct tl_result *answer(struct tl_worker *w, const uint8_t *bytes, size_t len)
{
	struct tl_session *session = drive_open(w, 5);

	tl_session_feed(session, bytes, len);
	drive_step(session, NULL);
	return drive_finish(session);
}

static void test_strange_answers(void)
{
	static const uint8_t http[] = "HTTP/1.0 400 Bad Request\r\n\r\n";
	static const uint8_t alert[] = {21, 3, 1, 0, 2, 2, 40};
	static const uint8_t junk[] = {22, 3, 3, 0, 5, 2, 0, 0, 1, 0xff};
	static const uint8_t ssl3[] = {22, 3, 0, 0, 42, 2, 0, 0, 38, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8,
		9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
		30, 31, 32, 0, 0, 5, 0};
	struct tl_result *r = answer(drive_worker, http, sizeof(http) - 1);

	tap_ok(r->not_tls && !r->completed && r->error[0] != '\0', "an HTTP answer is not TLS");
	tl_result_free(r);
	r = answer(drive_worker, alert, sizeof(alert));
	tap_ok(r->alert_dir == HL_ALERT_RECEIVED && r->alert_level == 2 && r->alert_code == 40,
		"the server's alert is kept with its direction");
	tap_str(r->error, "remote error: handshake_failure",
		"the server's alert becomes the error sentence");
	tl_result_free(r);
	r = answer(drive_worker, junk, sizeof(junk));
	tap_ok(!r->completed && r->lib_error != 0 && !r->not_tls, "a broken ServerHello fails");
	tap_ok(r->alert_dir == HL_ALERT_SENT && r->alert_level == 2,
		"a broken ServerHello is answered with an alert of ours");
	tl_result_free(r);
	r = answer(drive_worker, ssl3, sizeof(ssl3));
	tap_ok(!r->completed && r->version == 0x0300 && r->cipher_suite == 5,
		"an SSLv3 answer fails, and its version and suite are known");
	tl_result_free(r);
}

static struct tl_result *limited(const struct tl_config *config)
{
	struct tl_worker *w = drive_worker_make(config), *usual_worker = drive_worker;
	struct tl_result *r;

	drive_worker = w;
	r = drive_handshake(
		&(struct mem_options){.dir = drive_dir, .name = "chain", .version = 0x0304}, 4096);
	drive_worker = usual_worker;
	tl_worker_free(w);
	return r;
}

static void test_limits(void)
{
	struct tl_config config = drive_usual;
	struct tl_result *r;

	config.max_session_bytes = 500;
	r = limited(&config);
	tap_ok(!r->completed && r->limit_hit && r->error[0] != '\0',
		"a server that sends too much is left");
	tl_result_free(r);
	config = drive_usual;
	config.max_chain_bytes = 700;
	r = limited(&config);
	tap_ok(r->completed && r->chain_truncated && r->n_certs == 1 &&
			drive_leaf_is(r, "chain", 0),
		"a chain beyond its cap is cut, the leaf is kept");
	tl_result_free(r);
}

/* A session with a TLS 1.3 server, both through the handshake. */
static struct tl_session *established(struct mem_server **server)
{
	struct tl_session *session = drive_open(drive_worker, 9);

	*server = mem_server_new(
		&(struct mem_options){.dir = drive_dir, .name = "p256", .version = 0x0304});
	if (*server == NULL || session == NULL || !drive_converse(session, *server, 4096, NULL))
		return NULL;
	return session;
}

/* Each KeyUpdate costs two key derivations, and a record of ours where it asks for one. */
static void test_records_without_data(void)
{
	struct mem_server *server;
	struct tl_session *session = established(&server);
	struct tl_result *r;

	if (!tap_ok(session != NULL, "a TLS 1.3 session is open"))
		return;
	for (int i = 0; i < 20; i++)
		mem_server_update_keys(server);
	mem_server_write(server, "data");
	drive_converse(session, server, 4096, NULL);
	for (int i = 0; i < 5; i++)
		mem_server_write(server, "more");
	drive_converse(session, server, 4096, NULL);
	tap_eq(tl_session_write(session, (const uint8_t *)"x", 1), 0,
		"twenty KeyUpdates among data are nothing");
	for (int i = 0; i < 5000; i++)
		mem_server_update_keys(server);
	drive_converse(session, server, 1460, NULL);
	r = drive_finish(session);
	tap_ok(r->completed && r->limit_hit, "thousands of KeyUpdates end the session");
	tap_str(r->error, "too many records without data: KeyUpdates, tickets, empty ones",
		"a session that too many records without data have ended has the reason");
	tap_ok(r->tx_bytes < 4096, "before it has said much: %u bytes", r->tx_bytes);
	tl_result_free(r);
	mem_server_free(server);
}

static void test_output_bound(void)
{
	static uint8_t text[1024];
	struct mem_server *server;
	struct tl_session *session = established(&server);
	uint8_t buf[4096];
	size_t n_pulled = 0, n;
	struct tl_result *r;
	int i;

	if (!tap_ok(session != NULL, "a second TLS 1.3 session is open"))
		return;
	for (i = 0; i < 200; i++) {
		if (tl_session_write(session, text, sizeof(text)) != 0)
			break;
		drive_pump(session, server, NULL);
	}
	tap_eq(i, 200, "output that is taken has no bound");
	for (i = 0; i < 200; i++)
		if (tl_session_write(session, text, sizeof(text)) != 0)
			break;
	tap_ok(i > 16 && i < 32, "output that nobody takes ends the session after %d kB", i);
	while ((n = tl_session_output(session, buf, sizeof(buf))) > 0)
		n_pulled += n;
	tap_ok(n_pulled <= 32 * 1024, "what is held never goes beyond the bound");
	r = drive_finish(session);
	tap_ok(r->limit_hit, "the result knows that a limit ended it");
	tap_str(r->error, "the server makes us send more than it takes",
		"the result names the limit that has ended the session");
	tl_result_free(r);
	mem_server_free(server);
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* The system's library needs several times as much, and keeps tables of points for the thread. */
static void test_heap_cap(void)
{
	struct tl_config config = drive_usual;
	struct tl_result *r;

	config.max_heap_bytes = 9000;
	r = limited(&config);
	tap_ok(r != NULL && !r->completed && r->limit_hit && r->peak_heap_bytes <= 9000,
		"a session stays within its heap and says that it ran out");
	tl_result_free(r);
}

static void test_memory_comes_back(void)
{
	size_t before, after, peak;

	tl_worker_memory(drive_worker, &before, &peak);
	for (unsigned int i = 0; i < 20; i++) {
		tl_result_free(drive_handshake(
			&(struct mem_options){.dir = drive_dir, .name = "chain", .version = 0x0304},
			4096));
		tl_result_free(drive_handshake(
			&(struct mem_options){.dir = drive_dir, .name = "chain", .version = 0x0303},
			4096));
	}
	tl_worker_memory(drive_worker, &after, &peak);
	tap_eq((int64_t)after, (int64_t)before,
		"forty sessions with CA certificates leave nothing behind in the worker");
}

#endif

int main(void)
{
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command to make certificates with");
	tap_eq(tl_global_init(), 0, "limits of a session: the library starts");
	drive_worker = drive_worker_make(&drive_usual);
	tap_ok(drive_worker != NULL, "limits of a session: a worker is made");
	test_strange_answers();
	test_limits();
	test_records_without_data();
	test_output_bound();
#if !TLSWEEP_WOLFSSL_SYSTEM
	test_heap_cap();
	test_memory_comes_back();
#else
	tap_skip("the heap of a session has a cap, and all of it comes back",
		"not in the system's wolfSSL");
#endif
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
