/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_port.h"

const struct lab_port lab_ports[LAB_N_PORTS] = {
	{25, DL_SMTP, false},
	{587, DL_SMTP, false},
	{465, DL_SMTP, true},
	{143, DL_IMAP, false},
	{993, DL_IMAP, true},
	{110, DL_POP3, false},
	{995, DL_POP3, true},
	{6667, DL_IRC, false},
	{6697, DL_IRC, true},
	{5222, DL_XMPP_CLIENT, false},
	{5223, DL_XMPP_CLIENT, true},
	{5269, DL_XMPP_SERVER, false},
	{5270, DL_XMPP_SERVER, true},
	{443, DL_HTTP, true},
};

const struct lab_port *lab_port_find(uint16_t port)
{
	for (size_t i = 0; i < LAB_N_PORTS; i++) {
		if (lab_ports[i].port == port)
			return &lab_ports[i];
	}
	return NULL;
}
