//! Tests beside the tables.

use crate::parse::decode::mappings;
use crate::parse::shapes::{List, Raw, Str};

mappings! {
    /// A test: a part of a return, and every finding it must have.
    struct Test ("a test", "测试") requires ["name", "expect"] {
        /// What it shows
        "name" name: Str,
        /// This table's part of a submission
        "given" given: Raw,
        /// Parts of other tables
        "tables" tables: Raw,
        /// The context
        "context" context: Raw,
        /// The previous return
        "previous" previous: Raw,
        /// The findings
        "expect" expect: List<Expect>,
    }

    /// An expected finding.
    struct Expect ("an expected finding", "预期结果") requires ["rule"] {
        /// The rule
        "rule" rule: Str,
        /// The section
        "section" section: Str,
        /// The group, as `cities 1`
        "group" group: Str,
        /// The row, as `cities 1` or an id
        "row" row: Str,
        /// The column
        "column" column: Str,
        /// The period or code
        "over" over: Str,
        /// The state, if not fail
        "state" state: Str,
    }
}
