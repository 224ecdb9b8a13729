# SPDX-License-Identifier: BSD-3-Clause
"""Hosts that are easily taken for what they are not, or not taken for what they are.

Echoes of our own words, other protocols on our ports, alerts that come before anything was asked, first
lines without an end, replies that nobody asked for.
"""

import random

from evil import case

ALERT_HANDSHAKE_FAILURE = bytes((21, 3, 3, 0, 2, 2, 40))
ALERT = {"direction": "received", "level": 2, "code": 40, "name": "handshake_failure"}
STRANGER = ("wrong-protocol",)


def register(name, serve, *expected, **facts):
    """A case that a loop makes."""
    serve.__name__ = name.replace("-", "_")
    case(*expected, **facts)(serve)


# What we said comes back

def echo(change=bytes, before=b"", limit=None, piecewise=False, greeting=b""):
    """A server that returns what it hears, changed, or at most its first bytes."""
    def serve(peer):
        if greeting:
            peer.send(greeting)
        left = limit
        while True:
            heard = peer.sock.recv(65536)
            if not heard:
                return
            back = before + change(heard)
            if left is not None:
                back, left = back[:left], max(0, left - len(back))
            if piecewise:
                for byte in back:
                    peer.send(bytes((byte,)))
            elif back:
                peer.send(back)
    return serve


CHANGES = {"whole": {}, "byte_by_byte": {"piecewise": True}, "upper_cased": {"change": bytes.upper},
           "behind_other_bytes": {"before": b"> "}, "behind_a_line_end": {"before": b"\r\n"},
           "ended_by_lf": {"change": lambda heard: heard.replace(b"\r\n", b"\n")}}

for service in ("irc", "xmpp-client", "xmpp-server"):
    for name, keywords in CHANGES.items():
        register(f"{service}_echo_{name}", echo(**keywords), service, "protocol-error", "hello",
                 "other-protocol", responder=STRANGER)
for service in ("https", "smtps"):
    for name, keywords in CHANGES.items():
        register(f"{service}_echo_{name}", echo(**keywords), service, "handshake-error", "tls",
                 "other-protocol", responder=STRANGER, tls_not_tls=True)
    for limit in (1, 5):
        register(f"{service}_echo_of_{limit}_bytes", echo(limit=limit), service, "io-timeout", "tls",
                 responder=STRANGER)
    register(f"{service}_echo_of_100_bytes", echo(limit=100), service, "handshake-error", "tls",
             "other-protocol", responder=STRANGER, tls_not_tls=True)
register("irc_echo_cut", echo(limit=8), "irc", "io-timeout", "starttls", "silent", responder=STRANGER)
register("irc_echo_without_line_ends", echo(change=bytes.strip), "irc", "io-timeout", "starttls",
         responder=STRANGER)
register("xmpp_echo_cut", echo(limit=60), "xmpp-client", "io-timeout", "hello", responder=STRANGER)
for service, greeting in {"smtp": b"220 evil\r\n", "imap": b"* OK evil\r\n", "pop3": b"+OK evil\r\n",
                          "irc": b":evil NOTICE AUTH :hi\r\n"}.items():
    register(f"{service}_greeting_then_echo", echo(greeting=greeting), service, "protocol-error", "hello",
             "other-protocol", responder=STRANGER)
    register(f"{service}_greeting_then_echo_byte_by_byte", echo(greeting=greeting, piecewise=True), service,
             "protocol-error", "hello", "other-protocol", responder=STRANGER)


@case("smtp", "handshake-error", "tls", starttls_accepted=True, tls_not_tls=True)
def smtp_echo_of_the_client_hello(peer):
    """It speaks SMTP, but no TLS."""
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    echo()(peer)


