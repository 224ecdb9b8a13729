/* SPDX-License-Identifier: BSD-3-Clause */
/* Render a sample's record, and look into the line. For one test program each. */
#pragma once

#include <jansson.h>
#include <stdlib.h>

#include "apps/json/json_record.h"
#include "apps/output/cert_store.h"
#include "samples.h"
#include "tap.h"

static struct sample sample;
static struct js_cert_sink certs;
static const struct js_asked *asked; /* NULL: the default */
static struct js_buf line;
static json_t *root;
/* The name the target was given with. */
static const char *name = "";

/* Render the sample of that name and parse the line, strictly. */
static inline void render(const char *which)
{
	unsigned int n = 0;

	while (sample_nth(n++, &sample) && strcmp(sample.name, which) != 0)
		continue;
	if (strcmp(sample.name, which) != 0)
		printf("Bail out! no sample %s\n", which);
	js_record_line(&line, &sample.record, name, asked, &certs);
	json_decref(root);
	root = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	tap_about("the record of sample %s", which);
	tap_ok(root != NULL, "the line is strict JSON without a key twice");
	tap_ok(line.len > 0 && memchr(line.data, '\n', line.len) == line.data + line.len - 1,
		"the only newline is the last byte");
}

/* The value at a path of keys and indices, "data.smtp.result.capabilities.0"; NULL when there is
 * none. */
static inline const json_t *at(const char *path)
{
	char copy[256], *save = NULL;
	const json_t *node = root;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *key = strtok_r(copy, ".", &save); key != NULL; key = strtok_r(NULL, ".", &save))
		node = json_is_array(node) ? json_array_get(node, (size_t)atoi(key))
					   : json_object_get(node, key);
	return node;
}

static inline void want_text(const char *path, const char *want)
{
	const char *got = json_string_value(at(path));

	if (!tap_ok(got != NULL && strcmp(got, want) == 0, "%s has its text", path))
		printf("# got \"%s\"\n# want \"%s\"\n", got == NULL ? "(null)" : got, want);
}

static inline void want_number(const char *path, int64_t want)
{
	const json_t *node = at(path);

	tap_ok(json_is_integer(node) && json_integer_value(node) == want, "%s is %" PRId64, path,
		want);
}

static inline void want_bool(const char *path, bool want)
{
	const json_t *node = at(path);

	tap_ok(json_is_boolean(node) && json_is_true(node) == want, "%s is %s", path,
		want ? "true" : "false");
}

static inline void want_none(const char *path)
{
	tap_ok(at(path) == NULL, "%s is left out", path);
}

static uint64_t no_time(void)
{
	return 0;
}

/* Run tests with a store of certificates. */
static inline int want_main(void (*const tests[])(void), size_t n)
{
	struct out_cert_store *store = out_cert_store_new(NULL, no_time);

	certs = out_cert_store_sink(store);
	for (size_t i = 0; i < n; i++)
		tests[i]();
	json_decref(root);
	js_free(&line);
	out_cert_store_free(store);
	return tap_done();
}
