/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"

static const char script[] =
	"set -e; cd \"$1\"; exec >/dev/null 2>&1\n"
	"self() { openssl req -x509 -nodes -days 30 -subj /C=DE/O=Test/CN=$1.example \\\n"
	"  -addext subjectAltName=DNS:$1.example,IP:192.0.2.1 -keyout $1.key -out $1.pem "
	"\"${@:2}\"; }\n"
	"self rsa -newkey rsa:2048\n"
	"self rsa3072 -newkey rsa:3072\n"
	"self rsa512 -newkey rsa:512\n"
	"self p256 -newkey ec -pkeyopt ec_paramgen_curve:P-256\n"
	"self p384 -newkey ec -pkeyopt ec_paramgen_curve:P-384\n"
	"self ed25519 -newkey ed25519\n"
	"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=leaf.example \\\n"
	"  -keyout chain.key -out leaf.csr\n"
	"openssl x509 -req -in leaf.csr -CA rsa.pem -CAkey rsa.key -CAcreateserial -days 30 -out "
	"leaf.pem\n"
	"cat leaf.pem rsa.pem > chain.pem\n"
	"{ cat p256.pem; echo -----BEGIN CERTIFICATE-----; echo MAMCAQU=; \\\n"
	"  echo -----END CERTIFICATE-----; } > broken.pem; cp p256.key broken.key\n"
	"self p521 -newkey ec -pkeyopt ec_paramgen_curve:P-521\n"
	"{ printf '[req]\\ndistinguished_name=d\\n[d]\\n[v]\\nnsComment='; \\\n"
	"  head -c 50000 /dev/zero | tr '\\0' x; echo; } > big.cnf\n"
	"openssl req -x509 -config big.cnf -extensions v -nodes -days 30 -subj /CN=big \\\n"
	"  -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout big.key -out one.pem\n"
	"cat one.pem one.pem one.pem > big.pem\n";

static bool run(const char *command)
{
	return system(command) == 0;
}

bool certs_make(char *dir, size_t cap)
{
	const char *tmp = getenv("TMPDIR");
	char command[512], path[300];
	FILE *f;

	snprintf(dir, cap, "%s/tlsweep-certs-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(dir) == NULL)
		return false;
	snprintf(path, sizeof(path), "%s/make.sh", dir);
	f = fopen(path, "w");
	if (f == NULL || fputs(script, f) < 0 || fclose(f) != 0)
		return false;
	snprintf(command, sizeof(command), "bash '%s' '%s'", path, dir);
	if (run(command))
		return true;
	certs_remove(dir);
	return false;
}

void certs_remove(const char *dir)
{
	char command[400];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	(void)run(command);
}

static int base64_value(int c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);

	return at == NULL ? -1 : (int)(at - alphabet);
}

uint8_t *certs_load_der(const char *dir, const char *file, unsigned int index, size_t *len)
{
	enum { DER_MAX = 64 * 1024 };
	char path[400], line[200];
	unsigned int seen = 0, bits = 0, n_bits = 0;
	uint8_t *der = malloc(DER_MAX);
	FILE *f;

	*len = 0;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	while (f != NULL && der != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "-----BEGIN", 10) == 0)
			seen++;
		if (seen != index + 1 || line[0] == '-')
			continue;
		for (const char *c = line; base64_value(*c) >= 0 && *len < DER_MAX; c++) {
			bits = bits << 6 | (unsigned int)base64_value(*c);
			n_bits += 6;
			if (n_bits >= 8) {
				n_bits -= 8;
				der[(*len)++] = (uint8_t)(bits >> n_bits);
			}
		}
	}
	if (f != NULL)
		fclose(f);
	if (*len == 0) {
		free(der);
		return NULL;
	}
	return der;
}
