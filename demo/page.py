#!/usr/bin/env python3
"""Shows a pull request as it looks on GitHub: as text on the terminal, and as one HTML page.

usage: page.py API REPOSITORY NUMBER PAGE [JOB_SUMMARY]
All of it comes from GitHub's REST API at the address API, so it shows what was really posted."""
import html
import json
import os
import pathlib
import re
import sys
import urllib.request

import render

HERE = pathlib.Path(__file__).resolve().parent
HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$")


class Pull:
    """The pull request with all that was posted on it."""

    def __init__(self, api, repository, number):
        self.api, self.repository, self.number = api, repository, number
        self.pull = self.get(f"pulls/{number}")
        self.files = self.pages(f"pulls/{number}/files")
        self.comments = self.pages(f"pulls/{number}/comments")
        self.reviews = self.pages(f"pulls/{number}/reviews")
        self.conversation = self.pages(f"issues/{number}/comments")

    def get(self, path):
        request = urllib.request.Request(f"{self.api}/repos/{self.repository}/{path}", headers={
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def pages(self, path):
        found = []
        for page in range(1, 40):
            part = self.get(f"{path}?per_page=100&page={page}")
            found += part
            if len(part) < 100:
                break
        return found


def suggestion(old_lines):
    def show(lines):
        rows = [f'<div class="code old">{html.escape(line, quote=False)}</div>' for line in old_lines]
        rows += [f'<div class="code new">{html.escape(line, quote=False)}</div>' for line in lines]
        return f'<div class="suggestion"><p>Suggested change</p>{"".join(rows)}</div>'
    return show


def gantt(lines):
    """The timeline that GitHub draws by Mermaid: a bar from start to end for each task."""
    tasks = []
    for line in lines:
        match = re.match(r"^\s*(.*?) :(?:\w+, )*\w+, (\d+), (\d+)$", line)
        if match:
            tasks.append((match.group(1).strip("▸ "), int(match.group(2)), int(match.group(3))))
    if not tasks:
        return ""
    first, last = min(task[1] for task in tasks), max(task[2] for task in tasks)
    width = max(last - first, 1)
    rows = []
    for name, start, end in tasks:
        left, share = 100 * (start - first) / width, 100 * (end - start) / width
        rows.append(f"<div>{html.escape(name)}</div><div class=track><div class=bar "
                    f'style="left:{left:.2f}%;width:{share:.2f}%"></div></div>'
                    f"<div>{(end - start) / 1000:.1f} s</div>")
    return f"<div class=gantt>{''.join(rows)}</div>"


def comment_box(comment, label="", special=None):
    name = comment["user"]["login"]
    return (f'<div class="box"><header><span class=face>{html.escape(name[0].upper())}</span>'
            f"<strong>{html.escape(name)}</strong> commented"
            f"{f'<span class=label>{label}</span>' if label else ''}</header>"
            f'<div class=body>{render.render(comment["body"] or "", special)}</div></div>')


def diff_rows(patch):
    """Yields (kind, old line, new line, text) for each line of a file's patch."""
    old = new = 0
    for line in patch.split("\n"):
        hunk = HUNK.match(line)
        if hunk:
            old, new = int(hunk.group(1)), int(hunk.group(2))
            yield "hunk", None, None, line
        elif line.startswith("+"):
            yield "add", None, new, line
            new += 1
        elif line.startswith("-"):
            yield "del", old, None, line
            old += 1
        elif line.startswith("\\"):
            yield "", None, None, line
        else:
            yield "", old, new, line
            old, new = old + 1, new + 1


def file_box(file, comments):
    rows, lines = [], {}
    placed = {}
    for comment in comments:
        side = comment.get("side") or "RIGHT"
        placed.setdefault((side, comment.get("line")), []).append(comment)
    for kind, old, new, text in diff_rows(file.get("patch") or ""):
        shown = html.escape(text, quote=False)
        if kind == "hunk":
            rows.append(f'<tr class=hunk><td class=no></td><td class=no></td><td class=code>{shown}</td></tr>')
            continue
        if new is not None:
            lines[new] = text[1:]
        rows.append(f'<tr class="{kind}"><td class=no>{old or ""}</td><td class=no>{new or ""}</td>'
                    f"<td class=code>{shown}</td></tr>")
        for key in (("LEFT", old), ("RIGHT", new)):
            for comment in placed.pop(key, []) if key[1] else []:
                first = comment.get("start_line") or comment["line"]
                replaced = [lines.get(number, "") for number in range(first, comment["line"] + 1)]
                rows.append(f'<tr class=thread><td colspan=3>'
                            f'{comment_box(comment, special={"suggestion": suggestion(replaced)})}</td></tr>')
    return (f'<div class="box file"><header><strong>{html.escape(file["filename"])}</strong>'
            f'<span class=count>+{file["additions"]} −{file["deletions"]}</span></header>'
            f"<table class=diff>{''.join(rows)}</table></div>")


def page(pull, job_summary):
    info = pull.pull
    by_file = {}
    for comment in pull.comments:
        by_file.setdefault(comment["path"], []).append(comment)
    parts = [f'<h1 class=pull>{html.escape(info["title"])} <span>#{info["number"]}</span></h1>',
             f'<div class=meta><span class=state>Open</span><strong>{html.escape(info["user"]["login"])}</strong> '
             f'wants to merge into <code>{html.escape(info["base"]["ref"])}</code> from '
             f'<code>{html.escape(info["head"]["ref"])}</code></div>',
             "<div class=demo>Shown from an emulator of GitHub, with scripted answers in place of models."
             "</div>"]
    parts += [comment_box(comment) for comment in pull.conversation]
    posted = [review for review in pull.reviews if review.get("state") != "PENDING"]
    parts.append(f"<h2 class=part>{len(posted)} review, {len(pull.comments)} comments on the changed files</h2>")
    parts += [file_box(file, by_file.get(file["filename"], [])) for file in pull.files]
    if job_summary:
        parts.append("<h2 class=part>Job summary</h2><div class=box><div class=body>"
                     f'{render.render(job_summary, {"mermaid": gantt})}</div></div>')
    return ("<!doctype html><html lang=en><meta charset=utf-8>"
            '<meta name=viewport content="width=device-width">'
            f"<title>{html.escape(info['title'])}</title><style>{(HERE / 'page.css').read_text()}</style>"
            f"<main>{''.join(parts)}</main></html>\n")


def terminal(pull):
    """The verdict and the table: the page has the rest."""
    bold, end = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    for comment in pull.conversation:
        verdict = comment["body"].lstrip().split("\n")[0]
        print(f"{bold}{render.plain(verdict)}{end}")
        for severity, title, place in (row for row in render.table_rows(comment["body"]) if len(row) == 3):
            print(f"  {severity:12} {title}  ({place})")
    offers = sum("```suggestion" in comment["body"] for comment in pull.comments)
    print(f"{len(pull.comments)} comments on the changed lines, {offers} with a suggestion to apply")


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    pull = Pull(sys.argv[1], sys.argv[2], sys.argv[3])
    job = pathlib.Path(sys.argv[5]) if len(sys.argv) == 6 else None
    summary = job.read_text() if job and job.exists() else ""
    terminal(pull)
    pathlib.Path(sys.argv[4]).write_text(page(pull, summary))


if __name__ == "__main__":
    main()
