#!/usr/bin/env python3
"""What a person reads when AWS or GitHub refuses: what, where, why, and what to do."""
import json
import urllib.parse

from harness import (
    KEY,
    KEYS,
    OLD_HAIKU,
    OLD_SONNET,
    ROLE,
    SECRET,
    SONNET,
    Emulator,
    Job,
    check,
    equal,
    flow,
    main,
    outcrop,
    reply,
)

NOWHERE = "http://127.0.0.1:9"
SUBJECT = "repo:acme/widgets:pull_request"
USER = "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: "

# Status, code and text of the service; what outcrop adds; its exit status.
REFUSALS = [
    (400, "ValidationException", "Invocation of model ID x with on-demand throughput isn\u2019t supported.",
     ["inference profile", "us., eu., apac.", "depends on the model"], 4),
    (400, "ValidationException", "The provided model identifier is invalid.",
     ["letter by letter", "-v1"], 4),
    (403, "AccessDeniedException", "Model access is denied: your account is not authorized to perform "
     "the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, "
     "aws-marketplace:Subscribe)", ["administrator", "2 to 15 minutes", "do not give"], 4),
    (404, "ResourceNotFoundException", "Model use case details have not been submitted for this account.",
     ["Anthropic's use case form"], 4),
    (403, "AccessDeniedException", USER + "bedrock:InvokeModel on resource: "
     "arn:aws:bedrock:::foundation-model/x with an explicit deny in a service control policy",
     ["organization's policy", "may route to", "global."], 4),
    (403, "AccessDeniedException", USER + "bedrock:InvokeModel because no identity-based policy allows "
     "the bedrock:InvokeModel action",
     ["inference profile's ARN", "foundation model's ARN in every region", "outcrop doctor"], 4),
    (404, "ResourceNotFoundException", "Access denied. This Model is marked by provider as Legacy and "
     "you have not been actively using the model in the last 30 days.", ["choose a newer one"], 4),
    (404, "ResourceNotFoundException", "This model version has reached the end of its life.",
     ["no longer exists", "choose a newer one"], 4),
    (403, "AccessDeniedException", "This model is not available under the account's data retention mode \"none\".",
     ["an administrator must choose a retention mode", "choose another model"], 4),
    (429, "ThrottlingException", "Too many tokens per day, please wait before trying again.",
     ["daily limit", "Service Quotas"], 4),
    (403, "InvalidSignatureException", "Signature expired: 20261121T090000Z is now earlier than "
     "20261121T091500Z (20261121T092000Z - 5 min.)", ["clock", "set it"], 3),
    (403, "InvalidSignatureException", "Signature not yet current: 20261121T093000Z is still later than "
     "20261121T092500Z (20261121T092000Z + 5 min.)", ["clock", "set it"], 3),
    (403, "UnrecognizedClientException", "The security token included in the request is invalid.",
     ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"], 3),
    (403, "ExpiredTokenException", "The security token included in the request is expired",
     ["sign in again"], 3),
]


@flow
def every_refusal_that_people_meet_ends_with_its_remedy():
    for status, code, text, remedy, exit_status in REFUSALS:
        faults = [{"on": "converse-stream", "fault": "access-denied", "status": status, "code": code,
                   "message": text}]
        with Emulator([{"text": "Good day."}], faults) as emulator:
            result = outcrop(emulator, "invoke", "--model", SONNET, stdin="hello", env=KEYS)
            said = result.stderr
            equal(result.returncode, exit_status, said)
            equal(len(emulator.requests("converse")), 1, "it is not tried again", said)
            for word in [code, text.rstrip("."), *remedy, SONNET, "region us-east-1", "request id emu-"]:
                check(word in said, word, said)


@flow
def a_missing_identity_provider_is_not_taken_for_a_wrong_trust_policy():
    for text, remedy in (("No OpenIDConnect provider found in your account", "create the identity provider once"),
                         ("Incorrect token audience", "does not list this audience")):
        fault = {"on": "sts", "fault": "validation", "code": "InvalidIdentityToken", "message": text, "times": 9}
        with Emulator(faults=[fault]) as emulator:
            result = Job(emulator).run()
            equal(result.status, 3, result.text)
            for part in (remedy, SUBJECT, "sts.amazonaws.com"):
                check(part in result.text, part, result.text)
            check("trust policy must" not in result.text, result.text)


@flow
def mistakes_of_a_newcomer_say_what_to_do():
    wrong = {"AWS_SECRET_ACCESS_KEY": "wrong"}
    off = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": NOWHERE}
    no_url = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "", "AWS_REGION": "us-esat-1"}
    commands = {"invoke": SONNET, "embed": "amazon.titan-embed-text-v2:0", "count-tokens": SONNET}
    with Emulator([{"text": "Good day."}]) as emulator:
        for command, model in commands.items():
            for env, status, words in (
                    (wrong, 3, ["AWS_SECRET_ACCESS_KEY", model, "us-east-1", "request id"]),
                    ({"AWS_ACCESS_KEY_ID": "AKIAOTHER"}, 3, ["AWS_ACCESS_KEY_ID", model, "request id"]),
                    ({"AWS_REGION": ""}, 2, ["AWS_REGION"]),
                    (no_url, 4, ["us-esat-1", "region does not exist", "AWS_REGION", model]),
                    (off, 4, [NOWHERE, "reachable from here", model])):
                result = outcrop(emulator, command, stdin="hello", env={**KEYS, **env})
                equal(result.returncode, status, command, env, result.stderr)
                for word in words:
                    check(word in result.stderr, command, env, word, result.stderr)
                check("Canonical" not in result.stderr, "what was signed is not shown", result.stderr)
        nobody = outcrop(emulator, "invoke", stdin="hello")
        equal(nobody.returncode, 3)
        check("aws sso login" in nobody.stderr and "role-to-assume" not in nobody.stderr,
              nobody.stderr)
        equal(outcrop(emulator, "invoke", "--model", "sonett", stdin="hi", env=KEYS).returncode, 2)


