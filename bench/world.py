"""A small GitHub and a small Bedrock on loopback that only take their time: nothing of them is checked."""
import asyncio
import base64
import hashlib
import json
import re
import struct
import threading
import time
import zlib

BASE, HEAD = "a" * 40, "b" * 40


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


def empty_report():
    """A model's turn that reports no findings."""
    tool = {"toolUse": {"toolUseId": "t1", "name": "report_findings"}}
    answer = {"toolUse": {"input": json.dumps({"summary": "Nothing.", "findings": []})}}
    usage = {"inputTokens": 1000, "outputTokens": 20, "totalTokens": 1020}
    return [
        event("messageStart", {"role": "assistant"}),
        event("contentBlockStart", {"contentBlockIndex": 0, "start": tool}),
        event("contentBlockDelta", {"contentBlockIndex": 0, "delta": answer}),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": "tool_use"}),
        event("metadata", {"usage": usage, "metrics": {"latencyMs": 1}}),
    ]


class World:
    """
    Serves from a thread of its own.  `files` are the pull request's, `repository` maps paths at the base
    commit to texts, `delays` maps an agent's name to the seconds its answer takes.
    `bucket` calls may come at once, and one more each second; 0: any number.  Each call of number `fault` is
    answered with 503; 0: none.
    """

    def __init__(self, files, repository, delays, bucket=0, fault=0):
        self.files, self.repository, self.delays = files, repository, delays
        self.calls, self.unknown = [], []
        self.bucket, self.left, self.refilled, self.refused = bucket, bucket, time.monotonic(), 0
        self.first_request = None
        self.fault, self.asked, self.connections = fault, 0, 0
        self.cached, self.billed, self.independent = set(), 0.0, 0.0
        ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.main(ready)), daemon=True)
        self.thread.start()
        ready.wait()

    async def main(self, ready):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self.stopped = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        ready.set()
        await self.stopped.wait()
        server.close()

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join()

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.first_request = self.first_request or time.monotonic()
                length = re.search(r"(?im)^content-length: (\d+)", head)
                body = await reader.readexactly(int(length.group(1))) if length else b""
                method, target, _ = head.split(" ", 2)
                if target.startswith("/model/"):
                    await self.bedrock(writer, target, body)
                else:
                    self.github(writer, method, target.split("?")[0])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    def admits(self):
        """A bucket that is refilled once a second."""
        passed = int(time.monotonic() - self.refilled)
        self.refilled += passed
        self.left = min(self.left + passed, self.bucket)
        admitted = self.bucket == 0 or self.left > 0
        self.left -= admitted
        self.refused += not admitted
        return admitted

    def bill(self, request):
        """
        Adds the input that is paid for, in bytes: what lies before the last cache point costs 1.25 when it is
        written and 0.1 when it is read.  Returns what can be read once this answer has begun.
        """
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

    async def bedrock(self, writer, target, body):
        request = json.loads(body)
        self.asked += 1
        if self.fault and self.asked % self.fault == 0:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nx-amzn-ErrorType: ServiceUnavailableException\r\n"
                         b"Content-Type: application/json\r\nContent-Length: 18\r\n\r\n" b'{"message":"Busy"}')
            return
        agent = request.get("requestMetadata", {}).get("outcrop.agent", "")
        started = time.monotonic()
        if not self.admits():
            writer.write(b"HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: ThrottlingException\r\n"
                         b"Content-Type: application/json\r\nContent-Length: 31\r\n\r\n"
                         b'{"message":"Too many requests"}')
            return
        prefix = self.bill(request)
        if target.endswith("/invoke"):
            await asyncio.sleep(self.delays.get(agent, 0.5))
            answer = json.dumps({"id": "m", "type": "message", "role": "assistant", "model": "bench",
                                 "content": [{"type": "text", "text": "Nothing."}], "stop_reason": "end_turn",
                                 "usage": {"input_tokens": 1000, "output_tokens": 20}}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                         % (len(answer), answer))
            self.calls.append((agent, started, time.monotonic()))
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(self.delays.get(agent, 0.5))
        self.cached.add(prefix)
        for part in empty_report():
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        writer.write(b"0\r\n\r\n")
        self.calls.append((agent, started, time.monotonic()))

    def github(self, writer, method, path):
        status, answer = self.answer(method, path)
        text = json.dumps(answer).encode()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                     % (status, len(text)) + text)

    def answer(self, method, path):
        repository = "/repos/acme/shop"
        if path == f"{repository}/pulls/1":
            return 200, pull_request(len(self.files))
        if path == f"{repository}/pulls/1/files":
            return 200, self.files
        if path.startswith(f"{repository}/git/trees/"):
            return 200, {"sha": BASE, "truncated": False, "tree": [
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


def blob_id(name):
    return hashlib.sha1(name.encode()).hexdigest()


def pull_request(changed_files):
    repository = {"full_name": "acme/shop", "name": "shop", "owner": {"login": "acme"}, "fork": False, "id": 1}
    return {
        "number": 1, "title": "A change", "body": "", "draft": False, "state": "open", "id": 1, "node_id": "P",
        "user": {"login": "ann", "type": "User"}, "labels": [], "changed_files": changed_files,
        "commits": 1, "merged": False, "html_url": "https://github.com/acme/shop/pull/1",
        "base": {"ref": "main", "sha": BASE, "repo": repository, "label": "acme:main"},
        "head": {"ref": "work", "sha": HEAD, "repo": repository, "label": "acme:work"},
    }


def changed_file(number, lines):
    """One added file, as "list pull request files" gives it."""
    patch = f"@@ -0,0 +1,{lines} @@\n" + "\n".join(f"+int value_{number}_{i} = compute({i});" for i in range(lines))
    return {"sha": f"{number:040x}", "filename": f"part{number}/file.c", "status": "added", "additions": lines,
            "deletions": 0, "changes": lines, "patch": patch}
