//! Submissions: records in memory, the strict reader, the canonical writer and the migration over renames.

pub mod cell;
pub mod earlier;
pub mod error;
pub mod json;
pub mod layout;
pub mod migrate;
pub mod records;
pub mod version;
pub mod write;

pub use cell::RawProblem;
pub use earlier::Earlier;
pub use error::{ReadError, ReadErrorKind};
pub use json::{
    Beyond, GivenResponse, Parsed, Problem, Submission, read_context, read_lines, read_loose, read_return,
};
pub use layout::Layout;
pub use migrate::{Migrated, migrate};
pub use records::{Record, Records};
pub use write::{write_record, write_return};

use std::hash::{DefaultHasher, Hash, Hasher};

#[cfg(test)]
pub mod support;
#[cfg(test)]
mod tests;

/// 128 bits that stand for a thing, the same in every run: of millions of places two are never taken for one.
pub(crate) fn mark(thing: &(impl Hash + ?Sized)) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        thing.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}
