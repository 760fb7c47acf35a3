//! Which resource types take tags without being replaced, and how they write them.
//!
//! `shapes.tsv` is written by `scripts/tag_shapes.py` from CloudFormation's schemas; the SAM types, which have no such
//! schema, are written by hand below. A type that is in neither is not tagged: that its tags are unknown is no
//! reason to guess.

use std::cmp::Ordering;

/// One row for each resource type, sorted by type without `AWS::`. Its first line, a comment, sorts before all types.
const TABLE: &str = include_str!("shapes.tsv");

/// The most tags of one's own that AWS allows on a resource, where its schema does not say less.
const MOST_TAGS: u16 = 50;

/// How a resource type writes its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TagShape {
    /// The property that holds them: nearly always `Tags`.
    pub(crate) property: &'static str,
    /// A list or a map.
    pub(crate) form: Form,
    /// The most tags that the resource may have.
    pub(crate) max: u16,
    /// Which keys AWS takes for the same.
    pub(crate) keys: Keys,
}

/// How a tag property is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `[{ Key, Value }]`
    List,
    /// `{ key: value }`
    Map,
    /// `[{ Key, Value, PropagateAtLaunch }]`, of Auto Scaling groups
    ListPropagate,
}

/// Whether two keys that differ in upper and lower case only are two tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// They are.
    CaseSensitive,
    /// They are one, and having both fails the deployment: IAM, and the SAM types, which pass their tags on to a role.
    CaseInsensitive,
}

impl Keys {
    /// Whether AWS would take the two for the same key.
    pub(crate) fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::CaseSensitive => one == other,
            Self::CaseInsensitive => one.to_lowercase() == other.to_lowercase(),
        }
    }
}

/// How the type writes its tags; `None` where it has none, where a change of them would replace the resource, and where
/// that is not known.
pub(crate) fn shape_of(resource_type: &str) -> Option<TagShape> {
    let name = resource_type.strip_prefix("AWS::")?;
    match name.strip_prefix("Serverless::") {
        Some(serverless) => sam_shape(serverless),
        None => parse(row(name)?),
    }
}

/// The SAM types that take tags, each found out by running aws-sam-translator 1.115.0 with tags and without: none
/// changes the logical id of anything that is generated, save for what [`Obstacle`](super::addition::Obstacle) lists.
///
/// Left out: `LayerVersion` and `Connector` have no `Tags` and refuse the template; `Application` becomes a nested
/// stack, whose tags reach, and may replace, resources that cannot be seen here.
fn sam_shape(name: &str) -> Option<TagShape> {
    match name {
        "Api" // the stage only
        | "CapacityProvider" // the capacity provider
        | "Function" // the function and its role
        | "GraphQLApi" // the API
        | "HttpApi" // the API's Body, the stages, the domain name
        | "MicrovmImage" // the image
        | "NetworkConnector" // the connector
        | "SimpleTable" // the table
        | "StateMachine" // the state machine and its role
        | "WebFunction" // the function and its role
        | "WebSocketApi" // the API
        => Some(TagShape {
            property: "Tags",
            form: Form::Map,
            max: MOST_TAGS - 1, // SAM adds one of its own: lambda:createdBy and the like
            keys: Keys::CaseInsensitive,
        }),
        _ => None,
    }
}

/// The row of a type, by halving the text: nothing is built to find it.
fn row(name: &str) -> Option<&'static str> {
    let mut rest = TABLE;
    let is_end = |byte: u8| byte == b'\n';
    while !rest.is_empty() {
        let start = rest.bytes().take(rest.len() / 2).rposition(is_end).map_or(0, |end| end + 1);
        let (before, from) = rest.split_at_checked(start)?;
        let end = from.bytes().position(is_end).unwrap_or(from.len());
        let (line, after) = (from.get(..end)?, from.get(end + 1..).unwrap_or_default());
        let here = line.bytes().take_while(|byte| *byte != b'\t');
        rest = match here.cmp(name.bytes()) {
            Ordering::Equal => return Some(line),
            Ordering::Less => after,
            Ordering::Greater => before,
        };
    }
    None
}

