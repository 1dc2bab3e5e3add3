//! Code in this process by Cranelift: the plan of symbols grows with every batch, and the new code
//! finds the old one in memory.

use super::{Batch, Problem, host_address};
use crate::program::extend_program;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_entity::EntitySet;
use hashbrown::HashMap;
use jlift_backend_cranelift::compile::{CompileError, Produce, Scratch, compile_some};
use jlift_backend_cranelift::emit::EmitError;
use jlift_backend_cranelift::jit::Jit;
use jlift_backend_cranelift::program::Program;
use jlift_ir::{Func, Module};
use jlift_lower::{
    Environment, LowerError, Lowerer, Options as LowerOptions, Plan, Symbol, SymbolKind,
};

/// The same instructions with more or less work on them.
pub(super) struct Isas {
    pub full: OwnedTargetIsa,
    /// For code without loops.
    pub straight: OwnedTargetIsa,
    /// For code without loops that runs once, or is called by the runtime, against whose way to it the
    /// code is little: compiling it is what it costs.
    pub quick: OwnedTargetIsa,
}

/// All code so far.
pub(super) struct Code {
    isas: Isas,
    threads: usize,
    plan: Plan,
    program: Program,
    jit: Jit,
    scratch: Scratch,
    /// Functions of the plan besides bodies and entries that have no code yet.
    shared: Vec<u32>,
    /// Functions of the plan that were looked at.
    planned: usize,
    /// The entries of functions that were started.
    starts: HashMap<Func, u32>,
    /// The lowest address of the stack that recursive code uses.
    stack_limit: Option<u64>,
}

impl Code {
    pub fn new(isas: Isas, threads: usize) -> Result<Code, Problem> {
        Ok(Code {
            isas,
            threads,
            plan: Plan::default(),
            program: Program::default(),
            jit: Jit::new().map_err(|e| Problem::plain(e.to_string()))?,
            scratch: Scratch::default(),
            shared: Vec::new(),
            planned: 0,
            starts: HashMap::new(),
            stack_limit: crate::overflow::stack_limit(),
        })
    }

    /// The entry of a function that was a batch's thunk.
    pub fn start(&self, func: Func) -> Option<*const u8> {
        self.jit.address(*self.starts.get(&func)?)
    }

    /// The code of a function.
    pub fn body(&self, func: Func) -> Option<*const u8> {
        match self.plan.body(func)? {
            Symbol::Function(index) => self.jit.address(index),
            Symbol::Data(_) => None,
        }
    }

    /// Calls of functions that have no code arrive there.
    pub fn defer(&mut self, arrival: *const u8) {
        self.jit.defer(arrival);
    }

    /// The function with this number in the plan.
    pub fn planned(&self, number: u32) -> Option<Func> {
        match self.plan.functions.get(number as usize)?.kind {
            SymbolKind::Body(func) => Some(func),
            _ => None,
        }
    }

    /// Bytes of code and constants.
    pub fn bytes(&self) -> usize {
        self.jit.used()
    }

    /// Code for the functions of a batch, and for the entry of one.
    pub fn generate(&mut self, batch: &Batch) -> Result<(), Problem> {
        let (module, thunk) = (batch.module, batch.thunk);
        let lower_problem = |e: LowerError| Problem {
            func: Some(e.func),
            inst: e.inst,
            message: e.message,
        };
        self.plan
            .grow(module, batch.functions, Environment::Jit)
            .map_err(lower_problem)?;
        self.plan.declare(module, batch.deferred);
        let plan = &self.plan;
        let Isas {
            full,
            straight,
            quick,
        } = &self.isas;
        let mut wanted: Vec<(u32, &dyn TargetIsa)> = Vec::new();
        for &func in batch.functions {
            if let Some(Symbol::Function(index)) = plan.body(func) {
                let isa = match has_loop(module, func) {
                    true => full,
                    false if thunk.is_some_and(|t| t.func == func) => quick,
                    false => straight,
                };
                wanted.push((index, &**isa));
            }
        }
        // What bodies share is compiled with the first of them.
        for (n, item) in plan.functions.iter().enumerate().skip(self.planned) {
            if !matches!(item.kind, SymbolKind::Body(_) | SymbolKind::Import) {
                self.shared.push(n as u32);
            }
        }
        wanted.extend(self.shared.iter().map(|&index| (index, &**straight)));
        let entry = match thunk {
            Some(thunk) if thunk.needs_entry => Some(self.plan.add_start(module, thunk.func)),
            _ => None,
        };
        wanted.extend(entry.map(|index| (index, &**quick)));
        self.planned = self.plan.functions.len();
        extend_program(&mut self.program, &self.plan);
        let options = LowerOptions {
            environment: Environment::Jit,
            source_locations: false,
            stack_limit: self.stack_limit,
        };
        let (plan, isa, may_throw) = (&self.plan, &**full, batch.may_throw);
        let producer = || -> Produce<'_, LowerError> {
            let mut lowerer = Lowerer::new(module, plan, isa, options, may_throw);
            Box::new(
                move |index, clif| match plan.functions.get(index as usize) {
                    Some(item) => lowerer.lower_item(item.kind, clif, None),
                    None => Ok(()),
                },
            )
        };
        let scratch = &mut self.scratch;
        let code = compile_some(&wanted, self.threads, false, scratch, &producer);
        let code = code.map_err(|e| match e {
            CompileError::Lower(e) => lower_problem(e),
            CompileError::Codegen { index, message } => {
                let item = plan.functions.get(index as usize);
                let name = item.map_or("?", |f| f.name.as_str());
                let func = item.and_then(|f| match f.kind {
                    SymbolKind::Body(func) => Some(func),
                    _ => None,
                });
                Problem {
                    func,
                    inst: None,
                    message: format!("internal error: no code for {name}: {message}"),
                }
            }
        })?;
        let deferred = batch.deferred.iter().filter_map(|&f| plan.body(f));
        let deferred: Vec<u32> = deferred.filter_map(Symbol::function).collect();
        let failed = |e: EmitError| Problem::plain(e.to_string());
        self.jit.expect(&deferred).map_err(failed)?;
        let host = |name: &str| host_address(batch.cells, name);
        self.jit.add(&self.program, &code, &host).map_err(failed)?;
        for item in &self.shared {
            if let Some(function) = self.plan.functions.get(*item as usize)
                && let SymbolKind::Drop(ty) = function.kind
                && let Some(code) = self.jit.address(*item)
            {
                let number = jlift_lower::dynamic::type_number(module, ty);
                crate::dynamic::set_drop(number, code);
            }
        }
        self.shared.clear();
        if let (Some(thunk), Some(index)) = (thunk, entry) {
            self.starts.insert(thunk.func, index);
        }
        Ok(())
    }
}

/// Whether control may come back to a block: blocks are listed in reverse postorder.
fn has_loop(module: &Module, func: Func) -> bool {
    let f = &module.functions[func];
    let mut seen = EntitySet::new();
    f.layout.iter().any(|&block| {
        seen.insert(block);
        f.blocks[block].term.successors().any(|s| seen.contains(s))
    })
}
