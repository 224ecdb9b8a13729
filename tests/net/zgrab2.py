#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What ZGrab2's readers look for is there: its key paths against those of our records of real servers.

Each path of zgrab2_paths.txt is in a record, with the same type, or docs/output.md says why it is left out.
"""

import base64
import collections
import fnmatch
import hashlib
import json
import os
import re
import subprocess
import sys
import textwrap

import certs
import net
import scan
import servers
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
PATHS = os.path.join(HERE, "zgrab2_paths.txt")
PAGE = os.path.join(scan.ROOT, "docs", "output.md")
SECTION = "## ZGrab2's paths"
TLS_ROOTS = ("data.smtp.result.tls", "data.imap.result.tls", "data.pop3.result.tls", "data.tls.result",
             "data.http.result.response.request.tls_log")
NAME = "named.example.test"
WEB_PORT, DHE_PORT, P256_PORT, REFUSED_PORT, OLD_SMTP_PORT = 8443, 4503, 4504, 4505, 2525
P256_ECDSA_PORT, FORGED_PORT, FORGED_ECDSA_PORT = 4506, 4507, 4508

# Every header that ZGrab2 has a list for, a body in chunks, a trailer.
WEB_SERVER = textwrap.dedent("""
    import socket, ssl, sys
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    lines = ["%s: x" % name for name in sys.argv[4:]] + ["Location: /", "X-Odd: y", "Transfer-Encoding: chunked"]
    answer = "HTTP/1.1 302 Found\\r\\n" + "\\r\\n".join(lines) + "\\r\\n\\r\\n4\\r\\npage\\r\\n0\\r\\nX-Sum: 4\\r\\n\\r\\n"
    server = socket.create_server((sys.argv[1], PORT))
    while True:
        try:
            peer = context.wrap_socket(server.accept()[0], server_side=True)
            peer.recv(65536)
            peer.sendall(answer.encode())
            peer.unwrap()
        except OSError:
            pass
""").replace("PORT", str(WEB_PORT))

# A mail server without EHLO and without TLS.
OLD_SMTP = textwrap.dedent("""
    import socket, sys
    server = socket.create_server((sys.argv[1], PORT))
    while True:
        peer = server.accept()[0]
        try:
            peer.sendall(b"220 old.example.test SMTP\\r\\n")
            for line in peer.makefile("rb"):
                peer.sendall(b"250 hello\\r\\n" if line.startswith(b"HELO") else b"500 what?\\r\\n")
        except OSError:
            pass
        peer.close()
""").replace("PORT", str(OLD_SMTP_PORT))

# Passes a TLS 1.2 server's flight on with the last byte of its key exchange's signature changed.
FORGER = textwrap.dedent("""
    import socket, sys
    server = socket.create_server((sys.argv[1], int(sys.argv[2])))
    while True:
        peer = server.accept()[0]
        real = socket.create_connection((sys.argv[1], int(sys.argv[3])))
        real.sendall(peer.recv(65536))
        flight, end = b"", None
        while end is None or len(flight) < end:
            flight += real.recv(65536)
            at = flight.find(bytes.fromhex("0300174104"))
            if at >= 0 and len(flight) >= at + 73:
                end = at + 73 + int.from_bytes(flight[at + 71:at + 73], "big")
        peer.sendall(flight[:end - 1] + bytes([flight[end - 1] ^ 1]) + flight[end:])
        peer.recv(65536)
        real.close()
        peer.close()
