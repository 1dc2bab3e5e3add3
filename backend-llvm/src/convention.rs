//! How functions of the program call each other: what travels in registers, what by address. Knows
//! nothing of C's conventions.

use crate::machine::Machine;
use crate::program::Program;
use crate::repr::Passing;
use crate::value::Result;
use jlift_ir::{Func, Type};

/// How a function of the program is called.
#[derive(Clone, Debug)]
pub(crate) struct Convention {
    /// For the callee itself and the parameters.
    pub params: Vec<Passing>,
    pub ret: Passing,
    pub may_throw: bool,
    /// The function never returns normally.
    pub diverges: bool,
    /// What it returns, as LLVM writes it: the parts of the result, then the status.
    pub returns: Vec<Machine>,
}

impl Convention {
    /// The result is written to an address that is passed first.
    pub fn by_address(&self) -> bool {
        self.ret == Passing::Address
    }

    /// The LLVM type of the result.
    pub fn return_type(&self) -> String {
        match &self.returns[..] {
            [] => "void".into(),
            [one] => one.to_string(),
            many => {
                let parts: Vec<String> = many.iter().map(Machine::to_string).collect();
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }
}

/// Results with more floats than this go through memory.
const MAX_RETURNED_FLOATS: usize = 2;

impl Program<'_> {
    /// How a function of the program is called.
    pub fn convention(&mut self, func: Func) -> Result<Convention> {
        if let Some(found) = self.conventions.get(&func) {
            return found.clone();
        }
        let convention = self.compute_convention(func);
        self.conventions.insert(func, convention.clone());
        convention
    }

    fn compute_convention(&mut self, func: Func) -> Result<Convention> {
        let f = &self.module.functions[func];
        let mut params = Vec::with_capacity(f.params.len() + 1);
        for ty in std::iter::once(f.self_type).chain(f.params.iter().map(|p| p.ty)) {
            params.push(self.passing(ty)?);
        }
        let ret = match self.passing(f.ret)? {
            // On x86-64 LLVM returns a third float in an x87 register, which quiets signaling NaNs.
            Passing::Parts(parts)
                if parts.iter().filter(|l| l.scalar.is_float()).count() > MAX_RETURNED_FLOATS =>
            {
                Passing::Address
            }
            passing => passing,
        };
        let may_throw = (self.request.may_throw)(func);
        let diverges = f.ret == Type::BOTTOM;
        let mut returns = match &ret {
            Passing::Ghost | Passing::Address => Vec::new(),
            Passing::Scalar(machine) => vec![*machine],
            Passing::Parts(leaves) => leaves
                .iter()
                .map(|l| Machine::of_scalar(l.scalar))
                .collect(),
        };
        if may_throw && !diverges {
            returns.push(Machine::I8);
        }
        Ok(Convention {
            params,
            ret,
            may_throw,
            diverges,
            returns,
        })
    }
}
