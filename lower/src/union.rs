//! Small unions as tagged values: the tag counts the members of the type, the payload is in 8-byte
//! words. In memory a union is its payload followed by the tag byte, as Julia stores it.

use crate::function::FunctionLowerer;
use crate::plan::has_text;
use crate::repr::{NO_MEMBER, Repr};
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, condcodes::IntCC, types};
use jlift_abi::layout::first_selector;
use jlift_ir::{Type, TypeClass, Value, error_record};
use jlift_mutations::{Mutation, either, planted};

impl FunctionLowerer<'_, '_> {
    pub(crate) fn is_union(&self, ty: Type) -> bool {
        self.module.tables.class(ty) == TypeClass::Union
    }

    /// The payload words of a member's value.
    fn payload_words(&mut self, ty: Type, value: &Lowered, words: u32) -> Result<Vec<ir::Value>> {
        let mut out = Vec::with_capacity(words as usize);
        match (self.repr(ty)?, value) {
            (Repr::Ghost, _) => {}
            (Repr::Scalar(t), Lowered::Scalar(v)) if t.bits() <= 64 => {
                out.push(self.payload_word(*v));
            }
            _ => {
                let addr = self.stack_memory(words * 8, 8);
                self.store(ty, value, addr, 0, own_memory())?;
                for i in 0..words {
                    out.push(
                        self.b
                            .ins()
                            .load(types::I64, own_memory(), addr, i as i32 * 8),
                    );
                }
            }
        }
        while out.len() < words as usize {
            out.push(self.b.ins().iconst(types::I64, 0));
        }
        Ok(out)
    }

    fn payload_word(&mut self, v: ir::Value) -> ir::Value {
        let ty = self.b.func.dfg.value_type(v);
        let bits = if ty.is_float() {
            self.b.ins().bitcast(ty.as_int(), MemFlagsData::new(), v)
        } else {
            v
        };
        if self.b.func.dfg.value_type(bits) == types::I64 {
            bits
        } else {
            self.b.ins().uextend(types::I64, bits)
        }
    }

    /// A member's value from the payload words.
    pub(crate) fn member_from_words(&mut self, ty: Type, words: &[ir::Value]) -> Result<Lowered> {
        match self.repr(ty)? {
            Repr::Ghost => Ok(Lowered::Ghost),
            Repr::Scalar(t) if t.bits() <= 64 => {
                let Some(&word) = words.first() else {
                    return self.undefined(ty);
                };
                let int = t.as_int();
                let narrow = if int == types::I64 {
                    word
                } else {
                    self.b.ins().ireduce(int, word)
                };
                let value = Lowered::Scalar(if t.is_float() {
                    self.b.ins().bitcast(t, MemFlagsData::new(), narrow)
                } else {
                    narrow
                });
                self.clean_bools(ty, value)
            }
            _ => {
                let addr = self.stack_memory(words.len() as u32 * 8, 8);
                for (i, &word) in words.iter().enumerate() {
                    self.b.ins().store(own_memory(), word, addr, i as i32 * 8);
                }
                self.load(ty, addr, 0, own_memory(), true)
            }
        }
    }

    pub(crate) fn coerce_union(
        &mut self,
        from: Typed,
        from_repr: Repr,
        to: Type,
        to_repr: Repr,
    ) -> Result<Lowered> {
        match (from_repr, to_repr) {
            (
                Repr::Union { members, .. },
                Repr::Union {
                    members: to_members,
                    words: to_words,
                },
            ) => {
                let Lowered::Parts(parts) = &from.value else {
                    return Err("a union in an unexpected representation".into());
                };
                let is_bits = self.module.tables.is_bits(to);
                let tag = self.map_tag(parts[0], &members, &to_members, is_bits);
                let mut regs = vec![tag];
                regs.extend(parts[1..].iter().copied().take(to_words as usize));
                while regs.len() < 1 + to_words as usize {
                    regs.push(self.b.ins().iconst(types::I64, 0));
                }
                Ok(Lowered::Parts(regs))
            }
            (Repr::Union { members, .. }, _) => {
                if !members.contains(&to) {
                    return Err(format!(
                        "a value of type {} where one of type {} is needed",
                        self.type_text(from.ty),
                        self.type_text(to)
                    ));
                }
                let Lowered::Parts(parts) = &from.value else {
                    return Err("a union in an unexpected representation".into());
                };
                let (tag, mut words) = (parts[0], parts[1..].to_vec());
                if self.is_counted(to) {
                    // Nobody may take the payload of another member for a reference.
                    let wanted = members.iter().position(|&m| m == to).unwrap_or(0);
                    let here = self.b.ins().icmp_imm_s(IntCC::Equal, tag, wanted as i64);
                    let zero = self.b.ins().iconst(types::I64, 0);
                    for word in &mut words {
                        *word = self.b.ins().select(here, *word, zero);
                    }
                }
                self.member_from_words(to, &words)
            }
            (_, Repr::Union { members, words }) => {
                let Some(tag) = members.iter().position(|&m| m == from.ty) else {
                    return Err(format!(
                        "a value of type {} where one of type {} is needed",
                        self.type_text(from.ty),
                        self.type_text(to)
                    ));
                };
                let tag = either(Mutation::LowerUnionTag, 0, tag as i64);
                let mut regs = vec![self.b.ins().iconst(types::I8, tag)];
                regs.extend(self.payload_words(from.ty, &from.value, words)?);
                Ok(Lowered::Parts(regs))
            }
            _ => Err("not a union".into()),
        }
    }

