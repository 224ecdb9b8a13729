/* SPDX-License-Identifier: BSD-3-Clause */
#include "interface.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* @return 0 or -errno */
static int ask(const char *name, unsigned long what, struct ifreq *req)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc = 0;

	if (fd < 0)
		return -errno;
	snprintf(req->ifr_name, sizeof(req->ifr_name), "%s", name);
	if (ioctl(fd, what, req) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

int dp_interface_check(const char *name, char *err, size_t err_len)
{
	struct ifreq req = {0};
	int rc = -ENODEV;

	if (strlen(name) < sizeof(req.ifr_name) && if_nametoindex(name) != 0)
		rc = ask(name, SIOCGIFFLAGS, &req);
	if (rc == -ENODEV) {
		snprintf(err, err_len,
			"there is no interface \"%s\"; `ip link` lists them; PCI devices are "
			"written 0000:03:00.0",
			name);
		return -ENODEV;
	}
	if (rc != 0) {
		snprintf(err, err_len, "cannot read the state of interface %s: %s", name,
			strerror(-rc));
		return -EIO;
	}
	if (!(req.ifr_flags & IFF_UP)) {
		snprintf(err, err_len, "interface %s is down; `ip link set %s up`", name, name);
		return -ENETDOWN;
	}
	return 0;
}

static bool driver_says_down(const char *name)
{
	struct ethtool_value link = {.cmd = ETHTOOL_GLINK};
	struct ifreq req = {.ifr_data = (void *)&link};

	return ask(name, SIOCETHTOOL, &req) == 0 && link.data == 0;
}

int dp_interface_carrier(const char *name, char *err, size_t err_len)
{
	struct ifreq req = {0};

	if (ask(name, SIOCGIFFLAGS, &req) != 0 ||
		((req.ifr_flags & IFF_RUNNING) && !driver_says_down(name)))
		return 0;
	snprintf(err, err_len,
		"interface %s has no carrier; check the cable and the far end (`ip link show %s`)",
		name, name);
	return -ENOLINK;
}

struct dp_interface_queues dp_interface_queues(const char *name)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	struct ifreq req = {.ifr_data = (void *)&channels};

	if (ask(name, SIOCETHTOOL, &req) != 0 || channels.combined_count + channels.rx_count == 0)
		return (struct dp_interface_queues){.n_combined = 1};
	return (struct dp_interface_queues){
		.n_combined = channels.combined_count, .n_receive = channels.rx_count};
}
