//! Code in the memory of this process, added piece by piece: what was added stays where it is, and
//! what comes later refers to it by address. Knows nothing of what the code means.

mod memory;
mod relocate;
mod stub;

use crate::compile::CompiledFunction;
use crate::emit::{EmitError, process_symbol};
use crate::program::{DataContent, Program, Visibility};
use cranelift_module::ModuleRelocTarget;
use hashbrown::HashMap;
use memory::{CodeMemory, Piece};
use relocate::{RelocationError, relocate};
use stub::Stubs;

/// A growing program in the memory of this process. Dropping it frees the code.
pub struct Jit {
    memory: CodeMemory,
    /// Addresses by number in the program; 0 for functions whose code was not added.
    functions: Vec<u64>,
    data: Vec<u64>,
    /// Functions that the code generator itself calls, such as `floor` on CPUs without SSE 4.1.
    helpers: HashMap<String, u64>,
    /// Where calls of functions without code go.
    stubs: Option<Stubs>,
}

impl Jit {
    /// An empty one.
    pub fn new() -> Result<Jit, EmitError> {
        let memory =
            CodeMemory::new().map_err(|e| EmitError::Module(format!("no memory for code: {e}")))?;
        Ok(Jit {
            memory,
            functions: Vec::new(),
            data: Vec::new(),
            helpers: HashMap::new(),
            stubs: None,
        })
    }

    /// From now on code may refer to functions that get theirs later: a call of one goes to `arrival`,
    /// with the number of the function in a register ([`stub`]), until the function has code.
    pub fn defer(&mut self, arrival: *const u8) {
        self.stubs = Some(Stubs::new(arrival));
    }

    /// These functions get their code later. After [`Jit::defer`].
    pub fn expect(&mut self, functions: &[u32]) -> Result<(), EmitError> {
        if let Some(stubs) = &mut self.stubs {
            for &index in functions {
                stubs.add(index, &mut self.memory).ok_or_else(full)?;
            }
        }
        Ok(())
    }

    /// Adds what the program has more than at the last call, with the code of (some of) the
    /// functions that had none. Imports are looked up by `host` first, then among the symbols of
    /// the process. After an error nothing has been added.
    pub fn add(
        &mut self,
        program: &Program,
        functions: &[CompiledFunction],
        host: &dyn Fn(&str) -> Option<*const u8>,
    ) -> Result<(), EmitError> {
        let (known_functions, known_data) = (self.functions.len(), self.data.len());
        let mut placed: Vec<(usize, Piece)> = Vec::with_capacity(functions.len());
        let result = self.place(program, functions, host, &mut placed);
        if result.is_err() {
            self.functions.truncate(known_functions);
            self.data.truncate(known_data);
            for (index, _) in placed {
                if let Some(address) = self.functions.get_mut(index) {
                    *address = 0;
                }
            }
        }
        result
    }

