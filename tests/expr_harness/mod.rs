//! Expressions on every engine: what is asked ([`world`], [`corpus`], [`random`]), and who answers ([`engines`]).

pub mod corpus;
pub mod engines;
pub mod random;
pub mod reference;
pub mod sites;
pub mod world;
