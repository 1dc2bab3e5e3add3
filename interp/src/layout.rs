//! Layouts of types, each computed once.

use crate::interpreter::Interpreter;
use crate::outcome::{Lacking, Result, Stop};
use hashbrown::HashMap;
use jlift_abi::layout::{self, Layout};
use jlift_ir::Type;
use std::rc::Rc;

/// What was computed.
#[derive(Default)]
pub(crate) struct Layouts {
    values: HashMap<Type, Rc<Layout>>,
    objects: HashMap<Type, Rc<Layout>>,
}

impl Interpreter<'_> {
    /// How values of a type lie in a field, an array or behind a pointer.
    pub(crate) fn layout(&mut self, ty: Type) -> Result<Rc<Layout>> {
        if let Some(known) = self.layouts.values.get(&ty) {
            return Ok(known.clone());
        }
        let layout = layout::layout(&self.module.tables, ty)
            .map_err(|e| Stop::Unsupported(Lacking::Form(e.to_string())))?;
        let layout = Rc::new(layout);
        self.layouts.values.insert(ty, layout.clone());
        Ok(layout)
    }

    /// How the payload of an object lies behind its header.
    pub(crate) fn object_layout(&mut self, ty: Type) -> Result<Rc<Layout>> {
        if let Some(known) = self.layouts.objects.get(&ty) {
            return Ok(known.clone());
        }
        let layout = layout::object_layout(&self.module.tables, ty)
            .map_err(|e| Stop::Unsupported(Lacking::Form(e.to_string())))?;
        let layout = Rc::new(layout);
        self.layouts.objects.insert(ty, layout.clone());
        Ok(layout)
    }
}
