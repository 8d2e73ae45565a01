"""Prints presigned URLs as JSON, made the way the documents of the providers make them."""
import importlib
import json
import sys

# boto3 with botocore, or ibm_boto3 with ibm_botocore.
sdk, bucket, endpoint, region, access_key, secret_key, version, *keys = sys.argv[1:]
Config = importlib.import_module(sdk.replace("boto3", "botocore") + ".client").Config
client = importlib.import_module(sdk).client(
    "s3",
    endpoint_url=endpoint,
    region_name=region,
    aws_access_key_id=access_key,
    aws_secret_access_key=secret_key,
    config=Config(signature_version=version, s3={"addressing_style": "path"}),
)


def presign(operation, key):
    params = {"Bucket": bucket, "Key": key}
    return client.generate_presigned_url(operation, Params=params, ExpiresIn=900)


print(json.dumps([{"key": key, "put": presign("put_object", key), "get": presign("get_object", key)} for key in keys]))
