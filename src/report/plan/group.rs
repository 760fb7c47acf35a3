//! The alarms of a plan, grouped as they are shown: each stage of each API with its methods, then the other resources by kind.

use indexmap::{IndexMap, IndexSet};

use crate::catalogue::{AlarmSpec, Cents, group_kind};
use crate::plan::{Plan, PlannedAlarm};
use crate::report::words::{money, rank};
use crate::target::Place;

/// Rows below one heading.
#[derive(Debug)]
pub(super) struct Group<'p> {
    /// `OrdersApi`, `Functions`.
    pub(super) title: String,
    /// `REST API`; empty where the title says it all.
    kind: String,
    /// The stages of the API that are watched in this very way, each with its condition.
    stages: Vec<(&'p str, Option<&'p str>)>,
    /// What is watched, and what is not.
    pub(super) rows: Vec<Row<'p>>,
    /// The condition that most rows have.
    pub(super) condition: Option<&'p str>,
}

/// One thing that is watched.
#[derive(Debug)]
pub(super) struct Row<'p> {
    /// `GET`; empty where there is none.
    pub(super) verb: &'p str,
    /// The path, or what else it is called.
    pub(super) name: &'p str,
    /// Its alarms; none: it has none of its own.
    pub(super) alarms: Vec<&'p PlannedAlarm>,
    /// Instead of alarms.
    pub(super) remark: &'static str,
}

/// Which group an alarm belongs to.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'p> {
    Stage { api: &'p str, stage: &'p str },
    Api(&'p str),
    Kind(&'p str),
}

/// The groups of a plan.
pub(super) fn groups(plan: &Plan) -> Vec<Group<'_>> {
    let mut groups: IndexMap<Key<'_>, Group<'_>> = IndexMap::new();
    for alarm in &plan.alarms {
        let (key, verb, name) = place(alarm);
        let group = groups.entry(key).or_insert_with_key(|key| Group::new(key, &alarm.place));
        let row = group.rows.iter().position(|row| row.verb == verb && row.name == name);
        match row.and_then(|index| group.rows.get_mut(index)) {
            Some(row) => row.alarms.push(alarm),
            None => group.rows.push(Row { verb, name, alarms: vec![alarm], remark: "" }),
        }
    }
    add_unwatched(plan, &mut groups);
    let mut groups: Vec<_> = groups.into_values().collect();
    for group in &mut groups {
        group.sort();
        group.condition = group.common_condition();
        let condition = group.condition;
        group.stages.iter_mut().for_each(|(_, when)| *when = condition);
    }
    merged(groups)
}

/// Stages of one API that are watched in the same way are one group.
fn merged(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut out: Vec<Group<'_>> = Vec::new();
    for group in groups {
        match out.iter_mut().find(|other| other.is_like(&group)) {
            Some(same) => same.stages.extend(group.stages),
            None => out.push(group),
        }
    }
    out
}

fn place(alarm: &PlannedAlarm) -> (Key<'_>, &str, &str) {
    match &alarm.place {
        Place::Stage { api, stage, .. } => (Key::Stage { api, stage }, "", WHOLE_STAGE),
        Place::Route { api, stage, verb, path, .. } => (Key::Stage { api, stage }, verb, path),
        Place::Resource { name, .. } => (Key::Kind(alarm.row.group()), "", name),
    }
}

/// A heading starts with a capital.
fn heading(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// The row of a stage itself.
pub(super) const WHOLE_STAGE: &str = "whole stage";

/// Methods without alarms of their own: in every stage of their API, or below a heading of their own where it has none.
fn add_unwatched<'p>(plan: &'p Plan, groups: &mut IndexMap<Key<'p>, Group<'p>>) {
    let mut routes: IndexMap<&str, IndexSet<(&str, &str)>> = IndexMap::new();
    for alarm in &plan.alarms {
        if let Place::Route { api, verb, path, .. } = &alarm.place {
            routes.entry(api).or_default().insert((verb, path));
        }
    }
    for route in &plan.unwatched {
        routes.entry(&route.api).or_default().insert((&route.verb, &route.path));
    }
    for (api, routes) in routes {
        let has_stage = groups.keys().any(|key| matches!(key, Key::Stage { api: a, .. } if *a == api));
        if !has_stage {
            groups.insert(Key::Api(api), Group::named(api.to_owned(), "not watched".to_owned()));
        }
        let own =
            groups.iter_mut().filter(|(key, _)| matches!(key, Key::Stage { api: a, .. } | Key::Api(a) if *a == api));
        for (key, group) in own {
            let remark = if matches!(key, Key::Api(_)) { "not watched" } else { "stage level only" };
            for (verb, name) in &routes {
                if !group.rows.iter().any(|row| row.verb == *verb && row.name == *name) {
                    group.rows.push(Row { verb, name, alarms: Vec::new(), remark });
                }
            }
        }
    }
}

impl<'p> Group<'p> {
    fn named(title: String, kind: String) -> Self {
        Self { title, kind, stages: Vec::new(), rows: Vec::new(), condition: None }
    }

