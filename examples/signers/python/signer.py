"""A signer for bucket-upload: boto3 and Flask."""

import os

import boto3
from bucket_upload_signer import Caller, Signer
from flask import Flask, Response, request

app = Flask(__name__)
signer = Signer(
    boto3.client(
        "s3",
        endpoint_url=os.environ["BUCKET_UPLOAD_ENDPOINT"],
        region_name=os.environ["BUCKET_UPLOAD_REGION"],
    ),
    os.environ["BUCKET_UPLOAD_BUCKET"],
    secret=os.environ["SIGNER_SECRET"],
    origins=os.environ.get("BUCKET_UPLOAD_ORIGIN", "").split(),
)


@app.route("/sign", methods=["POST", "OPTIONS"])
def sign():
    # Anyone may upload, until you check a session or a token here.
    caller = Caller()
    answer = signer.handle(request.method, request.headers, request.get_data(), caller)
    return Response(answer.body, answer.status, answer.headers)
