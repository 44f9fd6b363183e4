//! `formwright dump`

use super::{Context, FINE, Outcome, files, out};
use crate::expr::lower::instance;
use crate::expr::named::Named;
use crate::expr::print::print;
use crate::expr::show::show;
use crate::expr::target::TARGETS;
use crate::ir::{Place, Rule, Survey};
use std::path::PathBuf;

/// Make a stage of the compiler visible
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright dump expr\n  formwright dump ir schemas/planning-2015\n  formwright dump places"
)]
pub struct Args {
    /// The stage
    #[arg(value_parser = ["ast", "ir", "expr", "places"])]
    stage: String,
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    for folder in files::surveys(args.survey.as_deref())? {
        if args.stage == "ast" {
            let tree = crate::dump_ast(files::sources(&folder)?);
            if tree.is_empty() {
                // There is none where survey.yaml cannot be read: that is told.
                files::compiled(context, &folder)?;
            }
            out(&tree);
            continue;
        }
        let compiled = files::compiled(context, &folder)?;
        let Some(survey) = &compiled.survey else { continue };
        if args.stage == "ir" {
            out(&format!("{survey:#?}\n"));
            continue;
        }
        let show = if args.stage == "places" { places } else { shown };
        survey.rules.iter().for_each(|rule| out(&show(survey, rule)));
    }
    Ok(FINE)
}

/// A rule as written and each place it is checked at, with the terms that have no cell there (——) and drop out.
fn places(_: &Survey, rule: &Rule) -> String {
    let mut text = format!("{}: {}\n", rule.id, rule.source);
    for i in &rule.instances {
        let lost = if i.lost.is_empty() { String::new() } else { format!("  without {}", i.lost.join(", ")) };
        text += &format!("  {}{lost}\n", place(&i.place, i.home.is_some()));
    }
    text + "\n"
}

/// `cities (each row), over june`, `centre total.calls`, or `the return`.
fn place(place: &Place, repeats: bool) -> String {
    let names = [&place.section, &place.group, &place.row, &place.column];
    let mut words: Vec<String> = names.into_iter().flatten().cloned().collect();
    if let Some(block) = place.block.as_ref().filter(|_| repeats) {
        words.insert(usize::from(place.section.is_some()), format!("each of {block}"));
    }
    words.extend(place.over.iter().map(|(axis, code)| format!("{axis} {code}")));
    if words.is_empty() { "once".to_owned() } else { words.join(", ") }
}

/// A rule as written, as formulas, and in each expression target; of its places the first.
fn shown(survey: &Survey, rule: &Rule) -> String {
    let mut text = format!("{}: {}\n", rule.id, rule.source);
    let Some(first) = rule.instances.first() else { return text };
    let verdicts = match instance(survey, rule.origin, first) {
        Ok(Some(verdicts)) => verdicts,
        Ok(None) => return text + "  checked where the cell is read\n\n",
        Err(reason) => return text + &format!("  not taken apart: {reason}\n\n"),
    };
    let name = |spot| Named::plain(survey, spot);
    for (what, formula) in [("holds", &verdicts.passes), ("fails", &verdicts.fails)] {
        text += &format!("  {what:<9} {}\n", show(formula, &name));
    }
    for target in TARGETS {
        let printed = print(&verdicts.fails, target, &Named { survey, target });
        let line = match printed {
            Ok(printed) if printed.weaker.is_empty() => printed.text,
            Ok(printed) => {
                format!(
                    "{}  (weaker: {})",
                    printed.text,
                    printed.weaker.into_iter().collect::<Vec<_>>().join(", ")
                )
            }
            Err(reason) => format!("absent: {reason}"),
        };
        text += &format!("  {:<9} {line}\n", target.name);
    }
    if rule.instances.len() > 1 {
        text += &format!("  and at {} more places\n", rule.instances.len() - 1);
    }
    text + "\n"
}