    fn place(
        &mut self,
        program: &Program,
        functions: &[CompiledFunction],
        host: &dyn Fn(&str) -> Option<*const u8>,
        placed: &mut Vec<(usize, Piece)>,
    ) -> Result<(), EmitError> {
        // What is missing is an error only of code that refers to it.
        let import = |name: &str| {
            let address = host(name).or_else(|| process_symbol(name));
            address.map_or(0, |address| address as u64)
        };
        for declared in program.functions.iter().skip(self.functions.len()) {
            self.functions.push(match declared.visibility {
                Visibility::Import => import(&declared.name),
                Visibility::Local | Visibility::Export => 0,
            });
        }
        for declared in program.data.iter().skip(self.data.len()) {
            let address = match &declared.content {
                DataContent::Import => import(&declared.name),
                DataContent::ReadOnly(bytes) => {
                    let piece = self.allocate(bytes.len(), declared.align.into())?;
                    self.memory.bytes(&piece).copy_from_slice(bytes);
                    piece.address
                }
                DataContent::ReadOnlyWithAddresses { bytes, addresses } => {
                    let piece = self.allocate(bytes.len(), declared.align.into())?;
                    self.memory.bytes(&piece).copy_from_slice(bytes);
                    for address in addresses {
                        // An object may hold its own address.
                        let target = match self.data.get(address.data as usize) {
                            Some(&known) => known,
                            None if address.data as usize == self.data.len() => piece.address,
                            None => 0,
                        };
                        let at = address.offset as usize;
                        let place = self.memory.bytes(&piece).get_mut(at..at + 8);
                        let (1.., Some(place)) = (target, place) else {
                            return Err(EmitError::Module("the address of unknown data".into()));
                        };
                        let target = target + u64::from(address.addend);
                        place.copy_from_slice(&target.to_le_bytes());
                    }
                    piece.address
                }
                DataContent::Writable(_)
                | DataContent::WritableWithAddresses { .. }
                | DataContent::Zeroed { .. } => {
                    return Err(EmitError::Module(format!(
                        "`{}` would be writable memory of this process's code",
                        declared.name
                    )));
                }
            };
            self.data.push(address);
        }
        for function in functions {
            let piece = self.allocate(function.code.len(), function.align)?;
            self.memory.bytes(&piece).copy_from_slice(&function.code);
            match self.functions.get_mut(function.index as usize) {
                Some(address) => *address = piece.address,
                None => return Err(EmitError::Module("code of an unknown function".into())),
            }
            placed.push((function.index as usize, piece));
        }
        // References may be to functions placed after the one that holds them.
        for (function, (index, piece)) in functions.iter().zip(&*placed) {
            for reloc in &function.relocs {
                let target = self.target(&reloc.name, piece.address)?;
                let Some(target) = target else {
                    return Err(missing(program, &reloc.name, *index));
                };
                relocate(
                    self.memory.bytes(piece),
                    piece.address,
                    reloc.offset,
                    reloc.kind,
                    target,
                    reloc.addend,
                )
                .map_err(|e| match e {
                    RelocationError::Kind(kind) => {
                        EmitError::Module(format!("references of kind {kind} are not known"))
                    }
                    RelocationError::Range => {
                        EmitError::Module(format!("{} is out of reach", reloc.name))
                    }
                })?;
            }
        }
        self.memory
            .publish()
            .map_err(|e| EmitError::Module(format!("code cannot be made executable: {e}")))?;
        if let Some(stubs) = &mut self.stubs {
            for (index, piece) in placed {
                stubs.resolve(*index as u32, piece.address);
            }
        }
        Ok(())
    }

    /// Where calls of a function go that gets its code later.
    fn stub(&self, index: u32) -> Option<u64> {
        self.stubs.as_ref()?.address(index)
    }

    fn allocate(&mut self, size: usize, align: u64) -> Result<Piece, EmitError> {
        self.memory.allocate(size, align).ok_or_else(full)
    }

    /// The address of what code refers to, if it is there.
    fn target(&mut self, name: &ModuleRelocTarget, this: u64) -> Result<Option<u64>, EmitError> {
        let known = |table: &[u64], index: u32| {
            let address = table.get(index as usize).copied();
            address.filter(|&a| a != 0)
        };
        Ok(match name {
            ModuleRelocTarget::User {
                namespace: 0,
                index,
            } => known(&self.functions, *index).or_else(|| self.stub(*index)),
            ModuleRelocTarget::User {
                namespace: 1,
                index,
            } => known(&self.data, *index),
            ModuleRelocTarget::User { .. } | ModuleRelocTarget::KnownSymbol(_) => None,
            ModuleRelocTarget::FunctionOffset(_, offset) => Some(this + u64::from(*offset)),
            ModuleRelocTarget::LibCall(call) => {
                let name = (cranelift_module::default_libcall_names())(*call);
                match self.helpers.get(&name) {
                    Some(&address) => Some(address),
                    None => {
                        let address = process_symbol(&name)
                            .ok_or_else(|| EmitError::MissingSymbol(name.clone()))?;
                        self.helpers.insert(name, address as u64);
                        Some(address as u64)
                    }
                }
            }
        })
    }

    /// Address of function `index`, if its code was added or it is an import.
    pub fn address(&self, index: u32) -> Option<*const u8> {
        let address = *self.functions.get(index as usize)?;
        (address != 0).then_some(address as *const u8)
    }

    /// Bytes of code and constants.
    pub fn used(&self) -> usize {
        self.memory.used()
    }
}

fn full() -> EmitError {
    EmitError::Module("the memory for code is full".into())
}

/// The error of function `from`, which refers to something without an address.
fn missing(program: &Program, name: &ModuleRelocTarget, from: usize) -> EmitError {
    let import = match *name {
        ModuleRelocTarget::User {
            namespace: 0,
            index,
        } => program
            .functions
            .get(index as usize)
            .filter(|f| f.visibility == Visibility::Import)
            .map(|f| &f.name),
        ModuleRelocTarget::User { index, .. } => program.data.get(index as usize).map(|d| &d.name),
        _ => None,
    };
    match import {
        Some(name) => EmitError::MissingSymbol(name.clone()),
        None => {
            let from = program.functions.get(from).map_or("?", |f| &f.name);
            EmitError::Module(format!("{from} refers to {name} before it is there"))
        }
    }
}
