/* SPDX-License-Identifier: BSD-3-Clause */
#include "packet_sockets.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include <linux/if_packet.h>
#include <sys/socket.h>

/* One for each queue. */
#define MAX_SOCKETS 16

struct dp_packet_sockets {
	int fds[MAX_SOCKETS]; /* the driver's */
	uint32_t n;
	/* Reading the kernel's count resets it, so each reader adds what it read. */
	_Atomic uint64_t n_dropped;
};

static bool is_packet_socket(int fd)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_PACKET;
}

struct dp_packet_sockets *dp_packet_sockets_find(void)
{
	struct dp_packet_sockets *sockets = calloc(1, sizeof(*sockets));
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (sockets == NULL || dir == NULL) {
		free(sockets);
		if (dir != NULL)
			closedir(dir);
		return NULL;
	}
	while ((entry = readdir(dir)) != NULL && sockets->n < MAX_SOCKETS) {
		char *end;
		long fd = strtol(entry->d_name, &end, 10);

		if (end != entry->d_name && is_packet_socket((int)fd))
			sockets->fds[sockets->n++] = (int)fd;
	}
	closedir(dir);
	return sockets;
}

void dp_packet_sockets_free(struct dp_packet_sockets *sockets)
{
	free(sockets);
}

uint64_t dp_packet_sockets_dropped(struct dp_packet_sockets *sockets)
{
	uint64_t n_new = 0;

	if (sockets == NULL)
		return 0;
	for (uint32_t i = 0; i < sockets->n; i++) {
		struct tpacket_stats stats = {0};
		socklen_t len = sizeof(stats);

		if (getsockopt(sockets->fds[i], SOL_PACKET, PACKET_STATISTICS, &stats, &len) == 0)
			n_new += stats.tp_drops;
	}
	return atomic_fetch_add_explicit(&sockets->n_dropped, n_new, memory_order_relaxed) + n_new;
}
