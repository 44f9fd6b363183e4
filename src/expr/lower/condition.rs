//! Conditions.

use super::{EVAL_ONLY, Lower, Pair, Refused, atom, key, opposite, sibling, spot, state};
use crate::expr::formula::{
    FALSE, Formula, Spot, State, TRUE, Term, TermKind, and, choose, guard, is, not, or,
};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::func::{FuncId, Role};
use formwright_engine::Value;
use formwright_engine::func::{Compare, Target};

impl Pair {
    fn known(known: bool) -> Self {
        Pair { holds: Formula::Const(known), fails: Formula::Const(!known) }
    }

    /// Neither: blank or unknown.
    fn undecided() -> Self {
        Pair { holds: FALSE, fails: FALSE }
    }

    fn turned(self) -> Self {
        Pair { holds: self.fails, fails: self.holds }
    }
}

fn all(pairs: Vec<Pair>) -> Pair {
    let (holds, fails): (Vec<_>, Vec<_>) = pairs.into_iter().map(|p| (p.holds, p.fails)).unzip();
    Pair { holds: and(holds), fails: or(fails) }
}

fn any(pairs: Vec<Pair>) -> Pair {
    let (holds, fails): (Vec<_>, Vec<_>) = pairs.into_iter().map(|p| (p.holds, p.fails)).unzip();
    Pair { holds: or(holds), fails: and(fails) }
}

fn is_tally(e: &Expr) -> bool {
    matches!(&e.kind, Kind::Call(id, _) if id.row().role == Role::Tally)
}

impl<'a> Lower<'a> {
    /// Both formulas of a condition.
    pub fn condition(&mut self, e: &'a Expr) -> Result<Pair, Refused> {
        self.spend(1)?;
        match &e.kind {
            Kind::Const(Value::Bool(known)) => Ok(Pair::known(*known)),
            Kind::Const(_) => Ok(Pair::undecided()),
            Kind::Var(var) => {
                let stands_for = self.variable(*var)?;
                self.condition(stands_for)
            }
            Kind::Cell { .. } => {
                let at = spot(&e.kind).ok_or(EVAL_ONLY)?;
                Ok(Pair { holds: state(State::Yes, e, at), fails: state(State::No, e, at) })
            }
            Kind::If(three) => {
                let [c, p, q] = three.as_ref();
                let c = self.condition(c)?.holds;
                let (p, q) = (self.condition(p)?, self.condition(q)?);
                self.again(&c)?;
                let holds = choose(c.clone(), p.holds, q.holds);
                Ok(Pair { holds, fails: choose(c, p.fails, q.fails) })
            }
            Kind::Quant { every, parts } => self.quantified(*every, parts, None),
            Kind::QuantValues { every, list, var, body } => match &list.kind {
                Kind::List(parts) => self.quantified(*every, parts, Some((*var, body))),
                _ => Err(EVAL_ONLY),
            },
            Kind::Call(id, args) => self.call(*id, args),
            Kind::List(_) | Kind::FilterValues { .. } | Kind::Field(..) => Err(EVAL_ONLY),
        }
    }

    fn conditions(&mut self, args: &'a [Expr]) -> Result<Vec<Pair>, Refused> {
        args.iter().map(|a| self.condition(a)).collect()
    }

