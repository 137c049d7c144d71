"""GitHub's own OpenAPI descriptions between the program and the emulator, by Prism."""
import http.client
import http.server
import json
import re
import socket
import subprocess
import threading
import time
import urllib.parse

START_SECONDS = 120
ANSWER_SECONDS = 120
HOP_HEADERS = ("connection", "content-length", "date", "host", "keep-alive", "server",
               "transfer-encoding")


def operation(target):
    """A target without the repository, its numbers, its ids and its query."""
    path = target.split("?")[0].removeprefix("/api/v3").removeprefix("/repos/acme/widgets")
    return re.sub(r"[0-9a-f]{40}|(?<=/)[0-9]+(?=/|$)|sarif-[0-9]+", "*", path)


class Relay(http.server.ThreadingHTTPServer):
    """Passes each request on to where `send` says, and what comes back through `seen`."""
    daemon_threads = True

    def __init__(self, send, seen=lambda exchange: None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.send, self.seen = send, seen
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def relay(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        place = urllib.parse.urlsplit(self.server.send(self.path))
        onward = http.client.HTTPConnection(place.netloc, timeout=ANSWER_SECONDS)
        target = place.path + ("?" + place.query if place.query else "")
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in HOP_HEADERS}
        onward.request(self.command, target, sent or None, headers)
        answer = onward.getresponse()
        exchange = {"method": self.command, "target": self.path, "status": answer.status,
                    "headers": [(name, value) for name, value in answer.getheaders()
                                if name.lower() not in HOP_HEADERS],
                    "sent": sent, "body": answer.read()}
        onward.close()
        self.server.seen(exchange)
        self.send_response(exchange["status"])
        for name, value in exchange["headers"]:
            self.send_header(name, value)
        if exchange["status"] != 204:
            self.send_header("content-length", str(len(exchange["body"])))
        self.end_headers()
        self.wfile.write(exchange["body"])

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = relay


class Prism:
    """
    One Prism with one description, for many emulators:

        program -> front -> Prism -> back -> emulator

    Front writes down what Prism finds wrong; back knows which emulator it is today. `prefix` is
    what GitHub's paths begin with: nothing on github.com, "/api/v3" on a server of one's own.
    `spoil` changes an exchange before Prism sees its answer, `lose` before the program sees it.
    """

    def __init__(self, folder, description, prefix=""):
        self.description = description
        self.prefix, self.emulator = prefix, None
        self.spoil = self.lose = lambda exchange: None
        self.exchanges, self.violations, self.seen = [], [], set()
        self.graphql = []  # of all emulators: requests as they were sent, and their answers
        self.back = Relay(self.to_emulator, lambda exchange: self.spoil(exchange))
        self.log = open(folder / (description.stem + ".log"), "a+")
        self.log.truncate(0)
        self.front = None
        self.start(folder)
        self.front = Relay(lambda path: self.url + path, self.judge)

    def start(self, folder):
        """Prism must be told its port, and another program may take it first: so a second try."""
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            self.process = subprocess.Popen(
                ["node", "node_modules/@stoplight/prism-cli/dist/index.js", "proxy", "--errors",
                 "--host", "127.0.0.1", "--port", str(port), str(self.description), self.back.url],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
            self.url = f"http://127.0.0.1:{port}"
            if self.listens():
                return
            self.process.kill()
            self.process.wait()
        raise RuntimeError("Prism did not start; see " + self.log.name)

    def listens(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            self.log.seek(0)
            if f"is listening on {self.url}" in self.log.read():
                return True
            time.sleep(0.05)
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.front.shutdown()
        self.back.shutdown()
        self.log.close()

    def to_emulator(self, path):
        api = "/api/graphql" if path == "/graphql" else path if self.prefix else "/api/v3" + path
        return self.emulator.env["EMULATOR_URL"] + api

    def judge(self, exchange):
        """Notes a violation; turns links that lead around Prism back to it."""
        self.exchanges.append(exchange)
        found = [value for name, value in exchange["headers"] if name.lower() == "sl-violations"]
        if b"stoplight.io/prism" in exchange["body"] or b"prism/errors" in exchange["body"]:
            found.append(exchange["body"].decode(errors="replace"))
        if found:
            self.violations.append(f"{exchange['method']} {exchange['target']} "
                                   f"{exchange['sent'][:2000]!r}: {' '.join(found)}")
        self.seen.add(exchange["method"] + " " + operation(exchange["target"]))
        if exchange["target"].endswith("/graphql") and not found:
            self.graphql.append({"request": json.loads(exchange["sent"]),
                                 "answer": json.loads(exchange["body"])})
        around = self.emulator.env["EMULATOR_URL"] + "/api/v3"
        exchange["headers"] = [
            (name, value.replace(around, self.front.url + self.prefix))
            if name.lower() == "link" else (name, value) for name, value in exchange["headers"]]
        self.lose(exchange)

    def serve(self, emulator):
        """From now on the requests of this emulator's jobs pass through Prism."""
        self.emulator = emulator
        self.spoil = self.lose = lambda exchange: None
        self.exchanges, self.violations = [], []
        graphql = "/api/graphql" if self.prefix else "/graphql"
        emulator.env["GITHUB_API_URL"] = self.front.url + self.prefix
        emulator.env["GITHUB_GRAPHQL_URL"] = self.front.url + graphql
