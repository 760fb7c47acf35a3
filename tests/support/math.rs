//! CloudWatch's metric math, as far as our alarms use it: numbers, metrics, `+ - * /`, comparisons, `IF`.

use std::collections::BTreeMap;

/// The value of an expression for given values of its metrics. A comparison is 1 or 0.
pub(crate) fn evaluate(expression: &str, metrics: &BTreeMap<String, f64>) -> f64 {
    let tokens = tokens(expression);
    let mut parser = Parser { tokens: &tokens, metrics };
    let value = parser.comparison();
    assert!(parser.tokens.is_empty(), "{expression}: cannot read {:?}", parser.tokens);
    value
}

fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let joins = out
            .last()
            .and_then(|last| last.chars().last())
            .is_some_and(|last| is_word(last) && is_word(c) || matches!((last, c), ('<' | '>' | '=' | '!', '=')));
        match out.last_mut().filter(|_| joins) {
            Some(last) => last.push(c),
            None => out.push(c.to_string()),
        }
    }
    out
}

struct Parser<'t> {
    tokens: &'t [String],
    metrics: &'t BTreeMap<String, f64>,
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> &'t str {
        let (first, rest) = self.tokens.split_first().expect("more of the expression");
        self.tokens = rest;
        first
    }

    fn take(&mut self, wanted: &[&str]) -> Option<&'t str> {
        let first = self.tokens.first().filter(|token| wanted.contains(&token.as_str()))?;
        self.next();
        Some(first)
    }

    fn expect(&mut self, wanted: &str) {
        assert_eq!(self.next(), wanted);
    }

    fn comparison(&mut self) -> f64 {
        let left = self.sum();
        let Some(operator) = self.take(&["<", "<=", ">", ">=", "=="]) else {
            return left;
        };
        let right = self.sum();
        let holds = match operator {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => (left - right).abs() < f64::EPSILON,
        };
        f64::from(u8::from(holds))
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        while let Some(operator) = self.take(&["+", "-"]) {
            let right = self.product();
            value = if operator == "+" { value + right } else { value - right };
        }
        value
    }

    fn product(&mut self) -> f64 {
        let mut value = self.factor();
        while let Some(operator) = self.take(&["*", "/"]) {
            let right = self.factor();
            value = if operator == "*" { value * right } else { value / right };
        }
        value
    }

    fn factor(&mut self) -> f64 {
        match self.next() {
            "(" => {
                let value = self.comparison();
                self.expect(")");
                value
            }
            "IF" => {
                self.expect("(");
                let condition = self.comparison();
                self.expect(",");
                let yes = self.comparison();
                self.expect(",");
                let no = self.comparison();
                self.expect(")");
                if condition == 0.0 { no } else { yes }
            }
            word => match word.parse() {
                Ok(number) => number,
                Err(_) => *self.metrics.get(word).unwrap_or_else(|| panic!("no metric {word}")),
            },
        }
    }
}
