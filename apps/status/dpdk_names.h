/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of DPDK under the names of the newest supported release, for older ones too. */
#pragma once

#include <rte_telemetry.h>
#include <rte_version.h>

#if RTE_VERSION < RTE_VERSION_NUM(23, 3, 0, 0)
#define rte_tel_data_add_dict_uint rte_tel_data_add_dict_u64
#endif
