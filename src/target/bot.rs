//! Amazon Lex: aliases of bots, once for each language.

use super::items::items;
use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, attribute};
use crate::catalogue::rows::machine_learning::BOT;
use crate::template::intrinsic::as_bool;
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

/// Finds languages of aliases.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for alias in template.of_types(BOT.types) {
        let Some(bot) = alias.own("BotId").cloned() else { continue };
        for (locale, when) in locales(template, alias) {
            search.add(Found {
                kind: &BOT,
                resource: alias,
                part: Text::read(&locale),
                dimensions: vec![json!("RecognizeText"), bot.clone(), attribute(alias.id, "BotAliasId"), locale],
                when,
                properties: Properties::Of(alias.id),
            });
        }
    }
}

/// The languages of an alias: its own settings, else those of its bot.
fn locales(template: &Template<'_>, alias: &Resource<'_>) -> Vec<(Value, When)> {
    let id = |(item, when): (&Value, When)| Some((item.get("LocaleId")?.clone(), when));
    if let Some(settings) = alias.own("BotAliasLocaleSettings") {
        let is_on = |(item, _): &(&Value, When)| {
            item.pointer("/BotAliasLocaleSetting/Enabled").and_then(as_bool) != Some(false)
        };
        return items(settings).into_iter().filter(is_on).filter_map(id).collect();
    }
    let bots = alias.own("BotId").map(|bot| named(template, bot, &["AWS::Lex::Bot"])).unwrap_or_default();
    let lists = bots.first().and_then(|(bot, _)| bot.own("BotLocales"));
    lists.map(items).unwrap_or_default().into_iter().filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::super::resource::found_by;
    use super::*;

    #[test]
    fn an_alias_is_watched_once_for_each_language() {
        let alias = |properties: Value| {
            let fragment = json!({"Resources": {
                "Bot": {"Type": "AWS::Lex::Bot", "Properties": {"BotLocales": [{"LocaleId": "de_DE"}]}},
                "A": {"Type": "AWS::Lex::BotAlias", "Properties": properties},
            }});
            found_by(find, &fragment).into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
        };
        assert_eq!(alias(json!({"BotId": {"Ref": "Bot"}})), ["A de_DE"]);
        let settings = json!([{"LocaleId": "en_US", "BotAliasLocaleSetting": {"Enabled": true}}, {"LocaleId": "fr_FR", "BotAliasLocaleSetting": {"Enabled": false}}]);
        assert_eq!(alias(json!({"BotId": "B1", "BotAliasLocaleSettings": settings})), ["A en_US"]);
        assert_eq!(alias(json!({"BotId": {"Ref": "Elsewhere"}})), [] as [String; 0]);
    }
}
