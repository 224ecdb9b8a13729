/* SPDX-License-Identifier: BSD-3-Clause */
#include "port_kernel.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_log.h>

#include "own.h"
#include "packet_sockets.h"
#include "port_internal.h"
#include "xdp_program.h"

#define WHY_LEN 192
/* Room for the sentence around it. */
#define ERR_LEN (WHY_LEN + 192)

/* libxdp, which the AF_XDP driver loads, says on standard error what it skips. Its failures come
 * back as error codes. */
static void hush_libxdp(void)
{
	void *lib = dlopen("libxdp.so.1", RTLD_LAZY | RTLD_NOLOAD);
	void *sym = lib != NULL ? dlsym(lib, "libxdp_set_print") : NULL;
	void *(*set_print)(void *) = NULL;

	memcpy(&set_print, &sym, sizeof(set_print));
	if (set_print != NULL)
		set_print(NULL);
	if (lib != NULL)
		dlclose(lib);
}

/* The driver's own lines would stand before our sentence. A user who asks for DPDK's log gets
 * them. */
static int open_quietly(
	const char *args, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	uint32_t level = rte_log_get_global_level();
	bool quiet = !rte_log_can_log(RTE_LOGTYPE_EAL, RTE_LOG_INFO);
	int rc;

	if (quiet)
		rte_log_set_global_level(RTE_LOG_EMERG);
	rc = dp_port_open_vdev("net_af_xdp", args, n_queues, port, err, err_len);
	rte_log_set_global_level(level);
	return rc;
}

static int open_af_xdp(
	const char *ifname, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	struct dp_xdp_program *program = &port->xdp;
	char args[128], why[WHY_LEN];
	bool removed;
	int rc = dp_xdp_program_claim(ifname, program, &removed, why, sizeof(why));

	if (rc != 0) {
		snprintf(err, err_len, "%s: %s", ifname, why);
		return rc;
	}
	rc = dp_xdp_program_open(program);
	if (rc != 0)
		snprintf(err, err_len, "memory is short for the XDP program of %s", ifname);
	hush_libxdp();
	snprintf(args, sizeof(args), "iface=%s,queue_count=%u,xdp_prog=/proc/self/fd/%d", ifname,
		n_queues, program->object_fd);
	if (rc == 0)
		rc = open_quietly(args, n_queues, port, err, err_len);
	if (rc != 0)
		dp_xdp_program_release(program);
	return rc;
}

static int open_af_packet(
	const char *ifname, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	char args[128];
	int ret;

	snprintf(args, sizeof(args), "iface=%s,qpairs=%u,blocksz=%d,framesz=%d,framecnt=%d", ifname,
		n_queues, DP_PACKET_BLOCK, DP_PACKET_FRAME, DP_PACKET_N_FRAMES);
	ret = dp_port_open_vdev("net_af_packet", args, n_queues, port, err, err_len);
	if (ret == 0)
		port->sockets = dp_packet_sockets_find();
	return ret;
}

/* What a killed scan has left passes every frame, but it is in the way of others. */
static void remove_left(const char *ifname, struct dp_port *port)
{
	struct dp_xdp_program program;
	char why[WHY_LEN];
	bool removed;

	if (dp_xdp_program_claim(ifname, &program, &removed, why, sizeof(why)) != 0)
		return;
	dp_xdp_program_release(&program);
	if (removed)
		snprintf(port->found, sizeof(port->found),
			"a scan that was killed had left its XDP program on %s: it has been "
			"detached",
			ifname);
}

int dp_port_open_kernel(const struct dp_port_spec *spec, uint32_t n_queues, struct dp_port *port,
	char *err, size_t err_len)
{
	char why[ERR_LEN];
	enum dp_port_kind kind;
	int rc;

	remove_left(spec->name, port);
	kind = dp_port_choose(spec, n_queues, why, sizeof(why));
	if (kind == DP_PORT_AF_XDP && why[0] != '\0') {
		snprintf(err, err_len, "%s", why);
		return -ENOTSUP;
	}
	if (kind == DP_PORT_AF_PACKET) {
		snprintf(port->note, sizeof(port->note), "%s", why);
		return open_af_packet(spec->name, n_queues, port, err, err_len);
	}
	rc = open_af_xdp(spec->name, n_queues, port, why, sizeof(why));
	if (rc == 0)
		return 0;
	if (kind == DP_PORT_AF_XDP) {
		snprintf(err, err_len, "%s", why);
		return rc;
	}
	snprintf(port->note, sizeof(port->note),
		"%s is opened with AF_PACKET, because AF_XDP does not start: %s", spec->name, why);
	return open_af_packet(spec->name, n_queues, port, err, err_len);
}

int dp_port_take_own(struct dp_port *port, const struct dp_port_own *own, char *err, size_t err_len)
{
	struct dp_own_key keys[DP_XDP_OWN_MAX];
	struct dp_own owns[DP_XDP_OWN_MAX];
	int rc;

	if (port->xdp.index == 0)
		return 0;
	for (uint32_t i = 0; i < own->n_addrs; i++) {
		memcpy(keys[i].addr, own->addrs[i].b, sizeof(keys[i].addr));
		owns[i] = (struct dp_own){.port_first = own->port_first,
			.port_last = own->port_last,
			.vlan = own->vlan};
	}
	rc = dp_xdp_program_fill(&port->xdp, keys, owns, own->n_addrs);
	if (rc != 0)
		snprintf(err, err_len,
			"the XDP program cannot be told our addresses: %s; af_packet: works "
			"without it",
			strerror(-rc));
	return rc;
}

bool dp_port_may_close_kernel(const struct dp_port *port)
{
	return port->xdp.index == 0 || !dp_xdp_program_is_replaced(&port->xdp);
}

void dp_port_leave_kernel(struct dp_port *port)
{
	dp_packet_sockets_free(port->sockets);
	if (port->xdp.index != 0)
		dp_xdp_program_release(&port->xdp);
}
