import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const fulfil = ({ orderId }) => table.send(new UpdateCommand({
  TableName: process.env.ORDERS_TABLE,
  Key: { orderId },
  UpdateExpression: "SET #state = :sent",
  ConditionExpression: "#state = :paid",
  ExpressionAttributeNames: { "#state": "state" },
  ExpressionAttributeValues: { ":sent": "sent", ":paid": "paid" },
}));

export const handler = async ({ Records }) => {
  const results = await Promise.allSettled(Records.map((record) => fulfil(JSON.parse(record.body))));
  const failed = Records.filter((_, index) => results[index].status === "rejected");
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
