//! Typed IR of inferred instances. Walks lowered code once more with what inference found out;
//! decides nothing about types itself.

mod call;
mod dynamic;
mod function;
mod globals;
mod regions;
mod slots;
mod statement;

pub(crate) use dynamic::Conversion;
pub(crate) use function::Emitter;

use crate::interp::instance::InstId;
use crate::world::World;
use jlift_ir::function::InlineHint;
use jlift_ir::{Func, Function, Param, Type};

impl World {
    /// The function of an instance; it and everything that it calls is emitted. Functions that are
    /// new since the last call are at the end of the module's list.
    pub fn emit(&mut self, root: InstId) -> Func {
        let func = self.reserve(root);
        self.emit_queued();
        func
    }

    /// Emits what was asked for.
    pub(crate) fn emit_queued(&mut self) {
        while let Some(inst) = self.emit_queue.pop() {
            function::emit_function(self, inst);
        }
    }

    /// Forgets what was emitted: from now on functions go to an output of its own.
    pub fn start_output(&mut self) {
        self.module.functions = cranelift_entity::PrimaryMap::new();
        self.externals.clear();
        self.conversions.clear();
        for inst in self.instances.values_mut() {
            inst.func = None;
        }
    }

    /// The function of an instance; its body may not have been emitted yet.
    pub(crate) fn reserve(&mut self, inst: InstId) -> Func {
        if let Some(func) = self.instances[inst].func {
            return func;
        }
        let record = &self.instances[inst];
        let args = record.args.clone();
        let ret = record.ret.clone();
        let code = record.code.clone();
        let module = record.module;
        let name = record.name;
        let text = format!(
            "{}.{}",
            self.text(self.modules[module].name),
            self.text(name)
        );
        // Legalization knows this function by its name, and so how its arguments come.
        let by_keywords = matches!(args.first(), Some(crate::lattice::Lat::Const(jlift_ir::Value::Instance(t))) if *t == self.names.kwcall);
        let gathers = code.as_ref().is_some_and(|c| c.vararg);
        let text = match &*text {
            "Base.string" if gathers && !by_keywords => "Base.string...".to_string(),
            "Base.string" if self.are_strings(args.get(1..).unwrap_or_default()) => text,
            // Its methods with keywords do more than join texts: they may fail.
            "Base.string" => "Base.string with options".to_string(),
            _ => text,
        };
        let full = self.name(&text);
        let self_type = match args.first() {
            Some(lat) => self.widen(lat),
            None => Type::NOTHING,
        };
        let mut params = Vec::new();
        if let Some(code) = &code {
            let count = code.params as usize;
            for n in 1..count {
                let ty = if code.vararg && n + 1 == count {
                    let rest = args.get(n..).unwrap_or(&[]).to_vec();
                    let lat = self.tuple_of(&rest);
                    self.widen(&lat)
                } else {
                    match args.get(n) {
                        Some(lat) => self.widen(lat),
                        None => Type::ANY,
                    }
                };
                self.declare(ty);
                let name = code
                    .slots
                    .get(jlift_frontend::lowered::Slot::from_u32(n as u32))
                    .map_or(jlift_ir::Name::EMPTY, |s| s.name);
                params.push(Param { name, ty });
            }
        }
        let ret = self.widen(&ret);
        self.declare(ret);
        self.declare(self_type);
        let mut f = Function::new(full, params, ret, self_type);
        if let Some(code) = &code {
            f.inline = if code.hints.noinline {
                InlineHint::Never
            } else if code.hints.inline {
                InlineHint::Always
            } else {
                InlineHint::Auto
            };
        }
        let func = self.module.functions.push(f);
        self.instances[inst].func = Some(func);
        self.emit_queue.push(inst);
        func
    }

    fn are_strings(&mut self, args: &[crate::lattice::Lat]) -> bool {
        args.iter().all(|arg| self.widen(arg) == Type::STRING)
    }
}
