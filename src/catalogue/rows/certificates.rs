//! AWS Certificate Manager.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Unit};

/// A certificate.
pub(crate) static CERTIFICATE: Kind = Kind::new(
    "certificate",
    "certificates",
    &["Certificate"],
    "AWS/CertificateManager",
    &["AWS::CertificateManager::Certificate"],
    &[by_id("CertificateArn")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&CERTIFICATE];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Certificate.DaysToExpiry", &[&CERTIFICATE], &[one("DaysToExpiry", "Minimum")])
        .below(number(45.0), Unit::Days)
        .of(1, 1, 86_400)
        // A new certificate has no data for up to half a day, and an expired one none at all: neither changes the state.
        .missing(Missing::Ignore)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The certificate expires in less than {threshold} and has not been renewed.",
            "Look at the renewal status in Certificate Manager: the DNS record of the validation must still be there, or somebody must answer the e-mail.",
        )
        .source("AWS recommends DaysToExpiry Minimum <= 44, 1 of 1 of a day: renewal should have happened by then."),
];
