//! The kinds of things that have metrics: which resources they are found in, and by which dimensions CloudWatch knows them.

use super::test::Test;

/// The verbs that API Gateway knows.
pub(crate) const VERBS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// What kind of thing a target is; rows of the catalogue name the kinds they watch. A resource may hold targets of several kinds: a queue is a
/// queue, and perhaps somebody's dead-letter queue.
#[derive(Debug)]
pub struct Kind {
    /// What one is called: `SQS queue`.
    pub noun: &'static str,
    /// What many are called: `SQS queues`.
    pub plural: &'static str,
    /// The groups of `Alarms` that configure it, the more specific one last.
    pub groups: &'static [&'static str],
    /// CloudWatch's namespace.
    pub namespace: &'static str,
    /// The resource types in which it is found.
    pub types: &'static [&'static str],
    /// CloudWatch's dimensions, in the order that the documentation has.
    pub dimensions: &'static [Dimension],
    /// Which of the resources of these types it is.
    pub applies: Test,
    /// The only region that has its metrics, where there is but one.
    pub region: Option<&'static str>,
    /// Who finds it.
    pub finder: Finder,
    /// Metrics that have another name here than in the rows: HTTP APIs call `4XXError` `4xx`.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// Who finds the targets of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finder {
    /// Every resource of the types is one, if the kind's test holds: `target::resource`.
    Type,
    /// A file of its own in `target`, because the kind is a part of a resource or depends on others.
    Code,
}

/// A dimension and where its value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: ValueOf,
    /// The property in which the author may have chosen the value: an alarm that spells the name out watches the same.
    pub chosen_by: Option<&'static str>,
}

/// Where the value of a dimension comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOf {
    /// `Ref` to the resource.
    Ref,
    /// An attribute of the resource, by `Fn::GetAtt`.
    Attribute(&'static str),
    /// A property of the resource, as the author wrote it. A resource without it is no target.
    Property(&'static str),
    /// The same for every resource.
    Fixed(&'static str),
    /// A pseudo parameter: `AWS::Region`.
    Pseudo(&'static str),
    /// One piece of the ARN that `Ref` gives: separator and index.
    PieceOfRef(&'static str, usize),
    /// Another resource, or a part of this one: the kind's own finder tells.
    Found,
}

impl Kind {
    /// A kind of which every resource of some types is one. `types` are alternatives: before and after SAM, for instance.
    pub(super) const fn new(
        noun: &'static str,
        plural: &'static str,
        groups: &'static [&'static str],
        namespace: &'static str,
        types: &'static [&'static str],
        dimensions: &'static [Dimension],
    ) -> Self {
        let (applies, region, finder) = (Test::Always, None, Finder::Type);
        Self { noun, plural, groups, namespace, types, dimensions, applies, region, finder, renamed: &[] }
    }

    /// Only the resources that pass a test.
    pub(super) const fn only(self, applies: Test) -> Self {
        Self { applies, ..self }
    }

    /// Its metrics are in one region only.
    pub(super) const fn only_in(self, region: &'static str) -> Self {
        Self { region: Some(region), ..self }
    }

    /// A file of its own in `target` finds it.
    pub(super) const fn found_by_code(self) -> Self {
        Self { finder: Finder::Code, ..self }
    }

    /// Some metrics have another name here than in the rows.
    pub(super) const fn renaming(self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        Self { renamed, ..self }
    }

    /// The name that a row's metric has here.
    pub fn metric_name<'n>(&self, name: &'n str) -> &'n str {
        self.renamed.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| *new)
    }
}

/// Kinds are told apart by what they are called.
impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.noun == other.noun
    }
}

impl Eq for Kind {}

/// `Ref` gives the value; `property` holds it where the author chose it.
pub(super) const fn by_ref(name: &'static str, property: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Ref, chosen_by: Some(property) }
}

/// `Ref` gives the value, which nobody can choose.
pub(super) const fn by_id(name: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Ref, chosen_by: None }
}

/// `Fn::GetAtt` gives the value; `property` holds it where the author chose it.
pub(super) const fn by_attribute(
    name: &'static str,
    attribute: &'static str,
    property: Option<&'static str>,
) -> Dimension {
    Dimension { name, value: ValueOf::Attribute(attribute), chosen_by: property }
}

/// A property is the value.
pub(super) const fn by_property(name: &'static str, property: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Property(property), chosen_by: Some(property) }
}

/// The value is the same for every resource.
pub(super) const fn fixed(name: &'static str, value: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Fixed(value), chosen_by: None }
}

/// A pseudo parameter is the value.
pub(super) const fn pseudo(name: &'static str, parameter: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Pseudo(parameter), chosen_by: None }
}

/// A piece of the ARN that `Ref` gives is the value.
pub(super) const fn piece_of_ref(name: &'static str, separator: &'static str, index: usize) -> Dimension {
    Dimension { name, value: ValueOf::PieceOfRef(separator, index), chosen_by: None }
}

/// The kind's own finder tells the value.
pub(super) const fn found(name: &'static str) -> Dimension {
    Dimension { name, value: ValueOf::Found, chosen_by: None }
}
