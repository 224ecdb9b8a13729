/* SPDX-License-Identifier: BSD-3-Clause */
/* Every option, once: getopt, --help and the suggestions for misspelt ones are made from this
 * table. */
#include "options_internal.h"
#include "apps/util/version.h"

#include <assert.h>

#define HELP_COLUMN 34
/* A suggestion is worth making up to this many typing errors, and one in so many letters. */
#define SUGGEST_MAX	3
#define SUGGEST_LETTERS 2

const struct sw_option sw_option_table[] = {
	{0, NULL, NULL, "What to scan"},
	{SW_KEY_PORTS, "target-ports", "LIST",
		"services, by name, well-known port, port:name,\n"
		"first-last:name, or *:name for all ports:\n"
		"smtp,submission,smtps,imap,imaps,pop3,pop3s,irc,ircs,\n"
		"xmpp-client,xmpps-client,xmpp-server,xmpps-server,https;\n"
		"25, 2525:smtp, 4433:tls (TLS and nothing more)"},
	{SW_KEY_ALLOW_FILE, "allowlist-file", "FILE",
		"targets from a file, one a line; - is standard input"},
	{SW_KEY_EXCLUDE_FILE, "blocklist-file", "FILE",
		"never send to what this file lists; wins over all targets"},
	{SW_KEY_EXCLUDE, "exclude", "ITEM", "never send to this address, prefix or range"},
	{SW_KEY_NO_DEFAULT_EXCLUDE, "no-default-exclude", NULL,
		"scan private, reserved and multicast space too, where it\n"
		"is named (-i lab: always so)"},
	{SW_KEY_PAIRS, "pairs", "FILE", "addresses with their ports from a file, one pair a line"},
	{SW_KEY_MAX_TARGETS, "max-targets", "N",
		"stop after N pairs of address and port, or after a share\n"
		"of them, such as 10% (default: all)"},
	{SW_KEY_SHARD, "shard", "I/N",
		"scan the I-th of N parts, from 1/N to N/N; all parts need\n"
		"the same --seed"},
	{SW_KEY_SEED, "seed", "N", "fixes order, ports and sessions (default: drawn, reported)"},
	{0, NULL, NULL, "How fast, how long"},
	{SW_KEY_RATE, "rate", "PPS",
		"packets a second, e.g. 0.5, 20K, 1.2M (default 1000);\n"
		"0: no limit"},
	{SW_KEY_BANDWIDTH, "bandwidth", "BPS",
		"bits a second on the wire, gaps included, e.g. 10M; alone\n"
		"it takes the place of the rate"},
	{SW_KEY_PROBES, "probes", "N", "SYNs to each target, 1 to 16 (default 1)"},
	{SW_KEY_PROBE_GAP, "probe-gap", "TIME", "time between the SYNs to one target (default 1s)"},
	{SW_KEY_COOLDOWN, "cooldown-time", "TIME",
		"wait for late answers after the last SYN (default 8s)"},
	{SW_KEY_MAX_RUNTIME, "max-runtime", "TIME",
		"stop probing after this time (default: no limit)"},
	{SW_KEY_MAX_RESULTS, "max-results", "N", "stop after N records (default: no limit)"},
	{SW_KEY_MIN_HITRATE, "min-hitrate", "SHARE",
		"stop when fewer than this share of all targets probed so\n"
		"far have answered, such as 0.01 or 1%, for 5 seconds\n"
		"(default: no guard)"},
	{0, NULL, NULL, "Loss and noise"},
	{SW_KEY_LOSS_SAMPLE, "loss-sample", "N",
		"probe every N-th target twice to estimate what is lost\n"
		"(default 64; 0: none)"},
	{SW_KEY_CANARY_SAMPLE, "canary-sample", "N",
		"probe every N-th address on a port nobody uses too, to\n"
		"estimate who answers anything (default 256; 0: none)"},
	{SW_KEY_DECOY_PORTS, "decoy-ports", "K",
		"probe responders on K ports nobody uses too, 0 to 8\n"
		"(default 0)"},
	{SW_KEY_DECOY_SAMPLE, "decoy-sample", "N",
		"but only every N-th responder (default 1: all)"},
	{0, NULL, NULL, "Port and addresses"},
	{SW_KEY_INTERFACE, "interface", "PORT",
		"0000:03:00.0 (PCI), eth1, memif:SOCKET, tap:NAME,\n"
		"pcap:IN[,OUT], or lab (the embedded Internet); eth1 is\n"
		"AF_PACKET where the kernel has addresses or routes on it,\n"
		"else AF_XDP; af_xdp:eth1, af_packet:eth1 insist"},
	{SW_KEY_SOURCE_IP, "source-ip", "ADDR[/LEN]",
		"our own address, one that the kernel does not use; once\n"
		"for IPv4, once for IPv6; LEN: neighbours are on-link"},
	{SW_KEY_SOURCE_PORT, "source-port", "A[-B]", "our ports (default 32768-61000)"},
	{SW_KEY_SOURCE_MAC, "source-mac", "MAC", "our MAC address (default: the port's)"},
	{SW_KEY_GATEWAY_IP, "gateway-ip", "ADDR",
		"router to resolve and look after; once for each family"},
	{SW_KEY_GATEWAY_MAC, "gateway-mac", "MAC", "router's MAC address: nothing is resolved"},
	{SW_KEY_VLAN, "vlan", "ID", "802.1Q tag, 1 to 4094 (default: untagged)"},
	{SW_KEY_NO_HUGE, "no-huge", NULL, "ordinary pages: slower, needs no set-up"},
	{SW_KEY_LCORES, "lcores", "MAP", "which CPU does what (default: fitted to the machine)"},
	{SW_KEY_EAL, "eal", "ARGS", "further arguments for DPDK, in one word"},
	{0, NULL, NULL, "Conversation"},
	{SW_KEY_CONTACT, "contact", "TEXT", "address or page for complaints, in the user agent"},
	{SW_KEY_USER_AGENT, "user-agent", "TEXT",
		"for HTTP (default tlsweep/" SW_VERSION " (+CONTACT))"},
	{SW_KEY_EHLO_NAME, "ehlo-name", "NAME",
		"our name in EHLO (default: this host's full name, else\n"
		"our address in brackets)"},
	{SW_KEY_SNI, "sni", "NAME", "server name for targets that came without one"},
	{SW_KEY_NO_POST_TLS, "no-post-tls", NULL,
		"say goodbye after the handshake, ask nothing inside TLS"},
	{SW_KEY_GREETING_TIMEOUT, "greeting-timeout", "TIME",
		"wait for a server's greeting (default 12s)"},
	{SW_KEY_REPLY_TIMEOUT, "reply-timeout", "TIME", "wait for each reply (default 10s)"},
	{SW_KEY_IRC_HELLO_TIMEOUT, "irc-hello-timeout", "TIME",
		"IRC: wait for the reply to CAP (default 3s)"},
	{SW_KEY_IRC_STARTTLS_TIMEOUT, "irc-starttls-timeout", "TIME",
		"IRC: wait for the reply to STARTTLS (default 8s)"},
	{SW_KEY_HANDSHAKE_TIMEOUT, "handshake-timeout", "TIME",
		"time for the whole TLS handshake (default 10s)"},
	{SW_KEY_BYE_TIMEOUT, "bye-timeout", "TIME",
		"wait for the reply to our goodbye (default 1s)"},
	{SW_KEY_MAX_SESSION_BYTES, "max-session-bytes", "SIZE",
		"bytes a TLS session may take in (default 256Ki)"},
	{SW_KEY_MAX_CHAIN_BYTES, "max-chain-bytes", "SIZE",
		"bytes of certificates kept of a session (default 128Ki)"},
	{SW_KEY_MAX_CERTIFICATE_BYTES, "max-certificate-bytes", "SIZE",
		"bytes of a Certificate message that a handshake takes in\n"
		"(default 128Ki, at most 1Mi)"},
	{SW_KEY_DEAR_SHARE, "dear-share", "PERCENT",
		"of a TLS core's time, what dear handshakes may take\n"
		"together: DHE, P-521, odd curves (default 10; 0: none is\n"
		"completed)"},
	{SW_KEY_SHARE_KEY, "share-key", NULL,
		"one X25519 key for many sessions: a third faster; what is\n"
		"said inside them is then protected by one key"},
	{SW_KEY_MAX_CONNECTIONS, "max-connections", "N",
		"connections at once, per poll core (default 65536)"},
	{SW_KEY_MAX_SESSIONS, "max-sessions", "N",
		"TLS sessions at once, per TLS core (default 4096)"},
	{0, NULL, NULL, "Results"},
	{SW_KEY_OUTPUT_DIR, "output-dir", "DIR",
		"folder for results and summary; - (default): results to\n"
		"standard output"},
	{SW_KEY_OVERWRITE, "overwrite", NULL, "replace the results of an earlier scan in DIR"},
	{SW_KEY_RESUME, "resume", NULL, "go on where the scan in DIR ended"},
	{SW_KEY_UNSAFE_OUTPUT_DIR, "unsafe-output-dir", NULL,
		"use DIR even though other users own it or can write to it:\n"
		"they can then spoil the results and what --resume reads"},
	{SW_KEY_CHECKPOINT_INTERVAL, "checkpoint-interval", "TIME",
		"how often to note how far the scan is (default 5s)"},
	{SW_KEY_MAX_OUTPUT, "max-output", "SIZE",
		"stop when the files in DIR have this size together, or\n"
		"standard output has (default: no limit)"},
	{SW_KEY_MIN_DISK_FREE, "min-disk-free", "SHARE",
		"probes wait while less than this share of the disk of DIR\n"
		"is free (default 5%; 0: never)"},
	{SW_KEY_OUTPUT, "output", "LIST",
		"records of which outcomes: open,closed,unreachable\n"
		"(default open)"},
	{SW_KEY_CERTS, "certs", "HOW",
		"inline (default): in each record; store: once each, in\n"
		"DIR/certificates.jsonl"},
	{0, NULL, NULL, "This program"},
	{SW_KEY_VERBOSE, "verbose", NULL, "say more; twice: more still"},
	{SW_KEY_QUIET, "quiet", NULL, "no status line"},
	{SW_KEY_CONFIG, "config", "FILE",
		"options from a file, one NAME = VALUE a line; those given\n"
		"here win"},
	{SW_KEY_PRINT_CONFIG, "print-config", NULL, "print all options as such a file and end"},
	{SW_KEY_HELP, "help", NULL, "this text"},
	{SW_KEY_VERSION, "version", NULL, "version, libraries, and what this build lacks"},
};

