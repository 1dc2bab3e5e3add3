//! Functions that a growing module only declares: calls of them become calls of the runtime's
//! functions of the same name, which are imported when the first one is seen.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::import::{Imported, Importer, Library};
use jlift_ir::{Func, Module, Op, Type};

/// What is known of the declarations of a module.
#[derive(Default)]
pub struct Externals {
    imported: Imported,
    resolved: HashMap<Func, Func>,
    /// Number of functions of the module that were looked at.
    seen: usize,
}

impl Externals {
    /// Redirects the calls in functions that are new since the last time. An error names a
    /// declaration that no runtime function fits.
    pub fn resolve(&mut self, module: &mut Module, shims: &Library) -> Result<(), (Func, String)> {
        let first = self.seen;
        let new: Vec<Func> = module.functions.keys().skip(first).collect();
        self.seen = module.functions.len();
        let declared: Vec<Func> = new
            .iter()
            .copied()
            .filter(|&f| module.functions[f].external)
            .collect();
        if !declared.is_empty() {
            let mut importer = Importer::resume(shims, std::mem::take(&mut self.imported));
            for func in declared {
                let f = &module.functions[func];
                let name = module.tables.names.str(f.name).to_string();
                let (ret, params) = (f.ret, f.params.iter().map(|p| p.ty));
                let params: Vec<Type> = params.collect();
                let found = importer.function(module, &name, &params);
                let found = found.map_err(|e| (func, e.to_string()))?;
                if module.functions[found].ret != ret {
                    let described = module.describe(func);
                    let ret = jlift_ir::text::type_text(&module.tables, ret);
                    return Err((func, format!("no function {described}::{ret} to import")));
                }
                self.resolved.insert(func, found);
            }
            self.imported = importer.into_imported();
        }
        if self.resolved.is_empty() {
            return Ok(());
        }
        let mut target: SecondaryMap<Func, PackedOption<Func>> = SecondaryMap::new();
        for (&from, &to) in &self.resolved {
            target[from] = to.into();
        }
        for n in first..self.seen {
            let f = &mut module.functions[Func::new(n)];
            for data in f.insts.values_mut() {
                if let Op::Invoke { func, .. } = &mut data.op
                    && let Some(found) = target[*func].expand()
                {
                    *func = found;
                }
            }
        }
        Ok(())
    }
}
