//! The header tree of columns and its leaves; spreads over periods and code lists.

use super::names::join_text;
use super::{Leaf, Work};
use crate::diag::{Diagnostic, codes, over_limit};
use crate::ir::table::{Head, Remarks};
use crate::ir::{Content, ListId, Text};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Named, NamedList, Str};
use crate::resolve::facts::{fitted, overlay, passed};
use crate::resolve::model::{ColModel, GroupModel};
use crate::resolve::types::{meant_type, unknown_list, unknown_type};
use std::sync::Arc;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 16_384;

/// Leaves and groups, in printed order.
#[derive(Default)]
pub struct Header {
    pub leaves: Vec<Leaf>,
    pub groups: Vec<GroupModel>,
}

/// What a column is spread over: the axis, the period or code, and its label.
type Step = (String, String, Text);

impl Work<'_, '_> {
    /// The header tree of columns; leaves are added in printed order.
    pub(super) fn columns(
        &mut self,
        list: &NamedList<ast::Field>,
        from_above: &Facts,
        groups: &[Text],
        header: &mut Header,
    ) -> Vec<Head> {
        let mut heads = Vec::new();
        for f in &list.0 {
            match self.input.life.field(f, self.b.problems) {
                Some(f) => heads.push(self.column(&f, from_above, groups, header)),
                None => self.b.model.past.extend(fields_of(f)),
            }
        }
        heads
    }

    fn column(
        &mut self,
        f: &Named<ast::Field>,
        from_above: &Facts,
        groups: &[Text],
        header: &mut Header,
    ) -> Head {
        let facts = overlay(&fitted(from_above, &f.node.facts), &f.node.facts);
        let label = self.text(f.node.label.as_ref());
        match (&f.node.columns, &f.node.over) {
            (Some(children), _) => self.group_head(f, children, &facts, label, groups, header),
            (None, Some(over)) => self.spread_head(f, &over.0, facts, label, groups, header),
            (None, None) => {
                let ix = self.push_leaf(f, facts, label.clone(), groups, Vec::new(), header);
                Head {
                    id: f.id.text().into(),
                    label,
                    column: Some(ix),
                    children: Vec::new(),
                    said: Remarks::default(),
                }
            }
        }
    }

    fn group_head(
        &mut self,
        f: &Named<ast::Field>,
        children: &NamedList<ast::Field>,
        facts: &Facts,
        label: Text,
        groups: &[Text],
        header: &mut Header,
    ) -> Head {
        self.built.declared_groups.push(f.clone());
        let own = f.node.facts.parts.is_some().then(|| {
            let one = Facts { parts: None, ..facts.clone() };
            self.push_leaf(f, one, label.clone(), groups, Vec::new(), header)
        });
        let first = header.leaves.len();
        let said = self.said(&f.node.facts);
        let under = [groups, std::slice::from_ref(&label)].concat();
        let head_children = self.columns(children, &passed(facts), &under, header);
        header.groups.push(GroupModel {
            id: f.id.text().into(),
            label: label.clone(),
            columns: (first..header.leaves.len()).collect(),
            children: children.0.iter().map(|c| c.id.text().to_owned()).collect(),
            own,
        });
        Head { id: f.id.text().into(), label, column: own, children: head_children, said }
    }

    /// One column for each period or code; a product is a tree of heads.
    fn spread_head(
        &mut self,
        f: &Named<ast::Field>,
        over: &[Str],
        facts: Facts,
        label: Text,
        groups: &[Text],
        header: &mut Header,
    ) -> Head {
        let axes = self.axes(over);
        let spread = axes.iter().fold(1usize, |n, axis| n.saturating_mul(axis.len()));
        let columns = header.leaves.len().saturating_add(spread);
        if columns > MAX_COLUMNS {
            self.b.problems.push(over_limit(f.id.span(), "columns of a table", columns, MAX_COLUMNS));
            return Head {
                id: f.id.text().into(),
                label,
                column: None,
                children: Vec::new(),
                said: Remarks::default(),
            };
        }
        let under = [groups, std::slice::from_ref(&label)].concat();
        let children = self.spread(f, &axes, &facts, &under, &[], header);
        Head { id: f.id.text().into(), label, column: None, children, said: Remarks::default() }
    }

    /// The heads of one axis, each with those of the axes behind it (at most as deep as `over` is long).
    fn spread(
        &mut self,
        f: &Named<ast::Field>,
        axes: &[Vec<Step>],
        facts: &Facts,
        groups: &[Text],
        at: &[(String, String)],
        header: &mut Header,
    ) -> Vec<Head> {
        let Some((axis, rest)) = axes.split_first() else { return Vec::new() };
        let mut heads = Vec::new();
        for (name, code, label) in axis {
            let at = [at, &[(name.clone(), code.clone())]].concat();
            let id = spread_id(f.id.text(), &at);
            let head = if rest.is_empty() {
                let ix = self.push_leaf(f, facts.clone(), label.clone(), groups, at, header);
                Head {
                    id,
                    label: label.clone(),
                    column: Some(ix),
                    children: Vec::new(),
                    said: Remarks::default(),
                }
            } else {
                let under = [groups, std::slice::from_ref(label)].concat();
                let children = self.spread(f, rest, facts, &under, &at, header);
                Head { id, label: label.clone(), column: None, children, said: Remarks::default() }
            };
            heads.push(head);
        }
        heads
    }

