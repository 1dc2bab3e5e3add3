//! Unions: making values of them, and finding out what they are.

use super::body::{Body, End};
use jlift_ir::function::{Op, Terminator};
use jlift_ir::{Builtin, Type, TypeClass, Value};

impl Body<'_, '_, '_, '_, '_> {
    /// A value of a member, which may be known to be one.
    pub fn make_union(&mut self, ty: Type, depth: usize) -> Option<Value> {
        let members = self.g.module.tables.members(ty);
        let member = self.c.one(&members)?;
        let value = self.value_within(member, depth)?;
        Some(match self.c.percent(50) {
            true => value,
            false => self.push(Op::Copy(value), ty),
        })
    }

    /// A statement that makes or looks at a union.
    pub fn unions(&mut self) -> Option<()> {
        let found = self.find(|me, ty| me.class(ty) == TypeClass::Union);
        let Some(found) = found.filter(|_| self.c.percent(70)) else {
            let ty = match self.c.percent(40) {
                true => self.c.one(&self.g.types.reference_unions),
                false => self.c.one(&self.g.types.unions),
            };
            let ty = ty?;
            let value = self.make_union(ty, 3)?;
            let value = self.push(Op::Copy(value), ty);
            self.define(value, ty);
            return Some(());
        };
        let members = self.g.module.tables.members(found.ty);
        let member = self.c.one(&members)?;
        match self.c.below(6) {
            0 => {
                let of = [found.value, Value::Type(member)];
                let value = self.builtin(Builtin::IsA, &of, Type::BOOL);
                self.define(value, Type::BOOL);
            }
            1 => {
                let of = [found.value, Value::Type(member)];
                let value = self.builtin(Builtin::TypeAssert, &of, member);
                self.define(value, member);
            }
            2 if members.contains(&Type::NOTHING) => {
                let is = [found.value, Value::NOTHING];
                let value = self.builtin(Builtin::Egal, &is, Type::BOOL);
                self.define(value, Type::BOOL);
            }
            _ if self.may_nest() => {
                // What stands for a union may be known to be a member.
                let value = self.push(Op::Copy(found.value), found.ty);
                self.split(value, &members, member)?;
            }
            _ => return None,
        }
        Some(())
    }

    /// Branches on what a value is, and narrows it.
    fn split(&mut self, value: Value, members: &[Type], member: Type) -> Option<()> {
        let of = [value, Value::Type(member)];
        let cond = self.builtin(Builtin::IsA, &of, Type::BOOL);
        let (yes, no) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: yes,
            else_dest: no,
        });
        let scope = self.scope();
        let mut ends: Vec<End> = Vec::new();
        for (block, is_member) in [(yes, true), (no, false)] {
            self.restore(&scope);
            self.begin(block);
            let rest: Vec<Type> = members.iter().copied().filter(|&m| m != member).collect();
            let ty = match (is_member, &rest[..]) {
                (true, _) => Some(member),
                (false, &[other]) => Some(other),
                (false, _) => None,
            };
            if let Some(ty) = ty {
                let narrow = self.push(Op::Pi { value, ty }, ty);
                self.define(narrow, ty);
            }
            let count = self.c.below(3);
            self.nested(count);
            if self.alive {
                ends.push(self.end());
            }
        }
        self.join(&scope, &ends);
        Some(())
    }
}