static_assert(sizeof(sw_option_table) / sizeof(sw_option_table[0]) <= SW_MAX_OPTIONS,
	"getopt's view has room");
const size_t sw_n_options = sizeof(sw_option_table) / sizeof(sw_option_table[0]);

const struct sw_option *sw_option_find(int key)
{
	for (size_t i = 0; i < sw_n_options; i++)
		if (sw_option_table[i].key == key)
			return &sw_option_table[i];
	return NULL;
}

bool sw_option_repeats(int key)
{
	switch (key) {
	case SW_KEY_PORTS:
	case SW_KEY_ALLOW_FILE:
	case SW_KEY_PAIRS:
	case SW_KEY_EXCLUDE_FILE:
	case SW_KEY_EXCLUDE:
	case SW_KEY_SOURCE_IP:
	case SW_KEY_GATEWAY_IP:
		return true;
	default:
		return false;
	}
}

bool sw_option_line_only(int key)
{
	return key == SW_KEY_CONFIG || key == SW_KEY_PRINT_CONFIG || key == SW_KEY_RESUME ||
	       key == SW_KEY_UNSAFE_OUTPUT_DIR || key == SW_KEY_HELP || key == SW_KEY_VERSION;
}

/* Insertions, deletions and changes that turn one word into the other (Levenshtein). */
static size_t word_distance(const char *a, const char *b)
{
	size_t row[SW_OPTION_NAME_MAX + 1], len_a = strlen(a), len_b = strlen(b);

	if (len_a > SW_OPTION_NAME_MAX || len_b > SW_OPTION_NAME_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= len_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			best = above + 1 < best ? above + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[len_b];
}

/* The name nearest to a misspelt one, NULL when none is near: any two words of three letters are
 * near by the number of changes alone. */
static const char *nearest(const char *word)
{
	size_t allowed = strlen(word) / SUGGEST_LETTERS, best;
	const char *found = NULL;

	best = (allowed < SUGGEST_MAX ? allowed : SUGGEST_MAX) + 1;
	for (size_t i = 0; i < sw_n_options; i++) {
		const char *name = sw_option_table[i].name;
		size_t distance = name == NULL ? SIZE_MAX : word_distance(word, name);

		if (distance < best) {
			best = distance;
			found = name;
		}
	}
	return found;
}

static bool begins_with(const struct sw_option *option, const char *word)
{
	return option->name != NULL && word[0] != '\0' &&
	       strncmp(word, option->name, strlen(word)) == 0;
}

size_t sw_option_hint(const char *word, const char *before, const char *after, const char *help,
	char *out, size_t out_len)
{
	const char *near;
	size_t n = 0, n_told = 0, len = 0;

	for (size_t i = 0; i < sw_n_options; i++)
		n += begins_with(&sw_option_table[i], word);
	near = n == 0 ? nearest(word) : NULL;
	if (near != NULL)
		snprintf(out, out_len, "did you mean %s%s%s?", before, near, after);
	else if (n == 0)
		snprintf(out, out_len, "%s", help);
	for (size_t i = 0; i < sw_n_options && n > 0 && len < out_len; i++) {
		if (!begins_with(&sw_option_table[i], word))
			continue;
		len += (size_t)snprintf(out + len, out_len - len, "%s%s%s%s%s",
			n_told == 0	  ? "did you mean "
			: n_told == n - 1 ? " or "
					  : ", ",
			before, sw_option_table[i].name, after, n_told == n - 1 ? "?" : "");
		n_told++;
	}
	return n;
}

static void print_option(FILE *out, const struct sw_option *option)
{
	int column = option->key < 256 ? fprintf(out, "  -%c, --%s", option->key, option->name)
				       : fprintf(out, "      --%s", option->name);
	const char *line = option->help;

	if (option->arg != NULL)
		column += fprintf(out, " %s", option->arg);
	if (column >= HELP_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	for (;;) {
		int len = (int)strcspn(line, "\n");

		fprintf(out, "%*s%.*s\n", HELP_COLUMN - column, "", len, line);
		if (line[len] == '\0')
			return;
		line += len + 1;
		column = 0;
	}
}

void sw_options_help(FILE *out)
{
	fputs("Usage: tlsweep scan -i PORT -p LIST [OPTION]... TARGET...\n\n"
	      "Scan TARGETs for services that speak TLS, at once or by STARTTLS, and write one "
	      "JSON line for\n"
	      "each address and port that answered. A TARGET is an address, a prefix "
	      "(192.0.2.0/24) or a range\n"
	      "(192.0.2.7-192.0.2.9), IPv4 or IPv6.\n",
		out);
	for (size_t i = 0; i < sw_n_options; i++) {
		if (sw_option_table[i].key == 0)
			fprintf(out, "\n%s:\n", sw_option_table[i].help);
		else
			print_option(out, &sw_option_table[i]);
	}
	fputs("\nTIME is a number with us, ms, s, m or h (default s). N, PPS, BPS and SIZE take K, "
	      "M and G, which\n"
	      "are thousands, and Ki, Mi and Gi, which are of 1,024; SIZE is in bytes. Options "
	      "that\n"
	      "name targets, exclusions, files or services may be repeated; of the others the "
	      "last one counts.\n"
	      "\nExamples:\n"
	      "  tlsweep scan -i lab --no-huge -p smtp,https 198.18.0.0/24\n"
	      "  tlsweep scan -i eth1 -S 192.0.2.10/24 --gateway-ip 192.0.2.1 -p 25,443 -r 5K -b "
	      "optout.txt \\\n"
	      "      --contact https://scan.example.org -o run1 -w prefixes.txt\n"
	      "  tlsweep scan -i 0000:03:00.0 -S 2001:db8::10/64 --gateway-ip fe80::1 -p "
	      "imaps,8443:https \\\n"
	      "      -w hosts6.txt -o - | jq .ip\n"
	      "\nExit codes:\n"
	      "  0  done                              3  interrupted: results and summary are "
	      "whole\n"
	      "  1  could not start: nothing was sent 4  writing failed: what is there is whole "
	      "lines\n"
	      "  2  wrong command line                5  the port failed during the scan\n"
	      "                                       6  too few answers: --min-hitrate ended it\n",
		out);
}
