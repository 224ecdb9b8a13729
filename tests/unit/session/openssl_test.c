/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions against `openssl s_server` on loopback: another implementation agrees on what was
 * negotiated. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certs.h"
#include "tap.h"
#include "tls/session/session.h"

#define MAX_TURNS 200
#define MAX_ARGS  40
#define TIMEOUT_S 10
#define RETRIES	  400
#define RETRY_US  10000

static char dir[256];
static struct tl_worker *worker;

struct server {
	pid_t pid;
	int input; /* its standard input: commands */
	uint16_t port;
};

static int socket_bound(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*addr = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd >= 0 && bind(fd, (struct sockaddr *)addr, len) == 0)
		getsockname(fd, (struct sockaddr *)addr, &len);
	return fd;
}

static void server_exec(const struct server *server, const char *options)
{
	char accept[32], copy[600], *argv[MAX_ARGS] = {"openssl", "s_server", "-accept", accept},
				    *state;
	int n = 4;

	snprintf(accept, sizeof(accept), "127.0.0.1:%u", server->port);
	snprintf(copy, sizeof(copy), "%s", options);
	for (char *arg = strtok_r(copy, " ", &state); arg != NULL && n < MAX_ARGS - 1;
		arg = strtok_r(NULL, " ", &state))
		argv[n++] = arg;
	argv[n] = NULL;
	if (chdir(dir) == 0)
		execvp(argv[0], argv);
	_exit(127);
}

static struct server server_start(const char *options)
{
	struct sockaddr_in addr;
	struct server server = {.pid = -1, .input = -1};
	int pipe_fd[2], bound = socket_bound(&addr);

	server.port = ntohs(addr.sin_port);
	close(bound); /* s_server takes the port that was free a moment ago */
	if (pipe(pipe_fd) != 0)
		return server;
	fflush(stdout);
	server.pid = fork();
	if (server.pid == 0) {
		dup2(pipe_fd[0], STDIN_FILENO);
		close(pipe_fd[1]);
		if (freopen("/dev/null", "w", stdout) == NULL ||
			freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		server_exec(&server, options);
	}
	close(pipe_fd[0]);
	server.input = pipe_fd[1];
	return server;
}

static void server_stop(struct server *server)
{
	close(server->input);
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
}

static int server_connect(const struct server *server)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
		.sin_port = htons(server->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = TIMEOUT_S};

	for (int i = 0; i < RETRIES; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
			return fd;
		close(fd);
		usleep(RETRY_US);
	}
	return -1;
}

static void flush_output(struct tl_session *session, int fd)
{
	uint8_t buf[4096];
	size_t n;

	while ((n = tl_session_output(session, buf, sizeof(buf))) > 0) {
		if (send(fd, buf, n, MSG_NOSIGNAL) != (ssize_t)n)
			return;
	}
}

/* Until the session has what until asks for, is over, or the server fell silent. */
static enum tl_step converse(struct tl_session *session, int fd, enum tl_step until)
{
	uint8_t buf[2048];
	const uint8_t *plain;
	size_t plain_len;

	for (int turn = 0; turn < MAX_TURNS; turn++) {
		enum tl_step step = tl_session_step(session, &plain, &plain_len);
		ssize_t n;

		flush_output(session, fd);
		if (step == until || step == TL_FAILED || step == TL_CLOSED)
			return step;
		if (step != TL_WANT_READ)
			continue;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n <= 0) {
			tl_session_fail(session, "connection closed");
			return TL_FAILED;
		}
		tl_session_feed(session, buf, (size_t)n);
	}
	return TL_FAILED;
}

static struct tl_result *talk(const char *options, const char *command, enum tl_step until)
{
	struct server server = server_start(options);
	int fd = server_connect(&server);
	struct tl_session *session = tl_session_open(
		worker, &(struct tl_open){
				.seed = server.port, .sni = "test.example", .alpn = "h2,http/1.1"});
	struct tl_result *result;

	if (converse(session, fd, TL_ESTABLISHED) == TL_ESTABLISHED && until != TL_ESTABLISHED) {
		if (command != NULL && write(server.input, command, strlen(command)) < 0)
			tl_session_fail(session, "s_server is gone");
		converse(session, fd, until);
	}
	result = tl_session_take_result(session);
	tl_session_free(session);
	if (fd >= 0)
		close(fd);
	server_stop(&server);
	return result;
}

struct kind {
	const char *label, *options;
	uint16_t version, suite, group, dh_bits;
	bool needs_source; /* the system's wolfSSL lacks it */
};

#define RSA  "-cert rsa.pem -key rsa.key "
#define P256 "-cert p256.pem -key p256.key "

