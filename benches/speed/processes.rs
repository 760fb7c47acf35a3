//! What is measured from outside: the function in its process, its package, the command, and the peer.

use crate::runtime_api::{self, peak_memory};
use crate::table::{Goal, Table};
use crate::warm::{FACTORS, as_f64, median};
use crate::{EVENTS, inputs};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use toprail::macro_event::answer;
use toprail::template::document::Document;

/// How often a function is started for its cold start.
const STARTS: usize = 20;

/// How many templates `toprail plan` gets at once.
const TEMPLATES: usize = 500;

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&folder).expect("a writable folder");
    folder.join(name)
}

/// Transforms the event in a file and says how much memory this process has had at most, in kB.
pub(crate) fn memory_of_one_transform(file: &str) -> u64 {
    let event = fs::read(file).expect("the event");
    assert!(answer(None, &event).summary.success);
    peak_memory("/proc/self/status").expect("Linux")
}

/// The memory of one transform above that of an empty template, for 1, 2, 4 … 64 times as many methods.
pub(crate) fn memory_growth(base: usize) -> io::Result<Vec<(f64, f64)>> {
    let this = std::env::current_exe()?;
    let peak = |methods: usize| -> io::Result<f64> {
        let file = scratch("memory.json");
        fs::write(&file, inputs::event_of(&inputs::after_sam(methods, 0)))?;
        let run = || Command::new(&this).arg("memory").arg(&file).output();
        let peaks = (0..5).map(|_| Ok(String::from_utf8_lossy(&run()?.stdout).trim().parse().unwrap_or(0.0)));
        Ok(median(peaks.collect::<io::Result<_>>()?))
    };
    let least = peak(0)?;
    FACTORS.iter().map(|factor| Ok((as_f64(base * factor), (peak(base * factor)? - least).max(1.0)))).collect()
}

/// The function behind a Runtime API: cold start, calls, memory.
pub(crate) fn function(table: &mut Table, bootstrap: Option<PathBuf>, nothing: Option<PathBuf>) {
    let (Some(bootstrap), Some(nothing)) = (bootstrap, nothing) else {
        return table.skip("the function in its process", "it is not built");
    };
    eprintln!("bench: the function in its process");
    let event = inputs::event("a").expect("an event");
    let cold = |program: &Path| runtime_api::run(program, &event, 1, None).map(|run| run.cold);
    let mut starts = [Vec::new(), Vec::new()];
    for _ in 0..STARTS {
        // In turn, so that both meet the same machine.
        for (program, starts) in [&bootstrap, &nothing].into_iter().zip(&mut starts) {
            starts.push(cold(program).expect("the function answers"));
        }
    }
    let [ours, theirs] = starts.map(median);
    table.add("cold start, first answer to (a)", ours, "ms", Goal::AtMost(15.0));
    table.add("  beyond a function that does nothing", ours - theirs, "ms", Goal::AtMost(5.0));
    for (name, what) in EVENTS {
        let event = inputs::event(name).expect("an event");
        let run = runtime_api::run(&bootstrap, &event, 30, None).expect("the function answers");
        table.add(&format!("({name}) {what}, a call of the function"), median(run.warm), "ms", Goal::None);
        let goal = if name == "c" { Goal::AtMost(24.0) } else { Goal::None };
        table.add(&format!("({name}) {what}, peak memory of the function"), megabytes(run.peak), "MB", goal);
    }
}

/// kB, as Linux counts them, in millions of bytes.
fn megabytes(kilobytes: u64) -> f64 {
    as_f64(usize::try_from(kilobytes).unwrap_or(usize::MAX)) * 1024.0 / 1e6
}

/// The zip that is deployed.
pub(crate) fn package(table: &mut Table, zip: Option<PathBuf>) {
    match zip.and_then(|zip| fs::metadata(zip).ok()) {
        Some(zip) => table.add("package", as_f64(zip.len() as usize) / 1e6, "MB", Goal::AtMost(1.5)),
        None => table.skip("package", "no cargo-lambda (scripts/setup installs it)"),
    }
}

