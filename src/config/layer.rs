//! Where a setting comes from. The order of [`Layer`] is the precedence.

use crate::catalogue::{AlarmSpec, Own};
use crate::finding::{Code, Finding};
use crate::template::Pointer;

/// Who set a value; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Toprail's catalogue.
    Catalogue,
    /// A row of the organisation's own (`Custom` of the policy).
    Custom,
    /// The chosen profile.
    Profile,
    /// `Defaults` of the organisation's policy.
    PolicyDefaults,
    /// `Defaults` of an entry of the policy's `Accounts`.
    Account,
    /// `Metadata.Toprail` of the template.
    Template,
    /// The transform's parameters.
    Transform,
    /// `Metadata.Toprail` of a resource.
    Resource,
    /// An entry of `Methods`.
    Method,
    /// `Enforced` of the policy, or of an entry of its `Accounts`.
    Enforced,
}

impl Layer {
    /// Whether its values stand in the policy, not in the template.
    pub fn is_policy(self) -> bool {
        match self {
            Self::Custom | Self::PolicyDefaults | Self::Account | Self::Enforced => true,
            Self::Catalogue | Self::Profile | Self::Template | Self::Transform | Self::Resource | Self::Method => false,
        }
    }

    /// Whether its values stand in no file.
    pub fn is_built_in(self) -> bool {
        matches!(self, Self::Catalogue | Self::Profile)
    }

    /// Its word in a plan's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Custom => "custom",
            Self::Profile => "profile",
            Self::PolicyDefaults => "policyDefaults",
            Self::Account => "account",
            Self::Template => "template",
            Self::Transform => "transform",
            Self::Resource => "resource",
            Self::Method => "method",
            Self::Enforced => "enforced",
        }
    }
}

/// A layer and the place in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Who set the value.
    pub layer: Layer,
    /// Where: in the policy, if [`Layer::is_policy`]; else in the template.
    pub at: Pointer,
}

impl Origin {
    /// The catalogue's own default.
    pub(crate) fn catalogue() -> Self {
        Self { layer: Layer::Catalogue, at: Pointer::root() }
    }

    /// Where the defaults of a row stand.
    pub(crate) fn of_row(row: &AlarmSpec) -> Self {
        let at = |own: &Own| Pointer::root().child("Custom").child(own.index);
        row.own.as_ref().map_or_else(Self::catalogue, |own| Self { layer: Layer::Custom, at: at(own) })
    }

    /// A finding about something else, because of what stands here.
    pub(crate) fn on(&self, mut finding: Finding) -> Finding {
        if self.layer.is_policy() {
            return finding.with_policy(self.at.clone());
        }
        finding.related.push(self.at.clone());
        finding
    }

    /// A finding about the value that stands here, in whichever file that is.
    pub(crate) fn finding(&self, code: &'static Code, what: impl Into<String>, help: impl Into<String>) -> Finding {
        if self.layer.is_policy() {
            Finding::new(code, Pointer::root(), what, help).with_policy(self.at.clone())
        } else {
            Finding::new(code, self.at.clone(), what, help)
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.layer {
            Layer::Catalogue => f.write_str("Toprail's default"),
            Layer::Profile => f.write_str("the profile"),
            Layer::Custom | Layer::PolicyDefaults | Layer::Account => write!(f, "the policy's {}", self.at),
            Layer::Enforced => write!(f, "the policy's {}, enforced", self.at),
            Layer::Template | Layer::Transform | Layer::Resource | Layer::Method => {
                write!(f, "{}", self.at)
            }
        }
    }
}

/// A value that knows where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Its origin.
    pub from: Origin,
}

impl<T> Sourced<T> {
    /// The catalogue's own default.
    pub(crate) fn default_of(value: T) -> Self {
        Self { value, from: Origin::catalogue() }
    }
}

/// Lets a higher layer's value replace a lower one's.
pub(crate) fn overlay<T: Clone>(lower: &mut Option<Sourced<T>>, higher: &Option<Sourced<T>>) {
    if higher.is_some() {
        lower.clone_from(higher);
    }
}
