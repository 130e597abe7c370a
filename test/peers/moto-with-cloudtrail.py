"""A moto server for tests, with what moto lacks: CloudTrail LookupEvents, a list of the calls made, and two promises of
DynamoDB: one request after the other, and a transaction whose token was seen is not carried out again.

Binds a free port of 127.0.0.1, prints it as one line of JSON, and ends when its standard input closes, so that no
server outlives the test that started it. What LookupEvents answers is plumbing for tests: it shows that our reading,
paging and filtering work, not what AWS would say.

GET  /test-peer/calls   every call since the last reset, oldest first, as JSON
POST /test-peer/reset   forgets them
POST /test-peer/forget-tokens   what DynamoDB does after ten minutes
"""

import json
import os
import re
import sys
import threading
import time
import urllib.parse
import uuid

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")

from io import BytesIO  # noqa: E402

from moto.dynamodb.models import DynamoDBBackend  # noqa: E402
from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: E402
from moto.dynamodb.models.table import Table  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

ACCOUNT = "123456789012"
READS = ("Describe", "List", "Get", "Lookup")
RESOURCE = re.compile(r"\bi-[0-9a-f]{8,17}\b")


def transact_with_small_undo(transact=DynamoDBBackend.transact_write_items):
    """moto copies the whole table before each transaction, so that a store grows slower and slower. Here the partitions that
    the transaction names are kept instead, and put back when it fails: the same outcome."""

    def undoing(backend, items):
        kept = {}
        for item in items:
            op = next(iter(item.values()))
            table = backend.tables.get(op.get("TableName"))
            if table is not None:
                hash_key = DynamoType((op.get("Item") or op["Key"])[table.hash_key_attr])
                there = hash_key in table.items
                kept[table.name, hash_key] = (table, dict(table.items[hash_key])) if there else (table, None)
        try:
            return transact(backend, items)
        except BaseException:
            for (_, hash_key), (table, partition) in kept.items():
                if partition is None:
                    table.items.pop(hash_key, None)
                else:
                    table.items[hash_key] = partition
            raise

    return undoing


DynamoDBBackend.transact_write_items = transact_with_small_undo()
Table.__deepcopy__ = lambda table, memo: table


def scope_of(environ):
    """Access key, Region and service out of the signature's credential scope."""
    found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return found.groups() if found else ("", "", "")


def call_of(environ, body):
    """Operation and parameters, in whichever of AWS's protocols they came."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return target.rsplit(".", 1)[-1], json.loads(body or b"{}")
    by_path = re.search(r"/operation/(\w+)$", environ.get("PATH_INFO", ""))
    if by_path:
        return by_path.group(1), {}
    form = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode("utf-8", "replace")).items()}
    return form.pop("Action", ""), {name: value for name, value in form.items() if name != "Version"}


class Peer:
    def __init__(self, app):
        self.app = app
        self.calls = []
        self.lock = threading.Lock()
        self.dynamodb = threading.Lock()
        self.tokens = {}

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path == "/test-peer/calls":
            return self.answer(start_response, self.calls)
        if path == "/test-peer/reset":
            with self.lock:
                self.calls.clear()
            return self.answer(start_response, {})
        if path == "/test-peer/forget-tokens":
            self.tokens.clear()
            return self.answer(start_response, {})
        if path.startswith("/moto-api"):
            return self.app(environ, start_response)
        return self.aws(environ, start_response)

    def aws(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        key, region, service = scope_of(environ)
        action, params = call_of(environ, body)
        call = {"id": str(uuid.uuid4()), "at": time.time(), "service": service, "action": action, "params": params,
                "region": region, "accessKey": key, "agent": environ.get("HTTP_USER_AGENT", ""), "status": 0}
        with self.lock:
            self.calls.append(call)
        if service == "cloudtrail" and action == "LookupEvents":
            call["status"] = 200
            return self.answer(start_response, self.lookup(params, region), "application/x-amz-json-1.1")

        def note_status(status, headers, *rest):
            call["status"] = int(status.split(" ", 1)[0])
            return start_response(status, headers, *rest)

        if service == "dynamodb":
            with self.dynamodb:
                return self.once(params.get("ClientRequestToken"), call, environ, note_status)
        return self.app(environ, note_status)

    def once(self, token, call, environ, start_response):
        """Without the lock two transactions would check the same rows before either has written."""
        if token in self.tokens:
            call["status"] = 200
            return self.answer(start_response, {}, "application/x-amz-json-1.0")
        parts = list(self.app(environ, start_response))
        if token and call["status"] == 200:
            self.tokens[token] = True
        return parts

    def lookup(self, params, region):
        wanted = {one["AttributeKey"]: one["AttributeValue"] for one in params.get("LookupAttributes", [])}
        since, until = params.get("StartTime", 0), params.get("EndTime", float("inf"))
        with self.lock:
            made = [call for call in self.calls if call["region"] == region and not call["action"].startswith(READS)]
        events = [self.event(call) for call in reversed(made) if since <= call["at"] <= until]
        fitting = [event for event in events if all(self.fits(event, *pair) for pair in wanted.items())]
        start, size = int(params.get("NextToken") or 0), int(params.get("MaxResults") or 50)
        page = {"Events": fitting[start : start + size]}
        if start + size < len(fitting):
            page["NextToken"] = str(start + size)
        return page

    @staticmethod
    def fits(event, key, value):
        if key == "ResourceName":
            return any(resource["ResourceName"] == value for resource in event["Resources"])
        return event.get(key) == value

    @staticmethod
    def event(call):
        source = f"{call['service']}.amazonaws.com"
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(call["at"]))
        ids = sorted(set(RESOURCE.findall(json.dumps(call["params"]))))
        told = {"eventVersion": "1.11", "eventID": call["id"], "eventTime": moment, "eventSource": source,
                "eventName": call["action"], "awsRegion": call["region"], "sourceIPAddress": "127.0.0.1",
                "userAgent": call["agent"], "requestParameters": call["params"], "recipientAccountId": ACCOUNT,
                "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT, "userName": "tester",
                                 "arn": f"arn:aws:iam::{ACCOUNT}:user/tester", "accessKeyId": call["accessKey"]}}
        if call["status"] >= 400:
            told["errorCode"] = "Client.Failed"
        return {"EventId": call["id"], "EventName": call["action"], "EventSource": source, "EventTime": call["at"],
                "ReadOnly": "false", "Username": "tester", "AccessKeyId": call["accessKey"],
                "Resources": [{"ResourceType": "AWS::EC2::Instance", "ResourceName": one} for one in ids],
                "CloudTrailEvent": json.dumps(told)}

    @staticmethod
    def answer(start_response, value, content_type="application/json"):
        text = json.dumps(value).encode()
        headers = [("Content-Type", content_type), ("x-amzn-requestid", str(uuid.uuid4()))]
        start_response("200 OK", [*headers, ("Content-Length", str(len(text)))])
        return [text]


def end_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Peer(DomainDispatcherApplication(create_backend_app)), threaded=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()
