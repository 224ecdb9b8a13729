/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What kind of responder took our connection: a service, or which kind of noise.
 *
 * One in a thousand probes or so is answered by something that is no service: middleboxes that
 * accept for hosts that do not exist, tarpits, firewalls that reset whatever passes. Each leaves
 * its mark on a connection that is made anyway, so the class costs no extra packet. It is decided
 * from proof to suspicion, first match:
 *
 *     it spoke ──► the protocol, or TLS? service        else: wrong-protocol, late
 *     silent ────► decoy ports answer too? answers-everywhere
 *                  fin-first, reset, reset-on-data
 *                  window never opened? syn-proxy, zero-window
 *                  what we sent was acknowledged? acked-silent   else: no-ack, undecided
 *
 * These are the rungs of LZR's ladder (docs/output.md has the table). Pure; no DPDK.
 */
#pragma once

#include "record.h"

/**
 * The class of a record, from its facts, dialog, TLS result and decoys.
 * @param record  in: complete but for its field responder
 * @return DP_RESPONDER_NONE unless the outcome is open. Pure; any thread.
 */
enum dp_responder dp_noise_class(const struct dp_record *record);

/** Is it background: something that accepts connections without offering anything? */
bool dp_responder_is_noise(enum dp_responder responder);

/** The word of the JSON, "syn-proxy"; NULL for DP_RESPONDER_NONE. */
const char *dp_responder_name(enum dp_responder responder);
