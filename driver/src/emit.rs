//! `jlift emit`: the stages as text.

use crate::diagnostic::Failure;
use crate::session::Session;
use jlift_lower::{Environment, SymbolKind};

/// A stage that can be printed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum EmitStage {
    /// Typed IR as it was read.
    Typed,
    /// Typed IR as it is lowered.
    Opt,
    /// Cranelift's IR, with the statements as comments.
    Clif,
    /// LLVM's IR.
    Llvm,
    /// Machine code as text.
    Asm,
}

impl Session {
    /// The text of a stage.
    pub fn emit(&mut self, stage: EmitStage) -> Result<String, Failure> {
        match stage {
            EmitStage::Typed => Ok(jlift_ir::text::print_module(&self.module)),
            EmitStage::Opt => {
                self.optimize()?;
                let mut out = String::from("jir 1\n");
                for &func in self.live() {
                    out.push('\n');
                    out.push_str(&jlift_ir::text::print_function(&self.module, func));
                }
                Ok(out)
            }
            EmitStage::Clif => {
                let mut out = String::new();
                for (name, text) in self.clif()? {
                    out.push_str(&format!("; {name}\n{text}\n"));
                }
                Ok(out)
            }
            EmitStage::Llvm => {
                let environment = jlift_backend_llvm::Environment::Library;
                Ok(self.llvm_text(environment)?.text)
            }
            EmitStage::Asm => {
                let compiled = self.compile(Environment::Library, true)?;
                let mut out = String::new();
                for function in &compiled.functions {
                    let item = &compiled.plan.functions[function.index as usize];
                    let kind = match item.kind {
                        SymbolKind::Body(func) => self.module.describe(func),
                        SymbolKind::Entry(_) => "C entry".into(),
                        SymbolKind::TryEntry(_) => "C entry with status".into(),
                        SymbolKind::Start(_) => "start".into(),
                        SymbolKind::Drop(_) | SymbolKind::DropAll(_) => "frees objects".into(),
                        SymbolKind::Allocate
                        | SymbolKind::SameText
                        | SymbolKind::LastError
                        | SymbolKind::Import => String::new(),
                    };
                    out.push_str(&format!(
                        "{}:  ; {kind}, {} bytes\n{}\n",
                        item.name,
                        function.code.len(),
                        function.disassembly.as_deref().unwrap_or_default()
                    ));
                }
                Ok(out)
            }
        }
    }
}
