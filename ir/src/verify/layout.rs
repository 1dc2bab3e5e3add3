//! Declared layouts and the sizes of values: fields lie inside their struct, one after the other;
//! no type contains itself by value; values have a size and a number of parts that consumers can
//! take apart. What a layout should be for a target is not known here.

use super::{Check, Verifier, cut, ensure};
use crate::decl::{Decl, StructDecl, StructKind};
use crate::module::Module;
use crate::text::type_text;
use crate::types::{Type, TypeClass, TypeData};
use cranelift_entity::SecondaryMap;
use hashbrown::HashSet;

/// By-value nesting of types.
const MAX_DEPTH: u32 = 64;
/// Primitive parts of one value.
const MAX_PARTS: u64 = 1 << 16;
/// Bytes of one value.
const MAX_SIZE: u64 = 1 << 24;

/// How a value of a type is laid out where it is stored: in place or as a reference.
#[derive(Copy, Clone)]
struct Extent {
    size: u64,
    align: u64,
    /// Primitive parts, singletons included.
    parts: u64,
    depth: u32,
}

impl Extent {
    const fn scalar(size: u64) -> Self {
        Self {
            size,
            align: if size == 0 { 1 } else { size },
            parts: 1,
            depth: 0,
        }
    }
}

#[derive(Copy, Clone, Default)]
enum State {
    #[default]
    Unknown,
    Open,
    Known(Extent),
    /// The error was reported.
    Bad,
}

/// What is known of the extents of types.
#[derive(Default)]
pub(super) struct Layouts {
    state: SecondaryMap<Type, State>,
}

