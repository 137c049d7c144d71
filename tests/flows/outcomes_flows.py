#!/usr/bin/env python3
"""outcrop outcomes: what became of the findings that were posted."""
import contextlib
import http.server
import json
import re
import threading
import time
import urllib.error
import urllib.request

from harness import (
    Emulator,
    Job,
    check,
    comment_event,
    equal,
    finding,
    flow,
    line_comments,
    main,
    outcrop,
    reply,
)

BASE = {"src/pool.c": "int get(void)\n{\n\treturn 0;\n}\n"}
HEAD = {"src/pool.c": "int get(void)\n{\n\tint idx = take();\n\n\tlog_it(idx);\n\tmark(idx);\n"
                      "\tconns[idx].busy = 1;\n\tcount++;\n\tdone(idx);\n\treturn idx;\n}\n"}
# The line with the first finding is replaced, and a line is added between two without one.
FIXED = {"src/pool.c": HEAD["src/pool.c"].replace("conns[idx].busy = 1;", "claim(idx);")
                                         .replace("\tdone", "\tagain();\n\tdone")}
FINDINGS = [
    finding(line=7, confidence=0.9),
    finding(line=3, evidence="int idx = take();", title="The name | is <b>short", severity="medium",
            category="style", confidence=0.4),
    finding(line=10, evidence="return idx;", title="Another name", severity="medium",
            category="style", confidence=0.4),
]
GITHUB = {"permissions": {"alice": "write"}, "date": "2026-06-01T00:00:00Z", "author": "dora"}


def emulator(**github):
    return Emulator([reply(*FINDINGS), reply()], base=BASE, head=HEAD, github={**GITHUB, **github})


