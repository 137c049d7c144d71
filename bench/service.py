"""A small GitHub and a small Bedrock on loopback that only take their time: nothing of them is checked.

A process of its own: what to serve comes as one line of JSON on standard input, the port goes out as a line, and
when the input ends a line of JSON says what was asked.
"""
import base64
import collections
import gc
import hashlib
import heapq
import itertools
import json
import os
import re
import select
import socket
import struct
import sys
import time
import zlib

BACKLOG, PER_PAGE, READ_SIZE = 4096, 200, 1 << 16
AGENT = b'"outcrop.agent":'
CLAIM = re.compile(r"\b(F\d+), high, part")


def agent_of(body):
    """The agent that a request for a model names; found without a regular expression, which would take longer."""
    at = body.rfind(AGENT)
    return body[at + len(AGENT):].split(b'"', 2)[1].decode() if at >= 0 else ""


def header(head, name):
    """The value of a header; `head` is in lower case."""
    at = head.find(b"\r\n%s:" % name)
    return head[at + len(name) + 3:head.find(b"\r\n", at + 2)].strip() if at >= 0 else b""


def frame(headers, payload):
    """One message of an AWS event stream: all header values are strings (type 7)."""
    packed = b"".join(
        struct.pack("B", len(name)) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in headers.items())
    prelude = struct.pack(">II", 16 + len(packed) + len(payload), len(packed))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + packed + payload
    return message + struct.pack(">I", zlib.crc32(message))


def event(kind, body):
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, json.dumps(body).encode())


def tool_call(name, given):
    """A model's turn that calls a tool, in chunks of HTTP."""
    tool = {"toolUse": {"toolUseId": "t1", "name": name}}
    answer = {"toolUse": {"input": json.dumps(given)}}
    usage = {"inputTokens": 1000, "outputTokens": 20, "totalTokens": 1020}
    events = [
        event("messageStart", {"role": "assistant"}),
        event("contentBlockStart", {"contentBlockIndex": 0, "start": tool}),
        event("contentBlockDelta", {"contentBlockIndex": 0, "delta": answer}),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": "tool_use"}),
        event("metadata", {"usage": usage, "metrics": {"latencyMs": 1}}),
    ]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in events) + b"0\r\n\r\n"


def report(summary, findings):
    return tool_call("report_findings", {"summary": summary, "findings": findings})


def two_findings(agent):
    """In a file of its own for each agent."""
    number = zlib.crc32(agent.encode()) % 10
    return report("Two things.", [
        {"path": f"part{number}/file.c", "line": line, "title": f"{agent} sees that value {line} is wrong",
         "evidence": f"int value_{number}_{line - 1} = compute({line - 1});", "body": "The call can fail.",
         "severity": "high", "confidence": 0.9, "category": "bug"} for line in (1, 5)])


def verdicts(body):
    """The referee keeps all that it was shown."""
    return tool_call("report_verdicts", {"verdicts": [
        {"id": name, "verdict": "keep", "evidence": "", "why": "Nothing refutes it."}
        for name in dict.fromkeys(CLAIM.findall(body.decode()))]})


def whole(status, answer, headers=b""):
    """An answer of JSON that is there at once."""
    return with_head(status, json.dumps(answer).encode(), headers)


def with_head(status, text, headers):
    return b"HTTP/1.1 %d X\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status, headers, len(text), text)


STREAM_HEAD = (b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
               b"Transfer-Encoding: chunked\r\n\r\n")
STREAM = report("Nothing.", [])
USAGE = {"inputTokens": 1000, "outputTokens": 20, "totalTokens": 1020}
MESSAGE = whole(200, {"id": "m", "type": "message", "role": "assistant", "model": "bench",
                      "content": [{"type": "text", "text": "Nothing."}], "stop_reason": "end_turn",
                      "usage": {"input_tokens": 1000, "output_tokens": 20}})
BUSY = whole(503, {"message": "Busy"}, b"x-amzn-ErrorType: ServiceUnavailableException\r\n")
THROTTLED = whole(429, {"message": "Too many requests"}, b"x-amzn-ErrorType: ThrottlingException\r\n")


def blob_id(name):
    return hashlib.sha1(name.encode()).hexdigest()


class Quota:
    """A bucket of calls that is refilled once a second; of size 0 it never runs out."""

    def __init__(self, size):
        self.size, self.left, self.refilled = size, size, time.monotonic()

    def admits(self):
        passed = int(time.monotonic() - self.refilled)
        self.refilled += passed
        self.left = min(self.left + passed, self.size)
        admitted = self.size == 0 or self.left > 0
        self.left -= admitted
        return admitted


