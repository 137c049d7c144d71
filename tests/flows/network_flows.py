#!/usr/bin/env python3
"""What lies between a runner and GitHub: proxies, other base URLs, redirects, many pages."""
import contextlib
import http.client
import http.server
import pathlib
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.parse

from harness import HEAD, Emulator, Job, check, equal, finding, flow, main, reply


class Between(http.server.BaseHTTPRequestHandler):
    """A proxy (absolute targets, CONNECT), else a server that answers by its `redirect`."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        self.server.seen.append(("CONNECT", self.path, dict(self.headers)))
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            pair = [self.connection, there]
            while True:
                for ready in select.select(pair, [], [])[0] or pair:
                    data = ready.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    pair[ready is self.connection].sendall(data)

    def any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        place = self.path if self.path.startswith("http://") else None
        if not place:
            status, place = self.server.redirect(self.command, self.path)
            if status:
                self.send_response(status)
                self.send_header("Location", place)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        url = urllib.parse.urlsplit(place)
        there = http.client.HTTPConnection(url.hostname, url.port, timeout=120)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        target = url.path + ("?" + url.query if url.query else "")
        there.request(self.command, target, body, headers)
        answer = there.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        there.close()

    do_GET = do_POST = do_PATCH = do_DELETE = any


@contextlib.contextmanager
def between(redirect=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.daemon_threads = True
    server.seen, server.redirect = [], redirect
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def is_posted_once(emulator, result):
    equal(result.status, 0, result.text)
    state = emulator.state()["github"]
    equal([len(state[kind]) for kind in ("line_comments", "conversation", "reviews")], [1, 1, 1])


@flow
def every_call_goes_through_the_proxy_but_to_hosts_that_are_named():
    if not shutil.which("openssl"):
        print("# no openssl command to make a certificate with: not tried")
        return
    with tempfile.TemporaryDirectory() as folder, between() as proxy:
        pair = [str(pathlib.Path(folder) / name) for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=test",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-out", pair[0], "-keyout",
                        pair[1]], check=True, capture_output=True)
        for no_proxy, through in (("", True), ("localhost,127.0.0.1", False), ("a.example", True)):
            with Emulator([reply(finding())], tls=pair) as emulator:
                proxy.seen.clear()
                job = Job(emulator)
                job.env.update(HTTPS_PROXY=proxy.url, NO_PROXY=no_proxy, SSL_CERT_FILE=pair[0])
                is_posted_once(emulator, job.run())
                place = emulator.env["EMULATOR_URL"].removeprefix("https://")
                places = {(method, target) for method, target, _ in proxy.seen}
                equal(places, {("CONNECT", place)} if through else set(), no_proxy)
                check("ghs_" not in str(proxy.seen), "the proxy sees no token")


@flow
def plain_http_goes_through_its_own_proxy():
    with Emulator([reply(finding())]) as emulator, between() as proxy:
        job = Job(emulator)
        job.env["http_proxy"] = proxy.url
        is_posted_once(emulator, job.run())
        asked = [r["target"].split("?")[0] for r in emulator.state()["requests"]]
        # AWS and GitHub are asked side by side, in any order.
        equal(sorted(urllib.parse.urlsplit(path).path for _, path, _ in proxy.seen),
              sorted(path for path in asked if not path.startswith("/_emulator/")))


@flow
def a_proxy_that_is_not_there_is_named():
    with Emulator() as emulator:
        job = Job(emulator)
        job.env["http_proxy"] = "http://127.0.0.1:9"
        result = job.run()
        equal(result.status, 4, result.text)
        check("127.0.0.1:9" in result.text or "127.0.0.1 port 9" in result.text, result.text)


@flow
def a_renamed_repository_is_found_and_written_to_with_the_token():
    with Emulator([reply(finding())]) as emulator:
        def redirect(method, path):
            api = f"{emulator.env['EMULATOR_URL']}{path}"
            if "/repos/acme/old-name" not in path:
                return 0, api
            place = path.replace("/repos/acme/old-name", "/repos/acme/widgets")
            return (301 if method == "GET" else 307), f"{front.url}{place}"

        with between(redirect) as front:
            job = Job(emulator)
            job.env.update(GITHUB_API_URL=f"{front.url}/api/v3",
                           GITHUB_GRAPHQL_URL=f"{front.url}/api/graphql",
                           GITHUB_REPOSITORY="acme/old-name")
            result = job.run()
            is_posted_once(emulator, result)
            check(any("old-name" in path for _, path, _ in front.seen))
            check(any(m == "POST" and "old-name" in path for m, path, _ in front.seen))


def run_with_thief(moved):
    """A run in which the requests that `moved` accepts are redirected to another host."""
    with Emulator([reply(finding())]) as emulator:
        def here(_, path):
            return 0, f"{emulator.env['EMULATOR_URL']}{path}"

        with between(here) as thief:
            def redirect(method, path):
                return (307, f"{thief.url}{path}") if moved(method, path) else here(method, path)

            with between(redirect) as front:
                job = Job(emulator)
                job.env.update(GITHUB_API_URL=f"{front.url}/api/v3",
                               GITHUB_GRAPHQL_URL=f"{front.url}/api/graphql")
                return job.run(), thief.seen


@flow
def a_read_that_is_redirected_to_another_host_is_not_sent_there():
    result, seen = run_with_thief(lambda _, path: "/git/trees/" in path)
    check(result.status, result.text)
    check("redirects to another place" in result.text, result.text)
    equal(seen, [])


@flow
def a_write_that_is_redirected_to_another_host_is_not_sent_there():
    result, seen = run_with_thief(lambda method, path: method == "POST" and "/reviews" in path)
    equal(result.status, 0, result.text)
    check("could not be posted: GitHub sends us to" in result.text, result.text)
    equal(result.outputs["comments-posted"], "1", "in the summary instead")
    equal(seen, [])


@flow
def a_server_of_an_enterprise_is_asked_below_its_own_base():
    with Emulator([reply(finding())]) as emulator:
        job = Job(emulator)
        job.env["GITHUB_API_URL"] += "/"
        del job.env["GITHUB_GRAPHQL_URL"]  # BASE/api/v3 has its GraphQL at BASE/api/graphql
        is_posted_once(emulator, job.run())
        targets = [r["target"] for r in emulator.requests("github")]
        check(all(t.startswith(("/api/v3/repos/", "/api/graphql")) for t in targets), targets)
        check("/api/graphql" in targets, targets)


@flow
def lists_are_read_to_their_last_page():
    comments = [{"author": "alice", "body": f"Comment {n}."} for n in range(130)]
    found = [finding(path=f"src/f{n}.c", line=1, title=f"Wrong {n}", evidence=f"int in_{n};")
             for n in range(60)]
    head = {**HEAD, **{f"src/f{n}.c": f"int in_{n};\n" for n in range(60)}}
    github = {"comments": comments, "page_size_max": 25}
    with Emulator([reply(*found)], head=head, github=github) as emulator:
        for unchanged in ("0", "60"):
            result = Job(emulator, incremental="false", max_inline_comments="100").run()
            equal(result.status, 0, result.text)
            equal(result.outputs["comments-unchanged"], unchanged, result.text)
        state = emulator.state()["github"]
        equal(len(state["line_comments"]), 60)
        equal(len([c for c in state["conversation"] if "outcrop:summary" in c["body"]]), 1)
        equal(result.report()["coverage"]["files"], 61)


if __name__ == "__main__":
    main()
