import json
import os

import boto3
from boto3.dynamodb.conditions import Key

TABLE = boto3.resource("dynamodb").Table(os.environ["BOOKINGS_TABLE"])


def handler(event, _context):
    if event["routeKey"] == "GET /health":
        return {"statusCode": 200, "body": json.dumps({"status": "ok"})}
    room = event["pathParameters"]["roomId"]
    taken = TABLE.query(KeyConditionExpression=Key("roomId").eq(room), Limit=100)["Items"]
    return {"statusCode": 200, "body": json.dumps({"roomId": room, "taken": [item["startsAt"] for item in taken]})}
