/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_bus_vdev.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "dataplane/core/mempool.h"
#include "packet_sockets.h"
#include "port.h"
#include "txq.h"

/* Only hardware needs buffers that do not cross a page. Without huge pages this leaves two fifths
 * of each page unused, so other devices go without it. */
static struct rte_mempool *mbuf_pool(uint32_t n_mbufs, bool hardware)
{
	unsigned int flags = DP_POOL_FLAGS & ~(hardware ? RTE_MEMPOOL_F_NO_IOVA_CONTIG : 0u);
	struct rte_mempool *pool = rte_mempool_create_empty("mbufs", n_mbufs,
		sizeof(struct rte_mbuf) + DP_MBUF_ROOM, DP_POOL_CACHE,
		sizeof(struct rte_pktmbuf_pool_private), (int)rte_socket_id(), flags);

	if (pool == NULL)
		return NULL;
	rte_pktmbuf_pool_init(pool, NULL);
	/* RTS rings: roles that share a CPU may preempt each other inside the pool. */
	if (rte_mempool_set_ops_byname(pool, "ring_mt_rts", NULL) != 0 ||
		rte_mempool_populate_default(pool) < 0) {
		rte_mempool_free(pool);
		return NULL;
	}
	rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	return pool;
}

static int start_device(struct dp_port *port, uint32_t n_queues, char *err, size_t err_len)
{
	struct rte_eth_conf conf = {.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE};
	struct rte_eth_dev_info info;
	struct rte_ether_addr mac;
	int ret = rte_eth_dev_info_get(port->id, &info);

	if (ret == 0 && (n_queues > info.max_rx_queues || n_queues > info.max_tx_queues)) {
		snprintf(err, err_len, "%s has %u queues and %u poll cores were asked for",
			info.driver_name, RTE_MIN(info.max_rx_queues, info.max_tx_queues),
			n_queues);
		return -ENOSPC;
	}
	if (ret == 0 && n_queues > 1 && info.flow_type_rss_offloads != 0) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf = info.flow_type_rss_offloads &
						   (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP);
	}
	if (ret == 0)
		ret = rte_eth_dev_configure(
			port->id, (uint16_t)n_queues, (uint16_t)n_queues, &conf);
	for (uint16_t q = 0; ret == 0 && q < n_queues; q++) {
		ret = rte_eth_rx_queue_setup(
			port->id, q, DP_PORT_RING, rte_socket_id(), NULL, port->mbufs);
		if (ret == 0)
			ret = rte_eth_tx_queue_setup(
				port->id, q, DP_PORT_RING, rte_socket_id(), NULL);
	}
	if (ret == 0)
		ret = rte_eth_dev_start(port->id);
	if (ret != 0) {
		snprintf(err, err_len, "%s could not be started: %s", port->driver,
			rte_strerror(-ret));
		return ret;
	}
	port->started = true;
	port->n_queues = n_queues;
	if (rte_eth_macaddr_get(port->id, &mac) == 0)
		memcpy(port->mac, mac.addr_bytes, sizeof(port->mac));
	/* Virtual devices may not have the mode; our own address is enough for unicast replies. */
	rte_eth_promiscuous_enable(port->id);
	rte_eth_allmulticast_enable(port->id);
	return 0;
}

static int open_vdev(const char *driver, const char *args, uint32_t n_queues, struct dp_port *port,
	char *err, size_t err_len)
{
	char name[48];
	int ret;

	snprintf(name, sizeof(name), "%s0", driver);
	snprintf(port->driver, sizeof(port->driver), "%s", driver);
	ret = rte_vdev_init(name, args);
	if (ret != 0) {
		snprintf(err, err_len, "%s refused \"%s\": %s%s", driver, args, rte_strerror(-ret),
			geteuid() != 0 ? " (not root: CAP_NET_RAW, CAP_NET_ADMIN or CAP_IPC_LOCK "
					 "may be missing; `tlsweep doctor` says which)"
				       : "");
		return ret;
	}
	ret = rte_eth_dev_get_port_by_name(name, &port->id);
	if (ret == 0)
		ret = start_device(port, n_queues, err, err_len);
	if (ret != 0)
		rte_vdev_uninit(name);
	return ret;
}

