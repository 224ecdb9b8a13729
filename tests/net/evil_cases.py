# SPDX-License-Identifier: BSD-3-Clause
"""Servers that refuse, stall, drip, close, lie and babble; evil_cases.py CERT KEY serves them all."""

import socket
import sys
import time

from evil import case, serve_all
from odd_cases import ALERT, ALERT_HANDSHAKE_FAILURE

STREAM = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' {extra} "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
FEATURES = ("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
            "</starttls></stream:features>")
XMPP_NAME = "real.example.test"


# Before the greeting

@case("smtp", "io-timeout", "greeting", "silent", responder=("acked-silent",))
def smtp_silent_after_accept(peer):
    peer.stay_silent()


@case("smtp", "connection-closed", "greeting", responder=("fin-first",))
def smtp_closes_at_once(peer):
    peer.sock.close()


@case("smtp", "connection-closed", "greeting", responder=("reset",))
def smtp_resets_at_once(peer):
    peer.reset()


@case("smtp", "connection-closed", "greeting")
def smtp_closes_in_its_greeting(peer):
    peer.send("220-hello\r\n220-wor")


@case("smtp", "io-timeout", "greeting")
def smtp_never_ends_its_greeting(peer):
    while True:
        peer.drip("220-wait\r\n")


@case("smtp", "protocol-error", "greeting", "other-protocol", responder=("wrong-protocol",))
def smtp_garbage(peer):
    peer.send(bytes(range(128, 256)) + b"\n" + bytes(range(32)))
    peer.stay_silent()


@case("smtp", "protocol-error", "greeting", "other-protocol", responder=("wrong-protocol",))
def http_on_25(peer):
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


@case("smtp", "protocol-error", "greeting", "limit")
def smtp_endless_lines(peer):
    while True:
        peer.send("220-and more\r\n" * 50)


@case("smtp", "application-error", "greeting", "throttled", code=421)
def smtp_421(peer):
    peer.send("421 too many connections\r\n")


@case("smtp", "application-error", "greeting", "policy", code=554)
def smtp_554(peer):
    peer.send("554 no service for you\r\n")
    peer.stay_silent()


# Up to STARTTLS

@case("smtp", "success", "bye", starttls_supported=True)
def smtp_drips(peer):
    peer.drip("220 x\r\n")
    peer.hear()
    peer.drip("250-x\r\n250 STARTTLS\r\n", 0.1)
    peer.hear()
    peer.drip("220 x\r\n")
    peer.tls()
    peer.smtp_inside()


@case("smtp", "success", "bye", starttls_supported=True)
def smtp_delayed_greeting_of_many_lines(peer):
    time.sleep(1)
    peer.send("220-evil.example.test\r\n220-")
    time.sleep(0.5)
    peer.send("more\r\n220 end\r\n")
    peer.hear()
    peer.send("250-evil.example.test\r\n250 STARTTLS\r\n")
    peer.hear()
    peer.send("220 go\r\n")
    peer.tls()
    peer.smtp_inside()


@case("smtp", "success", "bye", starttls_supported=False, starttls_accepted=True)
def smtp_accepts_without_advertising(peer):
    peer.smtp_to_starttls("250 evil.example.test\r\n")
    peer.send("220 go\r\n")
    peer.tls()
    peer.smtp_inside()


@case("smtp", "success", "bye", starttls_supported=False, helo="250 old.example.test\r\n")
def smtp_knows_no_ehlo(peer):
    peer.send("220 old.example.test\r\n")
    while not peer.hear().startswith("HELO"):
        peer.send("502 what\r\n")
    peer.send("250 old.example.test\r\n")
    peer.hear()
    peer.send("220 go\r\n")
    peer.tls()
    peer.smtp_inside()


@case("smtp", "application-error", "starttls", "tls-unavailable", code=454, starttls_supported=True)
def smtp_advertises_and_defers(peer):
    peer.smtp_to_starttls()
    peer.send("454 TLS not available\r\n")
    peer.stay_silent()


