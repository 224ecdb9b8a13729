#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Make the lab's CA, intermediate and host certificates with their keys, as a C header.
# Usage: gen-certs.sh OUTPUT.h
# Runs at build time: the keys are new in every build folder and in none of the sources.
set -eu

out=$1
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
log=$work/log

cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = lab
[lab]
new_certs_dir = $work
database = $work/index
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[ca_cert]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:false
subjectKeyIdentifier = hash
subjectAltName = DNS:*.lab.test
[leaf_elsewhere]
basicConstraints = CA:false
subjectKeyIdentifier = hash
subjectAltName = DNS:elsewhere.invalid
[req]
distinguished_name = dn
[dn]
CNF
: > "$work/index"

# Run openssl; its words are shown only when it fails.
quietly() {
	openssl "$@" > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

# make_key NAME rsa|p256
make_key() {
	case $2 in
	rsa) quietly genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key" ;;
	p256) quietly genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" ;;
	esac
}

# certify NAME COMMON-NAME EXTENSIONS END ISSUER: the issuer is a name made before, or self
certify() {
	quietly req -new -config "$work/ca.cnf" -subj "/CN=$2" -key "$work/$1.key" -out "$work/csr"
	if [ "$5" = self ]; then
		set -- "$1" "$2" "$3" "$4" -selfsign -keyfile "$work/$1.key"
	else
		set -- "$1" "$2" "$3" "$4" -keyfile "$work/$5.key" -cert "$work/$5.pem"
	fi
	name=$1 extensions=$3 end=$4
	shift 4
	quietly ca -config "$work/ca.cnf" -batch -notext -extensions "$extensions" \
		-startdate 20200101000000Z -enddate "$end" -in "$work/csr" \
		-out "$work/$name.pem" "$@"
	quietly x509 -in "$work/$name.pem" -outform DER -out "$work/$name.der"
}

# emit C-NAME FILE
emit() {
	printf 'static const uint8_t %s[] = {\n' "$1"
	od -An -v -tx1 "$2" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	printf '};\n'
}

make_key root p256
certify root 'tlsweep lab CA' ca_cert 20491231235959Z self
make_key issuer p256
certify issuer 'tlsweep lab issuer' ca_cert 20491231235959Z root
for key in rsa p256; do
	for kind in valid self_signed expired wrong_name; do
		make_key "${kind}_$key" $key
	done
	certify valid_$key host.lab.test leaf 20491231235959Z issuer
	certify self_signed_$key host.lab.test leaf 20491231235959Z self
	certify expired_$key host.lab.test leaf 20210101000000Z issuer
	certify wrong_name_$key elsewhere.invalid leaf_elsewhere 20491231235959Z issuer
done

{
	printf '/* Made by gen-certs.sh for one build; do not keep. */\n#include <stdint.h>\n'
	emit cert_root "$work/root.der"
	emit cert_issuer "$work/issuer.der"
	for key in rsa p256; do
		for kind in valid self_signed expired wrong_name; do
			quietly pkey -in "$work/${kind}_$key.key" -outform DER \
				-out "$work/key.der"
			emit cert_${kind}_$key "$work/${kind}_$key.der"
			emit key_${kind}_$key "$work/key.der"
		done
	done
} > "$work/header"
mv "$work/header" "$out"
