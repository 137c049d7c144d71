#!/usr/bin/env python3
"""Compares the role of CloudFormation, Terraform and docs/aws.md with each other and with the program."""
import json
import pathlib
import re
import sys

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


def main():
    failed = 0
    results = list(checks())
    for number, (label, ok) in enumerate(results, 1):
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {number} - {label if not ok else label.split()[0]}")
    print(f"1..{len(results)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