@flow
def a_role_that_may_not_be_assumed_names_both_sides():
    text = f"User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: sts:AssumeRole " \
           f"on resource: {ROLE}"
    faults = [{"on": "sts-assume-role", "fault": "access-denied", "code": "AccessDenied", "status": 403,
               "message": text}]
    with Emulator([], faults) as emulator:
        config = emulator.folder / "config"
        config.write_text(f"[default]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\n"
                          f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        result = outcrop(emulator, "invoke", stdin="hello", env={"AWS_CONFIG_FILE": str(config)})
        equal(result.returncode, 3, result.stderr)
        for word in (text, "trust policy", f"role {ROLE}", "region us-east-1", "request id emu-"):
            check(word in result.stderr, word, result.stderr)


@flow
def a_silent_metadata_service_is_explained():
    with Emulator([], [{"on": "imds", "fault": "silence"}]) as emulator:
        result = outcrop(emulator, "invoke", stdin="hello", env={
            "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": emulator.env["EMULATOR_URL"]})
        equal(result.returncode, 3, result.stderr)
        check("http-put-response-hop-limit" in result.stderr, result.stderr)


@flow
def a_file_that_cannot_be_read_names_its_line():
    for text, place in (("[default]\nregion us-east-1\n", "config:2: "), ("[default\n", "config:1: "),
                        ("region = x\n", "config:1: ")):
        with Emulator() as emulator:
            (emulator.folder / "config").write_text(text)
            result = outcrop(emulator, "invoke", stdin="hello",
                             env={"AWS_CONFIG_FILE": str(emulator.folder / "config")})
            check(result.returncode in (2, 3), result.stderr)
            check(place in result.stderr, place, result.stderr)


# ---- doctor ----

def doctor(faults=(), without=(), models=(), **inputs):
    with Emulator([{"text": "OK"}], faults, models=models) as emulator:
        job = Job(emulator, command="doctor", **inputs)
        job.env["OUTCROP_CLOCK_SCALE"] = "4"  # ten seconds are all that it waits for a model's dates
        for name in without:
            del job.env[name]
        result = job.run()
        result.asked = emulator.requests("get-foundation-model")
        shown = [line for line in result.text.splitlines() if not line.startswith("::add-mask::")]
        result.text = "\n".join(shown)
        for secret in ("emulator-session/", "eyJ", emulator.env["GITHUB_TOKEN"]):
            check(secret not in result.text + result.summary, secret)
        return result


@flow
def doctor_says_that_all_is_well():
    result = doctor()
    equal(result.status, 0, result.text)
    check("wrong" not in result.text, result.text)
    for word in (SUBJECT, ROLE, "123456789012", SONNET, "repository", "pull request", "comments",
                 "posting: is allowed"):
        check(word in result.text, word, result.text)
        check(word in result.summary, word, result.summary)


@flow
def only_the_session_of_doctor_may_ask_about_models():
    calls = ["bedrock:ApplyGuardrail", "bedrock:CountTokens", "bedrock:InvokeModel",
             "bedrock:InvokeModelWithResponseStream"]
    for command, actions in (("review", calls), ("doctor", [*calls, "bedrock:GetFoundationModel"])):
        with Emulator([reply()]) as emulator:
            equal(Job(emulator, command=command).run().status, 0)
            body = urllib.parse.parse_qs(emulator.requests("sts")[0]["body"])
            policy = json.loads(body["Policy"][0])
            equal(policy["Statement"][0]["Action"], sorted(actions), command)


@flow
def doctor_misses_the_permission_to_ask_for_a_token():
    result = doctor(without=["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    equal(result.status, 1, result.text)
    check("id-token: write" in result.text and "an earlier check failed" in result.text, result.text)


@flow
def doctor_prints_the_trust_policy_for_a_refused_subject():
    result = doctor([{"on": "sts", "times": 9, "fault": "access-denied", "code": "AccessDenied",
                      "status": 403,
                      "message": "Not authorized to perform sts:AssumeRoleWithWebIdentity"}])
    equal(result.status, 1, result.text)
    provider = "token.actions.githubusercontent.com"
    for word in (f'"{provider}:sub": "{SUBJECT}"', f'"{provider}:aud": "sts.amazonaws.com"',
                 f"arn:aws:iam::123456789012:oidc-provider/{provider}", "not reached"):
        check(word in result.text, word, result.text)


@flow
def doctor_prints_the_statement_for_a_denied_model():
    result = doctor([{"on": name, "times": 9, "fault": "access-denied"}
                     for name in ("converse", "converse-stream")])
    equal(result.status, 1, result.text)
    text = result.summary
    policy = json.loads(text[text.index("{\n"):text.rindex("}") + 1])
    statement = policy["Statement"][0]
    equal(statement["Action"], ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
    check(any(f"inference-profile/{SONNET}" in arn for arn in statement["Resource"]), statement)
    check(any("foundation-model/anthropic." in arn for arn in statement["Resource"]), statement)


@flow
def doctor_says_when_a_model_retires_or_that_it_may_not_know():
    models = [{"match": "*", "end_of_life": "2027-06-01"}]
    for model, advice in (("sonnet", "choose a newer model"), (OLD_HAIKU, "use haiku")):
        result = doctor(models=models, model=model)
        equal(result.status, 0, result.text)
        check(f"it retires on 2027-06-01: {advice}" in result.text, model, result.text)
        check(f"it retires on 2027-06-01: {advice}" in result.summary, model, result.summary)
        equal([r["target"] for r in result.asked], [
            "/foundation-models/anthropic.claude-sonnet-5-5" if model == "sonnet" else
            "/foundation-models/anthropic.claude-haiku-4-5-20251001-v1%3A0"])
    well = doctor()
    check("retires" not in well.text and len(well.asked) == 1, well.text)
    denied = doctor([{"on": "get-foundation-model", "times": 9, "fault": "access-denied"}])
    equal(denied.status, 0, denied.text)
    check("allow bedrock:GetFoundationModel" in denied.text and "wrong" not in denied.text, denied.text)
    broken = doctor([{"on": "get-foundation-model", "times": 9, "fault": "server-error"}])
    check(broken.status == 0 and "retires" not in broken.text, broken.text)
    known = doctor([{"on": "get-foundation-model", "times": 9, "fault": "access-denied"}], model=OLD_SONNET)
    check("it retires on 2027-04-08: use sonnet" in known.text, "from the table", known.text)
    alone = doctor(without=["AWS_ENDPOINT_URL_BEDROCK"], models=models)
    equal((alone.status, alone.asked), (0, []), "only the runtime's address is known")


@flow
def doctor_names_the_data_retention_that_a_model_needs():
    result = doctor(models=[{"match": "*", "refuses": ["data-retention"]}])
    equal(result.status, 1, result.text)
    check("wrong       model sonnet" in result.text, result.text)
    check("this model needs data retention: an administrator must choose" in result.text, result.text)
    check("this policy is enough" not in result.text, "it is not the role", result.text)


@flow
def doctor_stops_at_unknown_keys():
    with Emulator() as emulator:
        result = outcrop(emulator, "doctor", env={**KEYS, "AWS_SECRET_ACCESS_KEY": "other"})
        equal(result.returncode, 1, result.stdout)
        check("wrong       account" in result.stdout, result.stdout)
        check("AWS_SECRET_ACCESS_KEY" in result.stdout, result.stdout)
        check("not reached model sonnet" in result.stdout, result.stdout)
        equal(emulator.requests("converse"), [])


@flow
def doctor_misses_permissions_of_the_github_token():
    for on, word in (("github GET repos/*/*/commits/HEAD", "contents: read"),
                     ("github GET repos/*/*/pulls/*", "pull-requests: write"),
                     ("github GET repos/*/*/issues/*/comments", "pull-requests: write"),
                     ("github PATCH repos/*/*/pulls/*", "pull-requests: write")):
        result = doctor([{"on": on, "times": 9, "fault": "forbidden"}])
        equal(result.status, 1, on, result.text)
        check("wrong " in result.text, on, result.text)
        check(word in result.text, on, result.text)


if __name__ == "__main__":
    main()
