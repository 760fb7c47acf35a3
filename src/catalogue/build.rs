//! The words in which rows are written: `alarm(…)` and what is said of it. Every row says all of it; the tests of [`super::rows`] see to that.

use super::kind::Kind;
use super::spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Share, Threshold, Unit, Window};
use super::test::{Need, Test};
use std::borrow::Cow;
use std::mem;

/// A metric with an id for expressions.
pub(super) const fn metric(id: &'static str, name: &'static str, stat: &'static str) -> MetricUse<'static> {
    MetricUse { id, name, stat }
}

/// One metric, with its statistic: `sum("Errors")` would be `one("Errors", "Sum")`.
pub(super) const fn one(name: &'static str, stat: &'static str) -> MetricUse<'static> {
    MetricUse { id: "m", name, stat }
}

/// A share of a property, as the threshold of a row.
pub(super) const fn share(percent: u32, property: &'static str, scale: f64, absent: Option<f64>) -> Threshold {
    Threshold::Share(Share { property: Cow::Borrowed(property), percent, scale, absent })
}

/// A number, as the threshold of a row.
pub(super) const fn number(number: f64) -> Threshold {
    Threshold::Number(number)
}

/// A row: id, kinds, metrics. Everything else follows in the methods.
pub(super) const fn alarm(
    id: &'static str,
    on: &'static [&'static Kind],
    metrics: &'static [MetricUse<'static>],
) -> AlarmSpec {
    AlarmSpec {
        id: Cow::Borrowed(id),
        on,
        applies: Test::Always,
        need: None,
        listed: metrics,
        own: None,
        expression: None,
        comparison: Comparison::Above,
        threshold: Threshold::Yours,
        unit: Unit::Count,
        window: Window::new(60, 1, 1),
        min_samples: None,
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: Cow::Borrowed(""),
        look: Cow::Borrowed(""),
        source: Cow::Borrowed(""),
    }
}

impl AlarmSpec {
    /// Only resources that pass a test.
    pub(super) const fn only(mut self, applies: Test) -> Self {
        self.applies = applies;
        self
    }

    /// What must be on for the metrics to exist.
    pub(super) const fn needs(mut self, need: Need) -> Self {
        self.need = Some(need);
        self
    }

    /// Metric math over the metrics' ids.
    pub(super) const fn math(mut self, expression: &'static str) -> Self {
        set(&mut self.expression, Some(Cow::Borrowed(expression)));
        self
    }

    /// Metric math with a gate: `{min}` (or `{gate}`, one half less) stands for the number of failures below which a period does not count.
    pub(super) const fn gated(mut self, expression: &'static str, min: u32) -> Self {
        set(&mut self.expression, Some(Cow::Borrowed(expression)));
        self.min_samples = Some(min);
        self
    }

    /// It fires above the threshold.
    pub(super) const fn above(mut self, threshold: Threshold, unit: Unit) -> Self {
        self.comparison = Comparison::Above;
        set(&mut self.threshold, threshold);
        self.unit = unit;
        self
    }

    /// It fires below the threshold.
    pub(super) const fn below(mut self, threshold: Threshold, unit: Unit) -> Self {
        self.comparison = Comparison::Below;
        set(&mut self.threshold, threshold);
        self.unit = unit;
        self
    }

    /// M of N periods of so many seconds.
    pub(super) const fn of(mut self, datapoints: u32, evaluation_periods: u32, period: u32) -> Self {
        self.window = Window::new(period, datapoints, evaluation_periods);
        self
    }

    /// What no data means; without this it is good.
    pub(super) const fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// How urgent it is, and the first profile that has it.
    pub(super) const fn is(mut self, severity: Severity, profile: Profile) -> Self {
        self.severity = severity;
        self.profile = profile;
        self
    }

    /// What is wrong when it fires, and the first thing to look at.
    pub(super) const fn says(mut self, what: &'static str, look: &'static str) -> Self {
        set(&mut self.what, Cow::Borrowed(what));
        set(&mut self.look, Cow::Borrowed(look));
        self
    }

    /// Where metric and numbers come from. That is for people: the function does not carry it.
    pub(super) const fn source(mut self, source: &'static str) -> Self {
        set(&mut self.source, Cow::Borrowed(if cfg!(feature = "cli") { source } else { "" }));
        self
    }
}

/// Sets a value. At compile time nothing can be dropped; what was there is borrowed, so that forgetting it loses nothing.
const fn set<T>(place: &mut T, value: T) {
    mem::forget(mem::replace(place, value));
}