class Bill:
    """
    Input that is paid for, in bytes: what lies before the last cache point costs 1.25 when it is written and 0.1
    when it is read.
    """

    def __init__(self):
        self.cached, self.billed, self.independent = set(), 0.0, 0.0

    def add(self, request):
        """Returns what can be read once this answer has begun."""
        total = len(json.dumps(request))
        prefix, found = [request.get("toolConfig"), request.get("system")], None
        for message in request.get("messages", []):
            for block in message["content"]:
                if "cachePoint" in block:
                    found = json.dumps(prefix)
                prefix.append(block)
        size = len(found) if found else 0
        self.independent += total
        self.billed += total - size + size * (0.1 if found in self.cached else 1.25)
        return found


class Service:
    """What all connections share."""

    def __init__(self, settings):
        self.files, self.pull, self.repository = settings["files"], settings["pull"], settings["repository"]
        self.pages = [json.dumps(self.files[at:at + PER_PAGE]).encode()
                      for at in range(0, len(self.files), PER_PAGE)]
        self.delays, self.fault, self.answer = settings["delays"], settings["fault"], settings["answer"]
        self.finds = settings["finds"]
        self.quota = Quota(settings["bucket"])
        self.bill = Bill() if settings["bills"] else None
        self.calls, self.unknown, self.posted = [], [], collections.Counter()
        self.refused = self.asked = self.connections = self.bytes_in = 0
        self.kept = {}

    def report(self):
        bill = self.bill or Bill()
        return {"calls": self.calls, "unknown": self.unknown, "refused": self.refused, "asked": self.asked,
                "connections": self.connections, "billed": bill.billed, "independent": bill.independent,
                "bytes_in": self.bytes_in, "posted": self.posted, "cpu": time.process_time()}

    def bedrock(self, connection, target, body):
        self.asked += 1
        self.bytes_in += len(body)
        if self.fault and self.asked % self.fault == 0:
            return connection.write(BUSY)
        started = time.monotonic()
        if not self.quota.admits():
            self.refused += 1
            return connection.write(THROTTLED)
        agent = agent_of(body)
        prefix = self.bill.add(json.loads(body)) if self.bill else None
        answer = self.whole_answer(target)
        if not answer:
            connection.write(STREAM_HEAD)
        connection.later(self.delays.get(agent, 0.5), self.end, connection, answer or self.stream(agent, body),
                         (agent, started), prefix)

    def stream(self, agent, body):
        if not self.finds:
            return STREAM
        return verdicts(body) if agent == "referee" else two_findings(agent)

    def whole_answer(self, target):
        if target.endswith("/invoke"):
            return MESSAGE
        if target.endswith("/converse"):
            return whole(200, {"output": {"message": {"role": "assistant", "content": [{"text": self.answer}]}},
                               "stopReason": "end_turn", "usage": USAGE, "metrics": {"latencyMs": 1}})
        return None

    def end(self, connection, answer, call, prefix):
        if self.bill:
            self.bill.cached.add(prefix)
        self.calls.append((*call, time.monotonic()))
        connection.write(answer)

    def files_page(self, target, address):
        """Some files, and the address of the next ones; more of them than GitHub gives."""
        path, _, query = target.partition("?")
        page = int((re.search(r"\bpage=(\d+)", query) or [0, 1])[1])
        link = (f'Link: <{address}{path}?per_page={PER_PAGE}&page={page + 1}>; rel="next"\r\n'
                if page < len(self.pages) else "")
        return with_head(200, self.pages[page - 1] if page <= len(self.pages) else b"[]", link.encode())

    def github(self, connection, method, target, _body):
        path = target.split("?")[0]
        if path.endswith("/pulls/1/files"):
            return connection.write(self.files_page(target, connection.address()))
        if method in ("POST", "PATCH", "PUT") and not path.endswith("/graphql"):
            self.posted[re.sub(r"\d+", "N", path)] += 1
            return connection.write(whole(201, {"id": 1, "node_id": "C", "url": "", "html_url": "", "body": ""}))
        if path not in self.kept:
            self.kept[path] = whole(*self.look_up(method, path))
        connection.write(self.kept[path])

    def look_up(self, method, path):
        repository = "/repos/acme/shop"
        if path == f"{repository}/pulls/1":
            return 200, self.pull
        if path.startswith(f"{repository}/git/trees/"):
            return 200, {"sha": self.pull["base"]["sha"], "truncated": False, "tree": [
                {"path": name, "mode": "100644", "type": "blob", "sha": blob_id(name), "size": len(text)}
                for name, text in self.repository.items()]}
        if path.startswith(f"{repository}/git/blobs/"):
            for name, text in self.repository.items():
                if path.endswith(blob_id(name)):
                    return 200, {"encoding": "base64", "size": len(text),
                                 "content": base64.b64encode(text.encode()).decode()}
        if path == repository:
            return 200, {"default_branch": "main", "full_name": "acme/shop"}
        if re.search(r"/(comments|reviews|review_threads)$", path):
            return 200, []
        if path.endswith("/graphql"):
            empty = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
            return 200, {"data": {"repository": {"pullRequest": {"reviewThreads": empty, "id": "P"}},
                                  "viewer": {"login": "github-actions[bot]"}}}
        self.unknown.append(f"{method} {path}")
        return 404, {"message": "Not Found"}