/// `toprail plan` on many templates.
pub(crate) fn plan(table: &mut Table, toprail: Option<PathBuf>) {
    let Some(toprail) = toprail else {
        return table.skip("toprail plan", "it is not built");
    };
    eprintln!("bench: toprail plan on {TEMPLATES} templates");
    let files = templates();
    let times = (0..3).map(|_| {
        let started = Instant::now();
        let run =
            Command::new(&toprail).args(["plan", "--fail-on", "never"]).args(&files).stdout(Stdio::null()).status();
        assert!(run.is_ok_and(|status| status.success()), "toprail plan fails");
        started.elapsed().as_secs_f64()
    });
    let rate = as_f64(files.len()) / median(times.collect());
    table.add(&format!("toprail plan, {} templates at once", files.len()), rate, "a second", Goal::AtLeast(200.0));
}

/// Copies of the examples and of the events' templates, each with logical ids of its own.
fn templates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = ["orders-api", "http-api", "rest-cloudformation"];
    let texts = examples.map(|name| fs::read_to_string(root.join(format!("examples/{name}/template.yaml"))));
    let mut texts: Vec<String> = texts.into_iter().map(|text| text.expect("an example")).collect();
    for name in ["rest-after-sam", "rest-before-sam", "http-api", "cloudformation-rest", "websocket"] {
        let event = fs::read_to_string(root.join(format!("events/{name}.json"))).expect("an event");
        let event: serde_json::Value = serde_json::from_str(&event).expect("JSON");
        texts.push(serde_json::to_string_pretty(&event["fragment"]).expect("JSON"));
    }
    let copies = (0..TEMPLATES).map(|number| {
        let text = &texts[number % texts.len()];
        let extension = if text.starts_with('{') { "json" } else { "yaml" };
        let file = scratch(&format!("template{number:03}.{extension}"));
        fs::write(&file, renamed(text, number)).expect("a writable folder");
        file
    });
    copies.collect()
}

/// The template with another number behind each logical id.
fn renamed(text: &str, number: usize) -> String {
    let template = Document::parse(text).expect("a template").value;
    let ids: BTreeSet<_> = template["Resources"].as_object().expect("resources").keys().map(String::as_str).collect();
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        out.push_str(name);
        if ids.contains(name) {
            out.push_str(&number.to_string());
        }
        out.push_str(&word[name.len()..]);
    }
    out
}

/// slic-watch's logic on the same events, in Node.
pub(crate) fn peer(table: &mut Table, plugin: Option<PathBuf>, bootstrap: Option<PathBuf>, warm: &[f64; 3]) {
    let (Some(plugin), Some(bootstrap)) = (plugin, bootstrap) else {
        return table.skip("slic-watch", "no Node.js or npm, or it cannot be installed");
    };
    for ((name, what), ours) in EVENTS.into_iter().zip(warm) {
        eprintln!("bench: slic-watch, ({name})");
        let file = scratch("event.json");
        fs::write(&file, inputs::event(name).expect("an event")).expect("a writable folder");
        let row = format!("slic-watch ÷ Toprail, ({name}) {what}");
        match call_peer(&plugin, &file) {
            Err(error) => table.skip(&row, &error.to_string()),
            Ok(Peer { cold, warm, peak }) => {
                let event = inputs::event(name).expect("an event");
                let own = runtime_api::run(&bootstrap, &event, 2, None).expect("the function answers");
                table.add(&format!("{row}: cold start"), cold / own.cold, "×", Goal::AtLeast(50.0));
                table.add(&format!("{row}: warm"), warm / ours, "×", Goal::AtLeast(100.0));
                table.add(&format!("{row}: memory"), peak / megabytes(own.peak), "×", Goal::AtLeast(6.0));
            }
        }
    }
}

struct Peer {
    cold: f64,
    warm: f64,
    peak: f64,
}

fn call_peer(plugin: &Path, event: &Path) -> io::Result<Peer> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer.cjs");
    let started = Instant::now();
    let mut child = Command::new("node")
        .arg(script)
        .arg(plugin)
        .arg(event)
        .arg("6")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let first = lines.next().transpose()?;
    let cold = started.elapsed().as_secs_f64() * 1e3;
    let last = lines.next().transpose()?.unwrap_or_default();
    child.wait()?;
    let numbers: Vec<f64> = last.split(' ').filter_map(|number| number.parse().ok()).collect();
    match (first.as_deref(), numbers.as_slice()) {
        (Some("first"), [warm, kilobytes, _]) => Ok(Peer { cold, warm: *warm, peak: kilobytes * 1024.0 / 1e6 }),
        _ => Err(io::Error::other("it fails on this template")),
    }
}
