import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const queue = new SQSClient();
const TableName = process.env.ORDERS_TABLE;

const answer = (statusCode, body) => ({ statusCode, body: body && JSON.stringify(body) });

const list = async (customerId) => {
  const { Items } = await table.send(new QueryCommand({
    TableName,
    IndexName: "by-customer",
    KeyConditionExpression: "customerId = :customer",
    ExpressionAttributeValues: { ":customer": customerId },
    Limit: 50,
  }));
  return answer(200, Items);
};

const create = async (customerId, body) => {
  const { items } = JSON.parse(body ?? "{}");
  if (!Array.isArray(items) || items.length === 0) return answer(400, { message: "items are missing" });
  const order = { orderId: randomUUID(), customerId, items, state: "placed", createdAt: new Date().toISOString() };
  await table.send(new PutCommand({ TableName, Item: order }));
  const MessageBody = JSON.stringify({ orderId: order.orderId });
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.FULFILMENT_QUEUE, MessageBody }));
  return answer(201, order);
};

const show = async (customerId, orderId) => {
  const { Item } = await table.send(new GetCommand({ TableName, Key: { orderId } }));
  return Item?.customerId === customerId ? answer(200, Item) : answer(404);
};

const cancel = async (customerId, orderId) => {
  try {
    await table.send(new UpdateCommand({
      TableName,
      Key: { orderId },
      UpdateExpression: "SET #state = :cancelled",
      ConditionExpression: "customerId = :customer AND #state = :placed",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":customer": customerId, ":cancelled": "cancelled", ":placed": "placed" },
    }));
    return answer(204);
  } catch (error) {
    if (error.name === "ConditionalCheckFailedException") return answer(409);
    throw error;
  }
};

export const handler = async ({ httpMethod, resource, pathParameters, body, requestContext }) => {
  const customerId = requestContext.authorizer.claims.sub;
  switch (`${httpMethod} ${resource}`) {
    case "GET /orders": return list(customerId);
    case "POST /orders": return create(customerId, body);
    case "GET /orders/{id}": return show(customerId, pathParameters.id);
    case "DELETE /orders/{id}": return cancel(customerId, pathParameters.id);
    default: return answer(404);
  }
};
