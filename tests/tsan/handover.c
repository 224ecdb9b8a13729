/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What DPDK and liburcu guarantee, said to ThreadSanitizer.
 *
 * The sanitizer derives "happened before" from the atomic operations it has instrumented. Those
 * inside librte_*.so and liburcu-qsbr.so it never sees, so everything that one thread hands to
 * another by way of them would be reported. Only builds with -Db_sanitize=thread link this file; it
 * stands before the libraries' functions (ld --wrap) and adds the missing edges, each exactly as
 * wide as the guarantee:
 *
 *   ring device   bursts are done here, on the same rings, by rte_ring's inline and so visible code
 *   memory pools  likewise for the one kind of ring that our pools use
 *   lcores        launching, and noticing that the function has returned
 *   QSBR          from a quiescent state to the end of the grace period that waited for it
 *   RCU pointers  from publishing to the dependent load
 *
 * An access without such an edge is still reported, but for three in the libraries themselves, at
 * the end.
 */
#include <errno.h>
#include <string.h>

#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mempool.h>
#include <rte_ring.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);
const char *__tsan_default_suppressions(void);

/* ---- what stands before the libraries: the linker gives these names */

void *__wrap_rcu_dereference_sym(void *p);
void *__real_rcu_dereference_sym(void *p);
void *__wrap_rcu_set_pointer_sym(void **p, void *value);
void *__real_rcu_set_pointer_sym(void **p, void *value);
void __wrap_urcu_qsbr_quiescent_state(void);
void __real_urcu_qsbr_quiescent_state(void);
void __wrap_urcu_qsbr_unregister_thread(void);
void __real_urcu_qsbr_unregister_thread(void);
void __wrap_urcu_qsbr_synchronize_rcu(void);
void __real_urcu_qsbr_synchronize_rcu(void);
int __wrap_rte_eal_init(int argc, char **argv);
int __real_rte_eal_init(int argc, char **argv);
int __wrap_rte_eal_remote_launch(lcore_function_t *function, void *arg, unsigned int lcore);
int __real_rte_eal_remote_launch(lcore_function_t *function, void *arg, unsigned int lcore);
enum rte_lcore_state_t __wrap_rte_eal_get_lcore_state(unsigned int lcore);
enum rte_lcore_state_t __real_rte_eal_get_lcore_state(unsigned int lcore);
void __wrap_rte_eal_mp_wait_lcore(void);
void __real_rte_eal_mp_wait_lcore(void);
int __wrap_rte_eth_from_rings(const char *name, struct rte_ring *const rx[], unsigned int n_rx,
	struct rte_ring *const tx[], unsigned int n_tx, unsigned int socket);
int __real_rte_eth_from_rings(const char *name, struct rte_ring *const rx[], unsigned int n_rx,
	struct rte_ring *const tx[], unsigned int n_tx, unsigned int socket);
int __wrap_rte_eth_dev_start(uint16_t port);
int __real_rte_eth_dev_start(uint16_t port);

/* ---- liburcu */

static char grace_period;

void *__wrap_rcu_set_pointer_sym(void **p, void *value)
{
	__tsan_release(value);
	return __real_rcu_set_pointer_sym(p, value);
}

void *__wrap_rcu_dereference_sym(void *p)
{
	void *value = __real_rcu_dereference_sym(p);

	__tsan_acquire(value);
	return value;
}

void __wrap_urcu_qsbr_quiescent_state(void)
{
	__tsan_release(&grace_period);
	__real_urcu_qsbr_quiescent_state();
}

void __wrap_urcu_qsbr_unregister_thread(void)
{
	__tsan_release(&grace_period);
	__real_urcu_qsbr_unregister_thread();
}

void __wrap_urcu_qsbr_synchronize_rcu(void)
{
	__real_urcu_qsbr_synchronize_rcu();
	__tsan_acquire(&grace_period);
}

/* ---- lcores */

static struct job {
	lcore_function_t *function;
	void *arg;
} jobs[RTE_MAX_LCORE];

static int run_job(void *arg)
{
	struct job *job = arg;
	int ret;

	__tsan_acquire(job);
	ret = job->function(job->arg);
	__tsan_release(job);
	return ret;
}

int __wrap_rte_eal_remote_launch(lcore_function_t *function, void *arg, unsigned int lcore)
{
	struct job *job = &jobs[lcore];

	*job = (struct job){.function = function, .arg = arg};
	__tsan_release(job);
	return __real_rte_eal_remote_launch(run_job, job, lcore);
}

