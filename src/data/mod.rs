//! Submissions: records in memory, the strict reader, the canonical writer and the migration over renames.

pub mod cell;
pub mod error;
pub mod json;
pub mod layout;
pub mod migrate;
pub mod records;
pub mod version;
pub mod write;

pub use cell::RawProblem;
pub use error::{ReadError, ReadErrorKind};
pub use json::{
    GivenResponse, Parsed, Problem, Submission, read_context, read_lines, read_loose, read_return,
};
pub use layout::Layout;
pub use migrate::{Migrated, migrate};
pub use records::{Record, Records};
pub use write::{write_record, write_return};

#[cfg(test)]
pub mod support;
#[cfg(test)]
mod tests;