    /// The tag of the same member in another union.
    /// Where the other union holds plain bits, the tag of a member that it does not have is any.
    fn map_tag(&mut self, tag: ir::Value, from: &[Type], to: &[Type], is_bits: bool) -> ir::Value {
        if from.iter().enumerate().all(|(i, m)| to.get(i) == Some(m))
            || planted(Mutation::LowerUnionMap)
        {
            return tag;
        }
        let mut result = match is_bits {
            true => self.b.ins().iconst(types::I8, 0),
            false => self.no_member(),
        };
        for (i, member) in from.iter().enumerate() {
            if let Some(j) = to.iter().position(|m| m == member) {
                let here = self.b.ins().icmp_imm_s(IntCC::Equal, tag, i as i64);
                let new = self.b.ins().iconst(types::I8, j as i64);
                result = self.b.ins().select(here, new, result);
            }
        }
        result
    }

    pub(crate) fn load_union(
        &mut self,
        ty: Type,
        words: u32,
        addr: ir::Value,
        offset: i32,
    ) -> Result<Lowered> {
        let payload = self.payload_size(ty)?;
        let flags = MemFlagsData::new().with_notrap();
        let mut tag = self
            .b
            .ins()
            .load(types::I8, flags, addr, offset + payload as i32);
        let first = i64::from(first_selector(&self.module.tables, ty));
        if first != 0 {
            tag = self.b.ins().iadd_imm_s(tag, -first);
        }
        if payload == words * 8 && first != 0 {
            let mut regs = vec![tag];
            for i in 0..words as i32 {
                let word = self.b.ins().load(types::I64, flags, addr, offset + i * 8);
                regs.push(word);
            }
            return Ok(Lowered::Parts(regs));
        }
        let copy = self.stack_memory(words.max(1) * 8, 8);
        let from = self.b.ins().iadd_imm_s(addr, i64::from(offset));
        self.copy_memory(copy, own_memory(), from, flags, payload);
        let mut regs = vec![tag];
        for i in 0..words {
            regs.push(
                self.b
                    .ins()
                    .load(types::I64, own_memory(), copy, i as i32 * 8),
            );
        }
        Ok(Lowered::Parts(regs))
    }

    pub(crate) fn store_union(
        &mut self,
        ty: Type,
        words: u32,
        parts: &[ir::Value],
        addr: ir::Value,
        offset: i32,
    ) -> Result<()> {
        let payload = self.payload_size(ty)?;
        let flags = MemFlagsData::new().with_notrap();
        let first = i64::from(first_selector(&self.module.tables, ty));
        if payload == words * 8 && first != 0 {
            for (i, &word) in parts[1..].iter().enumerate() {
                self.b.ins().store(flags, word, addr, offset + i as i32 * 8);
            }
            let selector = self.b.ins().iadd_imm_s(parts[0], first);
            let at = offset + payload as i32;
            self.b.ins().store(flags, selector, addr, at);
            return Ok(());
        }
        let copy = self.stack_memory(words.max(1) * 8, 8);
        for i in 0..words as usize {
            self.b
                .ins()
                .store(own_memory(), parts[1 + i], copy, i as i32 * 8);
        }
        let to = self.b.ins().iadd_imm_s(addr, i64::from(offset));
        self.copy_memory(to, flags, copy, own_memory(), payload);
        let selector = match first {
            0 => parts[0],
            _ => self.b.ins().iadd_imm_s(parts[0], first),
        };
        self.b
            .ins()
            .store(flags, selector, addr, offset + payload as i32);
        Ok(())
    }

    fn payload_size(&mut self, ty: Type) -> Result<u32> {
        let mut size = 0;
        for member in self.module.tables.members(ty) {
            size = size.max(self.layout(member)?.size);
        }
        Ok(size)
    }

    /// The tag of an undefined value of a union with references.
    pub(crate) fn no_member(&mut self) -> ir::Value {
        self.b.ins().iconst(types::I8, i64::from(NO_MEMBER as i8))
    }

