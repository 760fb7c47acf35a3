//! `plain-secret`: environment variables hold no secrets. A variable is named in a finding; its value never is, nor anything about it.

mod places;
mod signs;

use crate::catalogue::guards::access::PLAIN_SECRET;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::under;
use crate::target::leaves;
use crate::template::intrinsic::{as_bool, is_intrinsic};
use crate::template::text::{Part, Text};
use crate::template::{Template, When};
use places::Variable;
use serde_json::Value;

pub(super) const ENTRY: Entry = (&PLAIN_SECRET, look);

fn look(check: &mut Check<'_, '_, '_>) {
    for variable in places::variables(check.template()) {
        let told = leaves(variable.value)
            .into_iter()
            .filter_map(|(value, when)| Some((sign(check.template(), &variable.name, value)?, when)))
            .min_by_key(|(sign, _)| sign.is_unknown());
        if let Some((sign, when)) = told {
            report(check, &variable, &sign, &when);
        }
    }
}

/// Why a value is, or may be, a secret that everybody can read who may look at the configuration.
enum Sign {
    /// It is written out, and the name of the variable says that it is a secret.
    Named,
    /// It is written out, and has the shape of a secret.
    Shaped(&'static str),
    /// It is the default of a parameter.
    Default(String),
    /// It comes from a parameter.
    Parameter(String),
    /// Secrets Manager gives it, when the stack is deployed.
    Resolved,
}

impl Sign {
    fn is_unknown(&self) -> bool {
        matches!(self, Self::Parameter(_) | Self::Resolved)
    }

    fn words(&self) -> String {
        match self {
            Self::Named => "has a name that says it is a secret, and its value is written in the template".to_owned(),
            Self::Shaped(shape) => format!("holds {shape}, written in the template"),
            Self::Default(name) => format!("has a name that says it is a secret, and its value is the default of the parameter {name}"),
            Self::Parameter(name) => {
                format!("gets the parameter {name}: whoever may read the configuration reads the value there, `NoEcho` or not")
            }
            Self::Resolved => {
                "gets a secret of Secrets Manager when the stack is deployed: whoever may read the configuration reads the value there".to_owned()
            }
        }
    }
}

fn sign(template: &Template<'_>, name: &str, value: &Value) -> Option<Sign> {
    let is_secret_name = signs::is_secret_name(name);
    if !is_intrinsic(value) {
        let text = Text::read(value)?.display();
        return match signs::shape(&text) {
            Some(shape) => Some(Sign::Shaped(shape)),
            None if signs::is_resolved(&text) => Some(Sign::Resolved),
            None => (is_secret_name && signs::may_be_secret(&text)).then_some(Sign::Named),
        };
    }
    let text = Text::read(value)?;
    let literal: String = text.parts().iter().filter_map(literal_of).collect::<Vec<_>>().join(" ");
    if let Some(shape) = signs::shape(&literal) {
        return Some(Sign::Shaped(shape));
    }
    if signs::is_resolved(&text.display()) {
        return Some(Sign::Resolved);
    }
    text.parts().iter().find_map(|part| match part {
        Part::Ref(parameter) => from_parameter(template, parameter, is_secret_name && text.parts().len() == 1),
        Part::Literal(_) | Part::Attribute(..) | Part::Opaque(_) => None,
    })
}

fn literal_of(part: &Part) -> Option<&str> {
    match part {
        Part::Literal(text) => Some(text),
        Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_) => None,
    }
}

/// A parameter that is hidden, or one that a variable with the name of a secret is made of.
fn from_parameter(template: &Template<'_>, name: &str, is_secret_name: bool) -> Option<Sign> {
    let parameter = template.section("Parameters")?.get(name)?;
    // A parameter of any other type is looked up by CloudFormation, or is an id.
    let kind = parameter.get("Type").and_then(Value::as_str);
    let is_hidden = parameter.get("NoEcho").and_then(as_bool) == Some(true);
    if kind != Some("String") && !is_hidden {
        return None;
    }
    let default = parameter.get("Default").and_then(Text::read).map(|text| text.display()).unwrap_or_default();
    let is_resolved = default.starts_with("{{resolve:");
    if is_secret_name && signs::may_be_secret(&default) && !is_resolved {
        return Some(Sign::Default(name.to_owned()));
    }
    // Of a parameter that is called `DbSecretName` the value is a name.
    let is_secret = is_hidden || (is_secret_name && signs::is_secret_name(name) && default.is_empty());
    (is_secret && !is_resolved).then(|| Sign::Parameter(name.to_owned()))
}

fn report(check: &mut Check<'_, '_, '_>, variable: &Variable<'_>, sign: &Sign, when: &When) {
    let what = format!("the variable {} of {} {}{}", variable.name, variable.owner, sign.words(), under(when));
    let help = "keep the value in Secrets Manager or as a SecureString in Parameter Store, and give the code its name";
    let violation = Violation::new(variable.at.clone(), &variable.owner, what, help);
    check.report(if sign.is_unknown() { violation.unknown() } else { violation });
}