/*
 * The AF_XDP driver loads libbpf and libxdp, which report each section that they skip on standard
 * error. Failures come back as error codes, so these messages are switched off.
 */
static void hush_bpf(void)
{
	static const char *const hooks[][2] = {
		{"libbpf.so.1", "libbpf_set_print"},
		{"libxdp.so.1", "libxdp_set_print"},
	};

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		void *lib = dlopen(hooks[i][0], RTLD_LAZY | RTLD_NOLOAD);
		void *sym = lib != NULL ? dlsym(lib, hooks[i][1]) : NULL;
		void *(*set_print)(void *) = NULL;

		memcpy(&set_print, &sym, sizeof(set_print));
		if (set_print != NULL)
			set_print(NULL);
		if (lib != NULL)
			dlclose(lib);
	}
}

static int open_af_xdp(
	const char *ifname, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	char args[128];

	hush_bpf();
	snprintf(args, sizeof(args), "iface=%s,queue_count=%u", ifname, n_queues);
	return open_vdev("net_af_xdp", args, n_queues, port, err, err_len);
}

static int open_af_packet(
	const char *ifname, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	char args[128];
	int ret;

	snprintf(args, sizeof(args), "iface=%s,qpairs=%u,blocksz=%d,framesz=%d,framecnt=%d", ifname,
		n_queues, DP_PACKET_BLOCK, DP_PACKET_FRAME, DP_PACKET_N_FRAMES);
	ret = open_vdev("net_af_packet", args, n_queues, port, err, err_len);
	if (ret == 0)
		port->sockets = dp_packet_sockets_find();
	return ret;
}

static int open_kernel(const struct dp_port_spec *spec, uint32_t n_queues, struct dp_port *port,
	char *err, size_t err_len)
{
	enum dp_port_kind kind = dp_port_choose(spec, port->note, sizeof(port->note));
	char first_err[256];

	if (kind == DP_PORT_AF_PACKET)
		return open_af_packet(spec->name, n_queues, port, err, err_len);
	if (kind == DP_PORT_AF_XDP)
		return open_af_xdp(spec->name, n_queues, port, err, err_len);
	if (open_af_xdp(spec->name, n_queues, port, first_err, sizeof(first_err)) == 0)
		return 0;
	return open_af_packet(spec->name, n_queues, port, err, err_len);
}

static int open_pcap(
	const char *files, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	const char *comma = strchr(files, ',');
	char args[1024];

	if (comma == NULL)
		snprintf(args, sizeof(args), "rx_pcap=%s", files);
	else
		snprintf(args, sizeof(args), "rx_pcap=%.*s,tx_pcap=%s", (int)(comma - files), files,
			comma + 1);
	return open_vdev("net_pcap", args, n_queues, port, err, err_len);
}

static int open_lab(
	uint32_t n_queues, struct dp_port_lab *lab, struct dp_port *port, char *err, size_t err_len)
{
	char name[RTE_RING_NAMESIZE];
	int ret;

	for (uint32_t q = 0; q < n_queues; q++) {
		snprintf(name, sizeof(name), "to_lab_%u", q);
		lab->to_lab[q] = rte_ring_create(
			name, DP_LAB_RING, (int)rte_socket_id(), RING_F_SP_ENQ | RING_F_SC_DEQ);
		snprintf(name, sizeof(name), "from_lab_%u", q);
		lab->from_lab[q] = rte_ring_create(
			name, DP_LAB_RING, (int)rte_socket_id(), RING_F_SP_ENQ | RING_F_SC_DEQ);
		if (lab->to_lab[q] == NULL || lab->from_lab[q] == NULL) {
			snprintf(err, err_len, "packet memory ran out for the lab's rings");
			return -ENOMEM;
		}
	}
	snprintf(port->driver, sizeof(port->driver), "net_ring");
	ret = rte_eth_from_rings(
		"lab", lab->from_lab, n_queues, lab->to_lab, n_queues, rte_socket_id());
	if (ret < 0) {
		snprintf(
			err, err_len, "net_ring could not be created: %s", rte_strerror(rte_errno));
		return -rte_errno;
	}
	port->id = (uint16_t)ret;
	return start_device(port, n_queues, err, err_len);
}