    /// `===` where one side is a union.
    pub(crate) fn egal_union(&mut self, a: &Typed, b: &Typed) -> Result<ir::Value> {
        let (a, b) = if self.is_union(a.ty) { (a, b) } else { (b, a) };
        let Repr::Union { members, .. } = self.repr(a.ty)? else {
            return Err("not a union".into());
        };
        let mut result = self.b.ins().iconst(types::I8, 0);
        let Lowered::Parts(parts) = &a.value else {
            return Err("a union in an unexpected representation".into());
        };
        let (tag, words) = (parts[0], parts[1..].to_vec());
        for (i, &member) in members.iter().enumerate() {
            let other_has = self.module.tables.members(b.ty).contains(&member);
            if !other_has {
                continue;
            }
            let here = self.b.ins().icmp_imm_s(IntCC::Equal, tag, i as i64);
            let mine = Typed {
                ty: member,
                value: self.member_from_words(member, &words)?,
            };
            let (theirs, other_is) = if self.is_union(b.ty) {
                let is = self.has_tag(b, &[member])?;
                let value = self.coerce(b.clone(), member)?;
                (Typed { ty: member, value }, Some(is))
            } else {
                (b.clone(), None)
            };
            if has_text(self.module, member, 0) {
                // The bytes may be looked at only if both are of this member.
                let both = match other_is {
                    Some(is) => self.b.ins().band(here, is),
                    None => here,
                };
                let (compare, next) = (self.b.create_block(), self.b.create_block());
                let after = self.b.append_block_param(next, types::I8);
                let none: [BlockArg; 0] = [];
                let unchanged = [BlockArg::from(result)];
                self.b.ins().brif(both, compare, &none, next, &unchanged);
                self.b.switch_to_block(compare);
                let same = self.egal_values(&mine, &theirs)?;
                self.b.ins().jump(next, &[BlockArg::from(same)]);
                self.b.switch_to_block(next);
                result = after;
                continue;
            }
            let mut same = self.egal_values(&mine, &theirs)?;
            if let Some(is) = other_is {
                same = self.b.ins().band(same, is);
            }
            let both = self.b.ins().band(here, same);
            result = self.b.ins().bor(result, both);
        }
        Ok(result)
    }

    /// Whether a union holds one of `wanted`.
    fn has_tag(&mut self, value: &Typed, wanted: &[Type]) -> Result<ir::Value> {
        let Repr::Union { members, .. } = self.repr(value.ty)? else {
            return Err("not a union".into());
        };
        let Lowered::Parts(parts) = &value.value else {
            return Err("a union in an unexpected representation".into());
        };
        let tag = parts[0];
        let mut result = None;
        for (i, member) in members.iter().enumerate() {
            if wanted.contains(member) {
                let here = self.b.ins().icmp_imm_s(IntCC::Equal, tag, i as i64);
                result = Some(match result {
                    None => here,
                    Some(any) => self.b.ins().bor(any, here),
                });
            }
        }
        Ok(match result {
            Some(v) => v,
            None => self.b.ins().iconst(types::I8, 0),
        })
    }

    /// `Core.isa(x, T)`.
    pub(crate) fn is_a(&mut self, args: &[Value]) -> Result<Typed> {
        let Value::Type(ty) = args[1] else {
            return Err("`isa` with a type known only at run time".into());
        };
        let value = self.operand(args[0])?;
        let undecided = |this: &Self, sub: Type| {
            format!(
                "whether {} is a subtype of {} is not known",
                this.type_text(sub),
                this.type_text(ty)
            )
        };
        let result = if matches!(value.value, Lowered::Exception) {
            self.exception_is(ty)?
        } else if self.is_union(value.ty) {
            let mut wanted = Vec::new();
            for member in self.module.tables.members(value.ty) {
                match self.module.tables.is_subtype(member, ty) {
                    Some(true) => wanted.push(member),
                    Some(false) => {}
                    None => return Err(undecided(self, member)),
                }
            }
            self.has_tag(&value, &wanted)?
        } else if self.module.tables.class(value.ty) == TypeClass::Abstract {
            self.dynamic_is(&value, ty)?
        } else {
            match self.module.tables.is_subtype(value.ty, ty) {
                Some(b) => self.b.ins().iconst(types::I8, i64::from(b)),
                None => return Err(undecided(self, value.ty)),
            }
        };
        Ok(Typed {
            ty: Type::BOOL,
            value: Lowered::Scalar(result),
        })
    }

    /// Whether the exception being handled is of this type, by the hash of its own in the record.
    fn exception_is(&mut self, ty: Type) -> Result<ir::Value> {
        if ty == Type::ANY || ty == Type::EXCEPTION {
            return Ok(self.b.ins().iconst(types::I8, 1));
        }
        let record = self.error_record()?;
        let found = self.b.ins().load(
            types::I64,
            own_memory(),
            record,
            error_record::TYPE_OFFSET as i32,
        );
        // The record tells the concrete type; of an abstract one all that the module declares count.
        let tables = &self.module.tables;
        let mut wanted = tables.members(ty);
        for &declared in tables.declared() {
            if tables.is_subtype(declared, ty) == Some(true) && !wanted.contains(&declared) {
                wanted.push(declared);
            }
        }
        let mut result = None;
        for member in wanted {
            let hash = error_record::type_hash(&self.type_text(member));
            let want = self.b.ins().iconst(types::I64, hash as i64);
            let same = self.b.ins().icmp(IntCC::Equal, found, want);
            result = Some(match result {
                None => same,
                Some(any) => self.b.ins().bor(any, same),
            });
        }
        result.ok_or_else(|| "`isa` of an empty union".into())
    }
}
