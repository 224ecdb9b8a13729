/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every setting wolfSSL is built with: a client that measures, and a server for the embedded lab.
 *
 * The aims, in this order: talk to what is out there however old or weak it is; spend few bytes per
 * session, for tens of thousands live at once; spend few cycles per handshake. Hardening of private
 * keys is left out on purpose: a scanner keeps none, and the lab's keys are made for one run.
 *
 * Read by C and by preprocessed assembly.
 */
#pragma once

#include <wolfssl/version.h>

/* --- The platform, which wolfSSL's configure would have found out --- */
#define HAVE___UINT128_T 1
#define HAVE_C___ATOMIC	 1
#define HAVE_GETPID	 1
#define HAVE_GMTIME_R	 1 /* gmtime()'s one buffer is not for several TLS cores */
#define HAVE_LIMITS_H	 1
#define HAVE_SYS_TIME_H	 1 /* gettimeofday(); gcc 14 takes no undeclared function */
#define HAVE_THREAD_LS
#define WOLFSSL_HAVE_ASSERT_H
#define WOLFSSL_HAVE_ATOMIC_H
/* On the command line as well: one assembly file of the older pins reads no settings. */
#ifndef WOLFSSL_X86_64_BUILD
#define WOLFSSL_X86_64_BUILD
#endif
#define ERROR_QUEUE_PER_THREAD
#define WC_NO_ASYNC_THREADING
#define WOLFSSL_USE_ALIGN

/* --- Input and output are buffers of ours: no sockets inside --- */
#define WOLFSSL_USER_IO
#define NO_WRITEV

/* --- Arithmetic: x86-64 assembly, picked at run time by cpuid: the binary stays portable --- */
#define USE_INTEL_SPEEDUP
#define WOLFSSL_AESNI
#define WOLFSSL_SP_X86_64
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_X86_64_ASM
#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_SP_LARGE_CODE
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_HAVE_SP_DH
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_384
#define WOLFSSL_SP_521
/*
 * Bytes of every session: an RsaKey holds eight numbers and jemalloc rounds it up, so 94 words each
 * make it 6 kB, not 10. Moduli of 2048, 3072 and 4096 bits have code of their own and only need to
 * fit; any other may have 2944 bits, its squares must fit too. So must the number of the bounds
 * check, which goes: it only keeps off signatures that are too large by a multiple of the modulus.
 */
#define NO_RSA_BOUNDS_CHECK
#define SP_INT_BITS   4096
#define SP_INT_DIGITS 94
#define ALT_ECC_SIZE  /* points of 521 bits, not of SP_INT_DIGITS */
/* No GHASH table, half a kB a direction: AES-NI has no use for it. Without AES-NI GCM is slow. */
#define GCM_SMALL

/* --- Protocol versions and extensions --- */
#define WOLFSSL_TLS13
/* RFC 8446 D.4: a session id and a ChangeCipherSpec, without which some middleboxes drop TLS 1.3.
 */
#define WOLFSSL_TLS13_MIDDLEBOX_COMPAT
#define WOLFSSL_ALLOW_TLSV10
#define WOLFSSL_ALLOW_SSLV3
#define HAVE_TLS_EXTENSIONS
#define HAVE_ALPN
#define HAVE_SNI
#define HAVE_SUPPORTED_CURVES
#define HAVE_ENCRYPT_THEN_MAC
#define HAVE_EXTENDED_MASTER
/* RFC 5746 by its suite value: wolfSSL's own renegotiation, never wanted, takes 512 bytes a
 * session. */
#define HAVE_RENEGOTIATION_INDICATION
#define HAVE_SESSION_TICKET
/* OCSP stapling is left out: it takes 832 bytes of every session, from its beginning. */
/* A session belongs to one address: nothing to resume from a table shared between threads. */
#define NO_SESSION_CACHE

