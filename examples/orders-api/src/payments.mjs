import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const table = DynamoDBDocumentClient.from(new DynamoDBClient());

export const handler = async ({ body }) => {
  const { orderId, token } = JSON.parse(body ?? "{}");
  const charge = await fetch(`${process.env.PAYMENT_PROVIDER_URL}/charges`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": orderId },
    body: JSON.stringify({ token, reference: orderId }),
    signal: AbortSignal.timeout(15_000),
  });
  if (!charge.ok) return { statusCode: 402, body: JSON.stringify({ message: "payment was declined" }) };
  await table.send(new UpdateCommand({
    TableName: process.env.ORDERS_TABLE,
    Key: { orderId },
    UpdateExpression: "SET #state = :paid",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":paid": "paid" },
  }));
  return { statusCode: 201, body: JSON.stringify({ orderId, state: "paid" }) };
};
