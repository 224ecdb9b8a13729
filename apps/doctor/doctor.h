/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `tlsweep doctor`: what this machine lacks for a scan, and the command that helps.
 *
 * Each check prints one line with its verdict, and a second one with the remedy where there
 * is one. Nothing is changed and nothing is sent. Files are read below a root folder, so
 * that tests can present any machine. Main thread.
 */
#pragma once

#include "dataplane/port/port.h"
#include "tcpstack/packet/addr.h"

#include <stdio.h>

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_WARN, /* a scan runs, but slower or with a risk that is named */
	DOCTOR_FAIL, /* a scan cannot run like this */
	DOCTOR_N_VERDICT
};

struct doctor {
	const char *root; /* in front of /proc and /sys; "" on a real machine */
	FILE *out;
	unsigned int n[DOCTOR_N_VERDICT]; /* checks by verdict */
};

/**
 * Print one verdict.
 * @param mend    in: a command or an option that helps, NULL: none is needed
 * @param format  in: what was found, a sentence part such as "huge pages: 512 MB free"
 */
void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *mend,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/**
 * Read the first line of a file below the root, without its newline.
 * @return its length, or -1 when it cannot be read
 */
int doctor_read(const struct doctor *doctor, const char *path, char *text, size_t len);

/** The processor: instructions DPDK needs, a steady time stamp counter, CPUs, governor. */
void doctor_cpu(struct doctor *doctor);

/**
 * Memory for a scan.
 * @param dpdk_mb  in: huge pages a scan of default size wants, or ordinary pages with no_huge
 * @param heap_mb  in: ordinary memory besides
 */
void doctor_memory(struct doctor *doctor, size_t dpdk_mb, size_t heap_mb, bool no_huge);

/**
 * Capabilities and limits of this process, for a port of one kind.
 * @param lock_bytes  in: what the port pins in memory, see dp_port_lock_bytes()
 */
void doctor_rights(struct doctor *doctor, enum dp_port_kind kind, uint64_t lock_bytes);

/**
 * The port: interface, its driver, carrier and offloads, files, or PCI device, its driver and the
 * IOMMU.
 * @param n_queues  in: poll cores of the scan
 */
void doctor_port(struct doctor *doctor, const struct dp_port_spec *spec, uint32_t n_queues);

/** Our own address: the kernel must not have it, or it resets every handshake. */
void doctor_source(struct doctor *doctor, const struct ts_addr *source);

/** `tlsweep doctor`: argv[0] is "doctor". @return 0, or 1 when a check failed, or 2 for a wrong
 * command line */
int doctor_command(int argc, char **argv);
