//! Files of code lists and units.

use super::Was;
use crate::parse::decode::mappings;
use crate::parse::shapes::{Flag, Free, NamedList, OneOrMany, Str, Text};

mappings! {
    /// A file of code lists and units.
    struct Lists ("a file of lists", "代码文件") {
        /// Code lists
        "lists" lists: NamedList<CodeList>,
        /// Units
        "units" units: NamedList<Unit>,
    }

    /// A code list.
    struct CodeList ("a code list", "代码表") {
        /// The label
        "label" label: Text,
        /// The codes
        "codes" codes: NamedList<Code>,
        /// The version
        "version" version: Str,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
        /// A CSV file with the codes
        "csv" csv: Str,
    }

    /// A code.
    struct Code ("a code", "代码") label label {
        /// The label
        "label" label: Text,
        /// Whether it needs a specification
        "specify" specify: Flag,
        /// Whether no other code may be chosen beside it
        "exclusive" exclusive: Flag,
        /// Whether it may no longer be chosen
        "retired" retired: Flag,
        /// The code above it
        "under" under: Str,
        /// A note that reaches every rendition
        "note" note: Text,
        /// Earlier code: it, {id, until}, or a list of these
        "was" was: OneOrMany<Was>,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }

    /// A unit.
    struct Unit ("a unit", "单位") label label {
        /// The label
        "label" label: Text,
        /// How many of which unit it is, as `10000 人`; `1`: a pure count
        "is" is: Str,
        /// Irregularities that are kept, with the reason
        "accept" accept: Free<Text>,
    }
}
