#!/usr/bin/env python3
"""Takes pictures of the program on a terminal: check, doctor and review, against the emulator.

usage: terminal.py FOLDER DOCS
FOLDER gets the HTML pages, DOCS the pictures. OUTCROP and OUTCROP_EMULATOR name the programs, as for the flows."""
import fcntl
import html
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import termios

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/flows"))
from harness import KEYS, OUTCROP, Emulator, finding, reply  # noqa: E402
from pictures import WIDTH, browse  # noqa: E402

COLUMNS = 96
CHANGE = """diff --git a/src/pool.c b/src/pool.c
--- a/src/pool.c
+++ b/src/pool.c
@@ -1,4 +1,7 @@ int get(void)
 int get(void)
 {
-\treturn 0;
+\tint idx = take();
+
+\tconns[idx].busy = 1;
+\treturn idx;
 }
"""
GUARD = "\tif (idx < 0)\n\t\treturn -1;\n\tconns[idx].busy = 1;"
WRONG = """version: 1
agents: [code-quality, securty]
defaults: { model: sonet, min_severity: hgih }
models:
  ours:
    model: us.anthropic.claude-sonnet-5-5
    tempratur: 0.2
"""
STYLE = """
body { margin: 0; background: #0d1117; }
.box { padding: 14px 18px; width: 864px; color: #e6edf3;
  font: 12px/18px "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.prompt { color: #7d8590; } .c1 { font-weight: 700; } .c2 { color: #9198a1; } .c31 { color: #ff7b72; }
.c32 { color: #3fb950; } .c33 { color: #d29922; } .c34 { color: #58a6ff; } .c35 { color: #bc8cff; }
.c36 { color: #39c5cf; }
"""


def terminal():
    pair = pty.openpty()
    fcntl.ioctl(pair[1], termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    return pair


def run(emulator, arguments, env, with_log=True):
    """What the program prints on a terminal of COLUMNS columns; without its log, which would be redrawn."""
    master, slave = terminal()
    log = (master, slave) if with_log else terminal()
    names = ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL_STS", "GITHUB_API_URL", "GITHUB_GRAPHQL_URL")
    process = subprocess.Popen(
        [OUTCROP, *arguments], stdin=subprocess.DEVNULL, stdout=slave, stderr=log[1],
        cwd=emulator.folder,
        env={"PATH": os.environ["PATH"], "HOME": str(emulator.folder), "TERM": "xterm-256color",
             "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1",
             **{name: emulator.env[name] for name in names}, **env})
    os.close(slave)
    text = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    process.wait()
    os.close(master)
    if not with_log:
        os.close(log[0])
        os.close(log[1])
    return text.decode().replace("\r\n", "\n")


def colored(text):
    """The terminal's colors as HTML."""
    spans, parts = 0, []
    for piece in re.split(r"(\x1b\[[\d;]*m)", text):
        code = re.fullmatch(r"\x1b\[([\d;]*)m", piece)
        if not code:
            parts.append(html.escape(piece, quote=False))
        elif code.group(1) in ("", "0"):
            parts.append("</span>" * spans)
            spans = 0
        else:
            names = " ".join(f"c{int(number)}" for number in code.group(1).split(";"))
            parts.append(f'<span class="{names}">')
            spans += 1
    return "".join(parts) + "</span>" * spans


def take(folder, target, command, text, shows):
    if shows not in text:
        raise SystemExit(f"{target}: the program did not print {shows!r}:\n{text}")
    file = folder / f"{target.stem}.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
                    f'<div class="box"><span class="prompt">$</span> {html.escape(command)}\n'
                    f"{colored(text.strip())}</div><script>document.body.dataset.end = "
                    "Math.ceil(document.querySelector('.box').getBoundingClientRect().bottom)</script>")
    end = re.search(r'data-end="(\d+)"', browse(file, 800, "--dump-dom"))
    browse(file, int(end.group(1)), f"--screenshot={target.resolve()}")
    print(f"{target}: {target.stat().st_size // 1024} KB, {WIDTH} wide")


def main():
    folder, docs = map(pathlib.Path, sys.argv[1:3])
    denied = {"on": "converse-stream", "nth": 2, "times": 3, "fault": "access-denied"}
    with Emulator([reply(finding(suggestion=GUARD))], faults=[denied]) as emulator:
        (emulator.folder / ".github").mkdir()
        config = emulator.folder / ".github/outcrop.yml"
        config.write_text(WRONG)
        take(folder, docs / "check.png", "outcrop check", run(emulator, ["check"], {}), 'did you mean "security"')
        subprocess.run(["git", "init", "-q"], cwd=emulator.folder, check=True)
        config.write_text("version: 1\nagents: [security, names]\n")
        (emulator.folder / ".github/outcrop/agents").mkdir(parents=True)
        (emulator.folder / ".github/outcrop/agents/names.yml").write_text(
            "description: Looks at names.\nmodel: haiku\nprompt: Look at the names.\n")
        take(folder, docs / "doctor.png", "outcrop doctor",
             run(emulator, ["doctor"], KEYS).replace(str(emulator.folder), "~"), "this policy is enough")
    with Emulator([reply(finding(suggestion=GUARD))]) as emulator:
        (emulator.folder / "change.diff").write_text(CHANGE)
        take(folder, docs / "terminal.png", "outcrop review --agents security",
             run(emulator, ["review", "--diff", "change.diff", "--agents", "security"], KEYS, with_log=False),
             "findings: 1 high")


if __name__ == "__main__":
    main()
