//! Assignments: variables, elements, fields, destructuring, updating, declarations.

use super::Desugar;
use crate::lower::hir::{H, Hx};
use crate::lower::{Lowered, pattern, signature};
use crate::surface::{Head, Node, NodeData};
use jlift_ir::Name;

/// Something that is read and then assigned; its parts are evaluated once.
pub enum Place {
    Variable(H),
    /// Object and indices, with which ones are splatted.
    Index(H, Vec<(H, bool)>),
    Field(H, H),
    /// Anything else that has a value, for `.op=`.
    Value(H),
}

impl Desugar<'_> {
    /// `lhs = rhs`.
    pub(super) fn assignment(&mut self, node: Node, lhs: Node, rhs: Node) -> Lowered<Hx> {
        if signature::is_call_head(&self.tree, lhs) {
            return self.function(node);
        }
        if self.tree.head(lhs) == Some(Head::Tuple) {
            return self.destructure(lhs, rhs);
        }
        // A field's object is evaluated before the value.
        if let (Some(Head::Dotted), &[object, field]) = (self.tree.head(lhs), self.tree.args(lhs)) {
            let mut stmts = Vec::new();
            let object = self.expr(object)?;
            let object = self.atom(object, &mut stmts);
            let field = self.expr(field)?;
            let field = self.atom(field, &mut stmts);
            let value = self.expr(rhs)?;
            let value = self.atom(value, &mut stmts);
            let args = [self.add(object), self.add(field), self.add(value.clone())];
            stmts.push(self.call_base(self.k.setproperty, &args));
            stmts.push(self.add(value));
            return Ok(self.seq(&stmts));
        }
        let value = self.expr(rhs)?;
        self.assign_to(lhs, value)
    }

    /// Assigns an evaluated value; evaluates to the value.
    pub(super) fn assign_to(&mut self, lhs: Node, value: Hx) -> Lowered<Hx> {
        match *self.tree.data(lhs) {
            NodeData::Symbol(name) => {
                if signature::is_underscore(&self.tables.names, name) {
                    return Ok(value);
                }
                let target = self.name(name);
                return Ok(self.add(H::Assign(target, value)));
            }
            NodeData::GlobalRef(home, name) => {
                let target = self.add(H::Global(home, name));
                return Ok(self.add(H::Assign(target, value)));
            }
            _ => {}
        }
        let args = self.args(lhs);
        match (self.tree.head(lhs), &args[..]) {
            (Some(Head::Tuple), _) => {
                let mut stmts = Vec::new();
                let atom = self.value_atom(value, &mut stmts);
                self.take_apart(lhs, &args, &atom, &mut stmts)?;
                stmts.push(self.add(atom));
                Ok(self.seq(&stmts))
            }
            (Some(Head::Ref), [object, indices @ ..]) => {
                let mut stmts = Vec::new();
                let atom = self.atom(value, &mut stmts);
                let object = self.expr(*object)?;
                let (indices, keywords) = self.without_keywords(indices);
                let (object, indices) = self.indices(object, &indices, &mut stmts)?;
                let callee = self.base(self.k.setindex);
                let value = self.add(atom.clone());
                let call = self.call_with_indices(callee, &[object, value], indices, &keywords)?;
                stmts.push(call);
                stmts.push(self.add(atom));
                Ok(self.seq(&stmts))
            }
            (Some(Head::Dotted), &[object, field]) => {
                let mut stmts = Vec::new();
                let value = self.atom(value, &mut stmts);
                let object = self.expr(object)?;
                let field = self.expr(field)?;
                let v = self.add(value.clone());
                stmts.push(self.call_base(self.k.setproperty, &[object, field, v]));
                stmts.push(self.add(value));
                Ok(self.seq(&stmts))
            }
            (Some(Head::Typed), &[target, ty]) => {
                if let Some(name) = self.tree.symbol(target) {
                    let decl = self.type_decl(name, ty)?;
                    let assign = self.assign_to(target, value)?;
                    return Ok(self.seq(&[decl, assign]));
                }
                let ty = self.expr(ty)?;
                let value = self.call_base(self.k.convert, &[ty, value]);
                self.assign_to(target, value)
            }
            (Some(Head::Vect | Head::Vcat | Head::Hcat), _) => self.error(
                lhs,
                "syntax: use \"(a, b) = ...\" to assign multiple values",
            ),
            (Some(Head::Escape), &[inner]) => self.assign_to(inner, value),
            _ => self.error(lhs, "syntax: invalid assignment location"),
        }
    }

    fn type_decl(&mut self, name: Name, ty: Node) -> Lowered<Hx> {
        let target = self.name(name);
        let ty = self.expr(ty)?;
        Ok(self.add(H::TypeDecl(target, ty)))
    }

    /// `(a, b) = rhs`.
    fn destructure(&mut self, lhs: Node, rhs: Node) -> Lowered<Hx> {
        let targets = self.args(lhs);
        let values = self.args(rhs);
        let plain = |n: &Node| {
            !matches!(
                self.tree.head(*n),
                Some(Head::Splat | Head::Parameters | Head::Assign)
            )
        };
        let literal = self.tree.head(rhs) == Some(Head::Tuple)
            && values.len() == targets.len()
            && !targets.is_empty()
            && targets.iter().all(plain)
            && values.iter().all(plain);
        if !literal {
            let value = self.expr(rhs)?;
            return self.assign_to(lhs, value);
        }
        // No tuple is made: all values, then all assignments.
        let mut stmts = Vec::new();
        let mut atoms = Vec::with_capacity(values.len());
        for value in values {
            let value = self.expr(value)?;
            atoms.push(self.value_atom(value, &mut stmts));
        }
        for (&target, atom) in targets.iter().zip(&atoms) {
            let value = self.add(atom.clone());
            stmts.push(self.assign_to(target, value)?);
        }
        let mut all = Vec::with_capacity(atoms.len());
        for atom in atoms {
            all.push(self.add(atom));
        }
        stmts.push(self.call_core(self.k.tuple, &all));
        Ok(self.seq(&stmts))
    }

    /// Assigns the parts of a value by the iteration protocol, or its properties.
    fn take_apart(
        &mut self,
        lhs: Node,
        targets: &[Node],
        value: &H,
        stmts: &mut Vec<Hx>,
    ) -> Lowered<()> {
        if let Some(&parameters) = targets
            .first()
            .filter(|&&t| self.tree.head(t) == Some(Head::Parameters))
        {
            for target in self.args(parameters) {
                let name = match (self.tree.head(target), self.tree.args(target)) {
                    (Some(Head::Typed), &[name, _]) => self.tree.symbol(name),
                    _ => self.tree.symbol(target),
                };
                let Some(name) = name else {
                    return self.error(
                        target,
                        "syntax: invalid assignment location in property destructuring",
                    );
                };
                let object = self.add(value.clone());
                let field = self.symbol(name);
                let part = self.call_base(self.k.getproperty, &[object, field]);
                stmts.push(self.assign_to(target, part)?);
            }
            return Ok(());
        }
        let splats = targets
            .iter()
            .filter(|&&t| self.tree.head(t) == Some(Head::Splat))
            .count();
        if splats > 1 {
            return self.error(lhs, "syntax: multiple \"...\" on lhs of assignment");
        }
        let mut value = value.clone();
        let mut state: Option<H> = None;
        let mut number = 0;
        for (i, &target) in targets.iter().enumerate() {
            let last = i + 1 == targets.len();
            let object = self.add(value.clone());
            let mut args = vec![object];
            if let (Some(Head::Splat), &[target]) = (self.tree.head(target), self.tree.args(target))
            {
                if last {
                    if let Some(state) = state.take() {
                        args.push(self.add(state));
                    }
                    let rest = self.call_base(self.k.rest, &args);
                    stmts.push(self.assign_to(target, rest)?);
                    continue;
                }
                args.push(self.int((targets.len() - i - 1) as i64));
                if let Some(state) = state.take() {
                    args.push(self.add(state));
                }
                let split = self.call_base(self.k.split_rest, &args);
                let front = self.part(split, stmts);
                stmts.push(self.assign_to(target, front.0)?);
                value = self.hir.node(front.1).clone();
                value = self.bind(value, stmts);
                number = 0;
                continue;
            }
            number += 1;
            args.push(self.int(number));
            if let Some(state) = state.take() {
                args.push(self.add(state));
            }
            let next = self.call_base(self.k.indexed_iterate, &args);
            let (part, rest) = self.part(next, stmts);
            stmts.push(self.assign_to(target, part)?);
            if !last {
                let rest = self.hir.node(rest).clone();
                state = Some(self.bind(rest, stmts));
            }
        }
        Ok(())
    }

    /// Both parts of a pair, as expressions on a temporary.
    fn part(&mut self, pair: Hx, stmts: &mut Vec<Hx>) -> (Hx, Hx) {
        let pair = self.value_atom(pair, stmts);
        let mut parts = [pair.clone(), pair].map(|p| self.add(p));
        for (i, part) in parts.iter_mut().enumerate() {
            let index = self.int(i as i64 + 1);
            *part = self.call_core(self.k.getfield, &[*part, index]);
        }
        (parts[0], parts[1])
    }

    fn bind(&mut self, value: H, stmts: &mut Vec<Hx>) -> H {
        let value = self.add(value);
        self.value_atom(value, stmts)
    }

    /// Reads a place whose parts are used more than once.
    fn place(&mut self, lhs: Node, stmts: &mut Vec<Hx>) -> Lowered<Place> {
        let args = self.args(lhs);
        match (self.tree.data(lhs), self.tree.head(lhs), &args[..]) {
            (&NodeData::Symbol(name), ..) => Ok(Place::Variable(H::Name(name))),
            (&NodeData::GlobalRef(home, name), ..) => Ok(Place::Variable(H::Global(home, name))),
            (_, Some(Head::Ref), [object, indices @ ..]) => {
                let object = self.expr(*object)?;
                let object = self.atom(object, stmts);
                let h = self.add(object.clone());
                let (_, indices) = self.indices(h, indices, stmts)?;
                let mut atoms = Vec::with_capacity(indices.len());
                for index in indices {
                    atoms.push((self.atom(index.value, stmts), index.splat));
                }
                Ok(Place::Index(object, atoms))
            }
            (_, Some(Head::Dotted), &[object, field]) if self.tree.head(field).is_none() => {
                let object = self.expr(object)?;
                let object = self.atom(object, stmts);
                let field = self.expr(field)?;
                Ok(Place::Field(object, self.atom(field, stmts)))
            }
            (_, Some(Head::Tuple), _) => {
                self.error(lhs, "syntax: invalid multiple assignment location")
            }
            _ => {
                let value = self.expr(lhs)?;
                Ok(Place::Value(self.atom(value, stmts)))
            }
        }
    }

    /// The current value of a place.
    pub(super) fn read_place(&mut self, place: &Place) -> Lowered<Hx> {
        Ok(match place {
            Place::Variable(h) | Place::Value(h) => self.add(h.clone()),
            Place::Index(object, indices) => {
                let mut args = vec![(self.add(object.clone()), false)];
                for (index, splat) in indices {
                    args.push((self.add(index.clone()), *splat));
                }
                let callee = self.base(self.k.getindex);
                self.apply(callee, &args)
            }
            Place::Field(object, field) => {
                let object = self.add(object.clone());
                let field = self.add(field.clone());
                self.call_base(self.k.getproperty, &[object, field])
            }
        })
    }

    /// `lhs op= rhs`, or `lhs .op= rhs`.
    pub(super) fn update(
        &mut self,
        node: Node,
        op: Name,
        dotted: bool,
        lhs: Node,
        rhs: Node,
    ) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        let mut lhs = lhs;
        if let (Some(Head::Typed), &[target, ty]) = (self.tree.head(lhs), self.tree.args(lhs))
            && let Some(name) = self.tree.symbol(target)
        {
            stmts.push(self.type_decl(name, ty)?);
            lhs = target;
        }
        let place = self.place(lhs, &mut stmts)?;
        if dotted {
            stmts.push(self.dot_update(&place, op, rhs)?);
            return Ok(self.seq(&stmts));
        }
        let read = self.read_place(&place)?;
        let function = self.name(op);
        let value = if op == self.k.power
            && let Some(exponent) = self.literal_integer(rhs)
        {
            let exponent = self.val(exponent);
            self.call_base(self.k.literal_pow, &[function, read, exponent])
        } else {
            let rhs = self.expr(rhs)?;
            self.call_list(&[function, read, rhs])
        };
        match place {
            Place::Variable(target) => {
                if let H::Name(name) = target
                    && signature::is_underscore(&self.tables.names, name)
                {
                    return self.symbol_expr(lhs, name);
                }
                let target = self.add(target);
                stmts.push(self.add(H::Assign(target, value)));
            }
            Place::Index(object, indices) => {
                let value = self.value_atom(value, &mut stmts);
                let mut args = vec![(self.add(object), false), (self.add(value.clone()), false)];
                for (index, splat) in indices {
                    args.push((self.add(index), splat));
                }
                let callee = self.base(self.k.setindex);
                stmts.push(self.apply(callee, &args));
                stmts.push(self.add(value));
            }
            Place::Field(object, field) => {
                let value = self.value_atom(value, &mut stmts);
                let args = [self.add(object), self.add(field), self.add(value.clone())];
                stmts.push(self.call_base(self.k.setproperty, &args));
                stmts.push(self.add(value));
            }
            Place::Value(_) => {
                return self.error(node, "syntax: invalid assignment location");
            }
        }
        Ok(self.seq(&stmts))
    }

    /// `local …` and `global …`.
    pub(super) fn declaration(&mut self, args: &[Node], local: bool) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        for &arg in args {
            let mut target = arg;
            let parts = self.args(arg);
            let assigned = match (self.tree.head(arg), &parts[..]) {
                (Some(Head::Assign | Head::DotAssign), [lhs, _]) => {
                    target = *lhs;
                    true
                }
                (Some(Head::Other(_)), [lhs, _]) => {
                    target = *lhs;
                    true
                }
                (Some(Head::Function), [lhs, _]) => {
                    target = *lhs;
                    true
                }
                (Some(Head::Const), _) => {
                    return self.constant(arg);
                }
                _ => false,
            };
            let mut names = Vec::new();
            if assigned && signature::is_call_head(&self.tree, target) {
                if !local && self.is_top_level() {
                    stmts.push(self.global_method(arg)?);
                    continue;
                }
                let mut callee = target;
                while let Some(&inner) = self.tree.args(callee).first() {
                    callee = inner;
                }
                names.extend(self.tree.symbol(callee));
            } else {
                pattern::names(&self.tree, target, &mut names)?;
            }
            for name in names {
                let declared = if local {
                    H::Local(name)
                } else {
                    self.global_names.push(name);
                    H::GlobalDecl(name)
                };
                stmts.push(self.add(declared));
            }
            if assigned {
                stmts.push(self.expr(arg)?);
            } else if let (Some(Head::Typed), &[name, ty]) = (self.tree.head(arg), &parts[..]) {
                if !local {
                    return self.error(
                        arg,
                        "syntax: a type for a global can only be declared at top level",
                    );
                }
                if let Some(name) = self.tree.symbol(name) {
                    stmts.push(self.type_decl(name, ty)?);
                }
            }
        }
        let nothing = match stmts.last() {
            Some(&last) if matches!(self.hir.node(last), H::Local(_) | H::GlobalDecl(_)) => true,
            None => true,
            _ => false,
        };
        if nothing {
            stmts.push(self.nothing());
        }
        Ok(self.seq(&stmts))
    }

    /// `const …` where it is not allowed.
    pub(super) fn constant(&mut self, node: Node) -> Lowered<Hx> {
        self.error(
            node,
            "syntax: unsupported `const` declaration on local variable",
        )
    }
}
