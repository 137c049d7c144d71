"""nghttpx in front of a server that speaks plain HTTP/1.1: TLS, and HTTP/2 for those who ask for it."""
import shutil
import socket
import subprocess
import time


def is_there():
    return shutil.which("nghttpx") is not None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def make_certificate(folder):
    """A key and a certificate of its own for this run; gives their paths."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=bench", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return key, certificate


class Front:
    """Listens on `port`; `certificate` is what a client has to trust.  `http2` offers it to clients."""

    def __init__(self, folder, backend_port, http2=True):
        self.port = free_port()
        key, self.certificate = make_certificate(folder)
        protocols = "h2,http/1.1" if http2 else "http/1.1"
        self.process = subprocess.Popen(
            ["nghttpx", f"--frontend=127.0.0.1,{self.port}", f"--backend=127.0.0.1,{backend_port}", "--workers=1",
             f"--npn-list={protocols}", "--backend-connections-per-frontend=2000", "--conf=/dev/null",
             "--errorlog-file=/dev/null", key, self.certificate], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("nghttpx does not listen")

    def stop(self):
        self.process.terminate()
        self.process.wait()
