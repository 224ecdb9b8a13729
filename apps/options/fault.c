/* SPDX-License-Identifier: BSD-3-Clause */
#include "fault.h"

#include <string.h>

static size_t n_stdin(const char *const *files, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(files[i], "-") == 0;
	return found;
}

const char *op_fault_of_targets(const struct op_options *options)
{
	if (options->n_services == 0 && options->n_pair_files == 0)
		return "no service: give -p with names or ports, such as smtp,imaps,443";
	if (options->n_targets + options->n_allow_files + options->n_pair_files == 0 &&
		!options->is_lab)
		return "no target: name addresses, prefixes or ranges, or a list of them with -w";
	if (n_stdin(options->allow_files, options->n_allow_files) +
			n_stdin(options->exclude_files, options->n_exclude_files) +
			n_stdin(options->pair_files, options->n_pair_files) >
		1)
		return "standard input (-) can be read as one list only: put the others in files";
	if (options->n_shards > 1 && !options->seed_given && !options->resume)
		return "--shard needs --seed, the same for all shards: their parts are of one "
		       "order";
	return NULL;
}

const char *op_fault_of_scan(const struct op_options *options)
{
	const char *fault = op_fault_of_targets(options);

	if (options->interface == NULL)
		return "no port: give -i with a PCI address, a kernel interface, or lab to try "
		       "things out";
	if (fault != NULL)
		return fault;
	if (options->certs == OUT_CERTS_STORE && strcmp(options->output, "-") == 0)
		return "--certs store writes a second file: give a folder with -o";
	if (options->overwrite && strcmp(options->output, "-") == 0)
		return "--overwrite is for a folder: give one with -o";
	if (options->resume && strcmp(options->output, "-") == 0)
		return "--resume continues a scan in a folder: give it with -o";
	if (options->resume && options->overwrite)
		return "--resume keeps the results in the folder and --overwrite removes them: "
		       "choose one";
	if (options->has_gateway_v4 && !options->has_source_v4 && !options->is_lab)
		return "--gateway-ip is IPv4 but there is no IPv4 --source-ip";
	if (options->has_gateway_v6 && !options->has_source_v6 && !options->is_lab)
		return "--gateway-ip is IPv6 but there is no IPv6 --source-ip";
	if (options->has_gateway_v4 && ts_addr_equal(&options->gateway_v4, &options->source_v4))
		return "--gateway-ip and --source-ip are the same address";
	if (options->has_gateway_v6 && ts_addr_equal(&options->gateway_v6, &options->source_v6))
		return "--gateway-ip and --source-ip are the same address";
	return NULL;
}
