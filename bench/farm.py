# SPDX-License-Identifier: BSD-3-Clause
"""What is measured against, behind a veth: nginx on thousands of addresses, and silent hosts."""

import socket

import certs
import net

# port -> (version, kind of key, name in the table)
NGINX = {
    4431: ("TLSv1.3", "rsa", "TLS 1.3, RSA-2048"),
    4432: ("TLSv1.3", "ecdsa", "TLS 1.3, P-256"),
    4433: ("TLSv1.2", "rsa", "TLS 1.2, RSA-2048"),
    4434: ("TLSv1.2", "ecdsa", "TLS 1.2, P-256"),
}
NGINX_HOSTS = "198.18.16.0/20"
NGINX_HOST = "198.18.16.1"
SILENT_HOSTS = "198.18.128.0/17"
SILENT_PORT, CLOSED_PORT = 2525, 2526
KERNEL_CLIENT = "198.18.0.3"
WIRE_MAC = "02:00:00:00:00:01"
BACKLOG = 65535

SERVER = """
	server {{
		listen {port} ssl backlog={backlog};
		ssl_protocols {version};
		ssl_certificate {cert};
		ssl_certificate_key {key};
	}}"""
CONFIG = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {dir}/nginx.pid;
error_log {dir}/nginx-error.log crit;
events {{ worker_connections 32768; }}
http {{
	access_log off;
	client_body_temp_path {dir}/body;
	proxy_temp_path {dir}/proxy;
	fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi;
	scgi_temp_path {dir}/scgi;
	root {dir};{servers}
}}
"""


class Farm(net.Lab):
    """A Lab whose servers' side answers for many more addresses."""

    def __init__(self):
        super().__init__()
        self.listener = None

    def __enter__(self):
        super().__enter__()
        try:
            for hosts in (NGINX_HOSTS, SILENT_HOSTS):
                self.servers.ip(f"route add local {hosts} dev lo")
            self.servers.ip(f"link set wire0 address {WIRE_MAC}")
            self.scanner.ip(f"addr add {KERNEL_CLIENT}/15 dev scan0")
            for name in ("core/somaxconn", "ipv4/tcp_max_syn_backlog"):
                self.servers.run("sh", "-c", f"echo {BACKLOG} > /proc/sys/net/{name}")
            self.start_nginx()
            self.listener = self.servers.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.listener.bind(("0.0.0.0", SILENT_PORT))
        except BaseException:
            self.close()
            raise
        return self

    def start_nginx(self):
        pairs = {kind: certs.make(self.dir, kind, kind) for kind in ("rsa", "ecdsa")}
        servers = "".join(
            SERVER.format(port=port, version=version, cert=pairs[kind][0], key=pairs[kind][1],
                          backlog=BACKLOG) for port, (version, kind, _) in NGINX.items())
        with open(self.path("nginx.conf"), "w", encoding="ascii") as config:
            config.write(CONFIG.format(dir=self.dir, servers=servers))
        with open(self.path("index.html"), "w", encoding="ascii") as page:
            page.write("hello\n")
        self.start("nginx", "nginx", "-c", self.path("nginx.conf"))
        for port in NGINX:
            self.servers.wait_for_port(NGINX_HOST, port)

    def scan_words(self):
        """How tlsweep reaches the farm. With no gateway's MAC it would ask for every host's."""
        return ["-i", "af_packet:scan0", "-S", net.SCANNER_V4, "-G", WIRE_MAC,
                "--no-default-exclude"]

    def listen_silently(self):
        """From now on the kernel completes connections that nobody ever accepts or answers."""
        self.listener.listen(BACKLOG)

    def hang_up(self):
        """Forget the silent connections."""
        self.listener.close()
        self.listener = self.servers.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("0.0.0.0", SILENT_PORT))

    def close(self):
        if self.listener is not None:
            self.listener.close()
        super().close()
