/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* memfd_create() */
#include "xdp_program.h"

#include <dirent.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "own.h"
#include "xdp_object.h"

#define N_MAPS_MAX  8
#define FD_LINK_LEN 64

static const char program_name[] = DP_XDP_TEXT(DP_XDP_PROGRAM);
static const char own_map_name[] = DP_XDP_TEXT(DP_XDP_OWN_MAP);

static int fail(int rc, char *why, size_t why_len, const char *what)
{
	snprintf(why, why_len, "%s: %s", what, strerror(-rc));
	return rc;
}

static int load_object(void)
{
	struct bpf_object *object;
	int rc;

	object = bpf_object__open_mem(dp_xdp_object, dp_xdp_object_len, NULL);
	if (object == NULL)
		return -errno;
	rc = bpf_object__load(object);
	bpf_object__close(object);
	return rc;
}

int dp_xdp_program_try(char *why, size_t why_len)
{
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0), rc;

	if (fd < 0)
		return fail(-errno, why, why_len, "the kernel gives no AF_XDP socket");
	close(fd);
	libbpf_set_print(NULL);
	rc = load_object();
	if (rc == -EPERM || rc == -EACCES)
		snprintf(
			why, why_len, "to load its program takes root, or CAP_BPF and CAP_PERFMON");
	else if (rc != 0)
		fail(rc, why, why_len, "the kernel does not take its program");
	return rc;
}

/*
 * Take a name that exists once in the interface's network namespace. The kernel frees it when the
 * process ends, however that happens.
 * @return a socket or -errno; -EADDRINUSE: a scan has it
 */
