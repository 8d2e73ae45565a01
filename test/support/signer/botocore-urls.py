"""Presigns what each line of its input asks for, by botocore, and prints one URL a line.

Lines are JSON. Keys and parameters come as they are, and are percent-encoded here.
"""
import datetime
import json
import sys

import botocore.auth
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode


class Clock(datetime.datetime):
    """Stands still, at the moment of the request that is being signed."""

    moment = None

    @classmethod
    def utcnow(cls):
        return cls.moment


class DatetimeModule:
    datetime = Clock


# Older versions ask the module, newer ones a function of their own.
botocore.auth.datetime = DatetimeModule
botocore.auth.get_current_datetime = lambda remove_tzinfo=True: Clock.moment


def presign(asked):
    Clock.moment = datetime.datetime.utcfromtimestamp(asked["start"])
    scheme, host = asked["endpoint"].split("://")
    hosted = asked["addressing"] == "virtual-hosted"
    base = f"{scheme}://{asked['bucket']}.{host}" if hosted else f"{scheme}://{host}/{asked['bucket']}"
    # As botocore's own serializer encodes a key.
    url = f"{base}/{percent_encode(asked['key'], safe='/~')}"
    request = AWSRequest(asked["method"], url, headers=asked["headers"], params=asked["query"])
    credentials = Credentials(asked["accessKeyId"], asked["secretAccessKey"], asked.get("sessionToken"))
    S3SigV4QueryAuth(credentials, "s3", asked["region"], asked["expiresIn"]).add_auth(request)
    return request.url


for line in sys.stdin:
    print(presign(json.loads(line)))
