//! Which types need functions that free their objects. Knows nothing of the code of these.
//!
//! An object without counted references inside is freed by the function of its type. Others could
//! hold a list of a million nodes, or a tree as deep, so nothing recurses: a function shared by all
//! types of the program takes the objects of a list one after the other, puts what only they held
//! at its head, and goes on until it is empty. The list runs through the headers of the objects,
//! where the number of a type says how an object is taken apart.

use super::{FunctionItem, Plan, Symbol, SymbolKind};
use crate::dynamic::DROP_DYNAMIC;
use hashbrown::HashMap;
use jlift_ir::text::type_text;
use jlift_ir::{Module, Type, TypeClass};

/// The types whose objects the program frees.
#[derive(Clone, Default, Debug)]
pub(super) struct Drops {
    functions: HashMap<Type, u32>,
    /// The types whose objects hold counted references; the position is the number of the type.
    nested: Vec<Type>,
    numbers: HashMap<Type, u32>,
    /// The shared function, and how many of `nested` it knows.
    all: Option<(u32, usize)>,
}

/// The types of the counted references that a value of type `ty` may hold directly.
pub(crate) fn references(module: &Module, ty: Type) -> Vec<Type> {
    let tables = &module.tables;
    let mut out = Vec::new();
    let mut work = vec![(ty, 0)];
    while let Some((ty, depth)) = work.pop() {
        match tables.class(ty) {
            _ if out.contains(&ty) => {}
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Abstract => {
                out.push(ty)
            }
            // Deeper nests have no layout.
            _ if depth > jlift_abi::layout::MAX_DEPTH => {}
            TypeClass::InlineWithReferences => {
                let fields = tables.field_types(ty).unwrap_or_default();
                work.extend(fields.into_iter().map(|f| (f, depth + 1)));
            }
            TypeClass::Union => {
                work.extend(tables.members(ty).into_iter().map(|m| (m, depth + 1)));
            }
            _ => {}
        }
    }
    out
}

/// The types of the counted references inside of an object of type `ty`.
fn references_inside(module: &Module, ty: Type) -> Vec<Type> {
    if let Some((elem, _)) = module.tables.array_of(ty) {
        return references(module, elem);
    }
    let mut out = Vec::new();
    if module.tables.class(ty) == TypeClass::Heap {
        for field in module.tables.field_types(ty).unwrap_or_default() {
            for found in references(module, field) {
                if !out.contains(&found) {
                    out.push(found);
                }
            }
        }
    }
    out
}

impl Plan {
    /// The function that frees an object of this type.
    pub fn drop_function(&self, ty: Type) -> Option<Symbol> {
        let index = self.drops.functions.get(&ty)?;
        Some(Symbol::Function(*index))
    }

    /// The function that frees a list of objects.
    pub(crate) fn drop_all(&self) -> Option<Symbol> {
        self.drops.all.map(|(index, _)| Symbol::Function(index))
    }

    /// The number of a type whose objects hold counted references.
    pub(crate) fn nested_number(&self, ty: Type) -> Option<u32> {
        self.drops.numbers.get(&ty).copied()
    }

    /// The types of these numbers, from 0 on.
    pub(crate) fn nested_types(&self, count: u32) -> &[Type] {
        self.drops.nested.get(..count as usize).unwrap_or_default()
    }

    /// Plans the functions by which references in values of this type are dropped.
    pub(super) fn need_drop(&mut self, module: &Module, ty: Type) {
        let mut work = references(module, ty);
        while let Some(ty) = work.pop() {
            if self.drops.functions.contains_key(&ty) {
                continue;
            }
            if module.tables.class(ty) == TypeClass::Abstract {
                self.add_import(DROP_DYNAMIC);
                continue;
            }
            self.add_import("free");
            let index = self.add_function(FunctionItem {
                kind: SymbolKind::Drop(ty),
                name: format!("drop {}#{}", type_text(&module.tables, ty), {
                    // Texts of types may be equal in hostile input; names must not.
                    self.functions.len()
                }),
                exported: false,
            });
            self.drops.functions.insert(ty, index);
            let inside = references_inside(module, ty);
            if !inside.is_empty() {
                let number = self.drops.nested.len() as u32;
                self.drops.numbers.insert(ty, number);
                self.drops.nested.push(ty);
            }
            work.extend(inside);
        }
    }

    /// Plans the function for all types with references that there are by now.
    pub(super) fn plan_drop_all(&mut self) {
        let count = self.drops.nested.len();
        if count == 0 || self.drops.all.is_some_and(|(_, known)| known == count) {
            return;
        }
        let index = self.add_function(FunctionItem {
            kind: SymbolKind::DropAll(count as u32),
            name: format!("drop all#{count}"),
            exported: false,
        });
        self.drops.all = Some((index, count));
    }
}
