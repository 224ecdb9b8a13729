/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "drive.h"

#define MAX_TURNS 100000

char drive_dir[256];
struct tl_worker *drive_worker;

const struct tl_config drive_usual = {
	.max_session_bytes = 256 * 1024, .max_chain_bytes = 128 * 1024};

struct tl_worker *drive_worker_make(const struct tl_config *config)
{
	const char *why;

	return tl_worker_new(config, &why);
}

struct tl_session *drive_open(struct tl_worker *w, uint64_t seed)
{
	return tl_session_open(
		w, &(struct tl_open){.seed = seed, .sni = "test.example", .alpn = "http/1.1"});
}

size_t drive_pump(struct tl_session *session, struct mem_server *server, struct drive_transcript *t)
{
	uint8_t buf[4096];
	size_t n = tl_session_output(session, buf, sizeof(buf));

	if (n > 0 && server != NULL)
		mem_server_input(server, buf, n);
	if (t != NULL && n <= sizeof(t->client) - t->client_len) {
		memcpy(t->client + t->client_len, buf, n);
		t->client_len += n;
	}
	return n;
}

enum tl_step drive_step(struct tl_session *session, bool *established)
{
	const uint8_t *plain;
	size_t len;
	enum tl_step step;

	do {
		step = tl_session_step(session, &plain, &len);
		if (step == TL_ESTABLISHED && established != NULL)
			*established = true;
	} while (step == TL_ESTABLISHED || step == TL_PLAINTEXT);
	return step;
}

/* Run both sides in pieces of chunk bytes until nothing moves. @return true when the client got
 * through */
bool drive_converse(struct tl_session *session, struct mem_server *server, size_t chunk,
	struct drive_transcript *t)
{
	struct mem_buffer *out = mem_server_out(server);
	bool established = false;

	for (int turn = 0; turn < MAX_TURNS; turn++) {
		size_t n = out->len - out->off;

		if (drive_pump(session, server, t) > 0)
			continue;
		if (n == 0)
			break;
		n = n < chunk ? n : chunk;
		if (t != NULL && n <= sizeof(t->server) - t->server_len) {
			memcpy(t->server + t->server_len, out->bytes + out->off, n);
			t->server_len += n;
		}
		tl_session_feed(session, out->bytes + out->off, n);
		out->off += n;
		if (drive_step(session, &established) == TL_FAILED)
			drive_pump(session, server, t);
	}
	return established;
}

struct tl_result *drive_finish(struct tl_session *session)
{
	struct tl_result *result = tl_session_take_result(session);

	tl_session_free(session);
	return result;
}

struct tl_result *drive_handshake(const struct mem_options *options, size_t chunk)
{
	struct mem_server *server = mem_server_new(options);
	struct tl_session *session = drive_open(drive_worker, 1);
	struct tl_result *result;

	if (server == NULL || session == NULL) {
		mem_server_free(server);
		tl_session_free(session);
		return NULL;
	}
	drive_converse(session, server, chunk, NULL);
	result = drive_finish(session);
	mem_server_free(server);
	return result;
}

bool drive_leaf_is(const struct tl_result *result, const char *name, unsigned int index)
{
	char file[64];
	size_t len;
	uint8_t *der;
	bool same;

	snprintf(file, sizeof(file), "%s.pem", name);
	der = certs_load_der(drive_dir, file, index, &len);
	same = der != NULL && result->n_certs > index && result->certs[index].len == len &&
	       memcmp(result->der + result->certs[index].off, der, len) == 0;
	free(der);
	return same;
}