static int take_name(uint32_t index)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int len, rc;

	if (fd < 0)
		return -errno;
	/* A name that begins with a zero byte is no file. */
	len = snprintf(&name.sun_path[1], sizeof(name.sun_path) - 1, "tlsweep-xdp-%u", index);
	if (bind(fd, (const struct sockaddr *)(const void *)&name,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* Is one of a program's maps the one that holds addresses? */
static bool has_own_map(const uint32_t *ids, uint32_t n)
{
	struct bpf_map_info info;
	bool found = false;

	for (uint32_t i = 0; i < n && !found; i++) {
		uint32_t len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(ids[i]);

		memset(&info, 0, sizeof(info));
		if (fd < 0)
			continue;
		found = bpf_obj_get_info_by_fd(fd, &info, &len) == 0 &&
			strcmp(info.name, own_map_name) == 0;
		close(fd);
	}
	return found;
}

static bool is_ours(int program_fd)
{
	uint32_t ids[N_MAPS_MAX], len;
	struct bpf_prog_info info = {0};

	info.nr_map_ids = N_MAPS_MAX;
	info.map_ids = (uintptr_t)ids;
	len = sizeof(info);
	return bpf_obj_get_info_by_fd(program_fd, &info, &len) == 0 &&
	       strcmp(info.name, program_name) == 0 && info.nr_map_ids <= N_MAPS_MAX &&
	       has_own_map(ids, info.nr_map_ids);
}

/*
 * What is attached to an interface?
 * @param fd  out: our program, for the caller to close; -1: none is attached
 * @return 0; -EBUSY: another one, or one that we may not look at; -errno
 */
static int attached(uint32_t index, int *fd, char *why, size_t why_len)
{
	uint32_t id = 0;
	int rc = bpf_xdp_query_id((int)index, 0, &id);

	*fd = -1;
	if (rc != 0)
		return fail(rc, why, why_len, "the kernel does not say which XDP program it has");
	if (id == 0)
		return 0;
	*fd = bpf_prog_get_fd_by_id(id);
	if (*fd >= 0 && is_ours(*fd))
		return 0;
	if (*fd < 0)
		snprintf(
			why, why_len, "an XDP program is attached, and it takes root to see whose");
	else
		snprintf(why, why_len, "another XDP program is attached (id %u)", id);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EBUSY;
}

/* Only if it is still the one that was looked at. */
static int detach(uint32_t index, int fd)
{
	const struct bpf_xdp_attach_opts opts = {.sz = sizeof(opts), .old_prog_fd = fd};

	return bpf_xdp_detach((int)index, XDP_FLAGS_REPLACE, &opts);
}

/* Take the name and see what is attached. @return 0, or -errno with nothing taken */
static int begin(
	const char *ifname, struct dp_xdp_program *program, int *left_fd, char *why, size_t why_len)
{
	uint32_t index = if_nametoindex(ifname);
	int rc = index != 0 ? take_name(index) : -ENODEV;

	*program = (struct dp_xdp_program){.index = index, .claim_fd = rc, .object_fd = -1};
	if (rc == -EADDRINUSE) {
		snprintf(why, why_len, "another scan uses AF_XDP there");
		rc = -EBUSY;
	} else if (rc < 0) {
		fail(rc, why, why_len, "its name cannot be taken");
	} else {
		rc = attached(index, left_fd, why, why_len);
	}
	if (rc != 0)
		dp_xdp_program_release(program);
	return rc;
}

int dp_xdp_program_look(const char *ifname, char *why, size_t why_len)
{
	struct dp_xdp_program program;
	int left_fd, rc = begin(ifname, &program, &left_fd, why, why_len);

	if (rc != 0)
		return rc;
	if (left_fd >= 0)
		close(left_fd);
	dp_xdp_program_release(&program);
	return 0;
}

int dp_xdp_program_claim(const char *ifname, struct dp_xdp_program *program, bool *removed,
	char *why, size_t why_len)
{
	int left_fd, rc;

	*removed = false;
	rc = begin(ifname, program, &left_fd, why, why_len);
	if (rc != 0 || left_fd < 0)
		return rc;
	rc = detach(program->index, left_fd);
	close(left_fd);
	*removed = rc == 0;
	if (rc == 0)
		return 0;
	dp_xdp_program_release(program);
	return fail(rc, why, why_len, "the XDP program that a killed scan left cannot be detached");
}

int dp_xdp_program_open(struct dp_xdp_program *program)
{
	size_t done = 0;
	int fd = memfd_create(program_name, MFD_CLOEXEC), rc;

	if (fd < 0)
		return -errno;
	while (done < dp_xdp_object_len) {
		ssize_t n = write(fd, &dp_xdp_object[done], dp_xdp_object_len - done);

		if (n < 0 && errno != EINTR) {
			rc = -errno;
			close(fd);
			return rc;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	program->object_fd = fd;
	return 0;
}

static bool is_own_map(int fd)
{
	struct bpf_map_info info = {0};
	uint32_t len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) == 0 && strcmp(info.name, own_map_name) == 0;
}

/*
 * The driver keeps the map open and does not tell its descriptor, so it is looked for among those
 * of this process. Opening the map by its id would need CAP_SYS_ADMIN, which AF_XDP does not need.
 * @return the driver's descriptor, or -ENOENT
 */
static int find_own_map(void)
{
	static const char map_link[] = "anon_inode:bpf-map";
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	int found = -ENOENT;

	if (dir == NULL)
		return -ENOENT;
	while (found < 0 && (entry = readdir(dir)) != NULL) {
		char to[FD_LINK_LEN];
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, to, sizeof(to));

		if (n == (ssize_t)strlen(map_link) && memcmp(to, map_link, (size_t)n) == 0 &&
			is_own_map(atoi(entry->d_name)))
			found = atoi(entry->d_name);
	}
	closedir(dir);
	return found;
}

int dp_xdp_program_fill(struct dp_xdp_program *program, const struct dp_own_key *keys,
	const struct dp_own *owns, uint32_t n)
{
	int map_fd = find_own_map(), rc;

	if (map_fd < 0)
		return map_fd;
	rc = bpf_xdp_query_id((int)program->index, 0, &program->id);
	if (rc == 0 && program->id == 0)
		rc = -ENOENT;
	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = bpf_map_update_elem(map_fd, &keys[i], &owns[i], BPF_ANY);
	return rc;
}

bool dp_xdp_program_is_replaced(const struct dp_xdp_program *program)
{
	uint32_t id = 0;

	return bpf_xdp_query_id((int)program->index, 0, &id) == 0 && id != 0 && id != program->id;
}

void dp_xdp_program_release(struct dp_xdp_program *program)
{
	if (program->object_fd >= 0)
		close(program->object_fd);
	if (program->claim_fd >= 0)
		close(program->claim_fd);
	*program = (struct dp_xdp_program){.claim_fd = -1, .object_fd = -1};
}
