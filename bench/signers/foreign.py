"""A small signer of the protocol in another language, with uploads in parts: boto3 and the standard library.

For the bench, never for a real site: it signs for everyone and signs no guard headers. It has what is in
docs/signer-protocol.md but forms and checksums other than MD5; it names no part size, and leaves it to
the browser to put the parts together.
"""

import base64
import hashlib
import hmac
import json
import os
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

BUCKET = os.environ["BUCKET_UPLOAD_BUCKET"]
SECRET = os.urandom(32)
EXPIRES = 900  # seconds

os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")


def client(endpoint):
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    region = os.environ["BUCKET_UPLOAD_REGION"]
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)


# What the browser is sent to may be far away; the signer itself stands beside the bucket.
far = client(os.environ["BUCKET_UPLOAD_ENDPOINT"])
near = client(os.environ["BENCH_BESIDE"])


def presign(method, **params):
    params = {"Bucket": BUCKET, **params}
    return far.generate_presigned_url(method, Params=params, ExpiresIn=EXPIRES)


def issue(content):
    text = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    return f"{text}.{hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()}"


def read(grant):
    text, _, proof = grant.partition(".")
    if not hmac.compare_digest(proof, hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()):
        raise ValueError("grant")
    return json.loads(base64.urlsafe_b64decode(text))


def new_key(file):
    return f"{uuid.uuid4().hex}/{file['name']}"


def integrity(request):
    md5 = request.get("md5")
    return ({"ContentMD5": md5}, {"Content-MD5": md5}) if md5 else ({}, {})


def put(request):
    file, (signed, sent) = request["file"], integrity(request)
    key = read(request["grant"])["Key"] if "grant" in request else new_key(file)
    type = file["type"] or "application/octet-stream"
    exact = {"ContentType": type, "ContentLength": file["size"], **signed}
    return {
        "key": key,
        "url": presign("put_object", Key=key, **exact),
        "headers": {"Content-Type": type, **sent},
        "downloadUrl": presign("get_object", Key=key),
        "grant": issue({"Key": key}),
    }


def create(request):
    file = request["file"]
    place = {"Key": new_key(file)}
    type = file["type"] or "application/octet-stream"
    place["UploadId"] = near.create_multipart_upload(Bucket=BUCKET, ContentType=type, **place)["UploadId"]
    return {"key": place["Key"], "uploadId": place["UploadId"], "grant": issue(place)}


def part(request):
    signed, sent = integrity(request)
    if "size" in request:
        signed["ContentLength"] = request["size"]
    number = request["partNumber"]
    url = presign("upload_part", PartNumber=number, **read(request["grant"]), **signed)
    return {"url": url, "headers": sent}


def parts(request):
    after = {"PartNumberMarker": request["after"]} if "after" in request else {}
    return {"url": presign("list_parts", **read(request["grant"]), **after)}


def complete(request):
    place = read(request["grant"])
    return {
        "key": place["Key"],
        "url": presign("complete_multipart_upload", **place),
        "method": "POST",
        "downloadUrl": presign("get_object", Key=place["Key"]),
    }


def abort(request):
    return {"url": presign("abort_multipart_upload", **read(request["grant"]))}


def link(request):
    key = read(request["grant"])["Key"] if "grant" in request else request["key"]
    return {"downloadUrl": presign("get_object", Key=key)}


OPS = {it.__name__: it for it in (put, create, part, parts, complete, abort, link)}


def answer(request):
    op = OPS.get(request["op"])
    if op is None:
        return {"error": {"code": "unsupported-op", "message": "This signer does not know it."}}
    return op(request)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        responses = [{"id": each["id"], **answer(each)} for each in body["requests"]]
        content = json.dumps({"version": 1, "responses": responses}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 0))), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