static const struct kind kinds[] = {
	{"TLS 1.3 RSA", RSA "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.3 P-256", P256 "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", 0x0304, 0x1303,
		29, 0, false},
	{"TLS 1.3 by HelloRetryRequest", P256 "-tls1_3 -groups P-384", 0x0304, 0x1301, 24, 0,
		false},
	{"TLS 1.3 Ed25519", "-cert ed25519.pem -key ed25519.key -tls1_3", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.3 RSA-3072", "-cert rsa3072.pem -key rsa3072.key -tls1_3", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.2 RSA-3072", "-cert rsa3072.pem -key rsa3072.key -tls1_2", 0x0303, 0xc02f, 29, 0,
		true},
	{"TLS 1.2 P-384 curve only",
		RSA "-tls1_2 -groups P-384 -cipher ECDHE-RSA-AES256-GCM-SHA384", 0x0303, 0xc030, 24,
		0, false},
	{"TLS 1.2 ChaCha", P256 "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", 0x0303, 0xcca9, 29,
		0, false},
	{"TLS 1.2 Ed25519",
		"-cert ed25519.pem -key ed25519.key -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256",
		0x0303, 0xc02b, 29, 0, false},
	{"TLS 1.2 CBC", RSA "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256", 0x0303, 0xc027, 29, 0,
		false},
	{"TLS 1.2 DHE", RSA "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", 0x0303, 0x009e, 0, 2048,
		false},
	{"TLS 1.2 static RSA", RSA "-tls1_2 -cipher AES128-SHA", 0x0303, 0x002f, 0, 0, true},
	{"TLS 1.2 in the client's order prefers ECDHE, AES-128", RSA "-tls1_2", 0x0303, 0xc02f, 29,
		0, true},
	{"TLS 1.1", RSA "-tls1_1 -cipher ECDHE-RSA-AES128-SHA:@SECLEVEL=0", 0x0302, 0xc013, 29, 0,
		false},
	{"TLS 1.0", RSA "-tls1 -cipher ECDHE-RSA-AES256-SHA:@SECLEVEL=0", 0x0301, 0xc014, 29, 0,
		true},
	{"TLS 1.0 static RSA", RSA "-tls1 -cipher AES256-SHA:@SECLEVEL=0", 0x0301, 0x0035, 0, 0,
		true},
};

static void test_kind(const struct kind *k)
{
	struct tl_result *r;

	if (k->needs_source && TLSWEEP_WOLFSSL_SYSTEM) {
		tap_ok(true, "%s # SKIP not in the system's wolfSSL", k->label);
		return;
	}
	r = talk(k->options, NULL, TL_ESTABLISHED);
	if (!tap_ok(r->completed, "%s completes", k->label))
		printf("# %s (%d) alert %u\n", r->error, r->lib_error, r->alert_code);
	if (!tap_ok(r->version == k->version && r->cipher_suite == k->suite &&
			    r->group == k->group && r->dh_bits == k->dh_bits && r->n_certs == 1,
		    "%s: version, suite, group, DH size and the one certificate", k->label))
		printf("# %x %x %u %u %u\n", r->version, r->cipher_suite, r->group, r->dh_bits,
			r->n_certs);
	tap_ok(r->kex.seen == (r->version < 0x0304 && (r->group != 0 || r->dh_bits != 0)) &&
			(r->version != 0x0303 || !r->kex.seen || r->kex.sig_alg != 0),
		"%s: the key exchange was seen in the clear where there is one", k->label);
	tl_result_free(r);
}

static void test_alpn(void)
{
	struct tl_result *r = talk(P256 "-tls1_3 -alpn http/1.1", NULL, TL_ESTABLISHED);

	tap_str(r->alpn, "http/1.1", "TLS 1.3: the encrypted ALPN choice is found");
	tl_result_free(r);
	r = talk(P256 "-tls1_2 -alpn h2", NULL, TL_ESTABLISHED);
	tap_str(r->alpn, "h2", "TLS 1.2: the plain one too");
	tap_ok(r->hello.ticket && r->hello.extended_master_secret,
		"so are tickets and extended master secret");
	if (!TLSWEEP_WOLFSSL_SYSTEM)
		tap_ok(r->hello.secure_renegotiation, "and secure renegotiation");
	tl_result_free(r);
}

static void test_refusals(void)
{
	struct tl_result *r = talk(
		"-nocert -psk 0123456789 -tls1_2 -cipher PSK", NULL, TL_ESTABLISHED);

	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_level == 2 &&
			r->alert_code == 40,
		"a server with PSK suites only answers handshake_failure");
	tap_str(r->error, "remote error: handshake_failure", "and the sentence says so");
	tl_result_free(r);
	r = talk(RSA "-tls1_2 -Verify 1 -verify_return_error -cipher ECDHE-RSA-AES128-GCM-SHA256",
		NULL, TL_ESTABLISHED);
	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->n_certs == 1,
		"TLS 1.2: a server that insists on a client certificate refuses, its own is kept");
	tl_result_free(r);
	r = talk(RSA "-tls1_3 -Verify 1 -verify_return_error", NULL, TL_CLOSED);
	tap_ok(r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_code == 116,
		"TLS 1.3: the refusal comes after our Finished: certificate_required");
	tl_result_free(r);
	r = talk(RSA "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", "R\n", TL_CLOSED);
	tap_ok(r->completed && r->error[0] != '\0' && r->n_certs == 1,
		"a renegotiation is not followed; what the handshake found stays");
	tl_result_free(r);
	r = talk(RSA "-tls1_3", "Q\n", TL_CLOSED);
	tap_ok(r->completed, "tickets, then a bare close: the handshake stays complete");
	tap_str(r->error, "connection closed", "and the owner's words stand");
	tl_result_free(r);
}

int main(void)
{
	static const struct tl_config config = {
		.max_session_bytes = 256 * 1024, .max_chain_bytes = 128 * 1024};
	const char *why;

	if (!certs_make(dir, sizeof(dir)))
		return tap_skip_all("no openssl command here");
	tap_eq(tl_global_init(), 0, "the library starts");
	worker = tl_worker_new(&config, &why);
	if (!tap_ok(worker != NULL, "a worker is made"))
		return tap_done();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		test_kind(&kinds[i]);
	test_alpn();
	test_refusals();
	tl_worker_free(worker);
	certs_remove(dir);
	return tap_done();
}
