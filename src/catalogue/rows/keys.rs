//! AWS KMS: keys whose material somebody imported.

use crate::catalogue::build::{alarm, metric, number};
use crate::catalogue::kind::{Kind, by_id};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A key with imported material, which may expire.
pub(crate) static IMPORTED_KEY: Kind =
    Kind::new("imported KMS key", "imported KMS keys", &["Key"], "AWS/KMS", &["AWS::KMS::Key"], &[by_id("KeyId")])
        .only(Test::Is("Origin", &["EXTERNAL"]));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&IMPORTED_KEY];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[alarm(
    "Key.MaterialExpiry",
    &[&IMPORTED_KEY],
    &[metric("m", "SecondsUntilKeyMaterialExpiration", "Minimum")],
)
.math("m / 86400")
.below(number(30.0), Unit::Days)
.of(1, 1, 3600)
.is(Severity::Warning, Profile::Essential)
.says(
    "The key's imported material expires in less than {threshold}; then nobody can decrypt what it encrypts.",
    "Import the same key material again, with a later expiry or none.",
)
.source("Our own number: Monitoring with Amazon CloudWatch, AWS KMS. Material that never expires has no such metric.")];