    /// The axes of a spread: periods together are one, each code list is one. Retired codes have no column.
    fn axes(&mut self, over: &[Str]) -> Vec<Vec<Step>> {
        let mut axes: Vec<Vec<Step>> = Vec::new();
        let mut periods: Option<usize> = None;
        for written in over {
            let name = self.axis(written);
            if let Some(p) = self.b.model.periods.iter().find(|p| p.id == name) {
                let step = ("period".to_owned(), p.id.clone(), p.label.clone());
                match periods.and_then(|at| axes.get_mut(at)) {
                    Some(axis) => axis.push(step),
                    None => {
                        periods = Some(axes.len());
                        axes.push(vec![step]);
                    }
                }
                continue;
            }
            let Some(list) = self.b.model.lists.iter().find(|l| l.id == name) else { continue };
            let step = |c: &crate::ir::CodeItem| (list.id.clone(), c.code.clone(), c.label.clone());
            axes.push(list.codes.iter().filter(|c| !c.retired).map(step).collect());
        }
        axes
    }

    /// The period or list of an axis. One that is not known is reported, and the one that was meant taken, so that the
    /// names of its columns are not reported too.
    fn axis(&mut self, name: &Str) -> String {
        let periods = self.b.model.periods.iter().map(|p| p.id.as_str());
        let known: Vec<&str> = periods.chain(self.b.model.lists.iter().map(|l| l.id.as_str())).collect();
        if known.contains(&name.text()) {
            return name.text().to_owned();
        }
        let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
        let d = d.suggest(name.text(), known);
        let meant = d.suggestions.first().cloned();
        self.b.problems.push(d);
        meant.unwrap_or_default()
    }

    fn push_leaf(
        &mut self,
        f: &Named<ast::Field>,
        facts: Facts,
        label: Text,
        groups: &[Text],
        over: Vec<(String, String)>,
        header: &mut Header,
    ) -> usize {
        let declared = f.id.text().to_owned();
        let content = self.content(f, &facts);
        let base = self.text(f.node.short.as_ref().or(f.node.label.as_ref()));
        let spoken = if over.is_empty() { base.clone() } else { join_text(&self.spread_label(&over), &base) };
        // The cells of such columns are not typed by the column itself.
        let by_row = facts.ty.as_ref().is_some_and(|t| meant_type(t.text()) == "by_row");
        if content == Content::Constant || by_row {
            self.b.problems.extend(facts.ty.as_ref().and_then(unknown_type));
            let lists = &self.b.model.lists;
            let unknown = facts.list.as_ref().filter(|_| !by_row).and_then(|l| unknown_list(l, lists));
            self.b.problems.extend(unknown);
        }
        let named =
            facts.list.as_ref().and_then(|l| self.b.model.lists.iter().position(|x| x.id == l.text()));
        let model = ColModel {
            id: spread_id(&declared, &over),
            name: self
                .input
                .node
                .names
                .as_ref()
                .and_then(|n| n.column.as_ref())
                .map(|p| super::names::filled(p, f.id.text())),
            declared,
            over,
            label: spoken,
            base,
            list: named.map(|i| ListId(u32::try_from(i).unwrap_or(u32::MAX))),
            holds: matches!(content, Content::Value | Content::Constant),
        };
        let facts = Arc::new(facts);
        header.leaves.push(Leaf { model, facts, label, groups: groups.to_vec(), content, span: f.id.span() });
        header.leaves.len() - 1
    }

    /// The period and codes of a spread column, as they are spoken.
    fn spread_label(&self, over: &[(String, String)]) -> Text {
        let label = |(axis, code): &(String, String)| {
            let periods = self.b.model.periods.iter().filter(|_| axis == "period");
            let of_list = self.b.model.lists.iter().find(|l| l.id == *axis).and_then(|l| l.find(code));
            let period = periods.filter(|p| p.id == *code).map(|p| p.label.clone()).next();
            period.or_else(|| of_list.map(|c| c.label.clone())).unwrap_or_default()
        };
        over.iter().map(label).reduce(|a, b| join_text(&a, &b)).unwrap_or_default()
    }

    fn content(&mut self, f: &Named<ast::Field>, facts: &Facts) -> Content {
        match f.node.show.as_ref().map(|s| (s.text(), s.span())) {
            Some(("number", _)) => Content::Number,
            Some(("label", _)) => Content::Label,
            Some(("unit", _)) => Content::Unit,
            Some((other, span)) => {
                let known = ["number", "label", "unit"];
                self.b.problems.push(super::super::bad_word(other, span, &known));
                Content::Label
            }
            None if facts.constant.is_some_and(|c| c.0) => Content::Constant,
            None => Content::Value,
        }
    }
}

/// `done` spread over june is `done_june`.
fn spread_id(declared: &str, over: &[(String, String)]) -> String {
    over.iter().fold(declared.to_owned(), |id, (_, code)| format!("{id}_{code}"))
}

/// The ids of a field and of all below it.
fn fields_of(field: &Named<ast::Field>) -> Vec<String> {
    let (mut out, mut open) = (Vec::new(), vec![field]);
    while let Some(f) = open.pop() {
        out.push(f.id.text().to_owned());
        open.extend(f.node.columns.iter().flat_map(|c| &c.0));
    }
    out
}