    fn new(key: &Key<'p>, place: &Place) -> Self {
        let (title, stage) = match key {
            Key::Stage { api, stage } => ((*api).to_owned(), Some(*stage)),
            Key::Api(api) => ((*api).to_owned(), None),
            Key::Kind(group) => (heading(group_kind(group).map_or(*group, |kind| kind.plural)), None),
        };
        let kind = match place {
            Place::Stage { protocol, .. } | Place::Route { protocol, .. } => format!("{} API", protocol.as_str()),
            Place::Resource { .. } => String::new(),
        };
        Self { stages: stage.map(|stage| (stage, None)).into_iter().collect(), ..Self::named(title, kind) }
    }

    /// `REST API`, `stage prod`.
    pub(super) fn subtitles(&self) -> Vec<String> {
        let names: Vec<&str> = self.stages.iter().map(|(name, _)| *name).collect();
        let stages = match names.as_slice() {
            [] => String::new(),
            [name] => format!("stage {name}"),
            names => format!("stages {}", names.join(", ")),
        };
        [self.kind.clone(), stages].into_iter().filter(|part| !part.is_empty()).collect()
    }

    /// `only if IsProd`, or the same for each of its stages.
    pub(super) fn conditions(&self) -> Vec<String> {
        match self.stages.as_slice() {
            [] | [_] => self.condition.map(|when| format!("only if {when}")).into_iter().collect(),
            stages => stages.iter().filter_map(|(name, when)| Some(format!("{name} only if {}", (*when)?))).collect(),
        }
    }

    /// How many stages it stands for.
    pub(super) fn copies(&self) -> usize {
        self.stages.len().max(1)
    }

    /// Whether another stage of the same API is watched in the same way.
    fn is_like(&self, other: &Self) -> bool {
        let condition = |group: &Self, when: Option<&'p str>| when.filter(|_| when != group.condition);
        let alarm = |group: &Self, alarm: &'p PlannedAlarm| {
            let when = condition(group, alarm.when.as_deref());
            (&*alarm.row.id, alarm.threshold.as_str(), alarm.severity, alarm.present, alarm.cost, when)
        };
        let row = |group: &Self, row: &Row<'p>| {
            let alarms: Vec<_> = row.alarms.iter().map(|one| alarm(group, one)).collect();
            (row.verb, row.name, row.remark, row.alarms.is_empty() || row.condition() == group.condition, alarms)
        };
        let rows = |group: &Self| group.rows.iter().map(|one| row(group, one)).collect::<Vec<_>>();
        !self.stages.is_empty() && !other.stages.is_empty() && self.title == other.title && rows(self) == rows(other)
    }

    /// What the new alarms of a row cost a month in all stages; nothing where all are there already.
    pub(super) fn price(&self, row: &Row<'_>) -> String {
        let new = row.alarms.iter().filter(|alarm| !alarm.present);
        let cost = new.map(|alarm| alarm.cost).sum::<Cents>() * self.copies() as Cents;
        if row.alarms.iter().all(|alarm| alarm.present) { String::new() } else { money(cost) }
    }

    /// Its columns, in order.
    pub(super) fn columns(&self) -> Vec<&'p AlarmSpec> {
        let mut columns: Vec<&'p AlarmSpec> = Vec::new();
        for alarm in self.alarms() {
            if !columns.iter().any(|row| row.id == alarm.row.id) {
                columns.push(&alarm.row);
            }
        }
        columns.sort_by_key(|row| rank(row));
        columns
    }

    /// All its alarms.
    pub(super) fn alarms(&self) -> impl Iterator<Item = &'p PlannedAlarm> {
        self.rows.iter().flat_map(|row| row.alarms.iter().copied())
    }

    /// The threshold that most alarms of a column have.
    pub(super) fn usual_threshold(&self, column: &AlarmSpec) -> Option<&'p str> {
        let all: Vec<&'p str> =
            self.alarms().filter(|alarm| alarm.row.id == column.id).map(|alarm| alarm.threshold.as_str()).collect();
        let often = |text: &&str| all.iter().filter(|other| *other == text).count();
        let usual = all.iter().max_by_key(|text| often(text))?;
        (often(usual) * 2 > all.len()).then_some(*usual)
    }

    /// The methods of a path one after the other, paths in the order of their appearance.
    fn sort(&mut self) {
        let paths: IndexSet<&'p str> = self.rows.iter().map(|row| row.name).collect();
        self.rows.sort_by_key(|row| paths.get_index_of(row.name));
    }

    fn common_condition(&self) -> Option<&'p str> {
        let all: Vec<Option<&'p str>> =
            self.rows.iter().filter(|row| !row.alarms.is_empty()).map(Row::condition).collect();
        let often = |when: &Option<&str>| all.iter().filter(|other| *other == when).count();
        let usual = all.iter().max_by_key(|when| often(when))?;
        usual.filter(|_| often(usual) * 2 > all.len())
    }
}

impl<'p> Row<'p> {
    /// The condition of its first alarm.
    pub(super) fn condition(&self) -> Option<&'p str> {
        self.alarms.first().and_then(|alarm| alarm.when.as_deref())
    }

    /// Its alarm in a column.
    pub(super) fn alarm(&self, column: &AlarmSpec) -> Option<&'p PlannedAlarm> {
        self.alarms.iter().find(|alarm| alarm.row.id == column.id).copied()
    }
}
