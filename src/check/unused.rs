//! Code lists and units that no place uses. Where there are errors, those that are named somewhere are left out later
//! (`load`): what cannot be understood may use them.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Dim, Ty};
use crate::ir::{Row, Survey, Type, UnitId};

/// Reports each list that no cell, constant or spread takes codes from.
pub fn lists(survey: &Survey, problems: &mut Problems) {
    let mut used: Vec<bool> = survey.lists.iter().map(|l| l.spread).collect();
    for cell in &survey.cells {
        if let Type::Code(l) | Type::Codes(l) = cell.ty
            && let Some(u) = used.get_mut(l.ix())
        {
            *u = true;
        }
    }
    for (list, _) in survey.lists.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(Diagnostic::new(&codes::UNUSED_LIST, list.span).arg("list", &list.id));
    }
}

/// Reports each unit that no cell, row or rule has and no other unit is a multiple of.
pub fn units(survey: &Survey, problems: &mut Problems) {
    let mut used = vec![false; survey.units.len()];
    let mut mark = |unit: UnitId| {
        if let Some(u) = used.get_mut(unit.ix()) {
            *u = true;
        }
    };
    survey.cells.iter().filter_map(|c| c.unit).for_each(&mut mark);
    for (ix, unit) in survey.units.iter().enumerate() {
        unit.base.filter(|b| b.ix() != ix).into_iter().for_each(&mut mark);
    }
    for grid in survey.tables.iter().flat_map(|t| &t.sections).flat_map(|s| &s.grid) {
        grid.columns.iter().filter_map(|c| c.unit).for_each(&mut mark);
        rows(&grid.rows, &mut mark);
    }
    for instance in survey.rules.iter().flat_map(|r| &r.instances) {
        for expr in instance.condition().into_iter().chain(&instance.when) {
            expr.walk(&mut |e| {
                if let Ty::Num { dim: Dim::Unit(unit), .. } = e.ty {
                    mark(unit);
                }
            });
        }
    }
    for (unit, _) in survey.units.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(Diagnostic::new(&codes::UNUSED_UNIT, unit.span).arg("unit", &unit.id));
    }
}

fn rows(list: &[Row], mark: &mut dyn FnMut(UnitId)) {
    for row in list {
        row.unit.into_iter().for_each(&mut *mark);
        rows(&row.rows, mark);
    }
}
