//! JSON Schema 2020-12 for other applications, and beside it what keywords cannot say.
//!
//! * `return.schema.json`, `return.draft.schema.json`, the same for each table, `context.schema.json`: standard assertion
//!   keywords only, never stricter than the source;
//! * `return.meta.json` ([`meta`]), `return.annotated.schema.json` ([`document::Mode`]), `rules.json` ([`catalogue`]),
//!   `ui.schema.json` ([`ui`]); the schemas of these are `meta.schema.json`, `rules.schema.json`, `layout.schema.json`
//!   ([`closed`](super::closed)).

pub mod catalogue;
pub mod document;
pub mod files;
pub mod leaf;
pub mod meta;
pub mod names;
pub mod predicate;
pub mod recognise;
pub mod tree;
pub mod types;
pub mod ui;

use super::{Carried, Emitted, Emitter};
use crate::ir::Survey;
use crate::ir::cell::Root;
use crate::parallel::both;
use document::Common;

/// The emitter.
pub struct JsonSchema;

impl Emitter for JsonSchema {
    fn name(&self) -> &'static str {
        "json-schema"
    }

    fn title(&self) -> &'static str {
        "JSON Schema"
    }

    fn emit(&self, survey: &Survey) -> Emitted {
        let (recognised, (returned, shared)) = both(
            true,
            || recognise::recognise(survey),
            || (tree::document(survey, Root::Return), document::shared(survey)),
        );
        let files = files::all(&Common::new(survey, &recognised, shared), returned);
        Emitted { files, carried: recognised.carried }
    }

    fn carries(&self, survey: &Survey) -> Vec<Carried> {
        recognise::recognise(survey).carried
    }
}
