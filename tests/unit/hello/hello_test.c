/* SPDX-License-Identifier: BSD-3-Clause */
/* The flight reader: what it finds in flights built here, in every split and cut, and what it
 * refuses. */
#include <stdlib.h>

#include "tap.h"
#include "tls/hello/flight.h"

struct bytes {
	uint8_t at[8192];
	size_t len;
};

static uint8_t scratch[4096];
static struct bytes certs_body; /* body of the Certificate message fed last */

static void put(struct bytes *b, const void *bytes, size_t n)
{
	memcpy(b->at + b->len, bytes, n);
	b->len += n;
}

static void put_number(struct bytes *b, uint32_t value, unsigned int n)
{
	while (n-- > 0)
		b->at[b->len++] = (uint8_t)(value >> (8 * n));
}

static void put_fill(struct bytes *b, uint8_t value, size_t n)
{
	memset(b->at + b->len, value, n);
	b->len += n;
}

static void put_message(struct bytes *b, uint8_t type, const struct bytes *body)
{
	put_number(b, type, 1);
	put_number(b, (uint32_t)body->len, 3);
	put(b, body->at, body->len);
}

static void put_record(struct bytes *b, uint8_t type, const struct bytes *body)
{
	put_number(b, type, 1);
	put_number(b, 0x0303, 2);
	put_number(b, (uint32_t)body->len, 2);
	put(b, body->at, body->len);
}

/* The body of a ServerHello with the extensions given. */
static struct bytes server_hello(uint16_t suite, const struct bytes *extensions)
{
	struct bytes b = {.len = 0};

	put_number(&b, 0x0303, 2);
	put_fill(&b, 0x5a, 32);
	put_number(&b, 4, 1);
	put_number(&b, 0xdeadbeef, 4);
	put_number(&b, suite, 2);
	put_number(&b, 0, 1);
	if (extensions != NULL) {
		put_number(&b, (uint32_t)extensions->len, 2);
		put(&b, extensions->at, extensions->len);
	}
	return b;
}

static struct bytes extensions_12(void)
{
	struct bytes b = {.len = 0};

	put(&b, "\xff\x01\x00\x01\x00", 5);
	put(&b, "\x00\x0b\x00\x02\x01\x00", 6);
	put(&b, "\x00\x10\x00\x0b\x00\x09\x08http/1.1", 15);
	put(&b, "\x00\x17\x00\x00", 4);
	put(&b, "\x00\x23\x00\x00", 4);
	return b;
}

static struct bytes key_exchange_dhe(void)
{
	struct bytes b = {.len = 0};

	put(&b, "\x00\x81\x00", 3); /* 129 bytes, the first one zero */
	put_fill(&b, 0x7f, 128);
	put(&b, "\x00\x01\x02", 3);
	put_number(&b, 4, 2);
	put_fill(&b, 9, 4);
	put(&b, "\x08\x04\x00\x02\x01\x02", 6);
	return b;
}

static struct bytes certificate_list(void)
{
	struct bytes b = {.len = 0};

	put(&b,
		"\x00\x00\x0b\x00\x00\x03"
		"abc\x00\x00\x02"
		"de",
		14);
	return b;
}

/* A TLS 1.2 flight, its messages laid over records of record_len bytes. */
static struct bytes flight_12(size_t record_len)
{
	struct bytes ext = extensions_12(), hello = server_hello(0x009e, &ext);
	struct bytes kex = key_exchange_dhe(), certs = certificate_list(), none = {.len = 0};
	struct bytes messages = {.len = 0}, flight = {.len = 0};

	put_message(&messages, 2, &hello);
	put_message(&messages, 11, &certs);
	put_message(&messages, 12, &kex);
	put_message(&messages, 13, &none);
	put_message(&messages, 14, &none);
	for (size_t at = 0; at < messages.len; at += record_len) {
		struct bytes part = {.len = 0};

		put(&part, messages.at + at,
			messages.len - at < record_len ? messages.len - at : record_len);
		put_record(&flight, 22, &part);
	}
	return flight;
}

