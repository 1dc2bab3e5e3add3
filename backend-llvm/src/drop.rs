//! The functions that free objects.
//!
//! ```text
//! drop T(object)     if the object is mortal: free it, or make it a list and call `drop all`
//! drop all(list)     while list != 0 { object = list; list = [object + 8]; by the number of its
//!                    type: drop the references in it, those that may hold others to the list;
//!                    free it }
//! ```
//!
//! Objects may form lists and trees of any depth, so nothing recurses: the list of what is still to
//! be freed runs through the headers of the objects.

use crate::counted::Count;
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::{Helper, Program};
use crate::value::{Access, Result, Typed};
use jlift_abi::object;
use jlift_ir::{Func, Module, Type, TypeClass};

const COUNT: i64 = object::REFERENCE_COUNT_OFFSET as i64;

/// The types of the counted references that a value of type `ty` may hold directly.
fn references(module: &Module, ty: Type, depth: u32, out: &mut Vec<Type>) {
    let tables = &module.tables;
    // Deeper nests have no layout.
    if depth > jlift_abi::layout::MAX_DEPTH || out.contains(&ty) {
        return;
    }
    match tables.class(ty) {
        TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Abstract => {
            out.push(ty)
        }
        TypeClass::InlineWithReferences => {
            for field in tables.field_types(ty).unwrap_or_default() {
                references(module, field, depth + 1, out);
            }
        }
        TypeClass::Union => {
            for member in tables.members(ty) {
                references(module, member, depth + 1, out);
            }
        }
        _ => {}
    }
}

/// The types of the counted references inside of an object of type `ty`.
pub(crate) fn references_inside(module: &Module, ty: Type) -> Vec<Type> {
    let mut out = Vec::new();
    if let Some((elem, _)) = module.tables.array_of(ty) {
        references(module, elem, 0, &mut out);
    } else if module.tables.class(ty) == TypeClass::Heap {
        for field in module.tables.field_types(ty).unwrap_or_default() {
            references(module, field, 0, &mut out);
        }
    }
    out
}

impl<'a, 'm> Body<'a, 'm> {
    /// Writes a function that the compiler adds. `context` is any function of the module: none of it
    /// is looked at.
    pub fn write_helper(p: &'a mut Program<'m>, helper: Helper, context: Func) -> Result<()> {
        let name = p.helper_symbol(helper);
        let mut body = Body::new(p, context, false);
        let object = Reg::new(Machine::Ptr, "%p0");
        let head = match helper {
            Helper::Allocate => {
                body.allocate_body(&Reg::new(Machine::I64, "%p0"))?;
                format!("define internal ptr {name}(i64 %p0) #0")
            }
            Helper::SameText => {
                body.same_text_body(&object, &Reg::new(Machine::Ptr, "%p1"));
                format!("define internal i1 {name}(ptr %p0, ptr %p1) #0")
            }
            Helper::Drop(ty) => {
                body.drop_object(ty, &object)?;
                if body.p.request.visible_bodies {
                    body.p.drops.push((ty, body.p.plain_name(helper)));
                    format!("define void {name}(ptr %p0) #2")
                } else {
                    format!("define internal void {name}(ptr %p0) #2")
                }
            }
            Helper::DropAll => return Ok(()),
        };
        let Body { p, w, .. } = body;
        p.add_function(&head, &w.finish());
        Ok(())
    }

    /// Writes `drop all`, for the types of which it is known by now that they need it.
    pub fn write_drop_all(p: &'a mut Program<'m>, context: Func) -> Result<()> {
        let name = p.helper_symbol(Helper::DropAll);
        let types = p.nested.clone();
        let mut body = Body::new(p, context, false);
        body.drop_list(&types, &Reg::new(Machine::Ptr, "%p0"))?;
        let Body { p, w, .. } = body;
        let head = format!("define internal void {name}(ptr %p0) #2");
        p.add_function(&head, &w.finish());
        Ok(())
    }

    fn drop_object(&mut self, ty: Type, object: &Reg) -> Result<()> {
        let count = self.load_scalar(Machine::I64, object, COUNT, Access::Own);
        let immortal = self.compare("slt", &count, &Reg::i64(0));
        let (done, mortal) = (self.w.block(), self.w.block());
        self.w.branch(&immortal, done, mortal);
        self.w.switch_to(mortal);
        match self.p.nested_number(ty) {
            Some(number) => {
                self.link(object, number, &Machine::Ptr.zero());
                let all = self.p.helper(Helper::DropAll);
                self.w.line(format_args!("call void {all}({object:#})"));
            }
            None => self.take_apart(ty, object)?,
        }
        self.w.jump(done);
        self.w.switch_to(done);
        self.w.ret(format_args!("void"));
        Ok(())
    }