    fn call(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Pair, Refused> {
        match (id.row().role, args) {
            (Role::And, _) => self.conditions(args).map(all),
            (Role::Or, _) => self.conditions(args).map(any),
            (Role::Not, [one]) => self.condition(one).map(Pair::turned),
            (Role::Compare(op), [a, b]) if is_tally(a) && !is_tally(b) => self.tally(op, a, b),
            (Role::Compare(op), [a, b]) if is_tally(b) && !is_tally(a) => self.tally(op.flipped(), b, a),
            (Role::Compare(op), [a, b]) if id.row().key.ends_with("_bool") => {
                self.same_condition(op == Compare::Eq, a, b)
            }
            (Role::Meets, [x, target]) => self.meets(x, target),
            (Role::Between, [x, low, high]) => self.between(id, [x, low, high], args),
            (Role::Member, [x, list]) => self.member(id, x, list),
            (Role::Null(blank), [a, b]) => {
                let x = if a.ty == Ty::Null { b } else { a };
                let pair = Pair { holds: self.blank(x)?, fails: self.filled(x)? };
                Ok(if blank { pair } else { pair.turned() })
            }
            (Role::Presence(filled), _) => self.presence(filled, args),
            _ if id.row().key == "unique" => self.unique(id, args),
            (Role::Compare(_) | Role::Near | Role::Plain, _) => self.strict(id, args),
            _ => Err(EVAL_ONLY),
        }
    }

    /// A test of values that must all be there.
    fn strict(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Pair, Refused> {
        let filled = and(args.iter().map(|a| self.filled(a)).collect::<Result<Vec<_>, _>>()?);
        let terms = args.iter().map(|a| self.term(a)).collect::<Result<Vec<_>, _>>()?;
        Ok(Pair {
            holds: guard(filled.clone(), atom(id, terms.clone())),
            fails: guard(filled, opposite(id, terms)),
        })
    }

    /// `=` and `!=` of conditions.
    fn same_condition(&mut self, equal: bool, a: &'a Expr, b: &'a Expr) -> Result<Pair, Refused> {
        let (a, b) = (self.condition(a)?, self.condition(b)?);
        for half in [&a.holds, &a.fails, &b.holds, &b.fails] {
            self.again(half)?;
        }
        let same = or([and([a.holds.clone(), b.holds.clone()]), and([a.fails.clone(), b.fails.clone()])]);
        let pair = Pair { holds: same, fails: or([and([a.holds, b.fails]), and([a.fails, b.holds])]) };
        Ok(if equal { pair } else { pair.turned() })
    }

    /// A bound that fails decides, even where the other is blank.
    fn between(
        &mut self,
        id: FuncId,
        [x, low, high]: [&'a Expr; 3],
        args: &'a [Expr],
    ) -> Result<Pair, Refused> {
        if self.filled(low)? == TRUE && self.filled(high)? == TRUE {
            return self.strict(id, args);
        }
        let (above, below) =
            (self.compared(sibling(id, "ge")?, x, low)?, self.compared(sibling(id, "le")?, x, high)?);
        Ok(all(vec![above, below]))
    }

    /// A strict test of two values.
    fn compared(&mut self, id: FuncId, a: &'a Expr, b: &'a Expr) -> Result<Pair, Refused> {
        let filled = and([self.filled(a)?, self.filled(b)?]);
        let terms = vec![self.term(a)?, self.term(b)?];
        Ok(Pair {
            holds: guard(filled.clone(), atom(id, terms.clone())),
            fails: guard(filled, opposite(id, terms)),
        })
    }

    /// A printed target is a comparison with its number.
    fn meets(&mut self, x: &'a Expr, target: &'a Expr) -> Result<Pair, Refused> {
        let parsed = match &target.kind {
            Kind::Const(Value::Num(n)) => Some(Target { op: Compare::Ge, number: *n }),
            Kind::Const(Value::Text(text)) => Target::parse(text),
            Kind::Const(_) => None,
            _ if matches!(target.ty, Ty::Num { .. }) => return self.compared(key("ge_num")?, x, target),
            _ => return Err("target-text"),
        };
        let Some(parsed) = parsed else { return Ok(Pair::undecided()) };
        let row = key(match parsed.op {
            Compare::Eq => "eq_num",
            Compare::Ne => "ne_num",
            Compare::Lt => "lt_num",
            Compare::Le => "le_num",
            Compare::Gt => "gt_num",
            Compare::Ge => "ge_num",
        })?;
        let ty = crate::ir::func::typing::plain(parsed.number.scale(), parsed.number.digits());
        let terms = vec![self.term(x)?, Term::constant(Value::Num(parsed.number), ty)];
        let filled = self.filled(x)?;
        Ok(Pair {
            holds: guard(filled.clone(), atom(row, terms.clone())),
            fails: guard(filled, opposite(row, terms)),
        })
    }

    /// How many hold, against a number: decided by the bounds.
    fn tally(&mut self, op: Compare, tally: &'a Expr, n: &'a Expr) -> Result<Pair, Refused> {
        let Kind::Call(_, conditions) = &tally.kind else { return Err(EVAL_ONLY) };
        let (least, most) = self.tallied(conditions)?;
        let (n, filled) = (self.term(n)?, self.filled(n)?);
        let test =
            |name: &str, count: &Term| Ok::<_, Refused>(atom(key(name)?, vec![count.clone(), n.clone()]));
        let within = and([test("ge_num", &least)?, test("le_num", &most)?]);
        let beyond = or([test("lt_num", &most)?, test("gt_num", &least)?]);
        // A number that is not whole is never reached exactly, whatever is undecided.
        let whole = n.value().and_then(Value::as_num).is_none_or(|n| n.is_integer());
        let (within, beyond) = if whole { (within, beyond) } else { (FALSE, TRUE) };
        let pair = match op {
            Compare::Ge => Pair { holds: test("ge_num", &least)?, fails: test("lt_num", &most)? },
            Compare::Gt => Pair { holds: test("gt_num", &least)?, fails: test("le_num", &most)? },
            Compare::Le => Pair { holds: test("le_num", &most)?, fails: test("gt_num", &least)? },
            Compare::Lt => Pair { holds: test("lt_num", &most)?, fails: test("ge_num", &least)? },
            Compare::Eq => Pair { holds: within, fails: beyond },
            Compare::Ne => Pair { holds: beyond, fails: within },
        };
        // Equal only where the bounds meet: the least reaches it and the most does not pass it.
        Ok(Pair { holds: guard(filled.clone(), pair.holds), fails: guard(filled, pair.fails) })
    }

    fn presence(&mut self, filled: bool, args: &'a [Expr]) -> Result<Pair, Refused> {
        let (mut holds, mut fails) = (Vec::new(), Vec::new());
        self.each_item(args, &mut |this, item, around| {
            let (wanted, other) = if filled {
                (this.filled(item)?, this.blank(item)?)
            } else {
                (this.blank(item)?, this.filled(item)?)
            };
            holds.push(around.every(wanted));
            fails.push(around.some(other));
            Ok(())
        })?;
        Ok(Pair { holds: and(holds), fails: or(fails) })
    }

    fn unique(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Pair, Refused> {
        let (items, known) = self.collected(args)?;
        let ty = Ty::List(Box::new(items.first().map_or(Ty::Any, |i| i.item.ty.clone())));
        let kind = TermKind::Fold(id, items, None);
        let repeated_not = Formula::Atom(id, vec![Term { kind, ty }]);
        Ok(Pair { holds: guard(known, repeated_not.clone()), fails: not(repeated_not) })
    }

    /// `every` and `some` over the rows of the parts; with `body` the item of each part is what its variable stands for.
    fn quantified(
        &mut self,
        every: bool,
        parts: &'a [Part],
        body: Option<(u16, &'a Expr)>,
    ) -> Result<Pair, Refused> {
        let mut pairs = Vec::new();
        self.each_part(parts, &mut |this, item, around| {
            let pair = match body {
                None => this.condition(item)?,
                Some((var, body)) => {
                    this.vars.push((var, item));
                    let pair = this.condition(body);
                    this.vars.pop();
                    pair?
                }
            };
            pairs.push(if every {
                Pair { holds: around.every(pair.holds), fails: around.some(pair.fails) }
            } else {
                Pair { holds: around.some(pair.holds), fails: around.every(pair.fails) }
            });
            Ok(())
        })?;
        Ok(if every { all(pairs) } else { any(pairs) })
    }

    /// `in` and `list contains`.
    fn member(&mut self, id: FuncId, first: &'a Expr, second: &'a Expr) -> Result<Pair, Refused> {
        let turned = id.row().key == "list_contains";
        let (x, list) = if turned { (second, first) } else { (first, second) };
        let Kind::List(parts) = &list.kind else {
            if !matches!(list.ty, Ty::Codes(_)) {
                return Err(EVAL_ONLY);
            }
            return self.compared(key("in_codes")?, x, list);
        };
        match literals(parts).filter(|items| !items.is_empty() && !matches!(x.ty, Ty::Bool | Ty::Null)) {
            Some(items) => self.member_of_literals(family(&x.ty)?, x, items),
            None if turned => self.contains(x, list),
            None => self.member_of_list(x, list),
        }
    }

    fn member_of_literals(&mut self, id: FuncId, x: &'a Expr, items: Vec<&'a Expr>) -> Result<Pair, Refused> {
        let mut terms = vec![self.term(x)?];
        for item in items {
            terms.push(self.term(item)?);
        }
        let filled = self.filled(x)?;
        let test = if let Some(value) = terms.first().and_then(Term::value) {
            Formula::Const(terms.iter().skip(1).any(|t| t.value() == Some(value)))
        } else {
            Formula::Atom(id, terms)
        };
        Ok(Pair { holds: guard(filled.clone(), test.clone()), fails: guard(filled, not(test)) })
    }

    /// One of the filled ones is equal; all are known, and none is.
    fn member_of_list(&mut self, x: &'a Expr, list: &'a Expr) -> Result<Pair, Refused> {
        let filled = self.filled(x)?;
        let (equal, other) = self.equal_to_items(x, list)?;
        Ok(Pair { holds: and([filled.clone(), equal]), fails: and([filled, other]) })
    }

    /// As `in`, but a blank is held by a list with a blank, and an empty list holds nothing.
    fn contains(&mut self, x: &'a Expr, list: &'a Expr) -> Result<Pair, Refused> {
        let (filled, blank) = (self.filled(x)?, self.blank(x)?);
        let (equal, other) = self.equal_to_items(x, list)?;
        let (mut blanks, mut none) = (Vec::new(), Vec::new());
        self.each_item(std::slice::from_ref(list), &mut |this, item, around| {
            blanks.push(around.some(this.blank(item)?));
            none.push(around.every(FALSE));
            Ok(())
        })?;
        let (blanks, none) = (or(blanks), and(none));
        let holds = or([and([filled.clone(), equal]), and([blank.clone(), blanks.clone()])]);
        Ok(Pair { holds, fails: or([and([filled, other]), and([blank, not(blanks)]), none]) })
    }

    /// Whether an item is certainly equal, and whether every one is certainly another or blank; for an `x` that is there.
    fn equal_to_items(&mut self, x: &'a Expr, list: &'a Expr) -> Result<(Formula, Formula), Refused> {
        let (mut equal, mut other) = (Vec::new(), Vec::new());
        self.each_item(std::slice::from_ref(list), &mut |this, item, around| {
            let pair = match item.ty {
                Ty::Bool => this.same_condition(true, x, item)?,
                Ty::Null => Pair::undecided(),
                _ => {
                    let id = sibling(family(&x.ty)?, "eq")?;
                    let (filled, terms) = (this.filled(item)?, vec![this.term(x)?, this.term(item)?]);
                    Pair {
                        holds: guard(filled.clone(), atom(id, terms.clone())),
                        fails: guard(filled, opposite(id, terms)),
                    }
                }
            };
            equal.push(around.some(pair.holds));
            other.push(around.every(or([pair.fails, this.blank(item)?])));
            Ok(())
        })?;
        Ok((or(equal), and(other)))
    }

    /// Whether a condition is undecided because of something that cannot be read or is not there.
    pub fn open(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        self.spend(1)?;
        match &e.kind {
            Kind::Const(Value::Unknown) => Ok(TRUE),
            Kind::Const(_) => Ok(FALSE),
            Kind::Var(var) => {
                let stands_for = self.variable(*var)?;
                self.open(stands_for)
            }
            Kind::Cell { .. } => {
                let at = spot(&e.kind).ok_or(EVAL_ONLY)?;
                Ok(state(State::Unreadable, e, at))
            }
            Kind::If(three) => {
                let [c, p, q] = three.as_ref();
                let holds = self.condition(c)?.holds;
                Ok(choose(holds, self.open(p)?, self.open(q)?))
            }
            _ => {
                let pair = self.condition(e)?;
                let cause = self.cause(e)?;
                Ok(if cause == FALSE { FALSE } else { and([not(pair.holds), not(pair.fails), cause]) })
            }
        }
    }

    /// Whether a part of a condition that is undecided cannot be known.
    fn cause(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        let mut causes = Vec::new();
        match &e.kind {
            Kind::Quant { parts, .. } => self.each_part(parts, &mut |this, item, around| {
                causes.push(around.some(this.open(item)?));
                Ok(())
            })?,
            Kind::QuantValues { list, var, body, .. } => {
                let Kind::List(parts) = &list.kind else { return Err(EVAL_ONLY) };
                self.each_part(parts, &mut |this, item, around| {
                    this.vars.push((*var, item));
                    let open = this.open(body);
                    this.vars.pop();
                    causes.push(around.some(open?));
                    Ok(())
                })?;
            }
            Kind::Call(_, args) => self.each_item(args, &mut |this, item, around| {
                causes.push(around.some(this.unreadable(item)?));
                Ok(())
            })?,
            _ => return Err(EVAL_ONLY),
        }
        Ok(or(causes))
    }

    /// Whether a value or condition cannot be known.
    pub fn unreadable(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        match spot(&e.kind) {
            Some(at) => Ok(state(State::Unreadable, e, at)),
            None if e.ty == Ty::Bool => self.open(e),
            None => Ok(and([not(self.filled(e)?), not(self.blank(e)?)])),
        }
    }
}

/// Whether two filled cells of a type hold the same.
pub(super) fn equal_cells(a: Spot, b: Spot, ty: &Ty) -> Result<Formula, Refused> {
    let term = |at| Term { kind: TermKind::Cell(at), ty: ty.clone() };
    match ty {
        Ty::Bool => Ok(or([State::Yes, State::No].map(|s| and([is(s, a, ty), is(s, b, ty)])))),
        _ => Ok(atom(sibling(family(ty)?, "eq")?, vec![term(a), term(b)])),
    }
}

/// The items of a list of literals.
fn literals(parts: &[Part]) -> Option<Vec<&Expr>> {
    let literal = |p: &Part| {
        let plain = p.each.is_none() && p.filter.is_none();
        plain && matches!(&p.item.kind, Kind::Const(v) if !matches!(v, Value::Null | Value::Unknown))
    };
    parts.iter().all(literal).then(|| parts.iter().map(|p| &p.item).collect())
}

/// The row of `in` for values of a type.
fn family(ty: &Ty) -> Result<FuncId, Refused> {
    key(match ty {
        Ty::Num { .. } => "in_num",
        Ty::Text => "in_text",
        Ty::Date(_) => "in_date",
        Ty::Bool => "in_bool",
        Ty::Code(_) => "in_code",
        _ => return Err(EVAL_ONLY),
    })
}