@case("smtp", "application-error", "starttls", "tls-refused", code=502, starttls_supported=True,
      starttls_accepted=False)
def smtp_advertises_and_refuses(peer):
    peer.smtp_to_starttls()
    peer.send("502 no\r\n")
    peer.stay_silent()


@case("smtp", "io-timeout", "starttls", "silent")
def smtp_silent_after_starttls(peer):
    peer.smtp_to_starttls()
    peer.stay_silent()


@case("smtp", "connection-closed", "hello")
def smtp_half_closes_behind_its_greeting(peer):
    peer.send("220 evil.example.test\r\n")
    peer.sock.shutdown(socket.SHUT_WR)
    peer.stay_silent()


# The handshake

@case("smtp", "success", "bye", plaintext_after_ready=16)
def smtp_plaintext_behind_the_go_ahead(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n250 injected ok\n")
    peer.tls()
    peer.smtp_inside()


@case("smtp", "handshake-error", "tls", tls_not_tls=True)
def smtp_plaintext_for_a_handshake(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.hear_some()
    peer.send("500 what is this\r\n")
    peer.stay_silent()


@case("smtp", "handshake-error", "tls",
      tls_alert=ALERT)
def smtp_alert_for_a_handshake(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.hear_some()
    peer.send(ALERT_HANDSHAKE_FAILURE)


@case("smtp", "connection-closed", "tls")
def smtp_resets_in_the_handshake(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.hear_some()
    peer.reset()


@case("smtp", "io-timeout", "tls")
def smtp_silent_in_the_handshake(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.stay_silent()


@case("smtps", "handshake-error", "tls", "other-protocol", responder=("wrong-protocol",),
      banner="220 evil.example.test ESMTP\r\n")
def plaintext_on_465(peer):
    peer.send("220 evil.example.test ESMTP\r\n")
    peer.stay_silent()


@case("smtps", "handshake-error", "tls", "other-protocol", responder=("wrong-protocol",), tls_not_tls=True,
      banner="220 evil.example.test ESMTP\r\n")
def plaintext_on_465_behind_the_client_hello(peer):
    peer.hear_some()
    peer.send("220 evil.example.test ESMTP\r\n")
    peer.stay_silent()


@case("https", "connection-closed", "tls", responder=("fin-first", "reset-on-data"))
def https_closes_at_once(peer):
    peer.sock.close()


# Inside TLS

@case("smtp", "post-tls-application-error", "post", "silent")
def smtp_silent_inside_tls(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.tls()
    peer.stay_silent()


@case("smtp", "success", "bye")
def smtp_closes_instead_of_goodbye(peer):
    peer.smtp_to_starttls()
    peer.send("220 go\r\n")
    peer.tls()
    peer.hear()
    peer.send("250 evil.example.test\r\n")


@case("https", "post-tls-application-error", "post", "other-protocol")
def https_says_nothing_of_http(peer):
    peer.tls()
    peer.hear(b"\r\n\r\n")
    peer.send("SSH-2.0-what\r\n")


@case("https", "post-tls-application-error", "post", "silent")
def https_handshake_in_single_bytes_then_silence(peer):
    peer.tls_in_single_bytes()
    peer.stay_silent()


# The other protocols

@case("imap", "application-error", "greeting", "preauth", preauth=True)
def imap_preauth(peer):
    peer.send("* PREAUTH welcome back\r\n")
    peer.stay_silent()


@case("imap", "application-error", "greeting", "policy")
def imap_bye(peer):
    peer.send("* BYE overloaded\r\n")


@case("imap", "application-error", "starttls", "tls-refused", starttls_supported=False)
def imap_knows_no_starttls(peer):
    peer.send("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n")
    while True:
        peer.send(peer.hear().split()[0] + " BAD unknown command\r\n")


@case("pop3", "application-error", "greeting", "policy")
def pop3_err(peer):
    peer.send("-ERR go away\r\n")
    peer.stay_silent()


@case("pop3", "application-error", "starttls", "tls-refused", apop=True)
def pop3_knows_nothing(peer):
    peer.send("+OK ready <1.2@evil.example.test>\r\n")
    while True:
        peer.hear()
        peer.send("-ERR unknown\r\n")


@case("irc", "application-error", "starttls", "tls-unavailable", code=691)
def irc_691(peer):
    peer.send(":evil NOTICE * :*** Looking up your hostname\r\n")
    peer.hear()
    peer.send(":evil CAP * LS :tls\r\n")
    peer.hear()
    peer.send(":evil 691 * :STARTTLS failed\r\n")
    peer.stay_silent()


@case("irc", "io-timeout", "starttls", "silent", responder=("acked-silent",))
def irc_silent(peer):
    peer.stay_silent()


@case("irc", "application-error", "hello", "policy")
def irc_closing_link(peer):
    peer.send("ERROR :Closing link: banned\r\n")


@case("irc", "protocol-error", "hello", "tls-on-plain", tls_alert=ALERT)
def tls_alert_on_6667(peer):
    peer.hear()
    peer.send(ALERT_HANDSHAKE_FAILURE)
    peer.stay_silent()


@case("irc", "success", "bye", starttls_supported=False, numerics=[421, 670])
def irc_old_server_with_noise(peer):
    peer.send(":evil NOTICE AUTH :*** Checking ident\r\nPING :123\r\n")
    peer.hear()
    peer.hear()
    peer.send(":evil 421 * CAP :Unknown command\r\n")
    peer.hear()
    peer.send(":evil NOTICE AUTH :*** Found your ident\r\n:evil 670  :STARTTLS successful\r\n")
    peer.tls()
    peer.hear()
    peer.send(":evil 421 * CAP :Unknown command\r\n")
    peer.hear()
    peer.send("ERROR :Closing link\r\n")


def xmpp_header(peer):
    """The client's stream header."""
    heard = ""
    while "<stream:stream" not in heard:
        heard = peer.hear(b">")
    return heard


@case("xmpp-client", "success", "bye", retry=True, retried_as=XMPP_NAME, starttls_required=True)
def xmpp_host_unknown_then_right(peer):
    header = xmpp_header(peer)
    peer.send(STREAM.format(extra=f"from='{XMPP_NAME}' version='1.0'"))
    if XMPP_NAME not in header:
        peer.send("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                  "</stream:error></stream:stream>")
        return
    peer.send(FEATURES)
    peer.hear(b">")
    peer.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    peer.tls()
    xmpp_header(peer)
    peer.send(STREAM.format(extra=f"from='{XMPP_NAME}' version='1.0'"))
    peer.send("<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms>"
              "</stream:features>")
    peer.hear(b">")
    peer.send("</stream:stream>")


@case("xmpp-client", "application-error", "hello", "host-unknown", retry=True)
def xmpp_host_unknown_for_ever(peer):
    xmpp_header(peer)
    peer.send(STREAM.format(extra=f"from='{XMPP_NAME}' version='1.0'"))
    peer.send("<stream:error><host-unknown/></stream:error></stream:stream>")


@case("xmpp-client", "application-error", "starttls", "tls-unavailable", starttls_supported=True)
def xmpp_failure(peer):
    xmpp_header(peer)
    peer.send(STREAM.format(extra="version='1.0'") + FEATURES)
    peer.hear(b">")
    peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")


@case("xmpp-client", "application-error", "hello", "stream-error", error="policy-violation")
def xmpp_policy_violation(peer):
    xmpp_header(peer)
    peer.send(STREAM.format(extra="version='1.0'"))
    peer.send("<stream:error><policy-violation/></stream:error></stream:stream>")


@case("xmpp-client", "application-error", "hello", "pre-xmpp1")
def xmpp_of_before_1_0(peer):
    xmpp_header(peer)
    peer.send(STREAM.format(extra=""))
    peer.stay_silent()


if __name__ == "__main__":
    serve_all(*sys.argv[1:3])
