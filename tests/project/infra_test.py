#!/usr/bin/env python3
"""Compares the role of CloudFormation, Terraform and docs/aws.md with each other and with the program."""
import json
import pathlib
import re
import sys

import tap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CFN = (ROOT / "infra/cloudformation.yml").read_text()
TF = (ROOT / "infra/terraform/main.tf").read_text()
DOCS = [json.loads(block) for block in
        re.findall(r"```json\n(.*?)```", (ROOT / "docs/aws.md").read_text(), re.S)]
ISSUER = "token.actions.githubusercontent.com"

# What both languages call the same thing.
NAMES = {"AWS::Partition": "partition", "local.partition": "partition", "AWS::Region": "region",
         "var.region": "region", "AWS::AccountId": "account", "local.account": "account",
         "ProfilePrefix": "profile", "var.profile_prefix": "profile", "ModelPrefix": "model",
         "var.model_prefix": "model", "Repository": "repository", "var.repository": "repository",
         "ImmutableRepository": "immutable", "local.immutable": "immutable", "DefaultBranch": "branch",
         "var.default_branch": "branch", "local.issuer": ISSUER}


def plain(text):
    """With the same names for what both put in."""
    return re.sub(r"\$\{([\w.:]+)\}", lambda match: NAMES.get(match.group(1), match.group(0)), text)


def found(pattern, text):
    return set(re.findall(pattern, plain(text)))


def checks():
    arn = r"arn:partition:bedrock:[^\s\"]+"
    yield "both_templates_allow_the_same_arns", len(found(arn, CFN)) == 3 and found(arn, CFN) == found(arn, TF)
    action = r"\bbedrock:[A-Z]\w+"
    yield "both_templates_allow_the_same_actions", found(action, CFN) == found(action, TF)
    subject = r"repo:[a-z]+:[^\s\",]+"
    yield "both_templates_can_admit_an_organization", all(
        text.count("all repositories of an organization") == 1 for text in (CFN, TF))
    yield "both_templates_admit_the_same_subjects", len(found(subject, CFN)) == 4 and \
        found(subject, CFN) == found(subject, TF)
    claim = rf"{re.escape(ISSUER)}:([a-z_]+)\b"
    yield "both_templates_check_the_same_claims", found(claim, CFN) == found(claim, TF) == {
        "aud", "sub", "repository_id", "job_workflow_ref"}
    trust = next(d for d in DOCS if "AssumeRoleWithWebIdentity" in str(d))
    shown = [re.sub(r"^repo:(\S+?):", lambda m: f"repo:{'immutable' if '@' in m[1] else 'repository'}:", sub)
             for sub in trust["Statement"][0]["Condition"]["StringLike"][f"{ISSUER}:sub"]]
    yield f"the_page_shows_the_subjects_of_the_templates {shown}", \
        {sub.replace("heads/main", "heads/branch") for sub in shown} == found(subject, CFN)
    called = set(re.findall(action, (ROOT / "src/credentials/sign_in.c").read_text()))
    yield f"the_session_policy_allows_the_actions_of_the_role {called}", found(action, CFN) <= called
    permissions = next(d for d in DOCS if "bedrock:InvokeModel" in str(d))
    yield "the_page_shows_actions_of_the_templates", \
        set(permissions["Statement"][0]["Action"]) <= found(action, CFN)


# ---- Terraform without its provider, whose registry may not answer ----

META = {"count", "depends_on", "for_each", "provider"}


def blocks_of(text):
    """The blocks of HCL that "terraform fmt" has formatted: (head, body) each."""
    return re.findall(r"^(\w[^\n{=]*?) \{(?:\}$|\n(.*?)^\})", text, re.M | re.S)


def dedent(text):
    return re.sub(r"^  ", "", text, flags=re.M)


def problems_of(body, schema, where):
    """What a block says that the provider does not know, and what it leaves out."""
    nested = [(re.sub(r'^dynamic "(\w+)"$', r"\1", head), dedent(inner)) for head, inner in blocks_of(body)]
    arguments = set(re.findall(r"^(\w+) *= ", body, re.M))
    known = {*schema.get("required", ()), *schema.get("optional", ()), *META}
    yield from (f"{where}: unknown argument {name}" for name in arguments - known)
    yield from (f"{where}: {name} is missing" for name in set(schema.get("required", ())) - arguments)
    for name, inner in nested:
        if name == "lifecycle":
            continue
        if name not in schema.get("blocks", {}):
            yield f"{where}: unknown block {name}"
            continue
        content = dict(blocks_of(inner)).get("content")
        yield from problems_of(dedent(content) if content else inner, schema["blocks"][name], f"{where}.{name}")


def terraform_problems(text):
    schemas = json.loads((ROOT / "tests/project/terraform_schema.json").read_text())
    names = {"var": set(), "local": set()}
    for head, body in blocks_of(text):
        kind, *labels = re.findall(r"[\w-]+", head)
        if kind in ("resource", "data"):
            name = labels[0] if kind == "resource" else f"data.{labels[0]}"
            yield from problems_of(dedent(body), schemas[name], f"{name}.{labels[1]}")
            names.setdefault(name, set()).add(labels[1])
        elif kind == "variable":
            names["var"].add(labels[0])
        elif kind == "locals":
            names["local"] |= set(re.findall(r"^  (\w+) *= ", body, re.M))
    plain_text = re.sub(r"#.*", "", text)
    for name, entry, attribute in re.findall(r"\b((?:data\.)?aws_\w+)\.(\w+)(?:\[0\])?\.(\w+)", plain_text):
        if entry not in names.get(name, ()) or attribute not in schemas[name]["attributes"]:
            yield f"{name}.{entry}.{attribute}: no such thing"
    for name, entry in re.findall(r"(?<![\w.])(var|local)\.(\w+)", plain_text):
        if entry not in names[name]:
            yield f"{name}.{entry}: no such thing"


def terraform_checks():
    found_problems = list(terraform_problems(TF))
    yield f"terraform_says_what_its_provider_knows {found_problems}", not found_problems
    for old, new in (("max_session_duration", "max_session"), ('test     = "StringEquals"\n', ""),
                     ("local.issuer", "local.issue"), ("github[0].arn", "github[0].name"),
                     ("    principals {", "    principal {")):
        broken = list(terraform_problems(TF.replace(old, new, 1)))
        yield f"a_mistake_in_terraform_is_seen {old!r}", bool(broken) and old in TF


def main():
    return tap.finish([*checks(), *terraform_checks()])


if __name__ == "__main__":
    sys.exit(main())
