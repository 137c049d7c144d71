"""GitHub's own descriptions of its APIs, from npm: what the program uses of them, and held strictly."""
import copy
import json
import subprocess
import tarfile

PACKAGE = "@octokit/openapi@23.0.2"
PACK_SECONDS = 300
# The operations that the program may use; another one must be added here.
PATHS = """
/repos/{owner}/{repo}/pulls
/repos/{owner}/{repo}/pulls/{pull_number}
/repos/{owner}/{repo}/pulls/{pull_number}/files
/repos/{owner}/{repo}/pulls/{pull_number}/reviews
/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}
/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/comments
/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/events
/repos/{owner}/{repo}/pulls/{pull_number}/comments
/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies
/repos/{owner}/{repo}/pulls/comments/{comment_id}
/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions
/repos/{owner}/{repo}/issues/{issue_number}/comments
/repos/{owner}/{repo}/issues/comments
/repos/{owner}/{repo}/issues/comments/{comment_id}
/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions
/repos/{owner}/{repo}/check-runs
/repos/{owner}/{repo}/check-runs/{check_run_id}
/repos/{owner}/{repo}/commits/{ref}
/repos/{owner}/{repo}/commits/{ref}/check-runs
/repos/{owner}/{repo}/commits/{commit_sha}/pulls
/repos/{owner}/{repo}/compare/{basehead}
/repos/{owner}/{repo}/contents/{path}
/repos/{owner}/{repo}/git/trees/{tree_sha}
/repos/{owner}/{repo}/git/blobs/{file_sha}
/repos/{owner}/{repo}/collaborators/{username}/permission
/repos/{owner}/{repo}/code-scanning/sarifs
/repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}
""".split()
BODY_CHARACTERS_MAX = 65536  # GitHub's answer to more: "body is too long (maximum is 65536 characters)"
# No schema of the description; the answer is checked against the GraphQL schema instead.
GRAPHQL = {"post": {"operationId": "graphql", "requestBody": {"required": True, "content": {"application/json": {
    "schema": {"type": "object", "required": ["query"], "additionalProperties": False,
               "properties": {"query": {"type": "string"}, "variables": {"type": "object"}}}}}},
    "responses": {"200": {"description": "Data or errors.", "content": {"application/json": {
        "schema": {"type": "object"}}}}}}}


def unpack(folder, names):
    """The files of that name of the package, in the folder."""
    if all((folder / name).exists() for name in names):
        return
    done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, timeout=PACK_SECONDS,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    archive = folder / done.stdout.split()[-1]
    with tarfile.open(archive) as tar:
        for name in names:
            (folder / name).write_bytes(tar.extractfile(f"package/generated/{name}").read())
    archive.unlink()


def references(value):
    """All "$ref" in a value."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def subset(whole):
    """The description with only PATHS, and the components that they need."""
    part = {key: value for key, value in whole.items() if key not in ("paths", "components", "x-webhooks")}
    part["paths"] = {path: copy.deepcopy(whole["paths"][path]) for path in PATHS}
    part["components"] = {}
    todo = [*references(part["paths"])]
    while todo:
        _, _, kind, name = todo.pop().split("/", 3)
        name = name.replace("~1", "/").replace("~0", "~")
        if name in part["components"].setdefault(kind, {}):
            continue
        part["components"][kind][name] = copy.deepcopy(whole["components"][kind][name])
        todo.extend(references(part["components"][kind][name]))
    return part


def hold_strictly(schema):
    """Refuses members that a request's body does not have, at any depth, and bodies that are too long."""
    alternatives = any(key in schema for key in ("allOf", "anyOf", "oneOf", "additionalProperties"))
    if "properties" in schema and not alternatives:
        schema["additionalProperties"] = False
    for name, member in schema.get("properties", {}).items():
        if name == "body" and member.get("type") == "string":
            member["maxLength"] = BODY_CHARACTERS_MAX
        hold_strictly(member)
    if "items" in schema:
        hold_strictly(schema["items"])


def offer_media_type(responses):
    """Answers have the media type that requests ask for, besides application/json."""
    for response in responses.values():
        content = response.get("content", {})
        if "application/json" in content:
            content.setdefault("application/vnd.github+json", content["application/json"])


def description(folder, name, prefix, nullable):
    """`name` of the package, cut down and held strictly; `prefix` begins its paths, `nullable` are (schema,
    member) that may be null."""
    part = subset(json.loads((folder / name).read_text()))
    part["servers"] = [] if name.startswith("ghes") else part["servers"]  # the server's address is its own
    for item in part["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            if "content" in operation.get("requestBody", {}):
                hold_strictly(operation["requestBody"]["content"].get("application/json", {}).get("schema", {}))
            offer_media_type(operation.get("responses", {}))
    offer_media_type(part["components"].get("responses", {}))
    part["paths"] = {prefix + path: item for path, item in part["paths"].items()}
    part["paths"]["/api/graphql" if prefix else "/graphql"] = copy.deepcopy(GRAPHQL)
    for schema, member in nullable:
        part["components"]["schemas"][schema]["properties"][member]["nullable"] = True
    written = folder / ("strict-" + name)
    written.write_text(json.dumps(part))
    return written
