//! Names of the rows of the function table: what keywords can say of a comparison depends on its operator, not its type.

use crate::ir::func::{FuncId, TABLE};

/// The name of a row, as written in the source.
pub fn name(id: FuncId) -> &'static str {
    TABLE.get(usize::from(id.0)).map_or("", |f| f.name)
}

/// The first row of that name.
pub fn find(name: &str) -> Option<FuncId> {
    TABLE.iter().position(|f| f.name == name).and_then(|n| u16::try_from(n).ok()).map(FuncId)
}