class Connection:
    """HTTP/1.1, one request after another."""

    def __init__(self, loop, fd):
        self.loop, self.fd, self.service = loop, fd, loop.service
        self.received, self.needed, self.unsent, self.closed = b"", 0, b"", False
        self.later = loop.later

    def close(self):
        self.closed = True
        del self.loop.ready[self.fd]
        os.close(self.fd)

    def write(self, data):
        if self.closed:
            return
        if not self.unsent:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                pass
            except OSError:
                return self.close()
            if data:
                self.loop.poll.modify(self.fd, select.EPOLLIN | select.EPOLLOUT)
        self.unsent += data

    def go_on(self):
        """Writes what found no room before."""
        data, self.unsent = self.unsent, b""
        self.loop.poll.modify(self.fd, select.EPOLLIN)
        self.write(data)

    def ready(self, events):
        if events & select.EPOLLOUT:
            self.go_on()
        if events & ~select.EPOLLOUT and not self.closed:
            self.read()

    def read(self):
        try:
            data = os.read(self.fd, READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            return self.close()
        received = self.received + data if self.received else data
        if not self.needed:
            end = received.find(b"\r\n\r\n")
            if end >= 0:
                self.head, self.body = received[:end + 2], end + 4
                self.needed = self.body + int(header(self.head.lower(), b"content-length") or 0)
        if not self.needed or len(received) < self.needed:
            self.received = received
            return
        self.answer(received)

    def answer(self, received):
        method, target, _ = self.head.split(b" ", 2)
        body, self.received, self.needed = received[self.body:self.needed], received[self.needed:], 0
        if target.startswith(b"/model/"):
            self.service.bedrock(self, target.decode(), body)
        else:
            self.service.github(self, method.decode(), target.decode(), body)

    def address(self):
        """What the client, or nghttpx for it, says of the address that it called."""
        head = self.head.lower()
        return f"{header(head, b'x-forwarded-proto').decode() or 'http'}://{header(head, b'host').decode()}"


class Loop:
    """
    Sockets and timers until standard input has a line.  No asyncio: its half a millisecond a call would be what
    is measured.
    """

    def __init__(self, service):
        self.service, self.timers, self.order = service, [], itertools.count()
        self.server = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.server.setblocking(False)
        self.ready = {self.server.fileno(): self.accept}  # whom to call when a socket is
        self.poll = select.epoll()
        self.poll.register(self.server, select.EPOLLIN)
        self.poll.register(sys.stdin, select.EPOLLIN)

    def later(self, seconds, function, *arguments):
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.order), function, arguments))

    def accept(self, _events):
        """Only one: the poll comes back for the next, which costs less than to ask in vain whether there is one."""
        try:
            fd, _ = self.server._accept()  # accept() would ask the kernel what kind of socket it is
        except BlockingIOError:
            return
        os.set_blocking(fd, False)
        self.ready[fd] = Connection(self, fd).ready
        self.poll.register(fd, select.EPOLLIN)
        self.service.connections += 1

    def ring(self):
        """What is due by now; gives the seconds until the next is."""
        while self.timers and self.timers[0][0] <= time.monotonic():
            _, _, function, arguments = heapq.heappop(self.timers)
            function(*arguments)
        return max(self.timers[0][0] - time.monotonic(), 0) if self.timers else None

    def run(self):
        stop = sys.stdin.fileno()
        while True:
            for fd, events in self.poll.poll(self.ring()):
                if fd == stop:
                    return
                self.ready[fd](events)


def main(kind=Service):
    service = kind(json.loads(sys.stdin.readline()))
    loop = Loop(service)
    service.port = loop.server.getsockname()[1]
    gc.disable()  # what is dropped here is freed without it
    print(service.port, flush=True)
    loop.run()
    print(json.dumps(service.report()), flush=True)


if __name__ == "__main__":
    main()
