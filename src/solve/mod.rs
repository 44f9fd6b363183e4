//! The solver behind the checker: small returns that a rule passes, fails or leaves undecided, and proofs that there are
//! none.
//!
//! ```text
//! conditions --case--> cases --possible--> none is possible: proved, with the reasons
//!                            \--find--> values --world--> judged by the evaluator: a witness
//! ```
//!
//! A proof rests on the types, scales and bounds of the cells, and on exact elimination; what is tried out never proves
//! anything. Where neither a witness nor a proof is found within the budget, the answer is [`Answer::Open`].

mod case;
mod find;
mod linear;
mod possible;
mod samples;
mod sum;
mod world;

pub use case::{Goal, Spot};
pub use find::{Answer, Solver};
pub use possible::Why;
pub use world::{Slot, Witness, judged};
