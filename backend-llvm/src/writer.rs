//! The text of one LLVM function while it is being written: blocks in any order, stack memory in
//! the entry block, phis whose inputs arrive later. Knows the grammar of LLVM IR and nothing of
//! what the instructions are for.

use crate::machine::{Machine, Reg};
use std::fmt::{Arguments, Write};

/// A block of the function.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Label(u32);

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "%b{}", self.0)
    }
}

/// A phi that takes inputs.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Phi {
    block: Label,
    index: u32,
}

struct PhiText {
    result: Reg,
    inputs: Vec<(Reg, Label)>,
}

#[derive(Default)]
struct Section {
    phis: Vec<PhiText>,
    body: String,
    begun: bool,
    ended: bool,
}

/// The function being written; [`Label`] 0 is its entry.
pub struct Writer {
    allocas: String,
    sections: Vec<Section>,
    /// The blocks in the order in which they were begun.
    order: Vec<u32>,
    at: usize,
    next: u32,
}

impl Default for Writer {
    fn default() -> Self {
        Writer {
            allocas: String::new(),
            sections: vec![Section {
                begun: true,
                ..Section::default()
            }],
            order: vec![0],
            at: 0,
            next: 0,
        }
    }
}

impl Writer {
    /// A new block, empty.
    pub fn block(&mut self) -> Label {
        self.sections.push(Section::default());
        Label(self.sections.len() as u32 - 1)
    }

    /// What is written from now on goes to the end of this block.
    pub fn switch_to(&mut self, label: Label) {
        self.at = label.0 as usize;
        if !std::mem::replace(&mut self.sections[self.at].begun, true) {
            self.order.push(label.0);
        }
    }

    /// The block being written.
    pub fn here(&self) -> Label {
        Label(self.at as u32)
    }

    /// Whether the block being written has an end.
    pub fn has_ended(&self) -> bool {
        self.sections[self.at].ended
    }

    fn fresh(&mut self, ty: Machine) -> Reg {
        self.next += 1;
        Reg::new(ty, format!("%{}", self.name()))
    }

    fn name(&self) -> String {
        format!("v{}", self.next)
    }

    /// An instruction without a result. Nothing follows the end of a block.
    pub fn line(&mut self, text: Arguments) {
        let section = &mut self.sections[self.at];
        if !section.ended {
            let _ = writeln!(section.body, "  {text}");
        }
    }

    /// An instruction with a scalar result.
    pub fn op(&mut self, ty: Machine, text: Arguments) -> Reg {
        let result = self.fresh(ty);
        self.line(format_args!("{result} = {text}"));
        result
    }

    /// An instruction whose result is no scalar: its name.
    pub fn group(&mut self, text: Arguments) -> String {
        self.next += 1;
        let name = format!("%{}", self.name());
        self.line(format_args!("{name} = {text}"));
        name
    }

    /// Stack memory that lives as long as the function.
    pub fn alloca(&mut self, size: u32, align: u32) -> Reg {
        let result = self.fresh(Machine::Ptr);
        let (size, align) = (size.max(1), align.max(1));
        let _ = writeln!(
            self.allocas,
            "  {result} = alloca [{size} x i8], align {align}"
        );
        result
    }

    /// Stack memory for one scalar.
    pub fn scalar_slot(&mut self, ty: Machine) -> Reg {
        let result = self.fresh(Machine::Ptr);
        let _ = writeln!(self.allocas, "  {result} = alloca {ty}");
        result
    }

    /// A phi at the start of a block.
    pub fn phi(&mut self, block: Label, ty: Machine) -> (Phi, Reg) {
        let result = self.fresh(ty);
        let phis = &mut self.sections[block.0 as usize].phis;
        phis.push(PhiText {
            result: result.clone(),
            inputs: Vec::new(),
        });
        let index = phis.len() as u32 - 1;
        (Phi { block, index }, result)
    }

    /// What a phi is if control comes from `from`.
    pub fn phi_input(&mut self, phi: Phi, from: Label, value: &Reg) {
        let phis = &mut self.sections[phi.block.0 as usize].phis;
        if let Some(phi) = phis.get_mut(phi.index as usize) {
            phi.inputs.push((value.clone(), from));
        }
    }

    fn end(&mut self, text: Arguments) {
        self.line(text);
        self.sections[self.at].ended = true;
    }

    pub fn jump(&mut self, to: Label) {
        self.end(format_args!("br label {to}"));
    }

    pub fn branch(&mut self, cond: &Reg, yes: Label, no: Label) {
        self.end(format_args!("br i1 {cond}, label {yes}, label {no}"));
    }

    /// A branch whose first destination is hardly ever taken.
    pub fn branch_rarely(&mut self, cond: &Reg, yes: Label, no: Label) {
        self.end(format_args!(
            "br i1 {cond}, label {yes}, label {no}, !prof !0"
        ));
    }

    /// A choice among blocks by a number from 0 on.
    pub fn switch(&mut self, number: &Reg, otherwise: Label, cases: &[Label]) {
        let mut text = String::new();
        for (n, label) in cases.iter().enumerate() {
            let _ = write!(text, " {} {n}, label {label}", number.ty);
        }
        self.end(format_args!(
            "switch {number:#}, label {otherwise} [{text} ]"
        ));
    }

    /// `ret` with what is returned.
    pub fn ret(&mut self, text: Arguments) {
        self.end(format_args!("ret {text}"));
    }

    /// Control never gets here; if it does, the program stops.
    pub fn trap(&mut self) {
        self.line(format_args!("call void @llvm.trap()"));
        self.end(format_args!("unreachable"));
    }

    /// The text of the body, from the first label to the last instruction.
    pub fn finish(self) -> String {
        let mut out = String::new();
        for (position, &n) in self.order.iter().enumerate() {
            let section = &self.sections[n as usize];
            let _ = writeln!(out, "b{n}:");
            if position == 0 {
                out.push_str(&self.allocas);
            }
            for phi in &section.phis {
                let result = &phi.result;
                if phi.inputs.is_empty() {
                    // Nothing leads to the block.
                    let zero = result.ty.zero();
                    let _ = writeln!(out, "  {result} = freeze {zero:#}");
                    continue;
                }
                let inputs: Vec<String> = phi
                    .inputs
                    .iter()
                    .map(|(value, from)| format!("[ {value}, {from} ]"))
                    .collect();
                let _ = writeln!(out, "  {result} = phi {} {}", result.ty, inputs.join(", "));
            }
            out.push_str(&section.body);
            if !section.ended {
                out.push_str("  unreachable\n");
            }
        }
        out
    }
}
