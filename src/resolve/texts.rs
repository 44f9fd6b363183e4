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
        for (lang, text) in &source.entries {
            let Some(lang) = lang else {
                out.iter_mut().for_each(|o| *o = text.text().to_owned());
                continue;
            };
            match self.languages.iter().position(|l| l == lang.text()).and_then(|i| out.get_mut(i)) {
                Some(slot) => *slot = text.text().to_owned(),
                // A survey without `languages` has one error, not one for each text.
                None if self.languages.is_empty() => {}
                None => {
                    let known = self.languages.iter().map(String::as_str);
                    let d = Diagnostic::new(&codes::UNKNOWN_LANGUAGE, lang.span()).arg("lang", lang.text());
                    problems.push(d.suggest(lang.text(), known));
                }
            }
        }
        self.missing(source, problems);
        Text(out)
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
