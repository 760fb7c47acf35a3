//! Texts as YAML scalars: plain where every reader, YAML 1.1's included, reads the same text back; else in quotes or as a block.

/// What stands around a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// The rest of the line is its own; or a key.
    Line,
    /// A list in brackets.
    Flow,
}

/// A text on one line.
pub(super) fn write(text: &str, style: Style) -> String {
    if is_plain(text, style) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.contains('\'') && text.chars().all(is_printable) {
        format!("'{text}'")
    } else {
        quoted(text)
    }
}

/// A text of several lines as a literal block, where a block can hold it.
pub(super) fn block(text: &str, indent: usize) -> Option<String> {
    let (body, chomp) = text.strip_suffix('\n').map_or((text, "-"), |body| (body, ""));
    let starts_well = !text.starts_with([' ', '\t', '\n']);
    let ends_well = !body.ends_with([' ', '\t', '\n']) && !body.is_empty();
    let is_text = text.chars().all(|c| c == '\n' || c == '\t' || is_printable(c));
    if !text.contains('\n') || !starts_well || !ends_well || !is_text {
        return None;
    }
    let margin = " ".repeat(indent);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{margin}{line}") };
    Some(format!("|{chomp}\n{}", body.split('\n').map(line).collect::<Vec<_>>().join("\n")))
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

fn is_plain(text: &str, style: Style) -> bool {
    let starts_well =
        text.chars().next().is_some_and(|first| !first.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=<".contains(first));
    let is_marked =
        text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.ends_with(char::is_whitespace);
    let breaks_flow = style == Style::Flow && text.contains([',', '[', ']', '{', '}']);
    let ends_document = text.starts_with("...");
    starts_well && !ends_document && !is_marked && !breaks_flow && text.chars().all(is_printable) && !is_typed(text)
}

/// Whether some reader would take the text for a number, a date, a boolean or null: YAML 1.1's and 1.2's forms together.
fn is_typed(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "+.inf", "-.inf", ".nan"];
    words.contains(&lower.as_str()) || is_number(&lower) || is_date(text)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all =
        |digits: &str, allowed: &str| !digits.is_empty() && digits.chars().all(|c| c == '_' || allowed.contains(c));
    let decimal = "0123456789";
    if let Some((prefix, digits)) = unsigned.split_at_checked(2) {
        let allowed = match prefix {
            "0x" => "0123456789abcdef",
            "0o" => "01234567",
            "0b" => "01",
            _ => "",
        };
        if all(digits, allowed) {
            return true;
        }
    }
    if unsigned.contains(':') {
        return unsigned.split(':').all(|part| all(part, "0123456789."));
    }
    let (mantissa, exponent) =
        unsigned.split_once('e').map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digit = mantissa.contains(|c: char| c.is_ascii_digit());
    let good = |digits: &str| digits.is_empty() || all(digits, decimal);
    let exponent_is_good =
        exponent.is_none_or(|digits| all(digits.strip_prefix(['+', '-']).unwrap_or(digits), decimal));
    has_digit && good(whole) && good(fraction) && exponent_is_good
}

/// `2010-09-09`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', 't', ' ', '\t']).next().unwrap_or_default();
    let parts: Vec<_> = date.split('-').collect();
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_change_its_type_is_quoted() {
        let plain = "orders AWS::Region 3.0.1 10.0.0.0/16 nodejs22.x /orders/{id} 1h it's x#y 2010-09 a:b ~a";
        assert!(plain.split(' ').all(|text| write(text, Style::Line) == text));
        let numbers =
            "0 -1 +5 .5 5. 1_000 0x1F 0o17 0b1 0755 012345678901 1e5 1:30 .NaN -.inf 2010-09-09 2010-09-09T10:00:00Z";
        let words = "~ null True on NO y << = a: * &a !x % @x ` {a} [a] ?x :x -x | > ...";
        let blanks = ["", " a", "a ", "- a", "a: b", "a #b", "a\tb", "a\u{85}b", "\u{feff}"];
        for text in numbers.split(' ').chain(words.split(' ')).chain(blanks) {
            assert!(write(text, Style::Line).starts_with(['"', '\'']), "{text}");
        }
        assert_eq!(write(r#"say "hi""#, Style::Line), r#"say "hi""#);
        assert_eq!(write(r#""hi""#, Style::Line), r#"'"hi"'"#);
        assert_eq!(write("a, b", Style::Flow), "\"a, b\"");
    }

    #[test]
    fn a_text_of_several_lines_is_a_block_unless_its_blanks_would_be_lost() {
        assert_eq!(block("a\n\nb\n", 2).as_deref(), Some("|\n  a\n\n  b"));
        assert_eq!(block("a\nb", 4).as_deref(), Some("|-\n    a\n    b"));
        for text in ["one line", " a\nb", "\na", "a\n\n", "a\r\nb", "a \n"] {
            assert_eq!(block(text, 2), None, "{text:?}");
        }
    }
}
