#!/usr/bin/env python3
"""The transports that users have: HTTP/2, HTTP/1.1 over TLS, a company's certificates and proxy."""
import contextlib
import functools
import shutil

from fronts import Certificates, CompanyProxy, Nghttpx, Terminator
from harness import BASE, HEAD, KEY, SECRET, Emulator, Job, Skip, check, equal, finding, flow, main, outcrop, reply

AGENTS = ("reader", "plain")
FILES = 10
AGENT = ("description: For a test.\nprompt: |\n  Look at {{ diff }}.\n"
         "tools: [read_file]\nlimits: { turns: 3 }\n")
PASSWORD = "p4ss/of:the@proxy"
PASSWORD_IN_URL = "p4ss%2Fof%3Athe%40proxy"
LATENCY = {"latency_ms": 40, "first_token_ms": 20}


def trees():
    """A change of ten long files that two agents look at: forty units of work."""
    agents = {f".github/outcrop/agents/{name}.yml": AGENT for name in AGENTS}
    agents[".github/outcrop.yml"] = "version: 1\ndefaults: { chunk: { tokens: 500 } }\n"
    files = {f"src/part{n}.c": "".join(f"int value_{n}_{i}(int given) {{ return given * {i}; }}\n"
                                       for i in range(40)) for n in range(FILES)}
    return {"base": {**BASE, **agents}, "head": {**HEAD, **agents, **files}}


def wide_emulator(faults=()):
    """Each unit reads a file, then reports what it found: two calls, answered in a stream."""
    use = {"tools": [{"name": "read_file", "input": {"path": "src/pool.c"}}]}
    return Emulator([{"match": {"turn": 1}, **use, **LATENCY}, {**reply(finding()), **LATENCY}],
                    faults, **trees())


def run(emulator, url=None, ca=None, env=None, **inputs):
    job = Job(emulator, agents=", ".join(AGENTS), **{"max_concurrency": "40", **inputs})
    job.env.update(env or {})
    if ca:
        job.env["SSL_CERT_FILE"] = str(ca)
    if url:
        job.point_at(url)
    return job.run()


def facts(emulator, result):
    """What has to be the same whatever carries it."""
    equal(result.status, 0, result.text)
    state, asked = emulator.state(), {}
    for request in state["requests"]:
        if request["operation"].startswith("converse"):
            key = tuple(request["detail"][name] for name in ("agent", "unit", "turn"))
            asked[key] = asked.get(key, 0) + 1
    comments = [(c["path"], c["line"], c["body"]) for c in state["github"]["line_comments"]]
    outputs = {name: value for name, value in result.outputs.items() if name.endswith("count")
               or name.startswith("comments") or name == "conclusion"}
    return {"findings": result.report()["findings"], "asked": asked, "comments": comments,
            "reviews": len(state["github"]["reviews"]), "outputs": outputs}


@functools.cache
def expected():
    """The same review over plain HTTP/1.1, with nothing between."""
    with wide_emulator() as emulator:
        there = facts(emulator, run(emulator))
    check(len(there["asked"]) >= 80 and set(there["asked"].values()) == {1}, there["asked"])
    equal((there["outputs"]["findings-count"], len(there["comments"])), ("1", 1))
    return there


@contextlib.contextmanager
def behind_nghttpx(*options, faults=()):
    """A wide emulator behind nghttpx: what runs a review of it, the emulator, the front."""
    if not shutil.which("nghttpx"):
        raise Skip("nghttpx is not installed; script/bootstrap brings it")
    with Certificates() as certificates, wide_emulator(faults) as emulator, \
            Nghttpx(certificates, emulator.env["EMULATOR_URL"], *options) as front:
        result = run(emulator, front.url, certificates.ca)
        equal(facts(emulator, result), expected(), options)
        yield front


@flow
def http2_carries_forty_units_over_one_connection():
    with behind_nghttpx() as front:
        equal({protocol for _, protocol, _, _ in front.requests()}, {"h2"})
        equal(front.connections(), 1)