/* --- Key exchange and signatures, the abandoned ones with them --- */
#define WOLFSSL_STATIC_RSA
#define WOLFSSL_STATIC_DH
#define WC_RSA_PSS
#define WOLFSSL_PSS_LONG_SALT
#define HAVE_DH_DEFAULT_PARAMS
/* SP_INT_DIGITS has no room for ffdhe6144 and ffdhe8192. */
#define HAVE_FFDHE_2048
#define HAVE_FFDHE_3072
#define HAVE_FFDHE_4096
#define HAVE_ECC
#define HAVE_ECC160
#define HAVE_ECC192
#define HAVE_ECC224
#define HAVE_ECC384
#define HAVE_ECC512
#define HAVE_ECC521
#define HAVE_ECC_BRAINPOOL
#define HAVE_ECC_KOBLITZ
#define HAVE_ECC_SECPR2
#define HAVE_ECC_SECPR3
#define HAVE_ECC_CDH
#define HAVE_COMP_KEY
#define ECC_SHAMIR
#define WOLFSSL_CUSTOM_CURVES
#define HAVE_CURVE25519
#define HAVE_CURVE448
#define HAVE_ED25519
#define HAVE_ED448
#define HAVE_ANON
#define NO_DSA
#define NO_PSK
#define MAX_PSK_ID_LEN 8 /* two identities stand in every session all the same */
#if LIBWOLFSSL_VERSION_HEX >= 0x05009000
#define WOLFSSL_HAVE_MLKEM
#define WOLFSSL_TLS_NO_MLKEM_STANDALONE
#define WOLFSSL_PQC_HYBRIDS
/* Releases before these do not compile with them. */
#define NO_ED25519_CLIENT_AUTH
#define NO_ED448_CLIENT_AUTH
#endif

/* --- Ciphers and hashes --- */
#define HAVE_AESCCM
#define HAVE_AESGCM
#define HAVE_CAMELLIA
#define HAVE_CHACHA
#define HAVE_POLY1305
#define HAVE_NULL_CIPHER
#define WOLFSSL_ALLOW_RC4
#define WOLFSSL_SHA224
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define WOLFSSL_SHA3
#define WOLFSSL_SHAKE128
#define WOLFSSL_SHAKE256
#define HAVE_HKDF
#define NO_MD4

/* --- Weak servers are measured, not refused --- */
#define RSA_MIN_SIZE	       512
#define WOLFSSL_MIN_RSA_BITS   512
#define WOLFSSL_MIN_DHKEY_BITS 512
#define WOLFSSL_MIN_ECC_BITS   160
#define ECC_MIN_KEY_SZ	       160
#define ALLOW_INVALID_CERTSIGN
#define WOLFSSL_NO_ASN_STRICT

/*
 * --- Certificates ---
 * The chain is copied in the verify callback, which must therefore come for every certificate,
 * valid or not. SESSION_CERTS and KEEP_PEER_CERT would hold it in the session for 20 KB each.
 */
#define WOLFSSL_ALWAYS_VERIFY_CB
#define WOLFSSL_VERIFY_CB_ALL_CERTS
#define MAX_CHAIN_DEPTH 32
/* Nothing is sized by it: a session takes in tl_config.max_certificate_bytes, at most this. */
#define MAX_CERTIFICATE_SZ (1024 * 1024)
/* The names in one line, left out when longer: tls/cert reads them by itself. */
#define WC_ASN_NAME_MAX 112
#define WOLFSSL_ASN_TEMPLATE
#define NO_DO178
/* tls/cert reads names and extensions; apps/lab makes its certificates when it starts. */
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_BASE64_ENCODE
#define WOLFSSL_CERT_EXT
#define WOLFSSL_CERT_GEN
#define WOLFSSL_KEY_GEN

/* --- No secrets worth hardening for, see the top --- */
#define WC_NO_CACHE_RESISTANT
#define WC_NO_HARDEN

/*
 * --- Randomness: all of it from the session's seed, so that a recorded session can be replayed ---
 * tls/session defines this function; glue.c serves programs without sessions.
 */
#define WC_NO_HASHDRBG
#define CUSTOM_RAND_GENERATE_BLOCK tl_random_block
#ifndef __ASSEMBLER__
extern int tl_random_block(unsigned char *out, unsigned int n_bytes);
#endif
