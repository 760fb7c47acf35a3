//! Where a setting comes from. The order of [`Layer`] is the precedence.

use crate::template::Pointer;

/// Who set a value; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Toprail's catalogue.
    Catalogue,
    /// The chosen profile.
    Profile,
    /// `Metadata.Toprail` of the template.
    Template,
    /// The transform's parameters.
    Transform,
    /// `Metadata.Toprail` of a resource.
    Resource,
    /// An entry of `Methods`.
    Method,
}

/// A layer and the place in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Who set the value.
    pub layer: Layer,
    /// Where.
    pub at: Pointer,
}

impl Origin {
    /// The catalogue's own default.
    pub(crate) fn catalogue() -> Self {
        Self { layer: Layer::Catalogue, at: Pointer::root() }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.layer {
            Layer::Catalogue => f.write_str("Toprail's default"),
            Layer::Profile => f.write_str("the profile"),
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
