/* SPDX-License-Identifier: BSD-3-Clause */
/* What a simulated scan has found about a target, and whether it is the truth about the lab. */
#pragma once

#include "apps/lab/lab.h"
#include "apps/lab/lab_port.h"
#include "tests/sim/owner.h"

/* Certificates, keys and versions of services. */
#define SCAN_N_VARIANTS	  (LAB_N_CERT * 4)
#define SCAN_MAX_FINDINGS (LAB_N_PORTS * SCAN_N_VARIANTS + LAB_N_MIXED * LAB_N_PORTS)

/* What came of a target. */
struct finding {
	struct ts_addr addr;
	uint16_t service; /* into lab_ports */
	uint64_t probe_us;
	uint32_t n_probes, n_records;
	bool open, refused, unreachable;
	struct dl_dialog dialog;
	bool has_dialog;
	struct dp_record record; /* its dialog is void */
};

/**
 * Compare a finding with lab_truth(); what is wrong is printed.
 * @param kind   in: hosts of other kinds hold in any case
 * @param lossy  in: the wire loses frames
 * @return whether it holds
 */
bool scan_truth_holds(const struct lab_world *world, const struct finding *finding,
	enum lab_kind kind, bool lossy);

/** Choose targets: services of each variant on each port, and each other kind of host on each port.
 * @param findings  out: room for SCAN_MAX_FINDINGS @return how many */
uint32_t scan_targets(const struct lab_world *world, struct finding *findings);
