/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/checkpoint: what it takes to go on with a scan that was stopped or killed.
 *
 *     tlsweep checkpoint 2
 *     state = running
 *     runs = 1
 *     seed = 7
 *     targets = 0123456789abcdef        digest of DIR/targets
 *     services = 25:smtp,443:https      of -p
 *     pair_services = 2525:smtp         on the ports that only pairs have
 *     outcomes = open
 *     certificates = store
 *     index_first = 0                   the scan's part of the permutation
 *     n_indices = 512
 *     next_index = 300                  below it all is over with, but for "open"
 *     results_from = 91223              lines on targets from next_index on stand behind this byte
 *     results_bytes = 120344            of results.jsonl when this was written
 *     n_records = 200                   lines in these
 *     certificates_bytes = 74120        of certificates.jsonl; 0: there is none
 *     excluded = 198.18.0.64-198.18.0.71    added while the scan ran or was stopped
 *     open = 198.18.0.9 25              under way, or waiting for room
 *     end = 18                          lines before this one: a cut file is noticed
 *
 * Each key once and in this order, but for excluded and open. One thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "dataplane/targets/ranges.h"
#include "tls/dialog/ports.h"

#include <stdio.h>

#define RE_CHECKPOINT_ERR_LEN  512
#define RE_CHECKPOINT_TEXT_LEN 4096

struct re_checkpoint_pair {
	struct ts_addr addr;
	uint16_t port; /* host order */
};

enum re_state {
	RE_STATE_RUNNING, /* or killed */
	RE_STATE_DONE,	  /* nothing is left to do */
};

struct re_checkpoint {
	enum re_state state;
	uint64_t n_runs;
	uint64_t seed;
	uint64_t targets_digest;
	char services[RE_CHECKPOINT_TEXT_LEN]; /* of -p */
	char pair_services
		[RE_CHECKPOINT_TEXT_LEN]; /* on the ports that only pairs have; may be "" */
	char outcomes[64], certificates[16];
	uint64_t index_first, n_indices;
	uint64_t next_index, results_from;
	uint64_t results_bytes, n_records;
	uint64_t certs_bytes; /* of certificates.jsonl; 0: there is none */
	struct dp_ranges excluded;
	struct re_checkpoint_pair *open;
	size_t n_open, cap_open;
};

/** Add a pair to the open work. 0 or -ENOMEM. */
int re_checkpoint_add_open(
	struct re_checkpoint *checkpoint, const struct ts_addr *addr, uint16_t port);

/** Free what it holds; it is empty then. */
void re_checkpoint_free(struct re_checkpoint *checkpoint);

/** Write to a stream. 0 or -EIO. */
int re_checkpoint_print(const struct re_checkpoint *checkpoint, FILE *out);

/**
 * Replace a folder's checkpoint in one step: written beside it, brought to the disk, renamed.
 * @return 0 or -errno
 */
int re_checkpoint_save(const struct re_checkpoint *checkpoint, const struct ut_folder *folder);

/**
 * Read a folder's checkpoint.
 * @param checkpoint  out: to be freed with re_checkpoint_free() in any case
 * @param err         out: on failure "file:line:column: sentence"
 * @return 0, -ENOENT, -EINVAL, -ENOMEM, or the negative errno of reading
 */
int re_checkpoint_load(struct re_checkpoint *checkpoint, const struct ut_folder *folder,
	char err[RE_CHECKPOINT_ERR_LEN]);

/** The services as the checkpoint names them: "25:smtp,443:https", or a digest of too long a
 * list. */
void re_checkpoint_services(
	const struct dl_service *services, size_t n, char out[RE_CHECKPOINT_TEXT_LEN]);