/// Reads a row; a column that is absent or blank holds its default.
fn parse(row: &'static str) -> Option<TagShape> {
    let mut columns = row.split('\t');
    let name = columns.next()?;
    let mut column = || columns.next().filter(|text| !text.is_empty());
    let property = column().unwrap_or("Tags");
    let form = match column() {
        None => Form::List,
        Some("map") => Form::Map,
        Some("list+propagate") => Form::ListPropagate,
        Some(_) => return None,
    };
    let max = match column() {
        None => MOST_TAGS,
        Some(number) => number.parse().ok()?,
    };
    let keys = if name.starts_with("IAM::") { Keys::CaseInsensitive } else { Keys::CaseSensitive };
    Some(TagShape { property, form, max, keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<&'static str> {
        TABLE.lines().filter(|line| !line.starts_with('#')).collect()
    }

    fn written(resource_type: &str) -> Option<(&'static str, Form)> {
        shape_of(resource_type).map(|shape| (shape.property, shape.form))
    }

    #[test]
    fn rows_are_sorted_and_unique_and_each_is_found_and_understood() {
        let names: Vec<&str> = rows().iter().map(|row| row.split('\t').next().unwrap()).collect();
        assert!(names.is_sorted_by(|one, next| one < next));
        for name in names {
            assert!(shape_of(&format!("AWS::{name}")).is_some(), "{name}");
        }
    }

    #[test]
    fn each_type_has_its_own_property_and_form() {
        assert_eq!(written("AWS::SQS::Queue"), Some(("Tags", Form::List)));
        assert_eq!(written("AWS::CloudWatch::Alarm"), Some(("Tags", Form::List)));
        assert_eq!(written("AWS::ApiGatewayV2::Api"), Some(("Tags", Form::Map)));
        assert_eq!(written("AWS::Cognito::UserPool"), Some(("UserPoolTags", Form::Map)));
        assert_eq!(written("AWS::Route53::HostedZone"), Some(("HostedZoneTags", Form::List)));
        assert_eq!(written("AWS::AutoScaling::AutoScalingGroup"), Some(("Tags", Form::ListPropagate)));
        assert_eq!(written("AWS::Serverless::Function"), Some(("Tags", Form::Map)));
        assert_eq!(shape_of("AWS::Glue::Schema").unwrap().max, 10);
    }

    #[test]
    fn what_tags_would_replace_is_absent() {
        for resource_type in [
            "AWS::Batch::ComputeEnvironment",
            "AWS::EC2::KeyPair",
            "AWS::Kinesis::StreamConsumer",
            "AWS::S3::AccessGrant",
            "AWS::CloudFormation::Stack",
            "AWS::Serverless::Application",
        ] {
            assert_eq!(shape_of(resource_type), None, "{resource_type}");
        }
    }

    #[test]
    fn what_takes_no_tags_or_is_unknown_is_absent() {
        for resource_type in [
            "",
            "AWS::",
            "AWS::Lambda::Permission",
            "AWS::Serverless::LayerVersion",
            "AWS::Serverless::Connector",
            "AWS::ZZZ::Last",
            "Custom::Thing",
            "SQS::Queue",
            "AWS::SQS::Queue\tTags",
        ] {
            assert_eq!(shape_of(resource_type), None, "{resource_type}");
        }
    }

    #[test]
    fn the_page_states_the_counts_of_the_table() {
        for (form, words) in [(Form::List, "list"), (Form::Map, "map"), (Form::ListPropagate, "list, propagated")] {
            let count = rows().iter().filter(|row| parse(row).unwrap().form == form).count();
            let cell = format!("| {words} | {count} |");
            assert!(
                crate::catalogue::guards::ownership::MISSING_DEFAULT_TAGS.page.contains(&cell),
                "the page lacks `{cell}`"
            );
        }
    }
}
