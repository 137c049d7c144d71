#!/usr/bin/env python3
"""Every credential source, which one takes precedence, and the message when one is wrong."""
import concurrent.futures
import hashlib
import json
import re
import urllib.request

from harness import (
    BASE,
    HEAD,
    KEY,
    KEYS,
    ROLE,
    SECRET,
    Emulator,
    Job,
    check,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
)

BEARER = "bedrock-api-key-emulator"
SSO = ("sso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n"
       "sso_account_id = 123456789012\nsso_role_name = Reviewer\n")
PROCESS = {"Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET}


class Laptop:
    """An emulator, and the variables of a person who has no credentials yet."""

    def __init__(self, faults=(), answer=None, **aws):
        self.emulator = Emulator([answer or reply(finding())], faults, aws=aws)
        self.env = {}

    def __enter__(self):
        self.emulator.__enter__()
        return self

    def __exit__(self, *facts):
        self.emulator.__exit__(*facts)

    def url(self, path=""):
        return self.emulator.env["EMULATOR_URL"] + path

    def write(self, name, text):
        file = self.emulator.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return str(file)

    def config(self, text):
        self.env["AWS_CONFIG_FILE"] = self.write(".aws/config", text)

    def sign_in(self, token="emulator-sso-token", ends="2099-01-01T00:00:00Z"):
        name = hashlib.sha1(b"https://acme.awsapps.com/start").hexdigest()
        self.write(f".aws/sso/cache/{name}.json",
                   json.dumps({"accessToken": token, "expiresAt": ends}))
        self.env["AWS_ENDPOINT_URL_SSO"] = self.url()

    def instance(self):
        # By a fast clock its second for an answer would be over in 50 ms.
        self.env.update({"AWS_EC2_METADATA_DISABLED": "false", "AWS_METADATA_SERVICE_TIMEOUT": "60",
                         "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.url()})

    def container(self):
        self.env.update({"AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url("/credentials"),
                         "OUTCROP_CLOCK_SCALE": "1",  # two seconds are for an answer
                         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": self.write("pod", "pod-token\n")})

    def web_identity(self):
        answer = json.loads(self.fetch_token())
        self.env.update({"AWS_WEB_IDENTITY_TOKEN_FILE": self.write("token", answer["value"]),
                         "AWS_ROLE_ARN": ROLE})

    def fetch_token(self):
        request = urllib.request.Request(
            self.emulator.env["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=sts.amazonaws.com",
            headers={"Authorization": "Bearer "
                     + self.emulator.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read()

    def invoke(self, *arguments):
        return outcrop(self.emulator, "invoke", "--debug", *arguments, stdin="hello", env=self.env)

    def signer(self):
        return self.emulator.requests("converse")[-1]["signer"]


def environment(laptop):
    laptop.env.update(KEYS)


def bearer(laptop):
    laptop.env["AWS_BEARER_TOKEN_BEDROCK"] = BEARER


def shared_keys(laptop):
    laptop.env["AWS_SHARED_CREDENTIALS_FILE"] = laptop.write(
        ".aws/credentials", f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key={SECRET}\n")


def role_of_source_profile(laptop):
    laptop.config(f"[default]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\n"
                  f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")


def role_of_instance(laptop):
    laptop.instance()
    laptop.config(f"[default]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n")


def role_of_container(laptop):
    laptop.container()
    laptop.config(f"[default]\nrole_arn = {ROLE}\ncredential_source = EcsContainer\n")


def role_of_environment(laptop):
    laptop.config(f"[profile ci]\nrole_arn = {ROLE}\ncredential_source = Environment\n")
    laptop.env.update({**KEYS, "AWS_PROFILE": "ci"})


def sso(laptop):
    laptop.sign_in()
    laptop.config("[default]\n" + SSO)


def process(laptop):
    file = laptop.write("my keys.json", json.dumps(PROCESS))
    laptop.config(f"[default]\ncredential_process = cat \"{file}\"\n")


def environment_of_a_session(laptop):
    request = urllib.request.Request(laptop.url("/credentials"), headers={"Authorization": "x"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        keys = json.load(answer)
    laptop.env.update({"AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                       "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                       "AWS_SESSION_TOKEN": keys["Token"]})


def container_with_token(laptop):
    laptop.env.update({"AWS_CONTAINER_CREDENTIALS_FULL_URI": laptop.url("/credentials"),
                       "AWS_CONTAINER_AUTHORIZATION_TOKEN": "pod-token"})


SOURCES = [  # in the order of precedence
    (bearer, "bearer", "AWS_BEARER_TOKEN_BEDROCK"),
    (environment, KEY, "AWS_ACCESS_KEY_ID"),
    (role_of_source_profile, "ASIA", "role"),
    (Laptop.web_identity, "ASIA", "web identity"),
    (sso, "ASIA", "SSO"),
    (shared_keys, KEY, "profile"),
    (process, KEY, "credential_process"),
    (Laptop.container, "ASIA", "container"),
    (Laptop.instance, "ASIA", "instance"),
]
OTHERS = [(role_of_instance, "ASIA", "role"), (role_of_container, "ASIA", "role"),
          (environment_of_a_session, "ASIA", "AWS_ACCESS_KEY_ID"),
          (container_with_token, "ASIA", "container")]


@flow
def every_source_gives_keys_that_aws_takes_and_no_secret_is_shown():
    for give, signer, name in SOURCES + OTHERS:
        with Laptop() as laptop:
            give(laptop)
            result = laptop.invoke()
            shown = result.stdout + result.stderr
            equal(result.returncode, 0, give.__name__, shown)
            check(laptop.signer().startswith(signer), give.__name__, laptop.signer())
            check(name in result.stderr, give.__name__, result.stderr)
            for secret in (SECRET, BEARER, "emulator-sso-token", "pod-token", "emulator-session/"):
                check(secret not in shown, give.__name__, shown)


@flow
def the_first_source_takes_precedence():
    for first, second in zip(SOURCES, SOURCES[1:]):
        with Laptop() as laptop:
            second[0](laptop)
            expected = laptop.env.get("AWS_CONFIG_FILE")
            config = open(expected, encoding="utf-8").read() if expected else ""
            first[0](laptop)
            # Both speak of the default profile: one file has the lines of both.
            both = laptop.env.get("AWS_CONFIG_FILE")
            text = open(both, encoding="utf-8").read() if both else ""
            if config and config != text:
                laptop.config(text.replace("[default]\n", "[default]\n"
                                           + config.partition("\n")[2].partition("[")[0], 1))
            result = laptop.invoke()
            equal(result.returncode, 0, first[0].__name__, second[0].__name__, result.stderr)
            check(first[2] in result.stderr, first[0].__name__, second[0].__name__, result.stderr)
            check(laptop.signer().startswith(first[1]), first[0].__name__, laptop.signer())


@flow
def a_profile_that_is_named_goes_before_keys_of_the_environment():
    with Laptop() as laptop:
        role_of_environment(laptop)
        result = laptop.invoke("--profile", "ci")
        equal(result.returncode, 0, result.stderr)
        check(laptop.signer().startswith("ASIA"), laptop.signer())
        equal(laptop.emulator.requests("sts")[-1]["signer"], KEY)


@flow
def a_profile_that_is_named_goes_before_a_token_of_the_environment():
    with Laptop() as laptop:
        shared_keys(laptop)
        laptop.web_identity()
        equal(laptop.invoke("--profile", "default").returncode, 0)
        equal(laptop.signer(), KEY)
        equal(laptop.emulator.requests("sts"), [])


@flow
def a_source_that_is_wrong_is_exit_3_with_what_to_do():
    def signed_out(laptop):
        laptop.sign_in(ends="2020-01-01T00:00:00Z")
        laptop.config("[default]\n" + SSO)

    def not_signed_in(laptop):
        laptop.config("[default]\n" + SSO)

    def session_over(laptop):
        laptop.sign_in(token="other")
        laptop.config("[default]\n" + SSO)

    def no_process(laptop):
        laptop.config("[default]\ncredential_process = /no/such/program --json\n")

    def process_fails(laptop):
        laptop.config("[default]\ncredential_process = false\n")

    def process_says_nonsense(laptop):
        laptop.config("[default]\ncredential_process = echo hello\n")

    def process_is_over(laptop):
        keys = {**PROCESS, "SessionToken": "over", "Expiration": "2020-01-01T00:00:00Z"}
        laptop.config("[default]\ncredential_process = cat " + laptop.write("keys.json", json.dumps(keys)) + "\n")

    def sso_session_missing(laptop):
        laptop.config("[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = R\n")

    def folder_for_a_file(laptop):
        laptop.env.update(KEYS, AWS_CONFIG_FILE=str(laptop.emulator.folder))

    def certificates_missing(laptop):
        laptop.config("[default]\nca_bundle = /no/such.pem\n")
        laptop.env.update(KEYS)

    def zone_for_a_region(laptop):
        laptop.env.update(KEYS, AWS_REGION="us-east-1a")

    def no_token_file(laptop):
        laptop.env.update({"AWS_WEB_IDENTITY_TOKEN_FILE": "/no/such/token", "AWS_ROLE_ARN": ROLE})

    def container_elsewhere(laptop):
        laptop.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://203.0.113.9/credentials"

    def container_token_missing(laptop):
        laptop.env.update({"AWS_CONTAINER_CREDENTIALS_FULL_URI": laptop.url("/credentials"),
                           "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/no/such/pod"})

    def unknown_profile(laptop):
        shared_keys(laptop)
        laptop.env["AWS_PROFILE"] = "nobody"

    def session_without_token(laptop):
        environment_of_a_session(laptop)
        del laptop.env["AWS_SESSION_TOKEN"]

    def token_of_two_lines(laptop):
        laptop.container()
        laptop.write("pod", "pod-token\nX-Evil: yes\n")

    def half_a_pair(laptop):
        laptop.env["AWS_ACCESS_KEY_ID"] = KEY

    for spoil, statuses, words in (
            (signed_out, (3,), ["expired", "aws sso login"]),
            (not_signed_in, (3,), ["no cached sign-in", "aws sso login"]),
            (session_over, (3,), ["aws sso login"]),
            (no_process, (3,), ["/no/such/program"]),
            (process_fails, (3,), ["credential_process", "status 1"]),
            (process_says_nonsense, (3,), ["credential_process", "JSON"]),
            (process_is_over, (3,), ["its keys ended", "sign in again"]),
            (sso_session_missing, (2,), ["[sso-session corp]", ".aws/config"]),
            (folder_for_a_file, (2,), ["AWS configuration", "it is a folder"]),
            (certificates_missing, (2,), ["ca_bundle of profile \"default\"", "/no/such.pem"]),
            (zone_for_a_region, (2,), ["us-east-1a", "availability zone"]),
            (no_token_file, (3,), ["AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/token"]),
            (container_elsewhere, (2, 3), ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]),
            (container_token_missing, (3,), ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]),
            (unknown_profile, (2, 3), ["nobody"]),
            (half_a_pair, (2, 3), ["AWS_SECRET_ACCESS_KEY"]),
            (session_without_token, (3,), ["AWS_SESSION_TOKEN"]),
            (token_of_two_lines, (3,), ["line break"]),
            (lambda laptop: None, (3,), ["AWS_ACCESS_KEY_ID", "EC2"])):
        with Laptop() as laptop:
            spoil(laptop)
            result = laptop.invoke()
            name = getattr(spoil, "__name__", "")
            check(result.returncode in statuses, name, result.returncode, result.stderr)
            for word in words:
                check(word in result.stderr, name, word, result.stderr)
            equal([r["status"] for r in laptop.emulator.requests("converse")],
                  [403] if spoil is session_without_token else [], name)


@flow
def a_metadata_service_that_fails_once_is_asked_again():
    for on, give in (("imds", Laptop.instance), ("container", Laptop.container),
                     ("sso", sso)):
        with Laptop([{"on": on, "nth": 1, "times": 1, "fault": "server-error"}]) as laptop:
            laptop.env["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "3"
            give(laptop)
            result = laptop.invoke()
            equal(result.returncode, 0, on, result.stderr)


@flow
def a_process_of_the_profile_is_not_started_under_actions():
    with Laptop() as laptop:
        process(laptop)
        job = Job(laptop.emulator)
        for name in ("INPUT_ROLE-TO-ASSUME", "ACTIONS_ID_TOKEN_REQUEST_URL",
                     "ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
            del job.env[name]
        job.env["AWS_CONFIG_FILE"] = laptop.env["AWS_CONFIG_FILE"]
        result = job.run()
        equal(result.status, 3, result.text)
        check("credential_process" in result.text, result.text)


@flow
def keys_of_a_table_of_models_are_used_kept_secret_and_warned_about():
    for keys in (f"api_key: \"{KEY}:{SECRET}\"",
                 f"access_key_id: {KEY}\n    secret_access_key: ${{TABLE_SECRET}}"):
        with Laptop() as laptop:
            table = laptop.write("models.yml", "version: 1\nmodels:\n  ours:\n"
                                 f"    model: us.amazon.nova-pro-v1:0\n    {keys}\n")
            laptop.env["TABLE_SECRET"] = SECRET
            result = laptop.invoke("--config", table, "--model", "ours")
            equal(result.returncode, 0, result.stderr)
            equal(laptop.signer(), KEY)
            in_file = SECRET in keys
            equal("warning: " in result.stderr, in_file, result.stderr)
            equal("models.yml:5" in result.stderr, in_file, result.stderr)
            check(SECRET not in result.stdout + result.stderr, "the secret is shown")


@flow
def a_table_of_models_with_keys_does_without_an_instance_that_has_none():
    with Laptop([{"on": "imds", "times": 100, "fault": "server-error"}]) as laptop:
        table = laptop.write("models.yml", "version: 1\nmodels:\n  ours:\n"
                             "    model: us.amazon.nova-pro-v1:0\n"
                             "    api_key: \"${TABLE_PAIR}\"\n")
        laptop.env["TABLE_PAIR"] = f"{KEY}:{SECRET}"
        laptop.instance()
        result = laptop.invoke("--config", table, "--model", "ours")
        equal(result.returncode, 0, result.stderr)
        equal(laptop.signer(), KEY)
        check(SECRET not in result.stdout + result.stderr, "the secret is shown")
        result = laptop.invoke("--config", table, "--model", "haiku")
        equal(result.returncode, 3, result.stderr)
        check("EC2" in result.stderr, result.stderr)


@flow
def a_process_that_does_not_end_is_ended():
    def play(case):
        script, words = case
        with Laptop() as laptop:
            laptop.config(f"[default]\ncredential_process = /bin/sh -c \"{script}\"\n")
            result = laptop.invoke()
            equal(result.returncode, 3, result.stderr)
            check(words in result.stderr, result.stderr)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(play, (("exec sleep 600", "no answer within 60 s"),
                             ("echo '{}'; exec sleep 600 >&-", "did not end within 60 s"))))


@flow
def attempts_of_one_call_share_an_id():
    faults = [{"on": name, "times": 2, "fault": "server-error"}
              for name in ("sts-assume-role", "converse-stream", "invoke")]
    with Laptop(faults) as laptop:
        role_of_source_profile(laptop)
        equal(laptop.invoke().returncode, 0)
        laptop.env["AWS_MAX_ATTEMPTS"] = "4"
        equal(laptop.invoke().returncode, 0)
        result = outcrop(laptop.emulator, "embed", stdin="one\ntwo\n", env=laptop.env)
        equal(result.returncode, 0, result.stderr)

        def attempts(operation):
            return [(r["invocation_id"], r["sdk_request"])
                    for r in laptop.emulator.requests(operation) if r["operation"] == operation]

        roles, calls, texts = map(attempts, ("sts-assume-role", "converse-stream", "invoke"))
        equal([text for _, text in roles],
              ["attempt=1; max=5", "attempt=2; max=5", "attempt=3; max=5",
               "attempt=1; max=4", "attempt=1; max=4"])
        equal([text for _, text in calls],
              ["attempt=1; max=4", "attempt=2; max=4", "attempt=3; max=4", "attempt=1; max=4"])
        for ids in ([id for id, _ in roles], [id for id, _ in calls]):
            equal(len(set(ids[:3])), 1, ids)
            equal(len(set(ids)), len(ids) - 2, ids)
            check(all(re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                   "[0-9a-f]{12}", id) for id in ids), ids)
        # Two texts are two calls of one question; the first was tried three times.
        ids = [id for id, _ in texts]
        equal([ids.count(id) for id in dict.fromkeys(ids)], [3, 1], texts)


EIGHT = ["security", "architect", "code-quality", "tests", "patterns", "design-alignment", "one", "two"]
OWN_AGENTS = {f".github/outcrop/agents/{name}.yml":
              "description: An extra look.\nsystem: |\n  You look.\nprompt: |\n  Look.\n  {{ diff }}\n"
              for name in ("one", "two")}


def eight_agents(give):
    """Keys live six seconds; eight agents take three turns of 2.4 s at once."""
    look = {"tools": [{"name": "read_file", "input": {"path": "README.md"}}], "latency_ms": 2400}
    replies = [{"match": {"turn": 1}, **look}, {"match": {"turn": 2}, **look},
               reply(latency_ms=2400)]
    files = {"base": {**BASE, **OWN_AGENTS}, "head": {**HEAD, **OWN_AGENTS}}
    with Laptop() as laptop:
        laptop.emulator.__exit__()
        laptop.emulator = Emulator(replies, aws={"credentials_seconds": 6}, **files)
        give(laptop)
        job = Job(laptop.emulator, agents=",".join(EIGHT), max_concurrency="8")
        for name in ("INPUT_ROLE-TO-ASSUME", "ACTIONS_ID_TOKEN_REQUEST_URL"):
            del job.env[name]
        job.env.update({**laptop.env, "OUTCROP_CLOCK_SCALE": "1"})
        result = job.run()
        equal(result.status, 0, result.text)
        calls = laptop.emulator.requests("converse-stream")
        equal([call["status"] for call in calls], [200] * 24, result.text)
        fetched = [request for request in laptop.emulator.state()["requests"]
                   if request["target"].endswith(("/emulator-instance", "/credentials"))]
        equal(len({call["signer"] for call in calls}), len(fetched), give.__name__)
        check(2 <= len(fetched) < 8, "once for all", give.__name__, len(fetched))


def three_waves(give):
    """A process takes 0.2 s for keys of five or six seconds; calls of 2.4 s, two at a time."""
    diff = "--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-a\n+b\n"
    with Laptop(answer=reply(latency_ms=2400)) as laptop:
        give(laptop)
        laptop.env["OUTCROP_CLOCK_SCALE"] = "1"
        result = outcrop(laptop.emulator, "review", "--diff", "-", "--agents", ",".join(EIGHT[:6]),
                         "--max-concurrency", "2", stdin=diff, env=laptop.env)
        equal(result.returncode, 0, result.stderr)
        calls = laptop.emulator.requests("converse-stream")
        equal([call["status"] for call in calls], [200] * 6, result.stderr)
        runs = (laptop.emulator.folder / "runs").read_text().split()
        check(len(runs) >= 4, "they were renewed", runs)
        equal(runs, ["begin", "end"] * (len(runs) // 2), "one at a time")


def short_lived_process(laptop):
    folder = laptop.emulator.folder
    keys = json.dumps({**PROCESS, "Expiration": "ENDS"})
    script = laptop.write("give", f"echo begin >> {folder}/runs\nsleep 0.2\n"
                          "ends=$(date -u -d @$(($(date +%s) + 6)) +%Y-%m-%dT%H:%M:%SZ)\n"
                          f"echo '{keys}' | sed s/ENDS/$ends/\necho end >> {folder}/runs\n")
    laptop.config(f"[default]\ncredential_process = /bin/sh {script}\n")


@flow
def short_lived_keys_are_renewed_once_for_all_and_no_call_fails():
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda pair: pair[0](pair[1]),
                      ((eight_agents, Laptop.instance), (eight_agents, Laptop.container),
                       (three_waves, short_lived_process))))


@flow
def a_profile_of_aws_login_is_named_with_the_way_to_its_keys():
    with Emulator([{"text": "hi"}]) as emulator:
        (emulator.folder / "config").write_text(
            "[profile dev]\nregion = us-east-1\n"
            "login_session = arn:aws:iam::123456789012:user/alice\n")
        result = outcrop(emulator, "invoke", stdin="x", env={
            "AWS_CONFIG_FILE": str(emulator.folder / "config"), "AWS_PROFILE": "dev"})
        equal(result.returncode, 3, result.stderr)
        check("aws configure export-credentials --profile dev" in result.stderr, result.stderr)


@flow
def a_fork_is_reviewed_where_a_profile_gives_credentials():
    with Emulator([reply()], github={"fork": "mallory/widgets"}) as emulator:
        job = Job(emulator, role_to_assume="")
        for name in list(job.env):
            if name.startswith("ACTIONS_ID_TOKEN"):
                del job.env[name]
        without = job.run()
        equal(without.outputs["conclusion"], "skipped", without.text)
        (job.folder / "config").write_text(
            f"[profile dev]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        job.env.update(AWS_CONFIG_FILE=str(job.folder / "config"), AWS_PROFILE="dev")
        given = job.run()
        equal(given.outputs["conclusion"], "clean", given.text)


if __name__ == "__main__":
    main()