/* All of it, whatever the reader stops for; the certificates are copied as they come. */
static bool feed(struct hl_flight *f, const uint8_t *bytes, size_t len)
{
	while (len > 0 && hl_flight_open(f)) {
		size_t n = hl_flight_input(f, bytes, len);

		bytes += n;
		len -= n;
		if (f->certs != NULL)
			memcpy(certs_body.at, f->certs, certs_body.len = f->certs_len);
	}
	return hl_flight_open(f);
}

static void begin(struct hl_flight *f, uint8_t *buf, uint32_t cap)
{
	certs_body.len = 0;
	hl_flight_init(f, buf, cap);
}

static struct hl_key_exchange kex_of(const struct hl_flight *f)
{
	struct hl_key_exchange kex;

	hl_flight_key_exchange(f, &kex);
	return kex;
}

static bool whole_12(const struct hl_flight *f)
{
	struct hl_key_exchange kex = kex_of(f);

	return f->hello.seen && f->hello.cipher_suite == 0x009e && f->hello.session_id_len == 4 &&
	       f->hello.secure_renegotiation && f->hello.extended_master_secret &&
	       f->hello.ticket && strcmp(f->hello.alpn, "http/1.1") == 0 && f->certificate_seen &&
	       kex.seen && kex.dh_bits == 1023 && kex.dh_p.left == 128 && kex.dh_p.at[0] == 0x7f &&
	       kex.dh_g.left == 1 && kex.dh_g.at[0] == 2 && kex.sig_alg == 0x0804 &&
	       f->cert_request_seen && f->hello_done_seen && !f->malformed && !f->not_tls;
}

static void test_splits(void)
{
	static const size_t record_lens[] = {1, 5, 37, 2000};
	struct hl_flight f;
	char label[100];

	for (size_t r = 0; r < sizeof(record_lens) / sizeof(record_lens[0]); r++) {
		struct bytes flight = flight_12(record_lens[r]);
		size_t good = 0;

		for (size_t split = 0; split <= flight.len; split++) {
			begin(&f, scratch, sizeof(scratch));
			feed(&f, flight.at, split);
			feed(&f, flight.at + split, flight.len - split);
			good += whole_12(&f);
		}
		snprintf(label, sizeof(label),
			"a flight in records of %zu bytes is read in every split", record_lens[r]);
		tap_eq((int64_t)good, (int64_t)flight.len + 1, label);
		begin(&f, scratch, sizeof(scratch));
		for (size_t i = 0; i < flight.len; i++)
			feed(&f, flight.at + i, 1);
		tap_ok(whole_12(&f), "a flight in records of one size is read byte by byte");
	}
}

static void test_small_scratch(void)
{
	struct bytes flight = flight_12(2000);
	struct hl_flight f;

	begin(&f, scratch, 140);
	feed(&f, flight.at, flight.len);
	tap_ok(kex_of(&f).dh_bits == 1023 && f.hello_done_seen && !f.malformed,
		"of a message longer than the buffer the beginning is read");
	begin(&f, NULL, 0);
	tap_ok(feed(&f, flight.at, flight.len) && f.hello_done_seen && !f.hello.seen &&
			f.certificate_seen && certs_body.len == 0,
		"without any buffer messages are told by type");
}

/* From no scratch at all, each message gets a block of its own length, as sessions do it. */
static void test_scratch_to_measure(void)
{
	struct bytes flight = flight_12(37);
	struct hl_flight f;
	size_t at = 0;
	bool stopped = false;

	begin(&f, NULL, 0);
	while (at < flight.len) {
		at += hl_flight_input(&f, flight.at + at, flight.len - at);
		stopped = stopped || f.certs != NULL;
		if (f.want > 0) {
			free(f.scratch);
			hl_flight_scratch(&f, malloc(f.want), f.want);
		}
	}
	tap_ok(whole_12(&f) && stopped, "a reader that gets what it wants misses nothing");
	tap_ok(f.kex_len == f.scratch_cap,
		"a reader that gets the room it wants ends with the key exchange alone");
	free(f.scratch);
}

