"""A signer for bucket-upload, in Python: boto3 and the standard library. See README.md."""

import json
import os
import re
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

BUCKET = os.environ["BUCKET_UPLOAD_BUCKET"]
ENDPOINT = os.environ["BUCKET_UPLOAD_ENDPOINT"]
ORIGIN = os.environ.get("BUCKET_UPLOAD_ORIGIN")  # the page's origin, if it is not ours
MAX_SIZE = 5_000_000_000  # bytes; what a single PUT carries
MAX_BODY = 1_000_000  # bytes of a call

# Ceph, MinIO and Storj take headers that are not signed: with the URL of a PUT one could copy any
# object of the bucket, or make the file public. These are signed, and refuse that. Amazon takes no
# such headers, and many of its buckets refuse each ACL.
GUARDS = {
    "x-amz-copy-source-if-match": '"0"',
    "x-amz-copy-source-range": "none",
    "x-amz-acl": "private",
}
if ".amazonaws.com" in ENDPOINT:
    GUARDS = {}

# Newer releases of boto3 would sign the checksum of an empty body. Older ones ignore this.
os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
s3 = boto3.client(
    "s3",
    endpoint_url=ENDPOINT,
    region_name=os.environ["BUCKET_UPLOAD_REGION"],
    # Left alone, boto3 falls back to Signature Version 2 for some regions.
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)


def add_guards(request, **_):
    for name, value in GUARDS.items():
        request.headers[name] = value


s3.meta.events.register("before-sign.s3.PutObject", add_guards)


def refuse(code, message):
    return {"error": {"code": code, "message": message}}


def sign(request):
    """Answers one request. This is all there is to a signer."""
    if request["op"] != "put":
        return refuse("unsupported-op", "This signer only knows put.")
    name, size, type, path = (request["file"].get(it) for it in ("name", "size", "type", "path"))
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise TypeError("size")
    if len(name) > 1024 or len(path or "") > 4096:
        return refuse("bad-request", "A name has at most 1024 characters, and a path 4096.")
    if size > MAX_SIZE:
        return refuse("too-large", f"The file is larger than {MAX_SIZE} bytes.")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", type or "", re.ASCII):
        type = "application/octet-stream"
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[-100:].strip(".-") or "file"
    place = {"Bucket": BUCKET, "Key": f"{uuid.uuid4().hex}/{name}"}
    exact = {"ContentType": type, "ContentLength": size}  # signed: the bucket refuses any other
    saved = {"ResponseContentDisposition": f'attachment; filename="{name}"'}
    return {
        "key": place["Key"],
        "url": s3.generate_presigned_url("put_object", {**place, **exact}, ExpiresIn=900),
        "method": "PUT",
        "headers": {"Content-Type": type, **GUARDS},
        "expiresAt": in_seconds(900),
        "downloadUrl": s3.generate_presigned_url("get_object", {**place, **saved}, ExpiresIn=3600),
        "downloadExpiresAt": in_seconds(3600),
    }


def in_seconds(seconds):
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer_one(request):
    """A request that is wrong is refused by itself; the others of the call are answered."""
    try:
        return sign(request)
    except (KeyError, TypeError, AttributeError):
        return refuse("bad-request", "The request is not as the protocol has it.")


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds that a client may be silent, until its connection is closed

    def do_POST(self):
        # Here is the place to look at a cookie or a token, and to answer 401.
        # A browser sends this type across origins only after asking by OPTIONS.
        if self.headers.get_content_type() != "application/json":
            return self.answer(415, refuse("bad-request", "Send application/json."))
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]+", length):
            return self.answer(411, refuse("bad-request", "Send the length of the body."))
        if len(length) > 9 or int(length) > MAX_BODY:
            return self.answer(413, refuse("bad-request", "The body is too long."))
        try:
            body = json.loads(self.rfile.read(int(length)))
            if body["version"] != 1:
                return self.answer(400, refuse("unsupported-version", '"version" must be 1.'))
            if not isinstance(body["requests"], list):
                raise TypeError("requests")
            if not all(isinstance(each[it], str) for each in body["requests"] for it in ("id", "op")):
                raise TypeError("id")
            responses = [{"id": each["id"], **answer_one(each)} for each in body["requests"]]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return self.answer(400, refuse("bad-request", "The body is not a signer request."))
        self.answer(200, {"version": 1, "responses": responses})

    def do_OPTIONS(self):
        self.answer(204, None)

    def answer(self, status, body):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Vary", "Origin")
        if ORIGIN and self.headers.get("Origin") == ORIGIN:
            self.send_header("Access-Control-Allow-Origin", ORIGIN)
            self.send_header("Access-Control-Allow-Credentials", "true")
            self.send_header("Access-Control-Allow-Methods", "POST")
            self.send_header("Access-Control-Allow-Headers", "Content-Type, Authorization")
        if content:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 3000))), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
