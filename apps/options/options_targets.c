/* SPDX-License-Identifier: BSD-3-Clause */
#include "options_targets.h"

#include <errno.h>
#include <stdlib.h>

#include "dataplane/targets/perm.h"

/* The lab scans this network if no target is named. */
#define LAB_TARGETS "198.18.0.0/24"

static int add_items(struct dp_targets *targets, enum dp_list list, const char *const *items,
	size_t n, const char *where, char *err, size_t err_len)
{
	char why[DP_ERR_LEN];
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = dp_targets_add(targets, list, items[i], why);
		if (rc != 0)
			snprintf(err, err_len, "%s: %s", where, why);
	}
	return rc;
}

static int add_files(struct dp_targets *targets, enum dp_list list, const char *const *files,
	size_t n, char *err, size_t err_len)
{
	char why[DP_ERR_LEN];
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = dp_targets_add_file(targets, list, files[i], why);
		if (rc != 0)
			snprintf(err, err_len, "%s", why);
	}
	return rc;
}

/* The protocol of each port; an entry whose port is 0 has none. */
struct port_services {
	struct dl_service of[UINT16_MAX + 1];
	bool named[UINT16_MAX + 1]; /* by -p */
	uint16_t numbers[DL_MAX_SERVICES];
};

/* Decide the protocol of the port of one pair: the callback of dp_targets_add_pairs(). */
static int settle_port(void *to, uint16_t port, const char *protocol, char *why)
{
	struct port_services *ports = to;
	struct dl_service *known = &ports->of[port], wanted;
	int rc;

	if (known->port != 0 && protocol[0] == '\0')
		return 0;
	rc = dl_service_make(port, protocol, &wanted);
	if (rc == -ENOENT)
		snprintf(why, DP_ERR_LEN / 2,
			"port %u has no protocol of its own: add one, such as %u:tls, here or to "
			"-p",
			port, port);
	else if (rc != 0)
		snprintf(why, DP_ERR_LEN / 2, "\"%.32s\" is not a protocol we speak", protocol);
	if (rc != 0)
		return -EINVAL;
	if (known->port == 0)
		*known = wanted;
	if (known->proto == wanted.proto && known->implicit_tls == wanted.implicit_tls)
		return 0;
	snprintf(why, DP_ERR_LEN / 2,
		"port %u is %s here and %s %s: a port has one protocol in a scan", port,
		dl_service_name(&wanted), dl_service_name(known),
		ports->named[port] ? "in -p" : "before");
	return -EINVAL;
}

static int add_pairs(const struct op_options *options, struct dp_targets *targets,
	struct port_services *ports, char *err, size_t err_len)
{
	char why[DP_ERR_LEN];
	int rc = 0;

	for (size_t i = 0; i < options->n_services; i++) {
		uint16_t port = options->services[i].port;

		ports->of[port] = options->services[i];
		ports->named[port] = true;
	}
	for (size_t i = 0; i < options->n_pair_files && rc == 0; i++) {
		rc = dp_targets_add_pairs(targets, options->pair_files[i], settle_port, ports, why);
		if (rc != 0)
			snprintf(err, err_len, "%s", why);
	}
	return rc;
}

/* Finish the set. Ports that only pairs have become services of the scan. */
static int finish(struct op_options *options, struct dp_targets *targets,
	struct port_services *ports, char *err, size_t err_len)
{
	uint32_t n_listed = (uint32_t)options->n_services;
	char why[DP_ERR_LEN];
	int rc;

	for (size_t i = 0; i < options->n_services; i++)
		ports->numbers[i] = options->services[i].port;
	if (dp_targets_set_ports(targets, ports->numbers, n_listed) != 0)
		return -ENOMEM;
	rc = dp_targets_finish(targets, n_listed, options->seed, why);
	if (rc != 0) {
		snprintf(err, err_len, "%s", why);
		return rc;
	}
	for (uint32_t i = n_listed; i < dp_targets_n_services(targets); i++)
		options->services[options->n_services++] = ports->of[dp_targets_port(targets, i)];
	options->n_pair_services = dp_targets_n_services(targets) - n_listed;
	return 0;
}

