"""The service of a review by another tool: what its GitHub client asks for, and a model that finds something.

The model finds one thing in each file for outcrop, which says nothing of a limit, and for PR-Agent as many as its
prompts ask for: three in a review, three in a call for suggestions. Comments are counted as they are posted.
"""
import json
import re

import service

FOUND = re.compile(rb"part(\d+)/file\.c")
PR_AGENT_FINDS = 3
API = "/api/v3"
# What is found differs from file to file, or a tool could say it once for all of them.
NOUNS = ("lock", "cache", "index", "socket", "buffer", "cursor", "digest", "timer", "ledger", "queue", "invoice",
         "session", "token", "replica", "header", "checksum", "mailbox", "pixel", "route", "tenant", "voucher",
         "worker", "archive", "badge", "coupon", "driver", "engine", "filter", "gateway", "handle", "journal",
         "kernel", "locale", "metric", "nonce", "offset", "parcel", "quota", "record", "schema")
FAULTS = ("drops", "doubles", "ignores", "shadows", "truncates", "reorders", "blocks")
STATES = ("empty", "shared", "late", "negative", "stale", "huge", "closed", "cyclic", "frozen", "missing", "nested")


def noun(number):
    return NOUNS[number % len(NOUNS)]


def title(number):
    fault, state = FAULTS[number % len(FAULTS)], STATES[number % len(STATES)]
    return f"{noun(number).capitalize()} {fault} {noun(7 * number + 3)} while {noun(11 * number + 5)} is {state}"


def findings(numbers):
    return [{"path": f"part{number}/file.c", "line": 1, "evidence": f"int value_{number}_0 = compute(0);",
             "severity": "high", "confidence": 0.9, "category": "bug", "title": title(number),
             "body": f"{noun(13 * number + 1)}, {noun(17 * number + 2)}: {title(number)}; see `value_{number}_0`."}
            for number in numbers]


def block(text, indent):
    return "|\n" + "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


def review_text(numbers):
    """PR-Agent's answer to /review."""
    issues = "".join(
        f"  - relevant_file: {block(f'part{number}/file.c', 6)}    issue_header: {block('Possible issue', 6)}"
        f"    issue_content: {block(title(number), 6)}    start_line: 1\n    end_line: 1\n"
        for number in numbers)
    return ("```yaml\nreview:\n  estimated_effort_to_review_[1-5]: 2\n  relevant_tests: |\n    No\n"
            f"  key_issues_to_review:\n{issues}  security_concerns: |\n    No\n```")


def suggestions_text(numbers):
    """PR-Agent's answer to /improve."""
    return "```yaml\ncode_suggestions:\n" + "".join(
        f"- relevant_file: {block(f'part{number}/file.c', 4)}  language: {block('c', 4)}"
        f"  existing_code: {block(f'int value_{number}_0 = compute(0);', 4)}"
        f"  suggestion_content: {block(title(number), 4)}"
        f"  improved_code: {block(f'int value_{number}_0 = first;', 4)}"
        f"  one_sentence_summary: {block(f'Reuse the value in part {number}', 4)}"
        f"  label: {block('possible issue', 4)}" for number in numbers) + "```"


def scores_text(numbers):
    """PR-Agent's answer when it lets the model judge its own suggestions."""
    return "```yaml\ncode_suggestions:\n" + "".join(
        f"- suggestion_summary: {block(f'Reuse the value in part {number}', 4)}"
        f"  relevant_file: part{number}/file.c\n  relevant_lines_start: 1\n  relevant_lines_end: 1\n"
        f"  suggestion_score: 8\n  why: {block('It is right.', 4)}" for number in numbers) + "```"


