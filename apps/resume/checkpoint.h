/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/checkpoint: what --resume needs to continue a scan that was stopped or killed.
 *
 *     tlsweep checkpoint 2
 *     state = running
 *     runs = 1
 *     seed = 7
 *     targets = 0123456789abcdef        digest of DIR/targets
 *     services = 25:smtp,443:https      those of -p
 *     pair_services = 2525:smtp         those of the ports that only pairs have
 *     outcomes = open
 *     certificates = store
 *     index_first = 0                   the scan's part of the permutation
 *     n_indices = 512
 *     next_index = 300                  all indices below it are done, except those under "open"
 *     results_from = 91223              lines of targets from next_index on: none before this byte
 *     results_bytes = 120344            bytes of results.jsonl when this was written
 *     n_records = 200                   lines in these bytes
 *     certificates_bytes = 74120        bytes of certificates.jsonl; 0: there is none
 *     excluded = 198.18.0.64-198.18.0.71    added while the scan ran or was stopped
 *     open = 198.18.0.9 25              in progress, or on the retry list
 *     end = 18                          lines before this one, so that a cut file is noticed
 *
 * The keys come in this order, and each once; excluded and open come any number of times. One
 * thread at a time uses a checkpoint.
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
	RE_STATE_RUNNING, /* running, or it was stopped or killed */
	RE_STATE_DONE,	  /* nothing is left to do */
};

struct re_checkpoint {
	enum re_state state;
	uint64_t n_runs;
	uint64_t seed;
	uint64_t targets_digest;
	char services[RE_CHECKPOINT_TEXT_LEN];	    /* those of -p */
	char pair_services[RE_CHECKPOINT_TEXT_LEN]; /* of ports that only pairs have; may be "" */
	char outcomes[64], certificates[16];
	uint64_t index_first, n_indices;
	uint64_t next_index, results_from;
	uint64_t results_bytes, n_records;
	uint64_t certs_bytes;		 /* of certificates.jsonl; 0: there is none */
	struct dp_ranges excluded;	 /* owned */
	struct re_checkpoint_pair *open; /* owned */
	size_t n_open, cap_open;
};

/**
 * Add a pair to the open work.
 * @param checkpoint  in/out: one that is all zero is empty
 * @param addr        in: copied
 * @param port        in: host order
 * @return 0 or -ENOMEM
 */
int re_checkpoint_add_open(
	struct re_checkpoint *checkpoint, const struct ts_addr *addr, uint16_t port);

/** Free what a checkpoint holds. It is empty then. */
void re_checkpoint_free(struct re_checkpoint *checkpoint);

/** Print a checkpoint to a stream. @return 0; -EIO: the stream has failed */
int re_checkpoint_print(const struct re_checkpoint *checkpoint, FILE *out);

/**
 * Replace a folder's checkpoint in one step: it is written beside the old one, brought to the disk
 * and renamed.
 * @param checkpoint  in: what is written
 * @param folder      in: open
 * @return 0 or -errno; on failure the old checkpoint is untouched
 */
int re_checkpoint_save(const struct re_checkpoint *checkpoint, const struct ut_folder *folder);

/**
 * Read a folder's checkpoint.
 * @param checkpoint  out: to be freed with re_checkpoint_free() in any case
 * @param folder      in: open
 * @param err         out: on failure a sentence, with path, line and column if a line is wrong
 * @return 0; -ENOENT: there is none; -EINVAL: it is damaged; -ENOMEM; or the -errno of opening or
 *         reading
 */
int re_checkpoint_load(struct re_checkpoint *checkpoint, const struct ut_folder *folder,
	char err[RE_CHECKPOINT_ERR_LEN]);

/**
 * The services as the checkpoint names them: "25:smtp,443:https", or a digest if the list is too
 * long.
 * @param services, n  in: n of them
 * @param out          out: NUL-terminated; "" for none
 */
void re_checkpoint_services(
	const struct dl_service *services, size_t n, char out[RE_CHECKPOINT_TEXT_LEN]);