static int open_pci(
	const char *name, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	snprintf(port->driver, sizeof(port->driver), "PCI device %s", name);
	if (rte_eth_dev_get_port_by_name(name, &port->id) != 0) {
		snprintf(err, err_len,
			"DPDK found no network device at %s; bind it with `dpdk-devbind.py -b "
			"vfio-pci %s` and "
			"see `dpdk-devbind.py -s`",
			name, name);
		return -ENODEV;
	}
	return start_device(port, n_queues, err, err_len);
}

static int open_memif(
	const char *socket, uint32_t n_queues, struct dp_port *port, char *err, size_t err_len)
{
	char args[512];
	int ret;

	snprintf(args, sizeof(args), "socket-abstract=no,socket=%s", socket);
	ret = open_vdev("net_memif", args, n_queues, port, err, err_len);
	if (ret != 0)
		snprintf(err, err_len,
			"net_memif could not connect to %s: the other side has to listen there "
			"first (or give role=server after a comma)",
			socket);
	return ret;
}

static int open_device(const struct dp_port_spec *spec, uint32_t n_queues, struct dp_port_lab *lab,
	struct dp_port *port, char *err, size_t err_len)
{
	char args[512];

	switch (spec->kind) {
	case DP_PORT_PCI:
		return open_pci(spec->name, n_queues, port, err, err_len);
	case DP_PORT_KERNEL:
	case DP_PORT_AF_XDP:
	case DP_PORT_AF_PACKET:
		return open_kernel(spec, n_queues, port, err, err_len);
	case DP_PORT_MEMIF:
		return open_memif(spec->name, n_queues, port, err, err_len);
	case DP_PORT_TAP:
		snprintf(args, sizeof(args), "iface=%s", spec->name);
		return open_vdev("net_tap", args, n_queues, port, err, err_len);
	case DP_PORT_PCAP:
		return open_pcap(spec->name, n_queues, port, err, err_len);
	case DP_PORT_NULL:
		return open_vdev("net_null", "no-rx=1", n_queues, port, err, err_len);
	case DP_PORT_LAB:
		return open_lab(n_queues, lab, port, err, err_len);
	}
	return -EINVAL;
}

int dp_port_open(const struct dp_port_spec *spec, uint32_t n_queues, uint32_t n_mbufs,
	struct dp_port_lab *lab, struct dp_port *port, char *err, size_t err_len)
{
	int ret;

	*port = (struct dp_port){.mbufs = mbuf_pool(n_mbufs, spec->kind == DP_PORT_PCI)};
	if (port->mbufs == NULL) {
		snprintf(err, err_len, "packet memory ran out for %u packet buffers: %s", n_mbufs,
			rte_strerror(rte_errno));
		return -ENOMEM;
	}
	ret = open_device(spec, n_queues, lab, port, err, err_len);
	/* The other side of a memif port may connect at any time. */
	if (ret == 0 && spec->kind != DP_PORT_MEMIF) {
		ret = dp_port_wait_link(spec, port, err, err_len);
		if (ret != 0)
			dp_port_close(port, lab);
	}
	return ret;
}

void dp_port_close(struct dp_port *port, struct dp_port_lab *lab)
{
	if (port->started) {
		rte_eth_dev_stop(port->id);
		rte_eth_dev_close(port->id);
	}
	for (uint32_t q = 0; lab != NULL && q < port->n_queues; q++) {
		rte_ring_free(lab->to_lab[q]);
		rte_ring_free(lab->from_lab[q]);
	}
	rte_mempool_free(port->mbufs);
	dp_packet_sockets_free(port->sockets);
}

void dp_port_losses(const struct dp_port *port, uint64_t *rx_missed, uint64_t *tx_errors)
{
	struct rte_eth_stats stats = {0};

	if (rte_eth_stats_get(port->id, &stats) != 0)
		return;
	*rx_missed = stats.imissed + stats.rx_nombuf + stats.ierrors +
		     dp_packet_sockets_dropped(port->sockets);
	*tx_errors = stats.oerrors;
}
