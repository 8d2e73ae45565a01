"""A signer for bucket-upload and IBM Cloud Object Storage: ibm_boto3 and the standard library."""

import json
import os
import re
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ibm_boto3
from ibm_botocore.client import Config

BUCKET = os.environ["BUCKET_UPLOAD_BUCKET"]
ORIGIN = os.environ.get("BUCKET_UPLOAD_ORIGIN")  # the page's origin, if it is not ours
MAX_SIZE = 5_000_000_000  # bytes; what a single PUT carries

s3 = ibm_boto3.client(
    "s3",
    endpoint_url=os.environ["BUCKET_UPLOAD_ENDPOINT"],
    region_name=os.environ["BUCKET_UPLOAD_REGION"],
    # HMAC keys: with an API key alone nothing can be presigned. Left alone, it signs by version 2,
    # which binds neither size nor type.
    aws_access_key_id=os.environ["COS_HMAC_ACCESS_KEY_ID"],
    aws_secret_access_key=os.environ["COS_HMAC_SECRET_ACCESS_KEY"],
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)


def refuse(code, message):
    return {"error": {"code": code, "message": message}}


def sign(request):
    """Answers one request. This is all there is to a signer."""
    if request["op"] != "put":
        return refuse("unsupported-op", "This signer only knows put.")
    name, size, type = (request["file"].get(field) for field in ("name", "size", "type"))
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise TypeError("size")
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
        "headers": {"Content-Type": type},
        "expiresAt": in_seconds(900),
        "downloadUrl": s3.generate_presigned_url("get_object", {**place, **saved}, ExpiresIn=3600),
        "downloadExpiresAt": in_seconds(3600),
    }


def in_seconds(seconds):
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        # Here is the place to look at a cookie or a token, and to answer 401.
        # A browser sends this type across origins only after asking by OPTIONS.
        if self.headers.get_content_type() != "application/json":
            return self.answer(415, refuse("bad-request", "Send application/json."))
        length = int(self.headers.get("Content-Length") or 0)
        if length > 1_000_000:
            return self.answer(413, refuse("bad-request", "The body is too long."))
        try:
            body = json.loads(self.rfile.read(length))
            if body["version"] != 1:
                return self.answer(400, refuse("unsupported-version", '"version" must be 1.'))
            if not isinstance(body["requests"], list):
                raise TypeError("requests")
            responses = [{"id": each["id"], **sign(each)} for each in body["requests"]]
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
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
        if content:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 0))), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