static int add_lists(
	const struct op_options *options, struct dp_targets *targets, char *err, size_t err_len)
{
	static const char *const lab_targets[] = {LAB_TARGETS};
	bool none_named = options->n_targets + options->n_allow_files + options->n_pair_files == 0;
	int rc = 0;

	if (options->exclude_special && !options->is_lab)
		rc = dp_targets_exclude_special(targets);
	if (rc == 0)
		rc = add_items(targets, DP_EXCLUDE, options->excludes, options->n_excludes,
			"--exclude", err, err_len);
	if (rc == 0)
		rc = add_files(targets, DP_EXCLUDE, options->exclude_files,
			options->n_exclude_files, err, err_len);
	if (rc == 0)
		rc = add_items(targets, DP_ALLOW, options->targets, options->n_targets, "target",
			err, err_len);
	if (rc == 0)
		rc = add_files(targets, DP_ALLOW, options->allow_files, options->n_allow_files, err,
			err_len);
	if (rc == 0 && none_named && options->is_lab)
		rc = add_items(targets, DP_ALLOW, lab_targets, 1, "target", err, err_len);
	return rc;
}

static int fill(struct op_options *options, struct dp_targets *targets, char *err, size_t err_len)
{
	struct port_services *ports = calloc(1, sizeof(*ports));
	int rc = -ENOMEM;

	if (ports != NULL)
		rc = add_lists(options, targets, err, err_len);
	if (rc == 0)
		rc = add_pairs(options, targets, ports, err, err_len);
	if (rc == 0)
		rc = finish(options, targets, ports, err, err_len);
	free(ports);
	return rc;
}

int op_options_targets(
	struct op_options *options, struct dp_targets **targets, char *err, size_t err_len)
{
	struct dp_targets *set = dp_targets_new();
	int rc = -ENOMEM;

	*targets = NULL;
	snprintf(err, err_len, "memory is short for the list of targets");
	if (set != NULL)
		rc = fill(options, set, err, err_len);
	if (rc != 0) {
		dp_targets_free(set);
		return rc;
	}
	err[0] = '\0';
	*targets = set;
	return 0;
}

struct dp_index_range op_options_share(
	const struct op_options *options, const struct dp_targets *targets)
{
	struct dp_index_range part = dp_targets_shard(targets, options->shard, options->n_shards);

	/* In billionths: a double is exact neither for 29 % nor for numbers up to 2^63. */
	if (options->max_targets_share > 0) {
		uint64_t billionths = (uint64_t)(options->max_targets_share * 1e9 + 0.5);
		uint64_t n = (uint64_t)((dp_u128)part.n * billionths / 1000000000);

		part.n = n == 0 && part.n > 0 ? 1 : n;
	}
	if (options->max_targets != 0 && part.n > options->max_targets)
		part.n = options->max_targets;
	return part;
}

static int check_family(
	const char *family, bool scanned, bool has_source, bool has_way, char *err, size_t err_len)
{
	if (!scanned)
		return 0;
	if (!has_source) {
		snprintf(err, err_len,
			"there are %s targets: give --source-ip with an %s address of this network "
			"that no machine, "
			"this one included, uses",
			family, family);
		return -EINVAL;
	}
	if (!has_way) {
		snprintf(err, err_len,
			"no way to the %s targets: give --gateway-ip or --gateway-mac, or, if they "
			"are on-link, "
			"--source-ip ADDRESS/LEN",
			family);
		return -EINVAL;
	}
	return 0;
}

int op_options_check(const struct op_options *options, const struct dp_targets *targets, char *err,
	size_t err_len)
{
	bool way_v4 = options->has_gateway_mac || options->has_gateway_v4 ||
		      options->prefix_v4_len != 0;
	bool way_v6 = options->has_gateway_mac || options->has_gateway_v6 ||
		      options->prefix_v6_len != 0;
	int rc;

	if (options->is_lab)
		return 0;
	rc = check_family(
		"IPv4", dp_targets_has_v4(targets), options->has_source_v4, way_v4, err, err_len);
	if (rc == 0)
		rc = check_family("IPv6", dp_targets_has_v6(targets), options->has_source_v6,
			way_v6, err, err_len);
	return rc;
}
