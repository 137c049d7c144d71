#!/usr/bin/env python3
"""Takes pictures of what outcrop posts, from the golden pages of the tests.

usage: pictures.py FOLDER DOCS
FOLDER holds GitHub's style as npm's github-markdown-css, and gets the HTML pages; DOCS gets the pictures."""
import html
import pathlib
import re
import subprocess
import sys

import page
import render

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "tests/golden/output"
WIDTH = 900
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--force-device-scale-factor=1")
STYLE = """
body { margin: 0; padding: 12px; background: #fff; }
.box { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; width: 844px; font-size: 14px; }
.alert { border-left: 4px solid #9a6700; padding: 2px 14px; margin-bottom: 16px; }
.alert.note { border-color: #0969da; }
.alert p { margin: 4px 0 !important; }
.alert .title { color: #9a6700; font-weight: 600; }
.alert.note .title { color: #0969da; }
.suggestion { border: 1px solid #d1d9e0; border-radius: 6px; margin-bottom: 16px; overflow: hidden; }
.suggestion p { margin: 0; padding: 6px 12px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; }
.suggestion .code { font: 12px/20px monospace; white-space: pre; padding: 0 12px; background: #dafbe1; }
.gantt { display: grid; grid-template-columns: max-content 1fr max-content; gap: 4px 10px; align-items: center; }
.gantt .track { position: relative; height: 14px; background: #f6f8fa; }
.gantt .bar { position: absolute; height: 14px; background: #8250df; border-radius: 3px; }
"""
# What is shown: name, golden page, whether folded parts are open.
PICTURES = (("summary", "summary.md", False), ("comment", "comments.md", True),
            ("job-summary", "job_summary.md", False), ("clean", "clean.md", False))
HEIGHT_MAX = 1000


def suggestion(lines):
    rows = "".join(f'<div class="code">{html.escape(line, quote=False)}</div>' for line in lines)
    return f'<div class="suggestion"><p>Suggested change</p>{rows}</div>'


def browse(file, height, *options):
    return subprocess.run([*CHROMIUM, f"--window-size={WIDTH},{height}", *options, file.resolve().as_uri()],
                          check=True, capture_output=True, text=True, timeout=120).stdout


def take(style, folder, target, golden, is_open):
    text = (GOLDEN / golden).read_text().split("\n---\n")[0]
    body = render.render(text, {"mermaid": page.gantt, "suggestion": suggestion})
    if is_open:
        body = body.replace("<details>", "<details open>")
    file = folder / f"{target.stem}.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><style>{style}{STYLE}</style>"
                    f'<div class="box markdown-body">{body}</div><script>document.body.dataset.end = '
                    "Math.ceil(document.querySelector('.box').getBoundingClientRect().bottom)</script>")
    end = re.search(r'data-end="(\d+)"', browse(file, 800, "--dump-dom"))
    browse(file, min(int(end.group(1)) + 12, HEIGHT_MAX), f"--screenshot={target.resolve()}")
    print(f"{target}: {target.stat().st_size // 1024} KB")


def main():
    folder, docs = map(pathlib.Path, sys.argv[1:3])
    style = (folder / "package/github-markdown-light.css").read_text()
    for name, golden, is_open in PICTURES:
        take(style, folder, docs / f"{name}.png", golden, is_open)


if __name__ == "__main__":
    main()
