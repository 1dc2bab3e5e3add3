//! Small unions: a payload in memory, then a selector byte that counts the members from what `abi`
//! says. A selector of 0 in a union with references is no value.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::statement::scalar;
use crate::value::{Access, Result, Typed, Val};
use jlift_abi::layout::{first_selector, layout};
use jlift_ir::{Tables, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either};

/// Whether a type is a union, or an aggregate that holds one: not all bytes of such values count.
pub(crate) fn holds_union(tables: &Tables, ty: Type) -> bool {
    tables.class(ty) == TypeClass::Union
        || layout(tables, ty).is_ok_and(|l| l.fields.iter().any(|f| holds_union(tables, f.ty)))
}

impl Body<'_, '_> {
    pub(crate) fn is_union(&self, ty: Type) -> bool {
        self.module.tables.class(ty) == TypeClass::Union
    }

    /// Where the selector is.
    fn payload_size(&self, ty: Type) -> Result<u32> {
        Ok(self.layout(ty)?.size.saturating_sub(1))
    }

    /// The selector of a union.
    pub(crate) fn selector(&mut self, value: &Typed) -> Result<Reg> {
        let payload = self.payload_size(value.ty)?;
        match &value.val {
            Val::Memory(addr) => {
                Ok(self.load_scalar(Machine::I8, addr, payload.into(), Access::Own))
            }
            _ => Err("a union in an unexpected representation".into()),
        }
    }

    /// What the selector is for a member.
    fn selector_of(&self, ty: Type, member: usize) -> i128 {
        member as i128 + i128::from(first_selector(&self.module.tables, ty))
    }

    /// The payload as a value of one member.
    pub(crate) fn payload(&mut self, value: &Typed, member: Type) -> Result<Typed> {
        let Val::Memory(addr) = &value.val else {
            return Err("a union in an unexpected representation".into());
        };
        let val = self.load(member, addr, 0, Access::Own, true)?;
        Ok(Typed { ty: member, val })
    }

    pub(crate) fn coerce_union(&mut self, from: Typed, to: Type) -> Result<Val> {
        match (self.is_union(from.ty), self.is_union(to)) {
            (true, true) => self.union_to_union(&from, to),
            (true, false) => self.union_to_member(&from, to),
            _ => self.member_to_union(&from, to),
        }
    }

    fn new_union(&mut self, ty: Type) -> Result<Reg> {
        let Repr::Memory { size, align } = self.repr(ty)? else {
            return Err(format!("values of the union {}", self.type_text(ty)));
        };
        let addr = self.w.alloca(size, align);
        self.zero(&addr, size);
        Ok(addr)
    }

    fn member_to_union(&mut self, from: &Typed, to: Type) -> Result<Val> {
        let members = self.module.tables.members(to);
        let Some(member) = members.iter().position(|&m| m == from.ty) else {
            return Err(self.mismatch(from.ty, to));
        };
        let addr = self.new_union(to)?;
        self.store(from.ty, &from.val, &addr, 0, Access::Own)?;
        let member = either(Mutation::LlvmUnionTag, 0, member);
        let selector = Reg::int(Machine::I8, self.selector_of(to, member));
        let payload = self.payload_size(to)?;
        self.store_scalar(&selector, &addr, payload.into(), Access::Own);
        Ok(Val::Memory(addr))
    }

    /// A member of `from` that `to` lacks makes no value, or any where that holds plain bits.
    fn union_to_union(&mut self, from: &Typed, to: Type) -> Result<Val> {
        let Val::Memory(source) = from.val.clone() else {
            return Err("a union in an unexpected representation".into());
        };
        let mine = self.module.tables.members(from.ty);
        let theirs = self.module.tables.members(to);
        let selector = self.selector(from)?;
        let mut new = Reg::int(Machine::I8, 0);
        for (i, member) in mine.iter().enumerate() {
            if let Some(j) = theirs.iter().position(|m| m == member) {
                let here = self.is_number(&selector, self.selector_of(from.ty, i));
                let number = Reg::int(Machine::I8, self.selector_of(to, j));
                new = self.select(&here, &number, &new);
            }
        }
        let addr = self.new_union(to)?;
        let (have, room) = (self.payload_size(from.ty)?, self.payload_size(to)?);
        let size = have.min(room);
        let size = either(Mutation::LlvmUnionPayload, size.saturating_sub(1), size);
        self.copy(&addr, 1, &source, 1, size);
        self.store_scalar(&new, &addr, room.into(), Access::Own);
        Ok(Val::Memory(addr))
    }

