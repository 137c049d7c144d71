"""The parts of a call by well-known libraries: parts.py JSON EVENTS DIFF."""
import io
import json
import pathlib
import sys
import time

import awscrt.auth
import awscrt.http
import awscrt.io
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.eventstream
from detect_secrets.core import scan
from detect_secrets.settings import default_settings

ROUNDS, ROUND_SECONDS, SIGNED_BODY_SIZE, PIECE_SIZE = 3, 0.2, 11500, 16384
URL = "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-6/converse-stream"
KEYS = ("AKIDEXAMPLE", "not-a-real-secret-key")


def sign(text):
    request = botocore.awsrequest.AWSRequest("POST", URL, {"Content-Type": "application/json"},
                                             text[:SIGNED_BODY_SIZE])
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(*KEYS), "bedrock", "us-east-1").add_auth(request)


def sign_by_awscrt(text):
    host, path = URL.removeprefix("https://").split("/", 1)
    headers = awscrt.http.HttpHeaders([("Host", host), ("Content-Type", "application/json")])
    body = awscrt.io.InputStream(io.BytesIO(text[:SIGNED_BODY_SIZE]))
    request = awscrt.http.HttpRequest("POST", f"/{path}", headers, body)
    config = awscrt.auth.AwsSigningConfig(
        credentials_provider=awscrt.auth.AwsCredentialsProvider.new_static(*KEYS), region="us-east-1",
        service="bedrock")
    awscrt.auth.aws_sign_request(request, config).result()


def read_events(text):
    buffer = botocore.eventstream.EventStreamBuffer()
    for at in range(0, len(text), PIECE_SIZE):
        buffer.add_data(text[at:at + PIECE_SIZE])
        for _ in buffer:
            pass


def find_secrets(text):
    """Line by line, as it scans files."""
    with default_settings():
        for line in text.decode().splitlines():
            for _ in scan.scan_line(line):
                pass


def time_once(part, text):
    """Milliseconds of CPU for one time: of the best of several rounds."""
    best = None
    for _ in range(ROUNDS):
        started, times = time.process_time(), 0
        while not times or time.process_time() - started < ROUND_SECONDS:
            part(text)
            times += 1
        each = (time.process_time() - started) / times * 1000
        best = each if best is None else min(best, each)
    return best


def main():
    texts = [pathlib.Path(name).read_bytes() for name in sys.argv[1:]]
    parts = (("sign", sign, texts[0]), ("sign by awscrt", sign_by_awscrt, texts[0]),
             ("eventstream", read_events, texts[1]), ("json", json.loads, texts[0]),
             ("redaction", find_secrets, texts[2][:200000]))
    for name, part, text in parts:
        print(name, f"{time_once(part, text):.6f}", len(text), sep="\t")


main()