@flow
def http2_with_two_streams_at_a_time_is_enough():
    with behind_nghttpx("--frontend-http2-max-concurrent-streams=2") as front:
        equal({protocol for _, protocol, _, _ in front.requests()}, {"h2"})
        equal(front.connections(), 1)


@flow
def a_server_that_says_goodbye_after_ten_requests_loses_none():
    """GOAWAY in the middle of the work: what was accepted is answered, the rest goes elsewhere."""
    with behind_nghttpx("--frontend-max-requests=10") as front:
        check(front.connections() > 5, front.connections())


@flow
def connections_that_were_closed_while_idle_are_opened_again():
    kinds = {"h2": ["--frontend-http2-read-timeout=300ms"],
             "http/1.1": ["--npn-list=http/1.1", "--frontend-keep-alive-timeout=300ms"]}
    # Between the attempts of this request nothing is sent for 9 s of the program's clock: 450 ms.
    silence = {"on": "github GET /repos/*/*/pulls/*", "fault": "http-500", "nth": 1, "times": 3}
    for protocol, options in kinds.items():
        with behind_nghttpx(*options, faults=[silence]) as front:
            check(protocol in {used for _, used, _, _ in front.requests()}, protocol)
            check(front.connections() > 1, front.connections())


@contextlib.contextmanager
def behind_terminator(room=None, **inputs):
    with Certificates() as certificates, wide_emulator() as emulator, \
            Terminator(certificates.server(), emulator.env["EMULATOR_URL"], room) as front:
        result = run(emulator, front.url, certificates.ca, **inputs)
        equal(facts(emulator, result), expected())
        yield front


@flow
def http1_over_tls_takes_as_many_connections_as_allowed_and_no_more():
    with behind_terminator(max_concurrency="8") as front:
        equal(front.most, 8)


@flow
def a_server_with_room_for_eight_connections_serves_forty_calls_at_once():
    with behind_terminator(room=8) as front:
        equal(front.most, 8)
        check(0 < front.turned_away < 80, front.turned_away)


def met(certificate, **env):
    """A run against a server with that certificate, and how many requests reached it."""
    with Emulator([reply(finding())]) as emulator, \
            Terminator(certificate, emulator.env["EMULATOR_URL"]) as front:
        job = Job(emulator)
        job.env.update(env)
        job.point_at(front.url)
        result = job.run()
        asked = [r for r in emulator.state()["requests"] if "/_emulator/" not in r["target"]]
        return result, len(asked)


@flow
def certificates_that_do_not_fit_are_refused_with_the_reason():
    with Certificates() as ours, Certificates() as others:
        mine = {"SSL_CERT_FILE": str(ours.ca)}
        rows = [
            ("of an authority nobody knows", ours.server(), {}, "SSL_CERT_FILE"),
            ("of another authority", others.server(), mine, "AWS_CA_BUNDLE or SSL_CERT_FILE"),
            ("expired", ours.server(years=("2020", "2021")), mine, "certificate has expired"),
            ("of another host", ours.server("DNS:elsewhere.example"), mine,
             "this is another server's certificate"),
            ("and no authorities", ours.server(), {"SSL_CERT_FILE": "/nonexistent/ca.pem"},
             '"/nonexistent/ca.pem": No such file')]
        for what, certificate, env, reason in rows:
            result, asked = met(certificate, **env)
            check(reason in result.text, what, result.text)
            check("trying again" not in result.text, what, result.text)
            equal((result.status in (2, 4), asked), (True, 0), what, result.status)


@flow
def a_trusted_server_does_not_vouch_for_the_next_one():
    with Certificates() as ours, Certificates() as others, Emulator([reply(finding())]) as emulator, \
            Terminator(ours.server(), emulator.env["EMULATOR_URL"]) as github:
        for certificate, reason in ((others.server(), "certificate problem"),
                                    (ours.server("DNS:elsewhere.example"), "another server's certificate")):
            with Terminator(certificate, emulator.env["EMULATOR_URL"]) as bedrock:
                job = Job(emulator)
                job.point_at(github.url)
                job.env.update(SSL_CERT_FILE=str(ours.ca), AWS_ENDPOINT_URL_BEDROCK_RUNTIME=bedrock.url)
                result = job.run()
                asked = [r for r in emulator.state()["requests"] if r["target"].startswith("/model/")]
                check(reason in result.text, reason, result.text)
                equal((result.status, asked), (4, []), reason, result.text)