    fn union_to_member(&mut self, from: &Typed, to: Type) -> Result<Val> {
        let members = self.module.tables.members(from.ty);
        let Some(member) = members.iter().position(|&m| m == to) else {
            return Err(self.mismatch(from.ty, to));
        };
        if !self.p.is_counted(to) {
            return Ok(self.payload(from, to)?.val);
        }
        // Nobody may take the payload of another member for a reference.
        let selector = self.selector(from)?;
        let here = self.is_number(&selector, self.selector_of(from.ty, member));
        match self.payload(from, to)?.val {
            Val::Scalar(v) => {
                let zero = v.ty.zero();
                Ok(Val::Scalar(self.select(&here, &v, &zero)))
            }
            Val::Memory(addr) => match self.undefined(to)? {
                Val::Memory(none) => Ok(Val::Memory(self.select(&here, &addr, &none))),
                other => Ok(other),
            },
            other => Ok(other),
        }
    }

    /// Whether a union holds one of `wanted`.
    fn is_one_of(&mut self, value: &Typed, wanted: &[Type]) -> Result<Reg> {
        let members = self.module.tables.members(value.ty);
        let selector = self.selector(value)?;
        let mut result = Reg::bool(false);
        for (i, member) in members.iter().enumerate() {
            if wanted.contains(member) {
                let here = self.is_number(&selector, self.selector_of(value.ty, i));
                result = self.or(&result, &here);
            }
        }
        Ok(result)
    }

    /// Whether a union, or a union's member, is a value of `member`.
    fn is_member(&mut self, value: &Typed, member: Type) -> Result<Reg> {
        match self.is_union(value.ty) {
            true => self.is_one_of(value, &[member]),
            false => Ok(Reg::bool(value.ty == member)),
        }
    }

    /// `===` where one side is a union. Payloads are looked at only where both sides hold them.
    pub(crate) fn egal_union(&mut self, a: &Typed, b: &Typed, depth: u32) -> Result<Reg> {
        let mine = self.module.tables.members(a.ty);
        let theirs = self.module.tables.members(b.ty);
        let result = self.truth_slot(false);
        let done = self.w.block();
        for member in mine {
            if !theirs.contains(&member) {
                continue;
            }
            let (left, right) = (self.is_member(a, member)?, self.is_member(b, member)?);
            let both = self.and(&left, &right);
            let (compare, next) = (self.w.block(), self.w.block());
            self.w.branch(&both, compare, next);
            self.w.switch_to(compare);
            let mut side = |value: &Typed| match self.is_union(value.ty) {
                true => self.payload(value, member),
                false => Ok(value.clone()),
            };
            let (x, y) = (side(a)?, side(b)?);
            let same = self.egal_values(&x, &y, depth + 1)?;
            self.w.line(format_args!("store {same:#}, ptr {result}"));
            self.w.jump(done);
            self.w.switch_to(next);
        }
        self.w.jump(done);
        self.w.switch_to(done);
        Ok(self
            .w
            .op(Machine::I1, format_args!("load i1, ptr {result}")))
    }

    /// `Core.isa(x, T)`.
    pub(crate) fn is_a(&mut self, args: &[Value]) -> Result<Typed> {
        let Value::Type(ty) = args[1] else {
            return Err("`isa` with a type known only at run time".into());
        };
        let value = self.operand(args[0])?;
        if matches!(value.val, Val::Exception) {
            let result = self.exception_is(ty)?;
            return Ok(scalar(Type::BOOL, result));
        }
        if self.is_dynamic(value.ty) {
            let result = self.dynamic_is(&value, ty)?;
            return Ok(scalar(Type::BOOL, result));
        }
        let mut wanted = Vec::new();
        for member in self.module.tables.members(value.ty) {
            match self.module.tables.is_subtype(member, ty) {
                Some(true) => wanted.push(member),
                Some(false) => {}
                None => {
                    return Err(format!(
                        "whether {} is a subtype of {} is not known",
                        self.type_text(member),
                        self.type_text(ty)
                    ));
                }
            }
        }
        let result = match self.is_union(value.ty) {
            true => self.is_one_of(&value, &wanted)?,
            false => Reg::bool(!wanted.is_empty()),
        };
        Ok(scalar(Type::BOOL, result))
    }
}