enum rte_lcore_state_t __wrap_rte_eal_get_lcore_state(unsigned int lcore)
{
	enum rte_lcore_state_t state = __real_rte_eal_get_lcore_state(lcore);

	if (state == WAIT)
		__tsan_acquire(&jobs[lcore]);
	return state;
}

void __wrap_rte_eal_mp_wait_lcore(void)
{
	__real_rte_eal_mp_wait_lcore();
	for (unsigned int lcore = 0; lcore < RTE_MAX_LCORE; lcore++)
		__tsan_acquire(&jobs[lcore]);
}

/* ---- memory pools */

static int pool_put(struct rte_mempool *pool, void *const *objects, unsigned int n)
{
	return rte_ring_mp_rts_enqueue_bulk(pool->pool_data, objects, n, NULL) == 0 ? -ENOBUFS : 0;
}

static int pool_get(struct rte_mempool *pool, void **objects, unsigned int n)
{
	return rte_ring_mc_rts_dequeue_bulk(pool->pool_data, objects, n, NULL) == 0 ? -ENOBUFS : 0;
}

int __wrap_rte_eal_init(int argc, char **argv)
{
	/* The kinds of pool register themselves when their plugin is loaded, which is in here. */
	int ret = __real_rte_eal_init(argc, argv);

	for (uint32_t i = 0; i < rte_mempool_ops_table.num_ops; i++) {
		struct rte_mempool_ops *ops = &rte_mempool_ops_table.ops[i];

		if (strcmp(ops->name, "ring_mt_rts") != 0)
			continue;
		ops->enqueue = pool_put;
		ops->dequeue = pool_get;
	}
	return ret;
}

/* ---- the ring device */

static struct ring_device {
	int port;
	void *rx[RTE_MAX_QUEUES_PER_PORT];
	void *tx[RTE_MAX_QUEUES_PER_PORT];
} ring_device = {.port = -1};

static uint16_t receive(void *ring, struct rte_mbuf **frames, uint16_t n)
{
	return (uint16_t)rte_ring_dequeue_burst(ring, (void **)frames, n, NULL);
}

static uint16_t transmit(void *ring, struct rte_mbuf **frames, uint16_t n)
{
	return (uint16_t)rte_ring_enqueue_burst(ring, (void **)frames, n, NULL);
}

int __wrap_rte_eth_from_rings(const char *name, struct rte_ring *const rx[], unsigned int n_rx,
	struct rte_ring *const tx[], unsigned int n_tx, unsigned int socket)
{
	int port = __real_rte_eth_from_rings(name, rx, n_rx, tx, n_tx, socket);

	if (port < 0)
		return port;
	ring_device.port = port;
	memcpy(ring_device.rx, rx, n_rx * sizeof(rx[0]));
	memcpy(ring_device.tx, tx, n_tx * sizeof(tx[0]));
	return port;
}

int __wrap_rte_eth_dev_start(uint16_t port)
{
	int ret = __real_rte_eth_dev_start(port);

	if (ret != 0 || port != ring_device.port)
		return ret;
	rte_eth_fp_ops[port].rxq.data = ring_device.rx;
	rte_eth_fp_ops[port].rx_pkt_burst = receive;
	rte_eth_fp_ops[port].txq.data = ring_device.tx;
	rte_eth_fp_ops[port].tx_pkt_burst = transmit;
	return 0;
}

/* ---- what remains */

/*
 * rte_ring_count() loads the other side's index plainly: its answer is a guess by contract, and
 * ours decide only whether to try; the operation itself loads the index again.
 *
 * __rte_ring_rts_head_wait() looks plainly at the tail while it spins; the load that counts is
 * atomic.
 *
 * cpuid_get_flags_ex() is wolfSSL's: whoever comes first stores the same aligned word.
 *
 * jemalloc is not instrumented: how it hands its own pages from thread to thread is not seen. Its
 * locks are, so what is kept in memory it gave out is still watched.
 */
const char *__tsan_default_suppressions(void)
{
	return "race:^rte_ring_count$\n"
	       "race:^__rte_ring_rts_head_wait$\n"
	       "race:^cpuid_get_flags_ex$\n"
	       "race:libjemalloc.so\n";
}
