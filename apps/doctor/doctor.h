/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `tlsweep doctor`: what this machine lacks for a scan, and the command that helps.
 *
 * Each check prints one line with its verdict, and a second line with the remedy if there is one.
 * Nothing is changed and nothing is sent. Files are read below a root folder, so that tests can
 * present any machine. Main thread.
 */
#pragma once

#include "dataplane/port/port.h"
#include "tcpstack/packet/addr.h"

#include <stdio.h>

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_WARN, /* a scan runs, but slower, or with a risk that the line names */
	DOCTOR_FAIL, /* a scan cannot run like this */
	DOCTOR_N_VERDICT
};

struct doctor {
	const char *root; /* put in front of /proc and /sys; "" on a real machine; borrowed */
	FILE *out;	  /* where verdicts are printed */
	unsigned int n[DOCTOR_N_VERDICT]; /* verdicts so far, by kind */
};

/**
 * Print one verdict and count it.
 * @param doctor   in/out: where to print, and the counts
 * @param verdict  in: the verdict
 * @param remedy   in: a command or an option that helps; NULL: there is none
 * @param format   in: as of printf: what was found, such as "huge pages: 512 MB free"
 */
void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *remedy,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/**
 * Read the first line of a file below the root, without its newline.
 * @param doctor     in: has the root
 * @param path       in: from '/' on
 * @param text, len  out: NUL-terminated; a longer line is cut. Void on failure.
 * @return its length in bytes, or -1 if it cannot be read
 */
int doctor_read(const struct doctor *doctor, const char *path, char *text, size_t len);

/** Check the processor: instructions that DPDK needs, a steady time stamp counter, CPUs,
 * governor. */
void doctor_cpu(struct doctor *doctor);

/**
 * Check the memory for a scan.
 * @param doctor   in/out: verdicts go there
 * @param dpdk_mb  in: what DPDK needs for a scan of default size, in huge pages unless no_huge
 * @param heap_mb  in: ordinary memory that the scan needs besides
 * @param no_huge  in: the scan uses no huge pages
 */
void doctor_memory(struct doctor *doctor, size_t dpdk_mb, size_t heap_mb, bool no_huge);

/**
 * Check the capabilities and limits of this process.
 * @param doctor      in/out: verdicts go there
 * @param kind        in: the kind of port that a scan would use
 * @param lock_bytes  in: bytes that the port pins in memory, see dp_port_lock_bytes(); 0: none
 */
void doctor_rights(struct doctor *doctor, enum dp_port_kind kind, uint64_t lock_bytes);

/**
 * Check the port: an interface with its carrier and offloads; files; or a PCI device with its
 * driver and the IOMMU.
 * @param doctor  in/out: verdicts go there
 * @param spec    in: the port that a scan would use
 */
void doctor_port(struct doctor *doctor, const struct dp_port_spec *spec);

/**
 * Check a source address: if the kernel had it, it would reset every handshake.
 * @param doctor  in/out: the verdict goes there
 * @param source  in: the address
 */
void doctor_source(struct doctor *doctor, const struct ts_addr *source);

/**
 * `tlsweep doctor`: examine this machine and print the verdicts to standard output.
 * @param argc, argv  in: argv[0] is "doctor"; getopt may change the order of the pointers
 * @return UT_EXIT_DONE; UT_EXIT_SETUP: a check has failed, or memory is short; UT_EXIT_USAGE: the
 *         command line is wrong
 */
int doctor_command(int argc, char **argv);
