//! The alarms of a plan, grouped as they are shown: each stage of each API with its methods, then the other resources by kind.

use indexmap::{IndexMap, IndexSet};

use crate::catalogue::{AlarmSpec, Cents};
use crate::plan::{Plan, PlannedAlarm};
use crate::report::words::{money, rank};
use crate::target::Place;

/// Rows below one heading.
#[derive(Debug)]
pub(super) struct Group<'p> {
    /// `OrdersApi`, `Functions`.
    pub(super) title: String,
    /// `REST · stage prod`.
    pub(super) subtitle: String,
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
    Kind(&'static str),
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
        group.condition = group.common_condition();
    }
    groups
}

fn place(alarm: &PlannedAlarm) -> (Key<'_>, &str, &str) {
    match &alarm.place {
        Place::Stage { api, stage, .. } => (Key::Stage { api, stage }, "", WHOLE_STAGE),
        Place::Route { api, stage, verb, path, .. } => (Key::Stage { api, stage }, verb, path),
        Place::Resource { id } => (Key::Kind(alarm.row.group()), "", id),
    }
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
            let group = Group { title: api.to_owned(), subtitle: "not watched".to_owned(), rows: Vec::new(), condition: None };
            groups.insert(Key::Api(api), group);
        }
        let own = groups.iter_mut().filter(|(key, _)| matches!(key, Key::Stage { api: a, .. } | Key::Api(a) if *a == api));
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
    fn new(key: &Key<'p>, place: &Place) -> Self {
        let (title, subtitle) = match (key, place) {
            (Key::Stage { api, stage }, Place::Stage { protocol, .. } | Place::Route { protocol, .. }) => {
                ((*api).to_owned(), format!("{} API · stage {stage}", protocol.as_str()))
            }
            (Key::Stage { api, stage }, Place::Resource { .. }) => ((*api).to_owned(), format!("stage {stage}")),
            (Key::Api(api), _) => ((*api).to_owned(), String::new()),
            (Key::Kind(group), _) => (format!("{group}s"), String::new()),
        };
        Self { title, subtitle, rows: Vec::new(), condition: None }
    }

    /// Its columns, in order.
    pub(super) fn columns(&self) -> Vec<&'static AlarmSpec> {
        let mut columns: Vec<&'static AlarmSpec> = Vec::new();
        for alarm in self.alarms() {
            if !columns.iter().any(|row| row.id == alarm.row.id) {
                columns.push(alarm.row);
            }
        }
        columns.sort_by_key(|row| rank(row));
        columns
    }

    /// All its alarms.
    pub(super) fn alarms(&self) -> impl Iterator<Item = &'p PlannedAlarm> {
        self.rows.iter().flat_map(|row| row.alarms.iter().copied())
    }

    /// What its new alarms cost a month.
    pub(super) fn cost(&self) -> Cents {
        self.rows.iter().map(Row::cost).sum()
    }

    /// The threshold that most alarms of a column have.
    pub(super) fn usual_threshold(&self, column: &AlarmSpec) -> Option<&'p str> {
        let all: Vec<&'p str> = self.alarms().filter(|alarm| alarm.row.id == column.id).map(|alarm| alarm.threshold.as_str()).collect();
        let often = |text: &&str| all.iter().filter(|other| *other == text).count();
        let usual = all.iter().max_by_key(|text| often(text))?;
        (often(usual) * 2 > all.len()).then_some(*usual)
    }

    fn common_condition(&self) -> Option<&'p str> {
        let all: Vec<Option<&'p str>> = self.rows.iter().filter(|row| !row.alarms.is_empty()).map(Row::condition).collect();
        let often = |when: &Option<&str>| all.iter().filter(|other| *other == when).count();
        all.iter().max_by_key(|when| often(when)).copied().flatten()
    }
}

impl<'p> Row<'p> {
    /// What its new alarms cost a month.
    pub(super) fn cost(&self) -> Cents {
        self.alarms.iter().filter(|alarm| !alarm.present).map(|alarm| alarm.cost).sum()
    }

    /// The cost as text; nothing where all is there already.
    pub(super) fn price(&self) -> String {
        if self.alarms.iter().all(|alarm| alarm.present) { String::new() } else { money(self.cost()) }
    }

    /// The condition of its first alarm.
    pub(super) fn condition(&self) -> Option<&'p str> {
        self.alarms.first().and_then(|alarm| alarm.when.as_deref())
    }

    /// Its alarm in a column.
    pub(super) fn alarm(&self, column: &AlarmSpec) -> Option<&'p PlannedAlarm> {
        self.alarms.iter().find(|alarm| alarm.row.id == column.id).copied()
    }
}
