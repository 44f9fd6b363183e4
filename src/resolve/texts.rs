//! Texts in the survey's languages.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::Text;
use crate::parse::shapes;

/// Builds texts; reports unknown languages and missing translations.
pub struct Texts<'a> {
    /// The survey's languages.
    pub languages: &'a [String],
}

impl Texts<'_> {
    /// The text in each language.
    pub fn text(&self, source: Option<&shapes::Text>, problems: &mut Problems) -> Text {
        let Some(source) = source else { return Text::default() };
        let mut out = vec![String::new(); self.languages.len().max(1)];
        for (lang, text) in source.entries.iter() {
            let Some(lang) = lang else {
                out.iter_mut().for_each(|o| *o = text.text().to_owned());
                continue;
            };
            let at = self.languages.iter().position(|l| l == lang.text());
            if let Some(slot) = at.and_then(|i| out.get_mut(i)) {
                *slot = text.text().to_owned();
            }
        }
        self.complete(source, problems);
        Text(out)
    }

    /// Reports languages that the survey does not have, and those in which the text is missing.
    pub fn complete(&self, source: &shapes::Text, problems: &mut Problems) {
        // A survey without `languages` has one error, not one for each text.
        let known = |lang: &shapes::Str| self.languages.iter().any(|l| l == lang.text());
        let named = source.entries.iter().filter_map(|e| e.0.as_ref()).filter(|_| !self.languages.is_empty());
        for lang in named.filter(|lang| !known(lang)) {
            let d = Diagnostic::new(&codes::UNKNOWN_LANGUAGE, lang.span()).arg("lang", lang.text());
            problems.push(d.suggest(lang.text(), self.languages.iter().map(String::as_str)));
        }
        self.missing(source, problems);
    }

    fn missing(&self, source: &shapes::Text, problems: &mut Problems) {
        if source.entries.iter().any(|(l, _)| l.is_none()) {
            return;
        }
        let has = |l: &&String| {
            source.entries.iter().any(|(x, _)| x.as_ref().is_some_and(|x| x.text() == l.as_str()))
        };
        let missing: Vec<&str> = self.languages.iter().filter(|l| !has(l)).map(String::as_str).collect();
        if !missing.is_empty() {
            let d = Diagnostic::new(&codes::MISSING_TRANSLATION, source.span);
            problems.push(d.arg("langs", missing.join(", ")));
        }
    }
}