def ask(emulator, *arguments):
    env = {name: emulator.env[name] for name in ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_TOKEN")}
    return outcrop(emulator, "outcomes", "--repository", "acme/widgets", "--since", "2026-05-01",
                   *arguments, env=env)


def outcomes(emulator):
    result = ask(emulator, "--format", "json")
    equal(result.returncode, 0, result.stderr)
    return json.loads(result.stdout)


def play(emulator, merge=True, rebased=False):
    """A review; one finding is fixed, one dismissed with a reason, one resolved by the author."""
    first = Job(emulator).run()
    equal(first.outputs["comments-posted"], "3", first.text[-2000:])
    fixed, named, other = (next(c for c in line_comments(emulator) if c["line"] == line)
                           for line in (7, 3, 10))
    emulator.act("bob", reply=fixed["id"], body="Good catch")
    emulator.act("bob", react=fixed["id"], content="+1")
    emulator.act("eve", react=other["id"], content="-1")
    emulator.act("dora", resolve=other["id"])
    identity = named["body"].rpartition("finding id=")[2][:16]
    event = comment_event(emulator, "alice", f"/outcrop dismiss {identity} names are ours to choose")
    equal(Job(emulator, "issue_comment", event).run().status, 0)
    emulator.push("fixed", FIXED, rebased)
    equal(Job(emulator).run().status, 0)
    if merge:
        emulator.act("dora", merge=True)


@flow
def every_posted_finding_has_an_outcome():
    with emulator() as hub:
        play(hub, merge=False)
        equal(outcomes(hub)["figures"]["judged"], 0, "an open pull request is not judged")
        hub.act("dora", merge=True)
        posted = {f["title"]: f for f in outcomes(hub)["findings"]}
        fixed = posted["The index may be negative"]
        equal((fixed["lines"], fixed["lines_changed"], fixed["fixed"]), (1, 1, True))
        equal((fixed["thumbs_up"], fixed["replies"], fixed["agents"]), (1, 1, ["security"]))
        equal((fixed["confidence"], fixed["category"], fixed["severity"]), (0.9, "correctness", "high"))
        equal((fixed["resolved"], fixed["pull_request_state"]), ("app", "merged"))
        named = posted["The name | is <b>short"]
        equal((named["dismissed"], named["dismissed_by"]), (True, "alice"))
        equal(named["reason"], "names are ours to choose")
        equal((named["lines"], named["lines_changed"], named["fixed"]), (1, 0, False))
        other = posted["Another name"]
        equal((other["resolved"], other["resolved_by"], other["thumbs_down"]), ("author", "dora", 1))


@flow
def figures_have_a_control_and_lessons():
    with emulator() as hub:
        play(hub)
        result = outcomes(hub)
        figures = result["figures"]
        equal((figures["findings"], figures["judged"], figures["changed"]), (3, 3, 1))
        # Added lines without a finding: 4, 5, 6, 8 and 9; one is added between the last two.
        equal((result["control_lines"], result["control_lines_changed"]), (5, 2))
        equal(result["by"]["category"]["style"]["dismissed"], 1)
        equal(result["by"]["confidence"]["0.75 to 1"]["changed"], 1)
        equal(set(result["by"]["severity"]), {"high", "medium"})
        lesson, = result["lessons"]
        equal((lesson["agent"], lesson["category"], lesson["folder"]), ("security", "style", "src/"))
        equal((lesson["posted"], lesson["dismissed"]), (2, 2))
        equal(lesson["reasons"], ["names are ours to choose"])


class Front(http.server.BaseHTTPRequestHandler):
    """One repository of several emulators, each with one pull request: from number 7 on."""
    hubs = ()

    def log_message(self, *_):
        pass

    def ask(self, hub, data):
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
        request = urllib.request.Request(hub.env["EMULATOR_URL"] + self.path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def do_GET(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
        number = re.search(rb'/(?:pulls|issues)/(\d+)|"number":(\d+)', self.path.encode() + (data or b""))
        if number:
            answers = [self.ask(self.hubs[int(number[1] or number[2]) - 7], data)]
        else:
            answers = [self.ask(hub, data) for hub in self.hubs]
        status, body = min(answers, key=lambda answer: answer[0])
        if "/pulls?" in self.path:
            body = json.dumps([pull for _, part in answers for pull in json.loads(part)]).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


@flow
def figures_of_several_pull_requests_add_up():
    with contextlib.ExitStack() as stack:
        # One with outcomes, one still open, one that was never reviewed, and one that was merged as it was.
        hubs = [stack.enter_context(emulator(number=7 + n)) for n in range(4)]
        play(hubs[0])
        for hub in hubs[1], hubs[3]:
            equal(Job(hub).run().outputs["comments-posted"], "3")
        for hub in hubs[2:]:
            hub.act("dora", merge=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Hubs", (Front,), {"hubs": hubs}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        here, there = hubs[0].env["EMULATOR_URL"], f"http://127.0.0.1:{server.server_address[1]}"
        env = {name: hubs[0].env[name].replace(here, there)
               for name in ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_TOKEN")}
        result = outcrop(hubs[0], "outcomes", "--repository", "acme/widgets", "--since", "2026-05-01",
                         "--format", "json", env=env)
        equal(result.returncode, 0, result.stderr)
        page = json.loads(result.stdout)
        figures = page["figures"]
        equal((page["pull_requests"], figures["findings"], figures["in_open_pull_requests"]), (4, 9, 3))
        equal((figures["judged"], figures["changed"], figures["dismissed"]), (6, 1, 1))
        # Twice the five other added lines; two of them changed, in one pull request.
        equal((page["control_lines"], page["control_lines_changed"]), (10, 2))


@flow
def a_rebased_branch_is_compared_file_by_file():
    with emulator() as hub:
        play(hub, rebased=True)
        result = outcomes(hub)
        equal([(f["lines"], f["lines_changed"]) for f in result["findings"]], [(1, 1), (1, 0), (1, 0)])
        equal((result["control_lines"], result["control_lines_changed"]), (5, 2))


@flow
def nothing_is_written_and_no_model_is_asked():
    with emulator() as hub:
        play(hub)
        before = len(hub.state()["requests"])
        outcomes(hub)
        asked = hub.state()["requests"][before:]
        writes = [r["target"] for r in asked if r["method"] != "GET" and "graphql" not in r["target"]
                  and "_emulator" not in r["target"]]
        equal(writes, [])
        check(not any("mutation" in r.get("body", "") for r in asked), "a mutation")
        check(not any("/model/" in r["target"] for r in asked), "a model was asked")


@flow
def the_page_shows_bars_and_no_markup_of_others():
    with emulator() as hub:
        play(hub)
        text = ask(hub)
        equal(text.returncode, 0, text.stderr)
        check("After 1 of 3 findings on closed pull requests, the lines changed: 33 %" in text.stdout,
              text.stdout)
        check("40 % of 5 other added lines of the same files" in text.stdout, text.stdout)
        check("█" in text.stdout, text.stdout)
        page = ask(hub, "--format", "markdown").stdout
        check("| security | 33\u00a0%\u00a0███░░░░░░░ | 3 | 3 | 1 |" in page, page)
        check("<b>" not in page, page)
        check("names are ours to choose" in page, page)


@flow
def the_action_writes_page_and_file():
    with emulator(date=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())) as hub:
        play(hub)
        result = Job(hub, "schedule", command="outcomes", role_to_assume="").run()
        equal(result.status, 0, result.text[-2000:])
        check("## Outcomes of outcrop in acme/widgets" in result.summary, result.summary)
        check("### By agent" in result.summary, result.summary)
        report = json.loads((result.workspace / "outcrop-report.json").read_text())
        equal((report["figures"]["findings"], result.outputs["report-file"]), (3, "outcrop-report.json"))
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
        later = Job(hub, "schedule", command="outcomes", role_to_assume="", since=tomorrow).run()
        equal(later.report()["figures"]["findings"], 0, later.text)
        wrong = Job(hub, "schedule", command="outcomes", role_to_assume="", since="soon").run()
        equal(wrong.status, 2, wrong.text)
        check('since "soon": must be' in wrong.text, wrong.text)


@flow
def older_findings_and_those_of_others_do_not_count():
    with emulator() as hub:
        play(hub)
        later = json.loads(ask(hub, "--since", "2026-06-02", "--format", "json").stdout)
        equal((later["pull_requests"], later["findings"]), (0, []))
        for options in (["--author", "somebody"], ["--name", "second"]):
            equal(json.loads(ask(hub, *options, "--format", "json").stdout)["findings"], [], options)
        check("No finding was posted; 1 pull request was looked at." in
              ask(hub, "--name", "second").stdout)


@flow
def wrong_options_are_reported():
    with emulator() as hub:
        wrong = ask(hub, "--since", "soon")
        equal(wrong.returncode, 2, wrong.stderr)
        check("--since \"soon\"" in wrong.stderr and "30d" in wrong.stderr, wrong.stderr)
        nowhere = outcrop(hub, "outcomes")
        equal(nowhere.returncode, 2, nowhere.stderr)
        check("--repository OWNER/REPO" in nowhere.stderr, nowhere.stderr)


if __name__ == "__main__":
    main()
