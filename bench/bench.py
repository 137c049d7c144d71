"""Measures outcrop and prints a table: what the network or the task makes it take, what it took, the ratio."""
import argparse
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import charts
import clients
import figures
import front
import parts
import peer
import results
import world

REPEATS = 5
BUILD = OUTCROP = None  # set by main()
SETTINGS = {}  # what the image sets in the environment
ROWS = []  # what --json writes
PROMPT = "prompt: |\n  Review this. {{ diff }}\n"


def environment(workspace, url, **inputs):
    """What a runner gives, pointed at a server of ours."""
    event = workspace / "event.json"
    pull = world.pull_request(1)
    event.write_text(json.dumps({"action": "synchronize", "number": 1, "pull_request": pull,
                                 "repository": pull["base"]["repo"], "sender": pull["user"]}))
    variables = {
        "PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "7",
        "GITHUB_WORKSPACE": str(workspace), "GITHUB_API_URL": url, "GITHUB_GRAPHQL_URL": f"{url}/graphql",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-key",
        "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url,
        "INPUT_GITHUB-TOKEN": "not-a-real-token", "INPUT_DRY-RUN": "true",
    }
    variables.update(SETTINGS)
    variables.update({f"INPUT_{name.upper().replace('_', '-')}": value for name, value in inputs.items()})
    return variables


