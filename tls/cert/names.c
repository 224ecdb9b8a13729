/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <string.h>

#include "parts.h"
#include "text.h"

/* A longer name is cut: real ones have fewer than ten. */
#define ATTRIBUTES_MAX 64

struct attribute {
	const char *oid;
	size_t oid_len;
	const char *name;
};

#define ATTRIBUTE(oid, name)               \
	{                                  \
		oid, sizeof(oid) - 1, name \
	}

static const struct attribute attributes[] = {ATTRIBUTE("\x55\x04\x03", "CN"),
	ATTRIBUTE("\x55\x04\x05", "SERIALNUMBER"), ATTRIBUTE("\x55\x04\x06", "C"),
	ATTRIBUTE("\x55\x04\x07", "L"), ATTRIBUTE("\x55\x04\x08", "ST"),
	ATTRIBUTE("\x55\x04\x09", "STREET"), ATTRIBUTE("\x55\x04\x0a", "O"),
	ATTRIBUTE("\x55\x04\x0b", "OU"), ATTRIBUTE("\x55\x04\x11", "POSTALCODE"),
	ATTRIBUTE("\x55\x04\x04", "SN"), ATTRIBUTE("\x55\x04\x2a", "GN"),
	ATTRIBUTE("\x55\x04\x61", "organizationIdentifier"),
	ATTRIBUTE("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"),
	ATTRIBUTE("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"),
	ATTRIBUTE("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress")};

static void attribute_add(struct ct_text *dn, const struct ct_der *oid, const struct ct_tlv *value)
{
	char dotted[CT_OID_MAX];
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]) && name == NULL; i++) {
		if (ct_oid_is(oid, attributes[i].oid, attributes[i].oid_len))
			name = attributes[i].name;
	}
	if (name == NULL) {
		ct_oid_text(oid, dotted, sizeof(dotted));
		name = dotted;
	}
	ct_text_add(dn, name);
	ct_text_add(dn, "=");
	ct_text_add_string(dn, value->tag, &value->body, ",+\"\\<>;");
}

void ct_name_read(const struct ct_der *name, char *dn, size_t dn_cap, char *cn, size_t cn_cap)
{
	struct ct_der rdns = *name;
	struct ct_tlv set, pair, oid, value;
	struct ct_text text, common;
	unsigned int n = 0;

	ct_text_init(&text, dn, dn_cap);
	ct_text_init(&common, cn, cn_cap);
	while (ct_der_take(&rdns, CT_SET, &set)) {
		const char *separator = ", ";

		while (ct_der_take(&set.body, CT_SEQUENCE, &pair) && n < ATTRIBUTES_MAX) {
			if (!ct_der_take(&pair.body, CT_OID, &oid) ||
				!ct_der_next(&pair.body, &value))
				continue;
			if (n++ > 0)
				ct_text_add(&text, separator);
			separator = "+";
			attribute_add(&text, &oid.body, &value);
			if (!CT_OID_IS(&oid.body, "\x55\x04\x03"))
				continue;
			ct_text_init(&common, cn, cn_cap);
			ct_text_add_string(&common, value.tag, &value.body, "");
		}
	}
}

/* An address as text. What is neither IPv4 nor IPv6 is left out. */
static bool address_text(const struct ct_der *value, char *out, size_t cap)
{
	int family = value->left == 4 ? AF_INET : AF_INET6;

	return (value->left == 4 || value->left == 16) &&
	       inet_ntop(family, value->at, out, (socklen_t)cap) != NULL;
}

static bool alt_name_kind(uint8_t tag, enum ct_name_kind *kind)
{
	switch (tag) {
	case CT_CONTEXT | 1:
		*kind = CT_NAME_EMAIL;
		return true;
	case CT_CONTEXT | 2:
		*kind = CT_NAME_DNS;
		return true;
	case CT_CONTEXT | 6:
		*kind = CT_NAME_URI;
		return true;
	case CT_CONTEXT | 7:
		*kind = CT_NAME_IP;
		return true;
	default:
		return false;
	}
}

static void alt_name_keep(
	struct ct_facts *facts, enum ct_name_kind kind, const struct ct_tlv *value)
{
	char address[INET6_ADDRSTRLEN];
	struct ct_text text;

	if (facts->n_names == CT_NAMES_MAX || facts->names_len + 1 >= CT_NAMES_BYTES) {
		facts->names_truncated = true;
		return;
	}
	ct_text_init(
		&text, facts->names_text + facts->names_len, CT_NAMES_BYTES - facts->names_len);
	if (kind != CT_NAME_IP)
		ct_text_add_string(&text, value->tag, &value->body, "");
	else if (address_text(&value->body, address, sizeof(address)))
		ct_text_add(&text, address);
	else
		return;
	if (text.cut) {
		facts->names_truncated = true;
		return;
	}
	facts->names[facts->n_names++] = (struct ct_name){
		kind, facts->names_len, (uint16_t)text.len};
	facts->names_len = (uint16_t)(facts->names_len + text.len);
}

void ct_alt_names_read(const struct ct_der *extension, struct ct_facts *facts)
{
	struct ct_der outer = *extension;
	struct ct_tlv list, value;
	enum ct_name_kind kind;

	if (!ct_der_take(&outer, CT_SEQUENCE, &list))
		return;
	while (!facts->names_truncated && ct_der_next(&list.body, &value)) {
		if (alt_name_kind(value.tag, &kind))
			alt_name_keep(facts, kind, &value);
	}
}
