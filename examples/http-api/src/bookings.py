import json
import os

import boto3
from boto3.dynamodb.conditions import Attr

TABLE = boto3.resource("dynamodb").Table(os.environ["BOOKINGS_TABLE"])


def answer(status, body=None):
    return {"statusCode": status, "body": json.dumps(body, default=str)}


def key(booking_id):
    room, _, starts = booking_id.partition("@")
    return {"roomId": room, "startsAt": starts}


def create(person, body):
    wish = json.loads(body or "{}")
    if not {"roomId", "startsAt"} <= wish.keys():
        return answer(400, {"message": "roomId and startsAt are needed"})
    booking = {"roomId": wish["roomId"], "startsAt": wish["startsAt"], "person": person}
    try:
        TABLE.put_item(Item=booking, ConditionExpression=Attr("roomId").not_exists())
    except TABLE.meta.client.exceptions.ConditionalCheckFailedException:
        return answer(409, {"message": "that room is taken"})
    return answer(201, booking)


def handler(event, _context):
    person = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    booking_id = event.get("pathParameters", {}).get("id", "")
    match event["routeKey"]:
        case "GET /bookings":
            return answer(200, TABLE.scan(FilterExpression=Attr("person").eq(person), Limit=100)["Items"])
        case "POST /bookings":
            return create(person, event.get("body"))
        case "GET /bookings/{id}":
            booking = TABLE.get_item(Key=key(booking_id)).get("Item")
            return answer(200, booking) if booking else answer(404)
        case "DELETE /bookings/{id}":
            TABLE.delete_item(Key=key(booking_id), ConditionExpression=Attr("person").eq(person))
            return answer(204)
    return answer(404)
