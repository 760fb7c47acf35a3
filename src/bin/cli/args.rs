//! What can be typed.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Shows what the CloudFormation macro Toprail adds to a template: alarms on every API method and function, detailed metrics, throttles and tags.
#[derive(Debug, Parser)]
#[command(name = "toprail", version, propagate_version = true, max_term_width = 100, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The organisation's policy, YAML or JSON.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Policy")]
    pub(crate) policy: Option<PathBuf>,

    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Display")]
    pub(crate) color: clap::ColorChoice,

    /// Columns to write in, instead of the terminal's.
    #[arg(long, global = true, hide = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..))]
    pub(crate) width: Option<u16>,
}

const EXAMPLES: &str = "\
Examples:
  toprail plan template.yaml                   what a deployment would add
  toprail plan --fail-on warning *.yaml        the same in CI
  toprail transform template.yaml -o out.yaml  the template that CloudFormation would get
  toprail explain LatencyP99                   what an alarm means and how to change it
  toprail policy check policy.yaml             whether an organisation's policy is right

Exit status: 0 clean, 1 findings at or above --fail-on (or a transform that failed), 2 could not run.";

/// A subcommand.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what would be added to templates, what it costs, and what is missing.
    Plan(PlanArgs),
    /// Write the template that CloudFormation would get.
    Transform(TransformArgs),
    /// Answer macro events as the Lambda function does.
    Invoke(InvokeArgs),
    /// Tell what an alarm, guardrail or finding means, and how to change or suppress it.
    Explain(ExplainArgs),
    /// List all alarms, guardrails, resource types or findings.
    List(ListArgs),
    /// Check the organisation's policy, or see what another one would change.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Write the JSON Schema of a configuration file, for editors.
    #[command(after_help = "Example:\n  toprail schema policy > policy.schema.json")]
    Schema {
        /// Which file.
        file: SchemaOf,
    },
    /// Write completions for a shell.
    #[command(after_help = "Example:\n  toprail completions bash > ~/.local/share/bash-completion/completions/toprail")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// `plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  toprail plan template.yaml
  toprail plan --verbose --param Stage=prod template.yaml
  toprail plan --format json template.yaml | jq '.total'
  toprail plan --format sarif --fail-on warning *.yaml > toprail.sarif
  cat template.yaml | toprail plan -")]
pub(crate) struct PlanArgs {
    /// Templates, YAML or JSON; `-` is standard input.
    #[arg(required = true, value_name = "TEMPLATE")]
    pub(crate) templates: Vec<PathBuf>,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlanFormat,

    /// The lowest level of finding that makes the exit status 1, whatever the format.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(crate) fail_on: FailOn,

    /// Show every alarm with its logical id and where its threshold comes from, every change, and every finding.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) deployment: Deployment,
}

/// What CloudFormation would send along.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Instead of a deployment")]
pub(crate) struct Deployment {
    /// The value of a template parameter; without one its Default counts.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) params: Vec<(String, String)>,

    /// The region, for `AWS::Region`.
    #[arg(long, value_name = "REGION", default_value = "", hide_default_value = true)]
    pub(crate) region: String,

    /// The account's id, for `AWS::AccountId`.
    #[arg(long, value_name = "ACCOUNT", default_value = "", hide_default_value = true)]
    pub(crate) account: String,
}

/// `transform`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Comments are not kept. Other macros stay in `Transform`.

Examples:
  toprail transform template.yaml
  toprail transform template.yaml -o packaged.yaml && sam deploy -t packaged.yaml")]
pub(crate) struct TransformArgs {
    /// The template, YAML or JSON; `-` is standard input.
    #[arg(value_name = "TEMPLATE")]
    pub(crate) template: PathBuf,

    /// Where to write it; without, standard output. The file is complete or as it was.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The format of the result; without, that of the template.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<TemplateFormat>,

    #[command(flatten)]
    pub(crate) deployment: Deployment,
}

/// `invoke`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One response a line, in the order of the events. Exit status 1 if any of them is a failure.

Examples:
  toprail invoke events/rest-before-sam.json
  toprail invoke events/*.json | jq -r .status")]
pub(crate) struct InvokeArgs {
    /// Macro events, JSON; `-` is standard input.
    #[arg(required = true, value_name = "EVENT")]
    pub(crate) events: Vec<PathBuf>,
}

/// `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  toprail explain Api.LatencyP99
  toprail explain unthrottled-stage
  toprail explain TR301
  toprail explain Api.LatencyP99 template.yaml --policy policy.yaml    what holds there, and why")]
pub(crate) struct ExplainArgs {
    /// An alarm, a guardrail, or a finding's code or name.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// A template: what holds there for the alarm, and where that comes from.
    #[arg(value_name = "TEMPLATE")]
    pub(crate) template: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) deployment: Deployment,
}

/// `policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Name all that is wrong with a policy, and show what it says for an account, region and environment.
    Check(PolicyCheckArgs),
    /// Show what another policy would change in templates: alarms, settings, findings, and who would newly fail.
    Diff(PolicyDiffArgs),
}

/// `policy check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  toprail policy check policy.yaml
  toprail policy check policy.yaml --account 111122223333 --region eu-west-1 --environment prod

Exit status: 0 right, 1 wrong, 2 could not run.")]
pub(crate) struct PolicyCheckArgs {
    /// The policy, YAML or JSON; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The account's id.
    #[arg(long, value_name = "ACCOUNT", default_value = "", hide_default_value = true)]
    pub(crate) account: String,

    /// The region.
    #[arg(long, value_name = "REGION", default_value = "", hide_default_value = true)]
    pub(crate) region: String,

    /// What a template says with `Environment`.
    #[arg(long, value_name = "ENVIRONMENT", default_value = "", hide_default_value = true)]
    pub(crate) environment: String,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// `policy diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  toprail policy diff policy.yaml new-policy.yaml services/*/template.yaml
  toprail policy diff none policy.yaml template.yaml    what the first policy would change

Exit status: 0 no template would newly fail, 1 some would, 2 could not run.")]
pub(crate) struct PolicyDiffArgs {
    /// The policy as it is; `none`: there is none yet.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The policy as it would be; `none`: without any.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Templates, YAML or JSON.
    #[arg(required = true, value_name = "TEMPLATE")]
    pub(crate) templates: Vec<PathBuf>,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) deployment: Deployment,
}

/// Whose schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A template, as far as it is Toprail's.
    Template,
    /// A policy.
    Policy,
}

/// `list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  toprail list alarms
  toprail list resources --format json")]
pub(crate) struct ListArgs {
    /// What to list.
    pub(crate) what: Listing,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// What `list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// The alarms of the catalogue.
    Alarms,
    /// What is enforced.
    Guardrails,
    /// The resource types that are recognised.
    Resources,
    /// What can be found.
    Findings,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// For people, for programs, or for code-scanning viewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// The findings for code-scanning viewers: SARIF 2.1.0.
    Sarif,
}

/// The format of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateFormat {
    /// With short tags.
    Yaml,
    /// In long form.
    Json,
}

/// From which level on findings make the exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// What would fail a deployment: a wrong setting, a guardrail at `Deny`.
    Error,
    /// What is not protected, too.
    Warning,
    /// Everything that is worth knowing, too.
    Info,
    /// Nothing; a file that cannot be read still makes it 2.
    Never,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}
