//! `formwright build`

use super::{Context, FINE, FOUND, Failure, Outcome, files, out};
use crate::diag::render;
use crate::emit::{self, Artifact, portability};
use std::path::PathBuf;

/// Compile surveys into artefacts under generated/<survey>/
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright build\n  formwright build schemas/planning-2015 --target json-schema\n  formwright build --check\n  formwright build --deny weaker:json-schema"
)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
    /// Only this target (may be given several times)
    #[arg(long)]
    target: Vec<String>,
    /// Where the artefacts go
    #[arg(long, default_value = "generated")]
    out: PathBuf,
    /// Write nothing; exit 1 naming each stale file
    #[arg(long)]
    check: bool,
    /// Fail on `warnings`, `weaker:TARGET` or `absent:TARGET`
    #[arg(long)]
    deny: Vec<String>,
    /// Say nothing but problems
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    known_targets(&args.target)?;
    let mut ready = Vec::new();
    let mut code = FINE;
    for folder in files::surveys(args.survey.as_deref())? {
        let compiled = files::compiled(context, &folder)?;
        let warnings: Vec<_> = compiled.diagnostics.clone();
        if !warnings.is_empty() {
            eprint!("{}", render::text(&compiled.sources, &warnings, context.lang, context.colour));
            if args.deny.iter().any(|d| d == "warnings") {
                code = FOUND;
            }
        }
        let Some(survey) = compiled.survey else {
            return Err(Failure::unusable("the survey could not be compiled"));
        };
        let table = portability::portability(&survey, emit::EMITTERS);
        for deny in args.deny.iter().filter(|d| *d != "warnings") {
            for d in portability::denied(&survey, &table, deny).map_err(Failure::unusable)? {
                eprintln!("formwright: {} is carried {} by {}", d.rule, d.status.name(), d.target);
                code = FOUND;
            }
        }
        let artefacts = artefacts(&survey, &table, &args.target);
        ready.push((survey, table, artefacts));
    }
    if code != FINE {
        return Ok(code);
    }
    for (survey, table, artefacts) in &ready {
        let folder = args.out.join(&survey.id);
        if args.check {
            for path in files::stale(&folder, artefacts) {
                eprintln!("stale: {}", path.display());
                code = FOUND;
            }
            continue;
        }
        let changed = files::write_set(&folder, artefacts)?;
        if !args.quiet {
            out(&portability::table(survey, table));
            out(&format!("{} files, {changed} changed: {}\n\n", artefacts.len(), folder.display()));
        }
    }
    Ok(code)
}

fn known_targets(wanted: &[String]) -> Result<(), Failure> {
    let names: Vec<&str> = emit::EMITTERS.iter().map(|e| e.name()).collect();
    match wanted.iter().find(|w| !names.contains(&w.as_str())) {
        None => Ok(()),
        Some(wrong) => {
            Err(Failure::unusable(format!("there is no target `{wrong}`; there are {}", names.join(", "))))
        }
    }
}

fn artefacts(
    survey: &crate::ir::Survey,
    table: &portability::Portability,
    wanted: &[String],
) -> Vec<Artifact> {
    let chosen = emit::EMITTERS.iter().filter(|e| wanted.is_empty() || wanted.iter().any(|w| w == e.name()));
    let mut all: Vec<Artifact> = chosen.flat_map(|e| e.emit(survey)).collect();
    all.extend(portability::artifacts(survey, table));
    all
}
