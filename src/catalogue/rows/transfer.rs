//! AWS Transfer Family.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_attribute};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A connector that sends AS2 messages. Connectors of the other sort, SFTP, have no metric of failures.
pub(crate) static CONNECTOR: Kind = Kind::new(
    "AS2 connector",
    "AS2 connectors",
    &["TransferConnector"],
    "AWS/Transfer",
    &["AWS::Transfer::Connector"],
    &[by_attribute("ConnectorId", "ConnectorId", None)],
)
.only(Test::Has("As2Config"));

/// A server whose uploads start a workflow.
pub(crate) static SERVER: Kind = Kind::new(
    "file transfer server",
    "file transfer servers",
    &["TransferServer"],
    "AWS/Transfer",
    &["AWS::Transfer::Server"],
    &[by_attribute("ServerId", "ServerId", None)],
)
.only(Test::Has("WorkflowDetails.OnUpload"));

/// A server that receives AS2 messages.
pub(crate) static MESSAGE_SERVER: Kind = Kind::new(
    "AS2 server",
    "AS2 servers",
    &["TransferServer"],
    "AWS/Transfer",
    &["AWS::Transfer::Server"],
    &[by_attribute("ServerId", "ServerId", None)],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&CONNECTOR, &SERVER, &MESSAGE_SERVER];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("TransferConnector.FailedMessages", &[&CONNECTOR], &[one("OutboundFailedMessage", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("A message could not be sent to the trading partner.", "Look at the connector's log: the partner's address, certificates, and what its answer (MDN) says; then send the message again.")
        .source("Transfer Family guide, Monitoring usage in the console: OutboundFailedMessage; each message that a partner misses counts."),
    alarm("TransferServer.FailedMessages", &[&MESSAGE_SERVER], &[one("InboundFailedMessage", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("A trading partner sent a message that the server could not process.", "Look at the server's log: the agreement, the certificates with which it was signed and encrypted, and the role that writes it.")
        .source("Transfer Family guide, Monitoring usage in the console: InboundFailedMessage; each message that is lost to us counts."),
    alarm("TransferServer.FailedWorkflows", &[&SERVER], &[one("OnUploadExecutionsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("A file was uploaded, and the workflow that should handle it failed.", "Look at the workflow's execution: the failed step, its error, and the role's permissions; then handle the file again.")
        .source("Transfer Family guide, Monitoring usage in the console: OnUploadExecutionsFailed; each upload that nothing handles counts."),
];