class PeerService(service.Service):
    def __init__(self, settings):
        super().__init__(settings)
        self.bill = service.Bill()
        self.inline = self.summaries = self.next_id = 0
        self.comments = []

    def report(self):
        return {**super().report(), "inline": self.inline, "summaries": self.summaries}

    def bedrock(self, connection, target, body):
        self.asked += 1
        self.bytes_in += len(body)
        name = service.agent_of(body) or target
        prefix = self.bill.add(json.loads(body))
        numbers = sorted({int(number) for number in FOUND.findall(body)})
        started = service.time.monotonic()
        if target.endswith("-stream"):
            connection.write(service.STREAM_HEAD)
            answer = service.report("One thing in each file.", findings(numbers))
        else:
            text = self.text_for(body, numbers[:PR_AGENT_FINDS])
            answer = service.whole(200, {
                "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
                "stopReason": "end_turn", "usage": service.USAGE, "metrics": {"latencyMs": 1}})
        connection.later(self.delays[""], self.end, connection, answer, (name, started), prefix)

    @staticmethod
    def text_for(body, numbers):
        if b"PRCodeSuggestionsFeedback" in body:
            return scores_text(numbers)
        if b"PRCodeSuggestions" in body:
            return suggestions_text(numbers)
        return review_text(numbers)

    def github(self, connection, method, target, body):
        target = target.removeprefix(API)
        path = target.split("?")[0]
        if method in ("POST", "PATCH", "PUT") and not path.endswith("/graphql"):
            return connection.write(self.posted_to(method, path, json.loads(body or b"{}")))
        super().github(connection, method, target, body)

    def posted_to(self, method, path, body):
        self.posted[re.sub(r"\d+", "N", f"{method} {path}")] += 1
        self.next_id += 1
        if path.endswith("/reviews"):
            self.inline += len(body.get("comments", []))
        elif path.endswith("/pulls/1/comments"):
            self.inline += 1
        elif path.endswith("/issues/1/comments"):
            self.summaries += 1
        if isinstance(body, list) or path.endswith("/labels"):
            return service.whole(200, [])
        entry = {"id": self.next_id, "node_id": f"C{self.next_id}", "html_url": "", "body": body.get("body", ""),
                 "url": f"http://{self.host}{API}/repos/acme/shop/issues/comments/{self.next_id}",
                 "user": {"login": "bot", "type": "Bot", "id": 2}}
        return service.whole(201 if method == "POST" else 200, entry)

    def look_up(self, method, path):
        repository = "/repos/acme/shop"
        head = {"sha": self.pull["head"]["sha"], "url": f"http://{self.host}{API}{repository}/commits/{self.pull['head']['sha']}",
                "commit": {"message": "A change", "author": {"date": "2026-11-01T00:00:00Z"}},
                "author": self.pull["user"], "parents": [], "files": self.files}
        pull = self.pull_with_urls(repository)
        answers = {
            f"{repository}/pulls/1": pull,
            repository: pull["base"]["repo"],
            f"{repository}/pulls/1/commits": [head],
            f"{repository}/commits/{self.pull['head']['sha']}": head,
            f"{repository}/languages": {"C": 1000},
            f"{repository}/issues/1": {**pull, "comments": 0, "url": pull["issue_url"]},
            f"{repository}/issues/1/labels": [],
            f"{repository}/branches/main": {"name": "main", "commit": head, "protected": False},
            f"{repository}/commits/main": head,
            "/user": {"login": "bot", "id": 2},
        }
        if path in answers:
            return 200, answers[path]
        if path == f"{repository}/contents/AGENTS.md":
            return 404, {"message": "Not Found"}  # there is none
        if path.startswith(f"{repository}/compare/"):
            return 200, {"merge_base_commit": {**head, "sha": self.pull["base"]["sha"]}, "commits": [head],
                         "files": self.files, "ahead_by": 1, "behind_by": 0, "total_commits": 1}
        found = re.match(rf"{repository}/contents/part(\d+)/file\.c$", path)
        if found:
            text = "\n".join(f"int value_{found[1]}_{line} = compute({line});" for line in range(40)) + "\n"
            return 200, {"type": "file", "path": path, "encoding": "base64", "size": len(text), "sha": "0" * 40,
                         "content": service.base64.b64encode(text.encode()).decode()}
        return super().look_up(method, path)

    def pull_with_urls(self, repository):
        """A copy, since PyGithub reads what an object lacks from the object's own address."""
        here = f"http://{self.host}{API}{repository}"
        pull = json.loads(json.dumps(self.pull))
        pull.update(url=f"{here}/pulls/1", issue_url=f"{here}/issues/1", comments=0, review_comments=0,
                    comments_url=f"{here}/issues/1/comments", review_comments_url=f"{here}/pulls/1/comments",
                    commits_url=f"{here}/pulls/1/commits", created_at="2026-11-01T00:00:00Z")
        for side in ("base", "head"):
            pull[side]["repo"].update(url=here, default_branch="main", private=True,
                                      html_url="https://github.com/acme/shop")
        return pull

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"


if __name__ == "__main__":
    service.main(PeerService)
