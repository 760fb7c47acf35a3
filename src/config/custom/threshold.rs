//! The threshold of a row: a number, or a share of a property of the resource.

use super::reads;
use crate::catalogue::{Share, Threshold};
use crate::config::reader::Reader;
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

/// The keys of a share.
pub(crate) const KEYS: &[&str] = &["Property", "Percent", "Scale", "Absent"];

pub(super) fn read(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Threshold> {
    if value.is_object() && !intrinsic::is_intrinsic(value) {
        return share(reader, value, at).map(Threshold::Share);
    }
    match intrinsic::as_number(value).filter(|number| *number >= 0.0) {
        Some(number) => Some(Threshold::Number(number)),
        None => {
            let allowed =
                "a number of at least 0, or {Property: Timeout, Percent: 90}; `Defaults` may have an intrinsic for it";
            reader.wrong(at, value, allowed);
            None
        }
    }
}

fn share(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Share> {
    let (mut property, mut percent, mut scale, mut absent) = (None, None, Some(1.0), None);
    reader.each(value, at, KEYS, |reader, key, value, at| match key {
        "Property" => property = reads::word(reader, value, at),
        "Percent" => percent = reader.whole(value, at, 1..=1000),
        "Scale" => scale = positive(reader, value, at),
        _ => absent = positive(reader, value, at),
    });
    for key in ["Property", "Percent"].iter().filter(|key| value.get(**key).is_none()) {
        reader.mistake(at, format!("the share lacks `{key}`"), "add it: {Property: Timeout, Percent: 90}".to_owned());
    }
    Some(Share { property: property?.into(), percent: percent?.value, scale: scale?, absent })
}

fn positive(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<f64> {
    let number = intrinsic::as_number(value).filter(|number| *number > 0.0);
    if number.is_none() {
        reader.wrong(at, value, "a number above 0");
    }
    number
}
