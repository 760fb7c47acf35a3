//! Amazon Lex: aliases of bots, once for each language.

use super::items::{is_partly_unknown, items, leaves};
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, attribute, unknown_list};
use crate::catalogue::Test;
use crate::catalogue::rows::machine_learning::BOT;
use crate::finding::{Finding, UNKNOWN_PROPERTY};
use crate::template::intrinsic::is_no_value;
use crate::template::text::Text;
use crate::template::{Resource, When};
use serde_json::{Value, json};

const BOTS: &[&str] = &["AWS::Lex::Bot"];
const SETTINGS: &str = "BotAliasLocaleSettings";
const HAS_SETTINGS: Test = Test::Has(SETTINGS);
const IS_OFF: Test = Test::Is("BotAliasLocaleSetting.Enabled", &["false"]);

/// Finds languages of aliases.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for alias in template.of_types(BOT.types) {
        let Some(bot) = alias.own("BotId").filter(|bot| Text::read(bot).is_some() && !is_no_value(bot)) else {
            continue;
        };
        let mut languages = chosen(search, alias);
        languages.extend(inherited(search, alias, bot));
        for (language, when) in languages {
            let Some(part) = Text::read(language).filter(Text::is_visible) else { continue };
            let id = attribute(alias.id, "BotAliasId");
            search.add(Found {
                kind: &BOT,
                resource: alias,
                part: Some(part),
                dimensions: vec![json!("RecognizeText"), bot.clone(), id, language.clone()],
                when,
                properties: Properties::Of(alias.id),
            });
        }
    }
}

/// The languages that an alias has by its own settings, and has not switched off.
fn chosen<'t>(search: &mut Search<'_, 't>, alias: &Resource<'t>) -> Vec<(&'t Value, When)> {
    let Some(settings) = alias.own(SETTINGS) else { return Vec::new() };
    if is_partly_unknown(settings) {
        search.findings.push(unknown_list(&BOT, alias, SETTINGS));
    }
    let template = search.template;
    let is_on = |setting: &'t Value| {
        let properties = setting.as_object().map_or(Properties::None, Properties::Part);
        match properties.test(template, IS_OFF) {
            Answer::When(off) => off.negate(),
            // A language is listed in order to be used.
            Answer::Unknown(_) => When::Always,
        }
    };
    languages(settings).into_iter().map(|(setting, language, when)| (language, when.and(is_on(setting)))).collect()
}

/// The languages of the bot, where the alias says nothing of its own.
fn inherited<'t>(search: &mut Search<'_, 't>, alias: &Resource<'t>, bot: &Value) -> Vec<(&'t Value, When)> {
    let template = search.template;
    let silent = match Properties::Of(alias.id).test(template, HAS_SETTINGS) {
        Answer::When(has) => has.negate(),
        Answer::Unknown(_) => When::Never,
    };
    let mut all = Vec::new();
    for (bot, when) in leaves(bot) {
        let when = when.and(silent.clone());
        let here = named(template, bot, BOTS);
        let listed = here.first().and_then(|(bot, _)| Some((*bot, bot.own("BotLocales")?)));
        match listed {
            _ if when == When::Never => {}
            Some((bot, list)) => {
                if is_partly_unknown(list) {
                    search.findings.push(unknown_list(&BOT, bot, "BotLocales"));
                }
                let when = when.and(bot.when());
                all.extend(languages(list).into_iter().map(|(_, language, own)| (language, own.and(when.clone()))));
            }
            None => search.findings.push(unknown_languages(alias)),
        }
    }
    all
}

/// The entries of a list that name a language, with it.
fn languages(list: &Value) -> Vec<(&Value, &Value, When)> {
    items(list).into_iter().filter_map(|(entry, when)| Some((entry, entry.get("LocaleId")?, when))).collect()
}