@case("smtp", "handshake-error", "tls", tls_not_tls=True)
def smtp_echo_of_the_client_hello_byte_by_byte(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    echo(piecewise=True)(peer)


# Other protocols

def babble(seed):
    """Random bytes, line ends among them, of which the first begins nothing of ours."""
    def serve(peer):
        generator = random.Random(seed)
        if seed == "https":
            peer.hear_some()
        peer.send(b"\x80" + generator.randbytes(1500) + b"\r\n")
        peer.stay_silent()
    return serve


for service, stage in {"smtp": "greeting", "imap": "greeting", "pop3": "greeting", "irc": "hello",
                       "xmpp-client": "hello"}.items():
    register(f"{service}_random_bytes", babble(service), service, "protocol-error", stage, "other-protocol",
             responder=STRANGER)
register("https_random_bytes", babble("https"), "https", "handshake-error", "tls", "other-protocol",
         responder=STRANGER, tls_not_tls=True)


def say(text):
    def serve(peer):
        peer.send(text)
        peer.stay_silent()
    return serve


for name, service, text in (("nntp_on_25", "smtp", "200 news ready\r\n"),
                            ("nntp_without_posting_on_25", "smtp", "201 news ready\r\n"),
                            ("nntp_unavailable_on_25", "smtp", "400 not now\r\n"),
                            ("imap_of_no_known_word", "imap", "* HELLO there\r\n"),
                            ("pop3_of_almost", "pop3", "+OKAY then\r\n")):
    register(name, say(text), service, "protocol-error", "greeting", "other-protocol", responder=STRANGER)
for name, text in (("capitals_on_6667", "WELCOME TO THE MACHINE\r\n"), ("memcached_on_6667", "ERROR\r\n"),
                   ("number_without_source_on_6667", "421 CAP :no\r\n"),
                   ("colon_before_our_words_on_6667", ":CAP LS 302\r\n")):
    register(name, say(text), "irc", "protocol-error", "hello", "other-protocol", responder=STRANGER)


@case("smtp", "protocol-error", "starttls", "other-protocol", responder=STRANGER, code=530)
def ftp_on_25(peer):
    """vsftpd's words: the greeting is SMTP's, but it knows none of SMTP's commands."""
    peer.send("220 (vsFTPd 3.0.3)\r\n")
    while peer.hear() != "QUIT\r\n":
        peer.send("530 Please login with USER and PASS.\r\n")
    peer.send("221 Goodbye.\r\n")


# Alerts before our ClientHello

for service, stage in {"smtp": "greeting", "imap": "greeting", "pop3": "greeting", "irc": "hello",
                       "xmpp-client": "hello", "xmpp-server": "hello"}.items():
    register(f"{service}_alert_at_once", say(ALERT_HANDSHAKE_FAILURE), service, "protocol-error", stage,
             "tls-on-plain", banner=None, features=None, tls_alert=ALERT)
for service in ("https", "smtps"):
    register(f"{service}_alert_at_once", say(ALERT_HANDSHAKE_FAILURE), service, "handshake-error", "tls",
             banner=None, tls_alert=ALERT)


@case("https", "handshake-error", "tls", tls_alert=ALERT)
def https_alert_at_once_then_fin(peer):
    peer.send(ALERT_HANDSHAKE_FAILURE)
    peer.sock.shutdown(1)
    peer.stay_silent()


@case("smtp", "handshake-error", "tls", plaintext_after_ready=0, tls_alert=ALERT)
def smtp_alert_behind_the_go_ahead(peer):
    """In one segment with it, so that it is here before our ClientHello leaves."""
    peer.smtp_to_starttls()
    peer.send(b"220 go\r\n" + ALERT_HANDSHAKE_FAILURE)
    peer.stay_silent()


@case("smtp", "handshake-error", "tls", plaintext_after_ready=0, tls_alert=ALERT)
def smtp_alert_cut_behind_the_go_ahead(peer):
    peer.smtp_to_starttls()
    peer.send(b"220 go\r\n" + ALERT_HANDSHAKE_FAILURE[:3])
    peer.send(ALERT_HANDSHAKE_FAILURE[3:])
    peer.stay_silent()


@case("smtp", "protocol-error", "starttls", "tls-on-plain", starttls=None, tls_alert=ALERT)
def smtp_alert_for_a_go_ahead(peer):
    peer.smtp_to_starttls()
    peer.send(ALERT_HANDSHAKE_FAILURE)
    peer.stay_silent()


# First lines without an end

for service, stage, start in (("smtp", "greeting", "220 "), ("imap", "greeting", "* OK "),
                              ("pop3", "greeting", "+OK "), ("irc", "hello", ":evil NOTICE AUTH :")):
    register(f"{service}_first_line_without_end", say(start + "x" * 300000), service, "protocol-error", stage,
             "limit")
register("other_line_without_end_on_25", say("200 " + "x" * 300000), "smtp", "protocol-error", "greeting",
         "limit", responder=STRANGER)


# Replies to nobody

@case("imap", "success", "bye", starttls_accepted=True, greeting_capabilities=["IMAP4rev1", "STARTTLS"],
      capabilities=["IMAP4rev1", "STARTTLS", "IDLE", "QUOTA"])
def imap_untagged_bad_before_the_go_ahead(peer):
    peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS] evil\r\n")
    tag = peer.hear().split()[0]
    peer.send(f"* CAPABILITY IMAP4rev1 STARTTLS IDLE QUOTA\r\n{tag} OK done\r\n")
    tag = peer.hear().split()[0]
    peer.send(f"* BAD not yours\r\n* NO disk almost full\r\n{tag} OK go\r\n")
    peer.tls()
    tag = peer.hear().split()[0]
    peer.send(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n")
    tag = peer.hear().split()[0]
    peer.send(f"* BYE\r\n{tag} OK done\r\n")


@case("imap", "application-error", "starttls", "policy")
def imap_bye_before_the_go_ahead(peer):
    peer.send("* OK evil\r\n")
    peer.send(f"* CAPABILITY IMAP4rev1\r\n{peer.hear().split()[0]} OK\r\n")
    peer.hear()
    peer.send("* BYE\r\n")
    peer.stay_silent()


@case("imap", "io-timeout", "starttls")
def imap_answers_without_tags(peer):
    peer.send("* OK evil\r\n")
    while True:
        peer.hear()
        peer.send("* BAD what\r\n")


@case("smtp", "success", "bye", starttls_supported=True, banner="220 proxy\r\n220 evil\r\n",
      ehlo="250-evil.example.test\r\n250 STARTTLS\r\n")
def smtp_greets_twice(peer):
    peer.send("220 proxy\r\n220 evil\r\n")
    peer.hear()
    peer.send("250-evil.example.test\r\n250 STARTTLS\r\n")
    peer.hear()
    peer.send("220 go\r\n")
    peer.tls()
    peer.smtp_inside()


@case("pop3", "application-error", "starttls", "tls-refused")
def pop3_greets_twice(peer):
    """And does not know CAPA."""
    peer.send("+OK proxy\r\n+OK evil\r\n")
    while True:
        peer.hear()
        peer.send("-ERR what\r\n")


@case("irc", "success", "bye", starttls_supported=True, cap_ls=["multi-prefix", "tls"])
def irc_hears_nothing_before_pong(peer):
    peer.send(":evil NOTICE AUTH :*** Looking up\r\nPING :1234\r\n")
    while peer.hear() != "PONG :1234\r\n":
        pass
    while not peer.hear().startswith("CAP LS"):
        pass
    peer.send(":evil CAP * LS :multi-prefix tls\r\n")
    while not peer.hear().startswith("STARTTLS"):
        pass
    peer.send(":evil 670 * :STARTTLS successful\r\n")
    peer.tls()
    peer.hear()
    peer.send(":evil CAP * LS :multi-prefix\r\n")
    peer.hear()
    peer.send("ERROR :Closing link\r\n")
