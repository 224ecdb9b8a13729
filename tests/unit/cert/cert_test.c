/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates made by openssl are read as openssl reads them; broken ones are refused with a
 * reason. */
#include <stdlib.h>

#include "certs.h"
#include "tap.h"
#include "tls/cert/facts.h"

static char dir[256];
static struct ct_facts facts;

/* Run a shell line in the folder; its first output line without the newline. */
static const char *shell(const char *command)
{
	static char line[2048];
	char whole[2300];
	FILE *p;

	snprintf(whole, sizeof(whole), "cd '%s' && { %s; } 2>/dev/null", dir, command);
	line[0] = '\0';
	p = popen(whole, "r");
	if (p == NULL)
		return line;
	if (fgets(line, sizeof(line), p) == NULL)
		line[0] = '\0';
	while (fgetc(p) != EOF)
		continue;
	pclose(p);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static const char *hex(const uint8_t *bytes, size_t len)
{
	static char text[200];

	text[0] = '\0';
	for (size_t i = 0; i < len && i < 64; i++)
		snprintf(text + 2 * i, 3, "%02X", bytes[i]);
	return text;
}

static bool read_file(const char *file)
{
	size_t len;
	uint8_t *der = certs_load_der(dir, file, 0, &len);
	bool ok = der != NULL && ct_facts_read(der, len, &facts);

	if (ok)
		(void)ct_facts_verify(der, len, &facts);
	free(der);
	return ok;
}

static bool has_name(enum ct_name_kind kind, const char *text)
{
	for (unsigned int i = 0; i < facts.n_names; i++) {
		const struct ct_name *n = &facts.names[i];

		if (n->kind == kind && n->len == strlen(text) &&
			memcmp(facts.names_text + n->off, text, n->len) == 0)
			return true;
	}
	return false;
}

static void test_against_openssl(void)
{
	char want[300];

	tap_ok(read_file("rsa.pem"), "an RSA certificate is read");
	tap_str(facts.subject_dn, "C=DE, O=Test, CN=rsa.example",
		"an RSA certificate: its subject is read");
	tap_str(facts.issuer_cn, "rsa.example",
		"an RSA certificate: the common name of its issuer is read");
	snprintf(want, sizeof(want), "%s",
		shell("openssl x509 -in rsa.pem -noout -serial | cut -d= -f2"));
	tap_str(hex(facts.serial, facts.serial_len), want,
		"an RSA certificate: its serial number is as openssl prints it");
	snprintf(want, sizeof(want), "%s",
		shell("openssl x509 -in rsa.pem -noout -fingerprint -sha256 | cut -d= -f2 | tr -d "
		      ":"));
	tap_str(hex(facts.sha256, 32), want, "an RSA certificate: its SHA-256 is that of openssl");
	snprintf(want, sizeof(want), "%s",
		shell("openssl x509 -in rsa.pem -noout -fingerprint -sha1 | cut -d= -f2 | tr -d "
		      ":"));
	tap_str(hex(facts.sha1, 20), want, "an RSA certificate: its SHA-1 is that of openssl");
	snprintf(want, sizeof(want), "%s",
		shell("openssl x509 -in rsa.pem -noout -pubkey | openssl pkey -pubin -outform DER "
		      "| "
		      "sha256sum | cut -c1-64 | tr a-f A-F"));
	tap_str(hex(facts.spki_sha256, 32), want,
		"an RSA certificate: the SHA-256 of its key is that of openssl");
	snprintf(want, sizeof(want), "%s",
		shell("date -u +%Y-%m-%dT%H:%M:%SZ -d \"$(openssl x509 -in rsa.pem -noout -enddate "
		      "| "
		      "cut -d= -f2)\""));
	tap_str(facts.not_after, want, "an RSA certificate: the end of its validity is read");
	tap_eq(facts.not_after_unix,
		atoll(shell("date +%s -d \"$(openssl x509 -in rsa.pem -noout -enddate | cut -d= "
			    "-f2)\"")),
		"an RSA certificate: the end of its validity is read in seconds");
	tap_ok(facts.version == 3 && facts.key_bits == 2048 && facts.is_ca &&
			facts.has_basic_constraints,
		"an RSA certificate: it is of version 3, has 2048 bits and is a CA");
	tap_ok(facts.n_names == 2 && has_name(CT_NAME_DNS, "rsa.example") &&
			has_name(CT_NAME_IP, "192.0.2.1"),
		"an RSA certificate: both of its alternative names are read, the address as text");
}

static void test_algorithms(void)
{
	static const struct {
		const char *options, *key, *curve, *signature;
		uint16_t bits;
		bool verified;
	} kinds[] = {
		{"-newkey rsa:1024 -sha1", "RSA", "", "SHA1-RSA", 1024, true},
		{"-newkey rsa:2048 -sha512", "RSA", "", "SHA512-RSA", 2048, true},
		{"-newkey rsa:2048 -md5", "RSA", "", "MD5-RSA", 2048, true},
		{"-newkey rsa:2048 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
			"RSA", "", "SHA256-RSAPSS", 2048, true},
		{"-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384", "ECDSA", "P-384",
			"ECDSA-SHA384", 384, true},
		{"-newkey ec -pkeyopt ec_paramgen_curve:P-521 -sha512", "ECDSA", "P-521",
			"ECDSA-SHA512", 521, true},
		{"-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1", "ECDSA", "P-256",
			"ECDSA-SHA1", 256, true},
		{"-newkey ed25519", "Ed25519", "", "Ed25519", 256, true},
		{"-newkey ed448", "Ed448", "", "Ed448", 456, true},
		{"-newkey rsa:2048 -sha3-256", "RSA", "", "2.16.840.1.101.3.4.3.14", 2048, false},
	};
	char command[400];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(command, sizeof(command),
			"openssl req -x509 -nodes -days 9 -subj /CN=x -keyout k.key -out k.pem %s "
			"&& echo ok",
			kinds[i].options);
		if (strcmp(shell(command), "ok") != 0) {
			tap_skip(kinds[i].options, "this openssl does not make it");
			continue;
		}
		tap_about("a certificate of %s", kinds[i].options);
		tap_ok(read_file("k.pem"), "the certificate can be read");
		tap_str(facts.key_algorithm, kinds[i].key, "the algorithm of the key has its name");
		tap_str(facts.signature_algorithm, kinds[i].signature,
			"the algorithm of the signature has its name");
		tap_ok(facts.key_bits == kinds[i].bits && strcmp(facts.curve, kinds[i].curve) == 0,
			"the size of its key and its curve are read");
		tap_ok(facts.self_issued &&
				(facts.self_signed == CT_SELF_SIGNED_YES) == kinds[i].verified,
			"it is self-issued, and its signature is checked if wolfCrypt can");
	}
}