@flow
def certificates_of_a_company_are_taken_from_the_documented_variables():
    with Certificates() as ours, Certificates() as others:
        for env in ({"SSL_CERT_FILE": str(ours.ca)}, {"AWS_CA_BUNDLE": str(ours.ca)},
                    {"AWS_CA_BUNDLE": str(ours.ca), "SSL_CERT_FILE": str(others.ca)}):
            result, asked = met(ours.server(), **env)
            equal((result.status, result.outputs["findings-count"]), (0, "1"), result.text)
            check(asked > 5, asked)


@flow
def certificates_of_a_profile_are_those_of_aws():
    with Certificates() as ours, Certificates() as others, Emulator([reply()]) as emulator, \
            Terminator(ours.server(), emulator.env["EMULATOR_URL"]) as front:
        config = emulator.folder / "config"
        for in_profile, in_variable, status in ((ours, None, 0), (others, None, 4), (others, ours, 0)):
            config.write_text(f"[profile ci]\nca_bundle = {in_profile.ca}\naws_access_key_id = {KEY}\n"
                              f"aws_secret_access_key = {SECRET}\n")
            env = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, "AWS_CONFIG_FILE": str(config),
                   "AWS_MAX_ATTEMPTS": "1"}
            env.update({"AWS_CA_BUNDLE": str(in_variable.ca)} if in_variable else {})
            result = outcrop(emulator, "invoke", "--profile", "ci", stdin="hello", env=env)
            equal(result.returncode, status, in_profile is ours, result.stderr)


@contextlib.contextmanager
def company():
    """An emulator behind TLS and a proxy: what runs a job with this address of the proxy, the proxy."""
    with Certificates() as certificates, Emulator([reply(finding())]) as emulator, \
            Terminator(certificates.server(), emulator.env["EMULATOR_URL"]) as front, \
            CompanyProxy("jane", PASSWORD) as proxy:
        def job(url):
            given = Job(emulator, log_level="debug")
            given.env.update(HTTPS_PROXY=url, SSL_CERT_FILE=str(certificates.ca))
            given.point_at(front.url)
            return given.run()
        yield job, proxy, f"127.0.0.1:{front.port}"


@flow
def only_the_proxy_gets_its_login():
    with company() as (job, proxy, address):
        result = job(f"http://jane:{PASSWORD_IN_URL}@127.0.0.1:{proxy.port}")
        equal((result.status, result.outputs["findings-count"]), (0, "1"), result.text)
        equal(set(proxy.seen), {(address, True)})
        for text in (result.text, result.summary, str(result.report())):
            check(PASSWORD not in text and PASSWORD_IN_URL not in text, text)


@flow
def a_login_that_is_missing_or_wrong_is_named_but_not_shown():
    with company() as (job, proxy, address):
        for login in ("", "jane:wr0ng@"):
            proxy.seen.clear()
            result = job(f"http://{login}127.0.0.1:{proxy.port}")
            check("the proxy answered 407" in result.text and "HTTPS_PROXY" in result.text,
                  result.text)
            check("wr0ng" not in result.text, result.text)
            equal(proxy.seen, [(address, False)], "asked once: another try would fare no better")


@flow
def an_address_of_a_proxy_that_cannot_be_read_does_not_show_its_login():
    with company() as (job, proxy, _):
        for url in (f"http://jane:wr0ng@127.0.0.1:{proxy.port}x", "hxtp://jane:wr0ng@127.0.0.1:1",
                    "http://jane:wr0ng/x@127.0.0.1:1"):
            result = job(url)
            equal((result.status, proxy.seen), (2, []), url, result.text)
            check("HTTPS_PROXY" in result.text and "cannot be read" in result.text, result.text)
            check("jane" not in result.text and "wr0ng" not in result.text, result.text)


if __name__ == "__main__":
    main()