def peak_mib(pid):
    """The most memory so far (VmHWM); ru_maxrss would count this interpreter's, from before the exec."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else 0


def sample_memory(pid, over, peaks):
    while not over.wait(0.002):
        peaks.append(peak_mib(pid))


def run(command, variables=None, cwd=None):
    """Runs to the end; gives wall seconds, CPU seconds, peak MiB (sampled), and the output."""
    over, peaks = threading.Event(), [0]
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        process = subprocess.Popen(command, env=variables, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        sampler = threading.Thread(target=sample_memory, args=(process.pid, over, peaks))
        sampler.start()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        ended = time.monotonic()
        over.set()
        sampler.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    return {"wall": ended - started, "cpu": usage.ru_utime + usage.ru_stime,
            "mib": max(peaks), "status": process.returncode, "text": text, "started": started}


def row(what, ideal, took, note, **more):
    ROWS.append({"name": what.replace("`", ""), "ideal_ms": ideal, "wall_ms": round(took, 1), **more})
    ratio = f"{took / ideal:.2f}" if ideal else ""
    ideal = f"{ideal:.0f} ms" if ideal else ""
    print(f"| {what} | {ideal} | {took:.1f} ms | {ratio} | {note} |", flush=True)


# ---- The binary ----

def first_byte_over_tls(workspace):
    """Milliseconds from the start of the process to the first byte of its TLS handshake."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen = []

    def listen():
        connection, _ = listener.accept()
        connection.recv(1)
        seen.append(time.monotonic())
        connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    variables = environment(workspace, f"https://127.0.0.1:{listener.getsockname()[1]}")
    started = time.monotonic()
    process = subprocess.Popen([*OUTCROP, "action"], env=variables, cwd=workspace,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    thread.join(10)
    process.kill()
    process.wait()
    listener.close()
    return (seen[0] - started) * 1000


def start_up(workspace):
    nothing = []
    for _ in range(3 * REPEATS):
        started = time.monotonic()
        subprocess.run([*OUTCROP, "version"], stdout=subprocess.DEVNULL, check=True)
        nothing.append((time.monotonic() - started) * 1000)
    row("start to end of `outcrop version`", 0, statistics.median(nothing), f"median of {len(nothing)}")
    figures = [first_byte_over_tls(workspace) for _ in range(3 * REPEATS)]
    row("start to the first byte of the first request, TLS", 0, statistics.median(figures),
        f"median of {len(figures)}, system certificates")


def blob(layout, digest):
    return json.loads((layout / "blobs" / digest.replace(":", "/")).read_text())


def read_image(folder):
    """The image's manifest and configuration, from the layout that script/image leaves."""
    layout = folder / "first"
    manifest = blob(layout, json.loads((layout / "index.json").read_text())["manifests"][0]["digest"])
    return manifest, blob(layout, manifest["config"]["digest"])["config"]


def image_size(folder):
    """What a runner downloads (the layers and their description), and what it unpacks."""
    manifest, _ = read_image(folder)
    size = sum(part["size"] for part in [manifest["config"], *manifest["layers"]])
    files = [path for path in (folder / "root").rglob("*") if path.is_file() and not path.is_symlink()]
    sbom = json.loads((folder / "root/usr/share/doc/outcrop/sbom.spdx.json").read_text())
    libraries = {package["name"]: int(package["comment"].split()[0]) for package in sbom["packages"]}
    ROWS.append({"name": "image", "compressed_bytes": size, "bytes": sum(path.stat().st_size for path in files),
                 "libraries": libraries})
    print(f"\n{figures.image({'rows': ROWS})}", flush=True)


def review(workspace, files, repository, delays, *, bucket=0, fault=0, statuses=(0,), bills=False, finds=False,
           **inputs):
    """One `outcrop action`; gives the milliseconds from the first call to the end of the last, and the run."""
    there = world.World(files, repository, delays, bucket, fault, bills, finds=finds)
    variables = environment(workspace, f"http://127.0.0.1:{there.port}", **inputs)
    result = run([*OUTCROP, "action"], variables, workspace)
    there.stop()
    if result["status"] not in statuses or there.unknown:
        sys.exit(f"bench: status {result['status']}, not served: {there.unknown}\n{result['text'][-2000:]}")
    first = min(call[1] for call in there.calls)
    last = max(call[2] for call in there.calls)
    result["calls"] = len(there.calls)
    result["refused"], result["asked"] = there.refused, there.asked
    result["billed"], result["independent"] = there.billed, there.independent
    result["lead"] = (first - result["started"]) * 1000
    return (last - first) * 1000, result


def review_units(workspace, units, concurrency, seconds, **more):
    """A review of so many files, a call for each; with room for a second call, should the first fail."""
    files = [world.changed_file(number, 40) for number in range(units)]
    return review(workspace, files, clients.REPOSITORY, {"one": seconds}, max_concurrency=str(concurrency),
                  max_calls=str(2 * units), max_cost_usd="1000", **more)


def best_of(measure):
    """The median by time of several runs."""
    runs = sorted((measure() for _ in range(REPEATS)), key=lambda pair: pair[0])
    return runs[len(runs) // 2]


def process_figures(result):
    return {"calls": result["calls"], "cpu_ms": round(result["cpu"] * 1000),
            "peak_rss_mib": round(result["mib"], 1)}


def three_agents(workspace):
    delays = {"quick": 0.3, "steady": 0.45, "thorough": 0.45}
    agents = {f".github/outcrop/agents/{name}.yml": PROMPT for name in delays}
    took, result = best_of(lambda: review(workspace, [world.changed_file(1, 30)], agents, delays,
                                          agents="quick,steady,thorough"))
    row("shape: three agents of 300, 450 and 450 ms", 450, took,
        f"first call {result['lead']:.0f} ms after the start, {result['wall'] * 1000:.0f} ms in all, "
        f"{result['mib']:.0f} MiB", **process_figures(result))


def chunks_and_models(workspace):
    """Three agents with two models over four chunks: twelve calls, all at once."""
    delays = {"quick": 0.3, "steady": 0.45, "thorough": 0.45}
    repository = {f".github/outcrop/agents/{name}.yml": PROMPT for name in delays}
    repository[".github/outcrop/agents/quick.yml"] = "model: haiku\n" + PROMPT
    repository[".github/outcrop.yml"] = "version: 1\ndefaults: { chunk: { tokens: 500 } }\n"
    files = [world.changed_file(number, 40) for number in range(4)]
    took, result = best_of(lambda: review(workspace, files, repository, delays, agents="quick,steady,thorough",
                                          max_concurrency="16"))
    if result["calls"] != len(delays) * len(files):
        sys.exit(f"bench: {result['calls']} calls of {len(delays) * len(files)}")
    row("shape: three agents, two models, four chunks", 450, took,
        f"{result['calls']} calls, first call {result['lead']:.0f} ms after the start, {result['mib']:.0f} MiB",
        **process_figures(result))


def hundred_calls(workspace):
    files = [world.changed_file(number, 40) for number in range(100)]
    repository = {".github/outcrop/agents/one.yml": PROMPT,
                  ".github/outcrop.yml": "version: 1\nagents: [one]\ndefaults: { chunk: { tokens: 500 } }\n"}
    took, result = best_of(lambda: review(workspace, files, repository, {"one": 0.5}, max_concurrency="100"))
    row(f"shape: {result['calls']} calls of 500 ms, all at once", 500, took,
        f"{result['cpu'] * 1000:.0f} ms CPU, {result['mib']:.0f} MiB", **process_figures(result))


def growth(workspace):
    """CPU a unit and memory as the number of units grows, 100 at a time: neither should grow with it."""
    print("\n| units, 100 at a time | CPU a unit | memory |\n|--:|--:|--:|")
    for units in (100, 1000, 10000):
        took, result = review_units(workspace, units, 100, 0.1)
        each = result["cpu"] * 1000 / units
        ROWS.append({"name": "growth", "ideal_ms": units, "wall_ms": round(took, 1), **process_figures(result)})
        print(f"| {units:,} | {each:.2f} ms | {result['mib']:.0f} MiB |", flush=True)


def throttled_calls(workspace):
    """60 calls of 2 s, one a second after the first ten: the last can start after 50 s."""
    units = 60
    print("\n| 60 calls, a quota of one a second after ten | wall | calls made over needed |\n|--:|--:|--:|")
    for concurrency in (4, 16, 64):
        files = [world.changed_file(number, 40) for number in range(units)]
        took, result = review(workspace, files, clients.REPOSITORY, {"one": 2}, bucket=10,
                              max_concurrency=str(concurrency))
        ratio = result["asked"] / result["calls"]
        ROWS.append({"name": f"throttled, {concurrency} at a time", "calls": result["calls"],
                     "ideal_ms": (units - 10 + 2) * 1000, "wall_ms": round(took, 1),
                     "made_over_needed": round(ratio, 2)})
        print(f"| {concurrency} at a time | {took / 1000:.1f} s | {ratio:.2f} |", flush=True)


def cost_of(workspace, names, agents, what, finds):
    files = [world.changed_file(number, 120) for number in range(12)]
    _, result = review(workspace, files, agents, dict.fromkeys(names, 0.2), bills=True, finds=finds,
                       statuses=(0, 1), agents=",".join(names))
    if result["calls"] != len(names):
        sys.exit(f"bench: {result['calls']} calls of {len(names)} agents")
    share = result["billed"] / result["independent"]
    ROWS.append({"name": f"input billed, {what}", "calls": result["calls"], "share": round(share, 3)})
    print(f"| {what} | {share:.2f} |", flush=True)


def cost(workspace):
    """Input that is paid for by agents on one diff, beside what they would pay without each other's cache."""
    print("\n| agents on one diff | input billed, of what independent calls cost |\n|--:|--:|")
    for count in (1, 2, 4, 8):
        names = [f"agent{number}" for number in range(count)]
        agents = {f".github/outcrop/agents/{name}.yml": PROMPT.replace(" {{ diff }}", "") for name in names}
        cost_of(workspace, names, agents, f"{count} {'agents' if count > 1 else 'agent'}", finds=False)
    built_in = ["code-quality", "security", "architect", "referee"]
    cost_of(workspace, built_in, {}, "3 built-in agents and the referee", finds=True)


def many_calls(workspace, units, concurrency):
    """The clients' table has no such row: none of them would make so many."""
    took, result = review_units(workspace, units, concurrency, 0.5)
    row(f"shape: {units:,} calls of 500 ms, {concurrency:,} at a time", 500 * units / concurrency, took,
        f"{result['cpu'] / units * 1000:.2f} ms CPU a call, {result['mib']:.0f} MiB", **process_figures(result))


def soak(workspace, units, concurrency):
    """Many units, and one call of ten answered with 503: each unit must end with an answer, or listed as failed."""
    took, result = review_units(workspace, units, concurrency, 0.5, fault=10, statuses=(0, 4))
    failed = len(re.findall(rf"^one/\S+ \d+/{units}: failed", result["text"], re.MULTILINE))
    if result["calls"] + failed != units:
        sys.exit(f"bench: {result['calls']} units answered and {failed} failed, of {units}")
    row(f"soak: {units:,} units, {concurrency:,} at a time, one call of ten fails", 500 * units / concurrency, took,
        f"{result['calls']} units answered, {failed} failed, {result['asked']} calls, "
        f"{result['cpu'] * 1000:.0f} ms CPU, {result['mib']:.0f} MiB", failed=failed, **process_figures(result))


# ---- The layers ----

def flows(count, pieces, interval, target=()):
    command = [BUILD / "bench/bench_flows", str(count), str(pieces), str(interval), *target]
    runs = sorted((run(command) for _ in range(3)), key=lambda result: float(result["text"].split("\t")[3]))
    if any(result["status"] for result in runs):
        sys.exit(f"bench: {runs}")
    fields = runs[1]["text"].split("\t")
    kind = "HTTP/2, TLS" if target else "HTTP/1.1"
    row(f"{count} flows of {pieces} events, {kind}", float(fields[2]), float(fields[3]),
        f"{fields[4]} ms CPU, {fields[5]} MiB, {fields[6]} connections, longest turn {fields[7]} ms")


def flows_over_http2(workspace, count, pieces, interval):
    """nghttpx speaks HTTP/2 and TLS in front of our own server."""
    if not front.is_there():
        print("(HTTP/2 left out: nghttpx is not installed)")
        return
    backend = subprocess.Popen([BUILD / "bench/bench_flows", str(count), str(pieces), str(interval), "serve"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    there = front.Front(workspace, int(backend.stdout.readline()))
    try:
        flows(count, pieces, interval, (f"https://127.0.0.1:{there.port}/", str(there.certificate)))
    finally:
        there.stop()
        backend.stdin.close()
        backend.wait()


def changes(diffs):
    print("\n| change | parse | without secrets | plan | render | place | memory | findings on the right line |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for size in ["1", "2", "5", "10", *diffs]:
        result = run([BUILD / "bench/bench_change", size])
        if result["status"]:
            sys.exit(f"bench: {result['text']}")
        fields = result["text"].strip().split("\t")
        times = " | ".join(f"{field} ms" for field in fields[1:6])
        print(f"| {fields[0]} MB, {fields[7]} files, {fields[8]} chunks | {times} | {fields[6]} MiB "
              f"| {fields[11]} of {fields[10]}, {fields[12]} on a wrong one |", flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("diffs", nargs="*", metavar="DIFF", help="diffs to measure besides the made-up ones")
    parser.add_argument("--clients", action="store_true", help="only the table against other clients")
    parser.add_argument("--all", action="store_true", help="everything below, 10,000 units; about half an hour")
    parser.add_argument("--final", action="store_true",
                        help="all, into bench/results and the tables and charts of the documents")
    parser.add_argument("--peer", action="store_true", help="only a whole review beside PR-Agent's")
    parser.add_argument("--quick", action="store_true", help="one round, and no slow client")
    parser.add_argument("--throttled", action="store_true", help="three minutes against a service with a quota")
    parser.add_argument("--growth", action="store_true", help="100 to 10,000 units: CPU a unit, memory")
    parser.add_argument("--soak", type=int, metavar="UNITS", help="so many units with faults, 1,000 at a time")
    parser.add_argument("--image", type=pathlib.Path, metavar="FOLDER",
                        help="the program of the image in this folder, where script/image put it")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="where the rows go")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FOLDER", help="where charts of the clients go")
    options = parser.parse_args()
    if options.final:
        options.all = True
        options.json = options.json or figures.ROOT / f"bench/results/{results.machine()['date']}.json"
    if options.all:
        options.throttled = options.growth = True
        options.soak = options.soak or 10000
    return options


def against_clients(options, workspace):
    """The competitors lie in the build folder, so that nothing of theirs comes into the repository."""
    folder = options.build / "clients"
    clients.install(folder)
    for protocol in clients.protocols(options.quick):
        print(f"\nOver {protocol}:")
        rows = clients.measure(clients.Bench(run, environment, OUTCROP, workspace, folder, protocol), options.quick)
        results.print_clients(rows)
        ROWS.extend({**row, "protocol": protocol} for row in rows)
        if options.svg and protocol == clients.PLAIN:
            options.svg.mkdir(parents=True, exist_ok=True)
            for name, text in charts.draw(rows).items():
                (options.svg / name).write_text(text)


def against_peer(options, workspace):
    folder = options.build / "peer"
    folder.mkdir(parents=True, exist_ok=True)
    bench = clients.Bench(run, environment, OUTCROP, workspace, folder, clients.PLAIN)
    rows = peer.measure(bench, peer.install(folder))
    ROWS.extend(rows)
    print("\n" + figures.peer({"rows": rows}), flush=True)


def single_parts(options, workspace):
    clients.install(options.build / "clients")
    rows = parts.measure(run, BUILD / "bench/bench_parts", options.build / "clients", workspace)
    ROWS.extend(rows)
    print("\n" + figures.parts({"rows": rows}), flush=True)


def our_own(options, workspace):
    print("| | ideal | took | ratio | |\n|---|--:|--:|--:|---|")
    start_up(workspace)
    three_agents(workspace)
    chunks_and_models(workspace)
    hundred_calls(workspace)
    if options.soak:
        many_calls(workspace, options.soak, min(1000, options.soak))
        soak(workspace, options.soak, min(1000, options.soak))
    for shape in [(1, 24, 20), (100, 24, 20), (1000, 24, 20), (1000, 1, 500)]:
        flows(*shape)
    flows_over_http2(workspace, 1000, 24, 20)
    cost(workspace)
    if options.growth:
        growth(workspace)
    if options.throttled:
        throttled_calls(workspace)
    changes(options.diffs)
    single_parts(options, workspace)
    if options.image:
        image_size(options.image)


def measure(options, workspace):
    if not options.clients and not options.peer:
        our_own(options, workspace)
    if not options.peer:
        against_clients(options, workspace)
    if options.peer or options.all:
        against_peer(options, workspace)


def program(options):
    """The command that starts what is measured: in the image, by the image's own loader and C library."""
    if not options.image:
        return [options.build / "src/cli/outcrop"]
    root = (options.image / "root").resolve()
    loaders = [*root.glob("lib64/ld-*.so.*"), *root.glob("lib/ld-*.so.*")]
    libraries = [path.parent for path in root.glob("lib/*/libc.so.6")]
    if not loaders or not libraries:
        sys.exit(f"bench: {root} holds no image: run script/image first")
    SETTINGS.update(setting.split("=", 1) for setting in read_image(options.image)[1].get("Env", []))
    return [loaders[0], "--library-path", libraries[0], root / "usr/bin/outcrop"]


def main():
    options = arguments()
    global BUILD, OUTCROP
    BUILD, OUTCROP = options.build, program(options)
    about = {"linked": "statically, as in the image" if options.image else "with shared libraries of Debian",
             "machine": results.machine(), "rounds": 1 if options.quick else clients.ROUNDS}
    print(f"{about['machine']['cores']} cores, load {about['machine']['load']}\n")
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(options, pathlib.Path(folder))
    finally:  # what was measured before something failed took long
        if options.json and ROWS:
            results.write_json(options.json, about, ROWS)
    if options.final:
        figures.main([str(options.json)])


if __name__ == "__main__":
    main()