static void test_names(void)
{
	shell("openssl req -x509 -nodes -days 9 -newkey ed25519 -keyout n.key -out n.pem -utf8 "
	      "-subj '/DC=org/DC=example/OU=a\\+b, c/1.3.6.1.4.1.311.60.2.1.3=DE/CN=Käse' "
	      "-addext "
	      "'subjectAltName=email:a@b.example,URI:https://x.example/"
	      ",IP:2001:db8::1,DNS:*.y.example'");
	tap_ok(read_file("n.pem"), "a certificate with unusual names is read");
	tap_str(facts.subject_dn,
		"DC=org, DC=example, OU=a\\+b\\, c, 1.3.6.1.4.1.311.60.2.1.3=DE, CN=Käse",
		"separators inside values are escaped, unknown types dotted, UTF-8 kept");
	tap_ok(has_name(CT_NAME_EMAIL, "a@b.example") &&
			has_name(CT_NAME_URI, "https://x.example/") &&
			has_name(CT_NAME_IP, "2001:db8::1") && has_name(CT_NAME_DNS, "*.y.example"),
		"e-mail address, IP address, URI and DNS name of a certificate are read");
	shell("s=DNS:a0.example; for i in $(seq 1 99); do s=$s,DNS:a$i.example; done; openssl req "
	      "-x509 -nodes "
	      "-days 9 -newkey ed25519 -keyout m.key -out m.pem -subj /CN=many -addext "
	      "subjectAltName=$s");
	tap_ok(read_file("m.pem") && facts.n_names == CT_NAMES_MAX && facts.names_truncated,
		"of a hundred names sixty-four are kept, and it is said");
}