    fn drop_list(&mut self, all: &[Type], first: &Reg) -> Result<()> {
        let list = self.w.alloca(8, 8);
        self.store_scalar(first, &list, 0, Access::Own);
        self.drop_list = Some(list.clone());
        let (head, work, done) = (self.w.block(), self.w.block(), self.w.block());
        self.w.jump(head);
        self.w.switch_to(head);
        let object = self.load_scalar(Machine::Ptr, &list, 0, Access::Own);
        let is_end = self.compare("eq", &object, &Machine::Ptr.zero());
        self.w.branch(&is_end, done, work);
        self.w.switch_to(work);
        let rest = self.load_scalar(Machine::Ptr, &object, COUNT, Access::Own);
        self.store_scalar(&rest, &list, 0, Access::Own);
        let at = object::TYPE_INDEX_OFFSET.into();
        let number = self.load_scalar(Machine::I32, &object, at, Access::Own);
        let cases: Vec<_> = all.iter().map(|_| self.w.block()).collect();
        let never = self.w.block();
        self.w.switch(&number, never, &cases);
        for (&ty, case) in all.iter().zip(cases) {
            self.w.switch_to(case);
            self.take_apart(ty, &object)?;
            self.w.jump(head);
        }
        self.w.switch_to(never);
        self.w.trap();
        self.w.switch_to(done);
        self.w.ret(format_args!("void"));
        Ok(())
    }

    /// Drops the references in an object, and frees its memory.
    fn take_apart(&mut self, ty: Type, object: &Reg) -> Result<()> {
        match self.module.tables.class(ty) {
            TypeClass::Heap => {
                for place in self.object_layout(ty)?.fields {
                    if self.p.is_counted(place.ty) {
                        let at = self.at(object, i64::from(object::HEADER_SIZE + place.offset));
                        self.drop_in_memory(place.ty, &at)?;
                    }
                }
            }
            TypeClass::Array => self.drop_array(ty, object)?,
            _ => {}
        }
        self.call_import("free", std::slice::from_ref(object), None);
        Ok(())
    }

    /// Drops the references in a field or element.
    fn drop_in_memory(&mut self, ty: Type, addr: &Reg) -> Result<()> {
        let val = self.load(ty, addr, 0, Access::Own, true)?;
        self.count_value(&Typed { ty, val }, Count::Down, true)
    }

    fn drop_array(&mut self, ty: Type, array: &Reg) -> Result<()> {
        let Some((elem, _)) = self.module.tables.array_of(ty) else {
            return Err("an array of a type that is no array".into());
        };
        let flags = self.load_scalar(
            Machine::I32,
            array,
            object::FLAGS_OFFSET.into(),
            Access::Own,
        );
        let others = object::FLAG_BORROWED_DATA | object::FLAG_SHOWS_OTHER;
        let foreign_bits = self
            .w
            .op(Machine::I32, format_args!("and {flags:#}, {others}"));
        let is_foreign = self.is_nonzero(&foreign_bits);
        let (foreign, own, done) = (self.w.block(), self.w.block(), self.w.block());
        self.w.branch(&is_foreign, foreign, own);
        self.w.switch_to(foreign);
        let memory = self.array_word(Machine::Ptr, array, object::ARRAY_MEMORY_OFFSET);
        // The other array has the same elements, if not as many dimensions: it is freed alike.
        // Where the data are borrowed, there is none.
        self.release_reference(ty, &memory, true)?;
        self.w.jump(done);
        self.w.switch_to(own);
        if self.p.is_counted(elem) {
            let data = self.array_word(Machine::Ptr, array, object::ARRAY_DATA_OFFSET);
            let length = self.array_word(Machine::I64, array, object::ARRAY_LENGTH_OFFSET);
            self.for_elements(elem, &data, &length, |this, addr| {
                this.drop_in_memory(elem, addr)
            })?;
        }
        let memory = self.array_word(Machine::Ptr, array, object::ARRAY_MEMORY_OFFSET);
        self.call_import("free", &[memory], None);
        self.w.jump(done);
        self.w.switch_to(done);
        Ok(())
    }
}
