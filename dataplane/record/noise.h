/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What kind of responder took our connection: a service, or which kind of noise.
 *
 * About one in a thousand probes is answered by something that is no service: a middlebox that
 * accepts for hosts that do not exist, a tarpit, a firewall that resets every connection. The
 * connection is made in any case and shows the difference, so the class costs no extra packet. The
 * tests run from proof to suspicion, and the first match decides:
 *
 *     it spoke ──► the protocol, or TLS? service        else: wrong-protocol, late
 *     silent ────► decoy ports answer too? answers-everywhere
 *                  fin-first, reset, reset-on-data
 *                  window never opened? syn-proxy, zero-window
 *                  what we sent was acknowledged? acked-silent   else: no-ack, undecided
 *
 * The classes follow LZR (docs/output.md has the table). Pure: any thread may call these functions.
 */
#pragma once

#include "record.h"

/**
 * The class of a record, from its facts, dialog, TLS result and decoys.
 * @param record  in: complete except for its field responder, which is not read; borrowed
 * @return the class; DP_RESPONDER_NONE unless the outcome is open
 */
enum dp_responder dp_noise_class(const struct dp_record *record);

/** Is it background noise: something that accepts connections without offering a service? */
bool dp_responder_is_noise(enum dp_responder responder);

/**
 * The name of a class in the JSON, such as "syn-proxy".
 * @param responder  in
 * @return static text; NULL for DP_RESPONDER_NONE and for values that are no class
 */
const char *dp_responder_name(enum dp_responder responder);
