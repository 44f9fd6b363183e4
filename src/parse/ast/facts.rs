//! Facts of rules and of places.

use super::Was;
use crate::parse::decode::mappings;
use crate::parse::shapes::{Fact, Flag, Free, Int, List, OneOrMany, Str, Text};

mappings! {
    /// Facts of a rule that any fact which can fail may carry too.
    struct RuleFacts ("facts of a rule", "规则属性") {
        /// The id of the rule; otherwise node and fact.
        "id" id: Str,
        /// error (default), warning or information
        "severity" severity: Str,
        /// A preset of rule facts (survey.yaml, `kinds`).
        "kind" kind: Str,
        /// The sentence of a finding, with {left} {right} {diff} {field} {field.label} {row.label} {n}
        "message" message: Text,
        /// The field in which an explanation settles it; `true`: kept beside the return
        "explain" explain: Str,
        /// `office`: left to the receiving office
        "by" by: Str,
        /// How blanks are read: skip (default), zero or partial
        "blank" blank: Str,
        /// The clause it implements, as `note 5`
        "from" from: Str,
        /// A number in the left side's unit, '0.5%', or `rounding`
        "tolerance" tolerance: Str,
        /// First day of the reference periods it holds for
        "since" since: Str,
        /// Last day of the reference periods it holds for
        "until" until: Str,
        /// The class; derived unless written
        "class" class: Str,
    }

    /// What stands beside `is` or `when` in the long form of a fact.
    struct FactRest ("a fact", "事实") {
        /// The cells that are the parts (`parts`)
        "of" of: OneOrMany<Str>,
        /// What the place must be where it does not apply: blank (default), zero, keep or mark
        "else" otherwise: Str,
    } flat { rule: RuleFacts }

    /// Facts of a field, column, group or row, and of the places of `cells`.
    struct Facts ("facts of a place", "位置的属性") {
        /// text long_text count decimal percent money yes_no tick code codes date month year url phone email by_row target
        "type" ty: Str,
        /// The code list of `code` and `codes`
        "list" list: Str,
        /// The unit
        "unit" unit: Str,
        /// Decimals
        "scale" scale: Int,
        /// Significant digits, at most 15 (12 unless written)
        "digits" digits: Int,
        /// Smallest value
        "min" min: Fact<Str>,
        /// Largest value
        "max" max: Fact<Str>,
        /// Fewest characters
        "min_length" min_length: Fact<Str>,
        /// Most characters
        "max_length" max_length: Fact<Str>,
        /// Pattern of the whole text
        "pattern" pattern: Fact<Str>,
        /// Fewest codes
        "min_choices" min_choices: Fact<Str>,
        /// Most codes
        "max_choices" max_choices: Fact<Str>,
        /// `true` or a condition: filled wherever the place applies
        "required" required: Fact<Str>,
        /// A condition; where it certainly does not hold the place must be blank (or as `else` says)
        "applies" applies: Fact<Str>,
        /// sum, disjoint or overlapping: the relation of the whole to its parts
        "parts" parts: Fact<Str>,
        /// A constant for each row is printed
        "constant" constant: Flag,
        /// An expression: read-only, compared when delivered
        "calculated" calculated: Fact<Str>,
        /// A context field that fills it
        "prefill" prefill: Str,
        /// Whether a prefilled value is read-only
        "locked" locked: Flag,
        /// Notation codes allowed in the cell
        "marks" marks: OneOrMany<Str>,
        /// trim (default) or none
        "normalize" normalize: Str,
        /// Earlier id: it, {id, until} with the last version that used it, or a list of these
        "was" was: OneOrMany<Was>,
        /// Irregularities that are kept, by name of the diagnostic, with the reason
        "accept" accept: Free<Text>,
        /// First day of the reference periods it exists for
        "since" since: Str,
        /// Last day of the reference periods it exists for
        "until" until: Str,
        /// Facts that hold for some reference periods or under a condition
        "editions" editions: List<Edition>,
        /// What is said about it beside the field
        "help" help: Text,
        /// A note that reaches every rendition
        "note" note: Text,
        /// `half`: takes half the width
        "width" width: Str,
        /// `boxes`: the answers print as boxes to tick; of a section: rows, lines or side_by_side
        "layout" layout: Str,
        /// Stands under the box of a code, as `capable.no`
        "under" under: Str,
        /// A stamp area beside it, with its text
        "stamp" stamp: Text,
        /// What a blank calculated cell prints
        "empty" empty: Text,
    }

    /// Facts that are laid over those of a place.
    struct Edition ("an edition", "版本") {
        /// A condition under which the facts hold
        "when" when: Str,
        /// The label in this edition
        "label" label: Text,
    } flat { facts: Facts }
}