fn unknown_languages(alias: &Resource<'_>) -> Finding {
    let what = format!("{} is not watched: the languages of its bot are not in this template", alias.id);
    let help = "list them in the alias's `BotAliasLocaleSettings`, or in `BotLocales` of the bot";
    Finding::new(&UNKNOWN_PROPERTY, alias.property_at("BotId"), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn fragment(properties: Value) -> Value {
        json!({"Resources": {
            "Bot": {"Type": "AWS::Lex::Bot", "Condition": "Own", "Properties": {"BotLocales": [{"LocaleId": "de_DE"}]}},
            "Stored": {"Type": "AWS::Lex::Bot", "Properties": {"BotFileS3Location": {"S3Bucket": "b"}}},
            "A": {"Type": "AWS::Lex::BotAlias", "Properties": properties},
        }})
    }

    fn found(properties: Value) -> Vec<(String, When)> {
        found_by(find, &fragment(properties)).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    fn one(name: &str, when: When) -> Vec<(String, When)> {
        vec![(name.to_owned(), when)]
    }

    #[test]
    fn an_alias_has_the_languages_of_its_bot() {
        for bot in [json!({"Ref": "Bot"}), json!({"Fn::GetAtt": ["Bot", "Id"]}), json!({"Fn::Sub": "${Bot}"})] {
            assert_eq!(found(json!({"BotId": bot})), one("A de_DE", holds("Own")));
        }
    }

    #[test]
    fn its_own_settings_win() {
        let setting = |language: &str, enabled: Value| json!({"LocaleId": language, "BotAliasLocaleSetting": {"Enabled": enabled}});
        let settings = json!([
            setting("en_US", json!(true)),
            setting("fr_FR", json!("false")),
            setting("it_IT", json!({"Fn::If": ["Italy", true, false]})),
        ]);
        let expected = [("A en_US", When::Always), ("A it_IT", holds("Italy"))];
        let expected = expected.map(|(name, when)| (name.to_owned(), when));
        assert_eq!(found(json!({"BotId": {"Ref": "Bot"}, "BotAliasLocaleSettings": settings})), expected);
    }

    #[test]
    fn settings_under_a_condition_leave_the_bots_languages_otherwise() {
        let settings = json!({"Fn::If": ["C", [{"LocaleId": "en_US"}], {"Ref": "AWS::NoValue"}]});
        let found = found(json!({"BotId": {"Ref": "Bot"}, "BotAliasLocaleSettings": settings}));
        let otherwise = holds("C").negate().and(holds("Own"));
        assert_eq!(found, [one("A en_US", holds("C")), one("A de_DE", otherwise)].concat());
    }

    #[test]
    fn all_dimensions_are_there_in_order() {
        let found =
            found_by(find, &fragment(json!({"BotId": "B1", "BotAliasLocaleSettings": [{"LocaleId": "en_US"}]})));
        let id = json!({"Fn::GetAtt": ["A", "BotAliasId"]});
        let dimensions = vec![json!("RecognizeText"), json!("B1"), id, json!("en_US")];
        assert_eq!(found, [("A en_US".to_owned(), dimensions, When::Always)]);
    }

    #[test]
    fn languages_that_are_not_here_are_said() {
        for bot in [json!({"Ref": "Elsewhere"}), json!("B1"), json!({"Ref": "Stored"})] {
            let fragment = fragment(json!({"BotId": bot}));
            assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 1), "{fragment}");
        }
        let unknown = fragment(json!({"BotId": "B1", "BotAliasLocaleSettings": {"Ref": "P"}}));
        assert_eq!((found_by(find, &unknown).len(), said_by(find, &unknown).len()), (0, 1));
    }

    #[test]
    fn what_is_no_bot_or_no_language_is_left_alone() {
        for odd in [json!(["x"]), json!({"Ref": "AWS::NoValue"}), json!(null)] {
            assert_eq!(found(json!({"BotId": odd})), []);
        }
        for odd in [json!("x"), json!([3]), json!([{"LocaleId": ["x"]}]), json!([{"LocaleId": ""}]), json!(null)] {
            assert_eq!(found(json!({"BotId": "B1", "BotAliasLocaleSettings": odd})), []);
        }
    }
}