static void test_ecdhe(void)
{
	struct bytes hello = server_hello(0xc02f, NULL), body = {.len = 0}, m = {.len = 0},
		     flight = {.len = 0};
	struct hl_flight f;

	put(&body,
		"\x03\x00\x1d\x02"
		"pk\x04\x03\x00\x00",
		10);
	put_message(&m, 2, &hello);
	put_message(&m, 12, &body);
	put_record(&flight, 22, &m);
	begin(&f, scratch, sizeof(scratch));
	feed(&f, flight.at, flight.len);
	tap_ok(kex_of(&f).group == 29 && kex_of(&f).sig_alg == 0x0403 && kex_of(&f).dh_bits == 0,
		"an ECDHE key exchange tells group and signature");
	tap_eq(f.hello.n_extensions, 0, "a ServerHello without extensions is whole");
}

static void test_tls13(void)
{
	struct bytes ext = {.len = 0}, retry_ext = {.len = 0}, m = {.len = 0}, flight = {.len = 0};
	struct bytes one = {.at = {1}, .len = 1}, hello, retry;
	static const uint8_t retry_random[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
		0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
	struct hl_flight f;

	put(&retry_ext, "\x00\x33\x00\x02\x00\x17\x00\x2b\x00\x02\x03\x04", 12);
	put(&ext, "\x00\x33\x00\x06\x00\x17\x00\x02pk\x00\x2b\x00\x02\x03\x04", 16);
	retry = server_hello(0x1301, &retry_ext);
	memcpy(retry.at + 2, retry_random, 32);
	hello = server_hello(0x1301, &ext);
	put_message(&m, 2, &retry);
	put_record(&flight, 22, &m);
	begin(&f, scratch, sizeof(scratch));
	feed(&f, flight.at, flight.len);
	tap_ok(f.hello.retry_seen && !f.hello.seen && f.hello.key_share_group == 23,
		"a HelloRetryRequest tells its group and is no ServerHello");
	/* Left for want of time at this point, such a host was taken for none of TLS. */
	tap_ok(f.hello.from_server, "a HelloRetryRequest shows that a TLS server speaks");
	flight.len = m.len = 0;
	put_record(&flight, 20, &one);
	put_message(&m, 2, &hello);
	put_record(&flight, 22, &m);
	put_record(&flight, 20, &one);
	tap_ok(feed(&f, flight.at, flight.len), "ChangeCipherSpec ends nothing in TLS 1.3");
	tap_ok(f.hello.seen && f.hello.retry_seen && f.hello.selected_version == 0x0304 &&
			f.hello.key_share_group == 23,
		"the ServerHello after a HelloRetryRequest is read");
	flight.len = 0;
	put_record(&flight, 23, &one);
	tap_ok(!feed(&f, flight.at, flight.len) && f.encrypted,
		"application data ends the first flight of TLS 1.3");
}

static bool reads(const char *bytes, size_t len, struct hl_flight *f)
{
	begin(f, scratch, sizeof(scratch));
	return feed(f, (const uint8_t *)bytes, len);
}

static void test_refused(void)
{
	struct hl_flight f;

	tap_ok(!reads("H", 1, &f) && f.not_tls,
		"one letter of HTTP is enough to see that it is not TLS");
	tap_ok(!reads("\x16H", 2, &f) && f.not_tls, "a strange major version is not TLS");
	tap_ok(!reads("\x80\x2e\x04", 3, &f) && f.not_tls, "SSLv2 is not TLS");
	tap_ok(!reads("\x16\x03\x03\x00\x00", 5, &f) && f.malformed,
		"an empty handshake record is malformed");
	tap_ok(!reads("\x16\x03\x03\x40\x01", 5, &f) && f.malformed,
		"a handshake record of more than 2^14 bytes is malformed");
	tap_ok(!reads("\x16\x03\x03\x00\x08\x02\x00\x00\x04\x03\x03\x00\x00", 13, &f) &&
			f.malformed,
		"a ServerHello that ends early is malformed");
	tap_ok(!reads("\x15\x03\x03\x00\x02\x02\x28", 7, &f) && f.alert_level == 2 &&
			f.alert_code == 40,
		"a fatal alert is kept and ends the reading");
	tap_ok(reads("\x15\x03\x03\x00\x02\x01\x70", 7, &f) && f.alert_level == 1 &&
			f.alert_code == 112,
		"a warning is kept and ends nothing");
	tap_ok(!reads("\x15\x03\x03\x00\x02\x01\x70Q", 8, &f) && f.malformed && !f.not_tls,
		"junk after a record is malformed, no longer \"not TLS\"");
}

static void test_lying_lengths(void)
{
	struct bytes flight = flight_12(2000);
	struct hl_flight f;
	size_t n = 0;

	/* Every byte in turn becomes every extreme; the sanitizers watch. */
	for (size_t i = 0; i < flight.len; i++) {
		static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
		uint8_t was = flight.at[i];

		for (size_t v = 0; v < sizeof(values); v++) {
			flight.at[i] = values[v];
			begin(&f, scratch, sizeof(scratch));
			feed(&f, flight.at, flight.len);
			n += f.hello.n_extensions <= HL_MAX_EXTENSIONS &&
			     kex_of(&f).dh_p.left <= HL_DH_P_MAX &&
			     certs_body.len <= sizeof(scratch);
		}
		flight.at[i] = was;
	}
	tap_eq((int64_t)n, (int64_t)flight.len * 5, "no single lying byte breaks a bound");
}

static void test_ja3s(void)
{
	struct hl_server_hello hello = {.seen = true, .legacy_version = 771, .cipher_suite = 52393};
	const uint16_t extensions[] = {0, 65281, 11, 16};
	char text[64], small[8];

	memcpy(hello.extensions, extensions, sizeof(extensions));
	hello.n_extensions = 4;
	hl_ja3s_string(&hello, text, sizeof(text));
	tap_str(text, "771,52393,0-65281-11-16",
		"JA3S of a TLS 1.2 ServerHello is that of the published method");
	tap_eq((int64_t)hl_ja3s_string(&hello, small, sizeof(small)), 7,
		"JA3S is cut to the room that is given");
	tap_str(small, "771,523", "JA3S that is cut is terminated");
	hello.n_extensions = 0;
	hello.cipher_suite = 4865;
	hl_ja3s_string(&hello, text, sizeof(text));
	tap_str(text, "771,4865,", "without extensions the last field is empty");
	hello.seen = false;
	tap_eq((int64_t)hl_ja3s_string(&hello, text, sizeof(text)), 0,
		"without a ServerHello there is no JA3S");
}

static void test_names(void)
{
	unsigned int n = 0;

	tap_str(hl_suite_name(0x1301), "TLS_AES_128_GCM_SHA256", "a suite of TLS 1.3 has its name");
	tap_str(hl_suite_name(0x0000), "TLS_NULL_WITH_NULL_NULL",
		"the first suite of the table has its name");
	tap_str(hl_suite_name(0xffe1), "SSL_RSA_FIPS_WITH_DES_CBC_SHA_2",
		"the last suite of the table has its name");
	tap_str(hl_suite_name(0x0065), "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA",
		"a 56-bit export suite has its name");
	tap_str(hl_suite_name(0x4a4a), "unknown", "a GREASE value has no name");
	/* A table out of order would make the bisection miss entries. */
	for (uint32_t code = 0; code <= UINT16_MAX; code++)
		n += strcmp(hl_suite_name((uint16_t)code), "unknown") != 0;
	tap_eq(n, 374, "every suite that has a name is found");
	tap_str(hl_version_name(0x0301), "TLSv1.0", "a version has its name in ZGrab2's spelling");
	tap_str(hl_group_name(29), "x25519", "a group has its name");
	tap_str(hl_alert_name(112), "unrecognized_name", "an alert has its name");
	tap_str(hl_alert_name(200), "unknown", "a byte that is no alert has no name");
}

int main(void)
{
	test_splits();
	test_small_scratch();
	test_scratch_to_measure();
	test_ecdhe();
	test_tls13();
	test_refused();
	test_lying_lengths();
	test_ja3s();
	test_names();
	return tap_done();
}