static void test_leaf(void)
{
	tap_ok(read_file("leaf.pem"), "a leaf under a CA is read");
	tap_ok(!facts.self_issued && facts.self_signed == CT_SELF_SIGNED_NO && !facts.is_ca,
		"a leaf under a CA is neither self-signed nor a CA");
	tap_str(facts.issuer_dn, "C=DE, O=Test, CN=rsa.example",
		"a leaf under a CA: its issuer is read");
}

/* Where the serial number stands in a certificate made above: behind the version. */
static uint8_t *find_serial(uint8_t *der, size_t len, size_t *serial_len)
{
	static const uint8_t version[] = {0xa0, 3, 2, 1, 2, 2};

	for (size_t i = 0; i + sizeof(version) + 1 < len; i++) {
		if (memcmp(der + i, version, sizeof(version)) == 0) {
			*serial_len = der[i + sizeof(version)];
			return der + i + sizeof(version) + 1;
		}
	}
	return NULL;
}

static void test_damage(void)
{
	size_t len, serial_len = 0;
	uint8_t *der = certs_load_der(dir, "p256.pem", 0, &len), *serial;
	unsigned int n_refused = 0;

	tap_ok(der != NULL && ct_facts_read(der, len, &facts) &&
			facts.self_signed == CT_SELF_SIGNED_UNKNOWN,
		"reading makes no public-key operation: a self-issued one may be self-signed");
	tap_ok(ct_facts_verify(der, len, &facts) && facts.self_signed == CT_SELF_SIGNED_YES,
		"an intact self-issued certificate verifies if that is asked for");
	tap_ok(!ct_facts_verify(der, len, &facts),
		"an intact self-issued certificate is verified only once");
	for (size_t i = 0; i < len; i++) {
		bool parsed = ct_facts_read(der, i, &facts);

		n_refused += !parsed && facts.error[0] != '\0' && !facts.parsed;
	}
	tap_eq(n_refused, (int64_t)len,
		"a certificate that is cut off anywhere is refused with a reason");
	der[len - 1] ^= 1;
	tap_ok(ct_facts_read(der, len, &facts) && facts.self_issued &&
			ct_facts_verify(der, len, &facts) && facts.self_signed == CT_SELF_SIGNED_NO,
		"a self-issued certificate with a wrong signature is not self-signed");
	serial = find_serial(der, len, &serial_len);
	if (!tap_ok(serial != NULL && serial_len > 2,
		    "the test finds the serial number in the certificate that it will change"))
		return;
	memset(serial, 0xff, serial_len);
	serial[serial_len - 1] = 0x7f;
	tap_ok(ct_facts_read(der, len, &facts) && facts.serial_negative && facts.serial_len == 1 &&
			facts.serial[0] == 0x81,
		"a negative serial number is told by magnitude and sign");
	free(der);
}

static void test_dates(void)
{
	static const struct {
		const char *date, *text;
	} dates[] = {{"500101000000Z", "1950-01-01T00:00:00Z"},
		{"491231235959Z", "2049-12-31T23:59:59Z"},
		{"000229120000Z", "2000-02-29T12:00:00Z"}, {"9913312X0000Z", ""},
		{"991331200000Z", ""}};
	size_t len;
	uint8_t *der = certs_load_der(dir, "p256.pem", 0, &len), *at = NULL;

	for (size_t i = 0; der != NULL && i + 15 < len && at == NULL; i++) {
		if (der[i] == 0x17 && der[i + 1] == 13)
			at = der + i + 2;
	}
	if (!tap_ok(at != NULL,
		    "the test finds the dates of validity in the certificate that it will change"))
		return;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		memcpy(at, dates[i].date, 13);
		tap_about("a certificate that is valid from %s", dates[i].date);
		tap_ok(ct_facts_read(der, len, &facts), "the date does not spoil it");
		tap_str(facts.not_before, dates[i].text, "the date is read, or left empty");
	}
	free(der);
}

int main(void)
{
	if (!certs_make(dir, sizeof(dir)))
		return tap_skip_all("no openssl command to make certificates with");
	test_against_openssl();
	test_algorithms();
	test_names();
	test_leaf();
	test_damage();
	test_dates();
	certs_remove(dir);
	return tap_done();
}
