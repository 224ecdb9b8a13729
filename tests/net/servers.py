# SPDX-License-Identifier: BSD-3-Clause
"""The real servers: private configurations in the lab's folder, the machine's own left alone."""

import os
import subprocess

import certs

PROGRAMS = ("postfix", "dovecot", "prosody", "inspircd", "nginx")
XMPP_HOST = "xmpp.example.test"

# service -> (port, server, words for s_client)
SERVICES = {
    "smtp": (25, "postfix", ("-starttls", "smtp")),
    "submission": (587, "postfix", ("-starttls", "smtp")),
    "smtps": (465, "postfix", ()),
    "imap": (143, "dovecot", ("-starttls", "imap")),
    "imaps": (993, "dovecot", ()),
    "pop3": (110, "dovecot", ("-starttls", "pop3")),
    "pop3s": (995, "dovecot", ()),
    "irc": (6667, "inspircd", ("-starttls", "irc")),
    "ircs": (6697, "inspircd", ()),
    "xmpp-client": (5222, "prosody", ("-starttls", "xmpp", "-xmpphost", XMPP_HOST)),
    "xmpps-client": (5223, "prosody", ()),
    "xmpp-server": (5269, "prosody", ("-starttls", "xmpp-server", "-xmpphost", XMPP_HOST)),
    "xmpps-server": (5270, "prosody", ()),
    "https": (443, "nginx", ()),
}

KEY_KINDS = {"postfix": "rsa", "dovecot": "ecdsa", "prosody": "rsa", "inspircd": "rsa",
             "nginx": "ecdsa"}


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def folder(lab, *parts):
    path = os.path.join(lab.dir, *parts)
    os.makedirs(path, mode=0o755, exist_ok=True)
    return path


def postfix(lab, cert, key):
    """25 and 587 with STARTTLS, 465 with TLS at once."""
    home = folder(lab, "postfix")
    queue, data = folder(lab, "postfix", "queue"), folder(lab, "postfix", "data")
    subprocess.run(["chown", "postfix", data], check=True)
    write(f"{home}/main.cf", f"""\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
meta_directory = {folder(lab, "postfix", "meta")}
myhostname = mail.example.test
mydestination =
alias_maps =
inet_interfaces = all
inet_protocols = all
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_relay_restrictions = reject
maillog_file_prefixes = {lab.dir}
maillog_file = {lab.dir}/postfix-mail.log
""")
    with open("/etc/postfix/postfix-files", encoding="utf-8") as files:
        write(f"{home}/meta/postfix-files", files.read())
    write(f"{home}/master.cf", """\
smtp       inet  n - n - - smtpd
submission inet  n - n - - smtpd
smtps      inet  n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup    unix  n - n - 0 cleanup
qmgr       unix  n - n 300 1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n - - trivial-rewrite
anvil      unix  - - n - 1 anvil
proxymap   unix  - - n - - proxymap
postlog    unix-dgram n - n - 1 postlogd
""")
    lab.start("postfix", "postfix", "-c", home, "start-fg")


def dovecot(lab, cert, key):
    """143 and 110 with STARTTLS, 993 and 995 with TLS at once."""
    home = folder(lab, "dovecot")
    write(f"{home}/dovecot.conf", f"""\
base_dir = {home}/run
state_dir = {home}/state
log_path = {lab.dir}/dovecot-mail.log
protocols = imap pop3
listen = *, ::
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = nopassword=no password=none
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={home}/mail
}}
service imap-login {{
  inet_listener imaps {{
    port = 993
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3s {{
    port = 995
    ssl = yes
  }}
}}
""")
    lab.start("dovecot", "dovecot", "-F", "-c", f"{home}/dovecot.conf")


def prosody(lab, cert, key):
    """5222 and 5269 with STARTTLS, 5223 and 5270 with TLS at once."""
    home = folder(lab, "prosody")
    write(f"{home}/prosody.cfg.lua", f"""\
run_as_root = true
daemonize = false
data_path = "{folder(lab, "prosody", "data")}"
pidfile = "{home}/pid"
log = {{ info = "{lab.dir}/prosody-mail.log" }}
interfaces = {{ "*", "::" }}
modules_enabled = {{ "tls"; "saslauth"; "dialback"; "disco"; "roster" }}
c2s_ports = {{ 5222 }}
c2s_direct_tls_ports = {{ 5223 }}
s2s_ports = {{ 5269 }}
s2s_direct_tls_ports = {{ 5270 }}
c2s_require_encryption = true
certificates = "{lab.dir}"
ssl = {{ certificate = "{cert}"; key = "{key}" }}
c2s_direct_tls_ssl = {{ certificate = "{cert}"; key = "{key}" }}
s2s_direct_tls_ssl = {{ certificate = "{cert}"; key = "{key}" }}
VirtualHost "{XMPP_HOST}"
""")
    lab.start("prosody", "prosody", "-F", "--config", f"{home}/prosody.cfg.lua")


def inspircd(lab, cert, key):
    """6667 with STARTTLS, 6697 with TLS at once."""
    home = folder(lab, "inspircd")
    write(f"{home}/inspircd.conf", f"""\
<server name="irc.example.test" description="test" network="test" id="97K">
<admin name="test" nick="test" email="test@example.test">
<path configdir="{home}" datadir="{home}" logdir="{home}" moduledir="/usr/lib/inspircd/modules">
<pid file="{home}/pid">
<module name="ssl_gnutls">
<module name="starttls">
<module name="cap">
<sslprofile name="test" provider="gnutls" certfile="{cert}" keyfile="{key}">
<starttls provider="test">
<bind address="" port="6667" type="clients">
<bind address="" port="6697" type="clients" sslprofile="test">
<connect allow="*" resolvehostnames="no" useident="no" timeout="60" localmax="1000"
         globalmax="1000">
<performance nouserdns="yes">
<dns server="127.0.0.1" timeout="1">
""")
    lab.start("inspircd", "inspircd", "--nofork", "--runasroot", "--config",
              f"{home}/inspircd.conf")


def nginx(lab, cert, key):
    """443 with TLS 1.3."""
    home = folder(lab, "nginx")
    write(f"{home}/nginx.conf", f"""\
daemon off;
user root;
pid {home}/pid;
error_log {lab.dir}/nginx-error.log;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {home};
  proxy_temp_path {home};
  fastcgi_temp_path {home};
  uwsgi_temp_path {home};
  scgi_temp_path {home};
  server {{
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    return 200 "here";
  }}
}}
""")
    lab.start("nginx", "nginx", "-e", "stderr", "-c", f"{home}/nginx.conf")


STARTERS = {"postfix": postfix, "dovecot": dovecot, "prosody": prosody, "inspircd": inspircd,
            "nginx": nginx}


def start(lab, *names, address="198.18.0.1"):
    """Start these servers and wait until all their ports listen."""
    for name in names:
        STARTERS[name](lab, *certs.make(lab.dir, name, KEY_KINDS[name]))
    for port, name, _ in SERVICES.values():
        if name in names:
            lab.servers.wait_for_port(address, port)