impl Verifier<'_> {
    /// Checks all declarations of the module.
    pub(super) fn declarations(&mut self) {
        let module = self.module;
        for &ty in module.tables.declared() {
            let Some(decl) = module.tables.decl(ty) else {
                continue;
            };
            if let Err(message) = self.declaration(ty, decl) {
                let message = format!("type {}: {message}", cut(&type_text(&module.tables, ty)));
                self.error(None, None, message);
            }
        }
    }

    /// Checks that values of a type have an end and a reasonable size. A type that does not is
    /// reported once.
    pub(super) fn check_type(&mut self, ty: Type) -> Check {
        if let State::Unknown = self.layouts.state[ty] {
            self.extent(ty)?;
        }
        Ok(())
    }

    /// The size in bytes of a value that was checked.
    pub(super) fn size_of(&self, ty: Type) -> Option<u64> {
        match self.layouts.state[ty] {
            State::Known(e) => Some(e.size),
            _ => None,
        }
    }

    fn declaration(&mut self, ty: Type, decl: &Decl) -> Check {
        let tables = &self.module.tables;
        let declarable = matches!(tables.type_data(ty), TypeData::Data { .. })
            && !tables.is_tuple(ty)
            && !matches!(
                tables.type_name(ty),
                Some("Ptr" | "Array" | "Type" | "Union" | "Vararg")
            )
            && !(Type::ANY..=Type::FLOAT64).contains(&ty)
            && !(Type::STRING..=Type::FUNCTION).contains(&ty);
        ensure!(declarable, "a builtin type cannot be declared");
        self.supertype(decl)?;
        if let Decl::Struct(s) = decl {
            self.fields(s)?;
        }
        self.check_type(ty)
    }

    /// Declared types are concrete, so that chains of declared supertypes have an end.
    fn supertype(&mut self, decl: &Decl) -> Check {
        let tables = &self.module.tables;
        ensure!(
            self.types.class(decl.supertype()) == TypeClass::Abstract,
            "the supertype {} is not abstract",
            cut(&type_text(tables, decl.supertype()))
        );
        Ok(())
    }

    fn fields(&mut self, s: &StructDecl) -> Check {
        let tables = &self.module.tables;
        ensure!(
            s.align.is_power_of_two() && s.align <= 64,
            "alignment {} is not a power of two up to 64",
            s.align
        );
        ensure!(
            s.size.is_multiple_of(s.align),
            "size {} is not a multiple of the alignment {}",
            s.size,
            s.align
        );
        ensure!(
            !s.mutable || s.kind == StructKind::Heap,
            "a mutable struct lives on the heap"
        );
        let mut names = HashSet::new();
        let mut end = 0;
        for field in &s.fields {
            let name = || cut(tables.names.str(field.name));
            ensure!(names.insert(field.name), "two fields `{}`", name());
            ensure!(
                s.mutable || !field.is_const,
                "field `{}` is `const`, but the struct is not mutable",
                name()
            );
            let e = match self.extent(field.ty)? {
                Some(e) => e,
                // Reported where the type itself is declared or used.
                None => continue,
            };
            ensure!(
                s.kind != StructKind::Inline || self.types.is_bits(field.ty),
                "field `{}` of an inline struct is a reference",
                name()
            );
            let offset = u64::from(field.offset);
            ensure!(
                offset >= end,
                "field `{}` at {offset} begins before the end of the previous one at {end}",
                name()
            );
            end = offset + e.size;
            ensure!(
                end <= u64::from(s.size),
                "field `{}` ends at {end}, beyond the size {}",
                name(),
                s.size
            );
        }
        Ok(())
    }

    /// The extent of a type; `None` if an error in it was reported before.
    fn extent(&mut self, ty: Type) -> Result<Option<Extent>, String> {
        // A walk with an explicit stack: declared types may nest to any depth.
        let mut stack = vec![ty];
        while let Some(&at) = stack.last() {
            match self.layouts.state[at] {
                State::Known(_) | State::Bad => {
                    stack.pop();
                }
                State::Unknown => {
                    self.layouts.state[at] = State::Open;
                    for part in self.parts(at) {
                        match self.layouts.state[part] {
                            State::Unknown => stack.push(part),
                            State::Open => {
                                self.abandon(&stack);
                                return Err(format!(
                                    "{} contains itself by value",
                                    text(self.module, part)
                                ));
                            }
                            State::Known(_) | State::Bad => {}
                        }
                    }
                }
                State::Open => {
                    stack.pop();
                    match self.combine(at) {
                        Ok(Some(e)) => self.layouts.state[at] = State::Known(e),
                        Ok(None) => self.layouts.state[at] = State::Bad,
                        Err(message) => {
                            self.layouts.state[at] = State::Bad;
                            self.abandon(&stack);
                            return Err(format!("{} {message}", text(self.module, at)));
                        }
                    }
                }
            }
        }
        Ok(match self.layouts.state[ty] {
            State::Known(e) => Some(e),
            _ => None,
        })
    }

    fn abandon(&mut self, stack: &[Type]) {
        for &ty in stack {
            if let State::Open = self.layouts.state[ty] {
                self.layouts.state[ty] = State::Bad;
            }
        }
    }

    /// The types whose values lie inside a value of this type.
    fn parts(&mut self, ty: Type) -> Vec<Type> {
        match self.types.class(ty) {
            TypeClass::Inline | TypeClass::InlineWithReferences => {
                self.module.tables.field_types(ty).unwrap_or_default()
            }
            TypeClass::Union if self.types.is_bits(ty) => self.module.tables.members(ty),
            _ => Vec::new(),
        }
    }

    /// The extent of a type whose parts are known; `None` if one of them is bad.
    fn combine(&mut self, ty: Type) -> Result<Option<Extent>, String> {
        let class = self.types.class(ty);
        let mut sum = match class {
            TypeClass::Bottom | TypeClass::Singleton => Extent::scalar(0),
            // The alignment of 128-bit numbers depends on the target; 8 is the least.
            TypeClass::Primitive(bits) => Extent {
                align: u64::from(bits / 8).clamp(1, 8),
                ..Extent::scalar(u64::from(bits) / 8)
            },
            TypeClass::Inline | TypeClass::InlineWithReferences => Extent {
                parts: 0,
                ..Extent::scalar(0)
            },
            TypeClass::Union if self.types.is_bits(ty) => Extent {
                parts: 1,
                ..Extent::scalar(0)
            },
            _ => Extent::scalar(8),
        };
        let is_union = class == TypeClass::Union;
        for part in self.parts(ty) {
            let State::Known(e) = self.layouts.state[part] else {
                return Ok(None);
            };
            sum.align = sum.align.max(e.align);
            sum.parts += e.parts;
            sum.depth = sum.depth.max(e.depth + 1);
            // A union is as large as its largest member; where its tag lies is not known here.
            sum.size = if is_union {
                sum.size.max(e.size)
            } else {
                sum.size.next_multiple_of(e.align) + e.size
            };
            // Checked part by part, so that the sums cannot overflow.
            limits(&sum)?;
        }
        if !is_union {
            sum.size = sum.size.next_multiple_of(sum.align);
        }
        if let (TypeClass::Inline | TypeClass::InlineWithReferences, Some(Decl::Struct(s))) =
            (class, self.module.tables.decl(ty))
        {
            sum.size = s.size.into();
            sum.align = u64::from(s.align).clamp(1, 64);
        }
        limits(&sum)?;
        Ok(Some(sum))
    }
}

fn limits(e: &Extent) -> Check {
    ensure!(e.depth <= MAX_DEPTH, "nests deeper than {MAX_DEPTH} levels");
    ensure!(e.parts <= MAX_PARTS, "has more than {MAX_PARTS} parts");
    ensure!(e.size <= MAX_SIZE, "is larger than {MAX_SIZE} bytes");
    Ok(())
}

fn text(module: &Module, ty: Type) -> String {
    cut(&type_text(&module.tables, ty)).into_owned()
}
