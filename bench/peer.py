"""A whole review by outcrop against one by PR-Agent: a pull request of 40 files, cold, with comments posted."""
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys

import world

HERE = pathlib.Path(__file__).parent
FILES, LINES, SECONDS = 40, 40, 0.5
BYTES_PER_TOKEN = 4
ROUNDS = 3
PYTHON = (3, 13)  # for which peer.txt has hashes
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_28_x86_64", "manylinux_2_34_x86_64")
# What its GitHub client and litellm are told to reach instead of github.com, AWS and the table of prices.
MODEL = "bedrock/us.anthropic.claude-sonnet-4-6"


def own_python(folder):
    """Python of Debian 13 without its system, where the machine has only an older one; None without mmdebstrap."""
    root = folder / "debian"
    if not shutil.which("mmdebstrap"):
        return None
    if not (root / "usr/bin/python3.13").exists():
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(["mmdebstrap", "--quiet", "--variant=extract", "--include=python3,libssl3t64", "trixie",
                        root], check=True)
    loader = [root / "usr/lib64/ld-linux-x86-64.so.2", "--library-path", root / "usr/lib/x86_64-linux-gnu"]
    return [*loader, root / "usr/bin/python3.13"], {
        "PYTHONHOME": str(root / "usr")}


def find_python(folder):
    """A command, and what it needs in its environment."""
    for name in ("python3.13", "python3"):
        path = shutil.which(name)
        if path:
            version = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True,
                                     text=True, check=False).stdout.split()
            if tuple(map(int, version)) == PYTHON:
                return [path], {}
    return own_python(folder)


def install(folder):
    """PR-Agent and all that it needs, by the versions and hashes of peer.txt; None where it cannot run."""
    if platform.machine() != "x86_64" or sys.platform != "linux":
        print("(PR-Agent left out: peer.txt names files for x86-64 Linux)")
        return None
    found = find_python(folder)
    if not found:
        print("(PR-Agent left out: it needs Python 3.13, or mmdebstrap to fetch one)")
        return None
    site, whole = folder / "site", folder / "whole"
    if not whole.exists():
        shutil.rmtree(site, ignore_errors=True)
        platforms = [option for name in PLATFORMS for option in ("--platform", name)]
        subprocess.run([sys.executable, "-m", "pip", "-q", "install", "--disable-pip-version-check", "--no-deps",
                        "--ignore-requires-python", "--only-binary", ":all:", "--python-version", "3.13",
                        "--implementation", "cp", *platforms, "--require-hashes", "--target", site,
                        "-r", HERE / "peer.txt"], check=True)
        command, variables = found
        subprocess.run([*command, "-m", "compileall", "-q", site], env={**os.environ, **variables},
                       stdout=subprocess.DEVNULL, check=False)
        whole.touch()
    command, variables = found
    # The table of its tokenizer, which it would download, lies in litellm.
    return command, {**variables, "PYTHONPATH": str(site),
                     "TIKTOKEN_CACHE_DIR": str(site / "litellm/litellm_core_utils/tokenizers")}


def event(url):
    pull = world.pull_request(FILES)
    pull.update(html_url="https://github.com/acme/shop/pull/1", url=f"{url}/api/v3/repos/acme/shop/pulls/1")
    return {"action": "opened", "number": 1, "pull_request": pull, "repository": pull["base"]["repo"],
            "sender": pull["user"]}


def run_pr_agent(bench, installed, url):
    """As its action runs it: /review and /improve; /describe, which writes the description, is left out."""
    command, variables = installed
    path = bench.workspace / "peer-event.json"
    path.write_text(json.dumps(event(url)))
    output = bench.workspace / "peer-output"
    return bench.run([*command, "-m", "pr_agent.servers.github_action_runner"], {
        **variables, "PATH": os.environ["PATH"], "HOME": str(bench.folder), "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(path), "GITHUB_TOKEN": "not-a-real-token",
        "GITHUB_REPOSITORY": "acme/shop", "GITHUB_OUTPUT": str(output),
        "GITHUB__BASE_URL": f"{url}/api/v3", "CONFIG__MODEL": MODEL,
        "CONFIG__FALLBACK_MODELS": "[]", "GITHUB_ACTION_CONFIG__AUTO_DESCRIBE": "false",
        "PR_CODE_SUGGESTIONS__COMMITTABLE_CODE_SUGGESTIONS": "true", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-key",
        "AWS_REGION_NAME": "us-east-1", "AWS_BEDROCK_RUNTIME_ENDPOINT": url}, bench.workspace)


def run_outcrop(bench, url, agents):
    inputs = {"dry_run": "false", **({"agents": agents} if agents else {})}
    variables = bench.environment(bench.workspace, url, **inputs)
    return bench.run([*bench.outcrop, "action"], variables, bench.workspace)


def measure_one(name, start):
    """`start` gets the address of a service of its own; gives a row's figures."""
    files = [world.changed_file(number, LINES) for number in range(FILES)]
    for file in files:
        file.update(raw_url="", blob_url="", contents_url="", previous_filename=None)
    there = world.World(files, {}, {"": SECONDS}, script=HERE / "peer_service.py")
    result = start(f"http://127.0.0.1:{there.port}")
    there.stop()
    if result["status"] not in (0, 1) or not there.calls or there.unknown:
        sys.exit(f"bench: {name}: status {result['status']}, not served: {there.unknown}\n{result['text'][-3000:]}")
    return {"name": f"peer: {name}", "ideal_ms": 0, "wall_ms": round(result["wall"] * 1000, 1),
            "cpu_ms": round(result["cpu"] * 1000), "peak_rss_mib": round(result["mib"], 1), "calls": there.asked,
            "sent_tokens": round(there.bytes_in / BYTES_PER_TOKEN),
            "billed_tokens": round(there.billed / BYTES_PER_TOKEN),
            "placed": f"{there.inline} on lines, {there.summaries} below the change"}


def measure(bench, installed):
    """Each in turn, round after round; the run with the median wall time of each."""
    kinds = {"outcrop, its three agents": lambda url: run_outcrop(bench, url, None),
             "outcrop, one agent": lambda url: run_outcrop(bench, url, "code-quality")}
    if installed:
        kinds["PR-Agent 0.49.0, review and improve"] = lambda url: run_pr_agent(bench, installed, url)
    runs = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, start in kinds.items():
            runs[name].append(measure_one(name, start))
    return [sorted(several, key=lambda row: row["wall_ms"])[ROUNDS // 2] for several in runs.values()]
