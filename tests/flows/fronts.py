"""Servers between the program and a service: TLS with test certificates, and a company's proxy."""
import asyncio
import base64
import contextlib
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

PIECE = 65536
START_SECONDS = 60
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout")
# `openssl ca` alone gives a certificate any dates in all versions; it wants its folder described.
AUTHORITY = """[ca]
default_ca = ours
[ours]
certificate = {0}/ca.pem
private_key = {0}/ca.key
database = {0}/issued
new_certs_dir = {0}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def port_of(url):
    return int(re.match(r"https?://127\.0\.0\.1:(\d+)", url).group(1))


class Certificates:
    """A test certificate authority, and server certificates that it signed; `with` removes them."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="outcrop-certificates-"))
        self.ca, self.ca_key = self.folder / "ca.pem", self.folder / "ca.key"
        self.settings = self.folder / "ca.cnf"
        self.settings.write_text(AUTHORITY.format(self.folder))
        (self.folder / "issued").touch()
        openssl("req", "-x509", *NEW_KEY, self.ca_key, "-out", self.ca, "-subj", "/CN=Acme root")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def server(self, name="IP:127.0.0.1", years=("2020", "2099")):
        """The files of a certificate and its key, good from the first of these years to the last."""
        base = self.folder / re.sub(r"\W+", "-", f"{name} {years}")
        key, request, certificate, extensions = (
            base.with_suffix(suffix) for suffix in (".key", ".csr", ".pem", ".ext"))
        extensions.write_text(f"subjectAltName={name}\n")
        openssl("req", *NEW_KEY, key, "-out", request, "-subj", "/CN=server")
        start, end = (f"{year}0101000000Z" for year in years)
        openssl("ca", "-batch", "-notext", "-config", self.settings, "-in", request, "-startdate",
                start, "-enddate", end, "-extfile", extensions, "-out", certificate)
        return certificate, key

    def context(self):
        """A client's that trusts this authority."""
        return ssl.create_default_context(cafile=self.ca)


class Nghttpx:
    """nghttpx: TLS, HTTP/2 where the client takes it, in front of a server of ours."""

    def __init__(self, certificates, backend_url, *options):
        certificate, key = certificates.server()
        # It must be told its port, and another program may take that first: then it ends, and gets another one.
        for _ in range(5):
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
            self.url = f"https://127.0.0.1:{port}"
            self.log = certificates.folder / f"access-{port}.log"
            self.process = subprocess.Popen(
                ["nghttpx", f"--frontend=127.0.0.1,{port}",
                 f"--backend=127.0.0.1,{port_of(backend_url)}", "--workers=1", "--single-process",
                 "--conf=/dev/null", "--errorlog-file=/dev/null", f"--accesslog-file={self.log}",
                 "--accesslog-format=$remote_port $alpn $method $path", *options, key, certificate],
                stderr=subprocess.DEVNULL)
            if self.listens(certificates.context()):
                return
            self.process.kill()
            self.process.wait()
        raise RuntimeError("nghttpx does not listen")

    def listens(self, context):
        """Waits until it answers with our certificate: another program may have its port."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port_of(self.url))) as probe:
                context.wrap_socket(probe, server_hostname="127.0.0.1").close()
                return True
            time.sleep(0.02)
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def requests(self):
        """Of each request that was answered: its connection, its protocol, method and path."""
        return [line.split(" ") for line in self.log.read_text().splitlines()]

    def connections(self):
        return len({request[0] for request in self.requests()})


class Server:
    """A server on a separate thread; subclasses handle its connections."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda *_: None)  # a refused handshake is expected
        started = self.loop.create_task(asyncio.start_server(self.meet, "127.0.0.1", 0))
        self.port = self.loop.run_until_complete(started).sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def meet(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self.serve(reader, writer)
        writer.close()


async def pass_on(reader, writer):
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def join(reader, writer, port):
    """Carries bytes both ways until both sides have ended."""
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pass_on(reader, there_writer), pass_on(there_reader, writer))


class Terminator(Server):
    """Ends TLS and speaks HTTP/1.1 only; connections beyond its maximum are closed immediately."""

    def __init__(self, certificate, backend_url, room=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*map(str, certificate))
        self.context.set_alpn_protocols(["http/1.1"])
        self.backend_port, self.room = port_of(backend_url), room
        self.open = self.most = self.turned_away = 0
        super().__init__()
        self.url = f"https://127.0.0.1:{self.port}"

    async def serve(self, reader, writer):
        if self.room is not None and self.open >= self.room:
            self.turned_away += 1
            return
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            await writer.start_tls(self.context)
            await join(reader, writer, self.backend_port)
        finally:
            self.open -= 1


class CompanyProxy(Server):
    """A proxy that requires authentication (CONNECT, RFC 9110, 9.3.6)."""

    def __init__(self, user, password):
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.wanted = f"proxy-authorization: basic {token}".lower()
        self.seen = []  # each CONNECT: the address, and whether it was let through
        super().__init__()

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, address, _ = head.split("\r\n")[0].split(" ")
        let_through = method == "CONNECT" and self.wanted in head.lower().split("\r\n")
        self.seen.append((address, let_through))
        if not let_through:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                         b"Proxy-Authenticate: Basic realm=\"acme\"\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await join(reader, writer, int(address.rpartition(":")[2]))