""")

TYPES = {str: "string", bool: "bool", int: "number", float: "number", dict: "object", list: "list",
         type(None): "null"}


def paths_of(value, at, found):
    """Every path of keys in a JSON value, with the type at its end; paths of objects are there too."""
    if at:
        found[at].add(TYPES[type(value)])
    if isinstance(value, dict):
        for key, inner in value.items():
            paths_of(inner, f"{at}.{key}" if at else key, found)
    elif isinstance(value, list):
        for inner in value:
            paths_of(inner, f"{at}.[]", found)


def in_template(path):
    """The path with TLS in place of where a TLS log is."""
    for root in TLS_ROOTS:
        if path.startswith(root + ".") and path[len(root) + 1:].split(".")[0] in (
                "handshake_log", "handshake_completed_successfully", "ja3s", "ja4s"):
            return "TLS" + path[len(root):]
    return path


def wanted():
    """Path and type of each line of the list."""
    with open(PATHS, encoding="utf-8") as lines:
        rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [(row[0], row[1]) for row in rows]


def left_out():
    """The patterns in the first column of the section's table."""
    with open(PAGE, encoding="utf-8") as page:
        section = page.read().split(SECTION, 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [pattern for row in rows for pattern in re.findall("`([^`]+)`", row)]


def matches(path, kind, pattern):
    """A pattern is a path in which * stands for anything, and may end with its type."""
    name, _, only = pattern.partition(" ")
    # [] is a list, not a set of characters.
    return fnmatch.fnmatchcase(path, name.replace("[", "[[]")) and only in ("", kind)


def s_server(lab, port, pair, *words):
    lab.start(f"s_server-{port}", "openssl", "s_server", "-accept", f"{net.SERVER_V4}:{port}",
              "-cert", pair[0], "-key", pair[1], *words, stdin=subprocess.PIPE)


def start(lab, names):
    """Real servers, and for what they do not do a few lines of Python."""
    servers.start(lab, "postfix", "dovecot", "nginx")
    pair = certs.make(lab.dir, "rsa", "rsa")
    s_server(lab, DHE_PORT, pair, "-quiet", "-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256")
    s_server(lab, P256_PORT, pair, "-quiet", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-named_curve",
             "P-256", "-alpn", "http/1.1")
    s_server(lab, P256_ECDSA_PORT, certs.make(lab.dir, "ecdsa", "ecdsa"), "-quiet", "-tls1_2", "-named_curve", "P-256")
    s_server(lab, REFUSED_PORT, pair, "-quiet", "-tls1_2", "-cipher", "PSK")
    for forged, real in ((FORGED_PORT, P256_PORT), (FORGED_ECDSA_PORT, P256_ECDSA_PORT)):
        lab.start(f"forger-{forged}", sys.executable, "-c", FORGER, net.SERVER_V4, str(forged), str(real))
    headers = [name.replace("_", "-") for name in names if name not in ("location", "transfer_encoding",
                                                                       "content_length")]
    lab.start("web", sys.executable, "-c", WEB_SERVER, net.SERVER_V4, *pair, *headers)
    lab.start("old-smtp", sys.executable, "-c", OLD_SMTP, net.SERVER_V4)
    for port in (DHE_PORT, P256_PORT, P256_ECDSA_PORT, REFUSED_PORT, WEB_PORT, OLD_SMTP_PORT):
        lab.servers.wait_for_port(net.SERVER_V4, port)
    # A forger takes one connection at a time: what asks whether it listens must not have its turn.
    net.wait_until(lambda: all(f":{port} " in lab.servers.run("ss", "-ltn").stdout
                               for port in (FORGED_PORT, FORGED_ECDSA_PORT)))


def scan_all(t, lab):
    """Records of all of them, the ClientHello whole."""
    services = ["25:smtp", "465:smtps", "143:imap", "110:pop3", "443:https", f"{WEB_PORT}:https",
                f"{OLD_SMTP_PORT}:smtp", f"{DHE_PORT}:tls", f"{P256_PORT}:tls", f"{REFUSED_PORT}:tls",
                f"{FORGED_PORT}:tls", f"{FORGED_ECDSA_PORT}:tls", "4599:smtp"]
    found = scan.run(lab, ["-p", ",".join(services), "-c", "2s", "--sni", NAME, "--dear-share", "100",
                           "--full-client-hello", "--http-path", "/page?a=b", "--output", "open,closed"],
                     [net.SERVER_V4])
    found.check(t, "scan of real servers")
    return found


def check_paths(t, there):
    """Each wanted path is there or left out, and nothing is said to be left out that is there."""
    patterns, counts, missing, wrong, stale = left_out(), collections.Counter(), [], [], []
    used = set()
    for path, kind in wanted():
        mine = [pattern for pattern in patterns if matches(path, kind, pattern)]
        used.update(mine)
        if mine:
            counts["left out"] += 1
            stale += [f"{path} {kind}"] if kind in there.get(path, ()) else []
        elif path not in there:
            missing.append(f"{path} {kind}")
        elif there[path] != {kind}:
            wrong.append(f"{path}: {there[path]}, not {kind}")
        else:
            counts["same"] += 1
    ours = {path for path, kinds in there.items() if not kinds & {"object", "list"}}
    counts["added"] = len({path for path in ours if "server_certificates" not in path}
                          - {path for path, _ in wanted()})
    print(f"# paths of ZGrab2: {counts['same']} the same here, {counts['left out']} left out; "
          f"{counts['added']} added")
    t.ok(not missing, "each path of ZGrab2 is in a record of ours, or docs/output.md leaves it out", "\n".join(missing))
    t.ok(not wrong, "each path of ZGrab2 has the same type here", "\n".join(wrong))
    t.ok(not stale, "no path that docs/output.md leaves out is there", "\n".join(stale))
    t.eq(sorted(set(patterns) - used), [], "each pattern of docs/output.md is for a path of ZGrab2")
    t.ok(counts["same"] > 180, "the comparison is of most paths", counts)


def check_roots(t, there):
    for root in TLS_ROOTS:
        t.ok(f"{root}.handshake_log.server_hello.random" in there, f"{root} is a TLS log")


def check_values(t, found):
    """What a type does not show."""
    web = found.by_target[net.SERVER_V4, WEB_PORT].result["response"]
    t.eq((web["body"], web["content_length"], web["redirect_to"]), ("page", -1, "/"),
         "a body in chunks is put together, and a redirect noted")
    page = found.by_target[net.SERVER_V4, 443].result["response"]
    t.eq((page["body"], page["content_length"], page["protocol"]), ("here", 4, "HTTP/1.1"), "nginx: body and length")
    t.eq(page["request"]["url"], {"scheme": "https", "host": net.SERVER_V4, "path": "/page", "raw_query": "a=b"},
         "the request is the one that was sent")
    for port, kind in ((FORGED_PORT, "RSA"), (FORGED_ECDSA_PORT, "ECDSA")):
        forged = found.by_target[net.SERVER_V4, port]
        kex = forged.tls["handshake_log"].get("server_key_exchange", {})
        t.ok(kex.get("signature", {}).get("valid") is False and kex.get("signature_error"),
             f"a signature with {kind} that does not verify is said to be invalid", forged.brief())
    t.eq(found.by_target[net.SERVER_V4, 25].line.get("domain"), NAME, "the SNI that was sent is the domain")
    t.ok("domain" not in found.by_target[net.SERVER_V4, 4599].line, "where no SNI was sent there is no domain")


def check_signature(t, lab, found):
    """OpenSSL finds the signature of the key exchange good: over what the record says was signed."""
    tls = found.by_target[net.SERVER_V4, P256_PORT].tls["handshake_log"]
    kex = tls["server_key_exchange"]
    point = kex["ecdh_params"]["server_public"]
    parts = [base64.b64decode(point[axis]["value"]).rjust(32, b"\0") for axis in "xy"]
    params = b"\x03\x00\x17\x41\x04" + b"".join(parts)
    signed = (base64.b64decode(tls["client_hello"]["random"]) + base64.b64decode(tls["server_hello"]["random"])
              + params)
    t.eq(base64.b64decode(kex["digest"]).hex(), hashlib.new(
        kex["signature"]["signature_and_hash_type"]["hash_algorithm"], signed).hexdigest(),
        "the digest is that of both randoms and the public value")
    files = {"signed": signed, "signature": base64.b64decode(kex["signature"]["raw"])}
    for name, data in files.items():
        with open(lab.path(name), "wb") as out:
            out.write(data)
    key = subprocess.run(["openssl", "x509", "-in", lab.path("rsa.crt"), "-pubkey", "-noout"], check=True,
                         stdout=subprocess.PIPE).stdout
    with open(lab.path("key.pub"), "wb") as out:
        out.write(key)
    padding = "pss" if kex["signature"]["type"] == "rsapss" else "pkcs1"
    done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", lab.path("key.pub"), "-signature",
                           lab.path("signature"), "-sigopt", f"rsa_padding_mode:{padding}", lab.path("signed")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    t.ok(done.returncode == 0 and kex["signature"]["valid"], "the signature verifies with the server's key",
         (done.stdout, kex["signature"]["type"]))


def main():
    reason = net.why_not("postfix", "dovecot", "nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    names = [path.split(".")[-2] for path, _ in wanted() if path.startswith("data.http.result.response.headers.")
             and "unknown" not in path]
    there = collections.defaultdict(set)
    with net.Lab() as lab:
        start(lab, names)
        found = scan_all(t, lab)
        for record in found.records:
            paths = collections.defaultdict(set)
            paths_of(record.line, "", paths)
            for path, kinds in paths.items():
                there[path] |= kinds
                there[in_template(path)] |= kinds
        check_roots(t, there)
        there = {path: kinds for path, kinds in there.items() if in_template(path) == path}
        if os.environ.get("ZGRAB2_RECORDS"):
            with open(os.environ["ZGRAB2_RECORDS"], "w", encoding="utf-8") as out:
                out.writelines(json.dumps(record.line) + "\n" for record in found.records)
        check_paths(t, there)
        check_values(t, found)
        check_signature(t, lab, found)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
