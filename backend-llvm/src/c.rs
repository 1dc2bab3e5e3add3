//! C's side of a signature: what `abi` says of how values travel, as LLVM IR writes it, and values
//! on their way in and out. `Float16` is held as its 16 bits, which C passes in the low bits of a
//! float register.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::value::{Access, Result, Val};
use jlift_abi::classify::{AbiParam, AbiSignature, Extend, Pad, PassMode, Piece, ReturnMode};
use jlift_abi::layout::Scalar;
use jlift_ir::Type;

/// One machine parameter: its type, and attributes with a space in front.
#[derive(Clone, Debug)]
pub(crate) struct CParamText {
    pub ty: Machine,
    pub attributes: String,
}

/// The type that a scalar has in a C signature.
fn register_type(scalar: Scalar) -> Machine {
    match scalar {
        Scalar::F16 => Machine::F32,
        other => Machine::of_scalar(other),
    }
}

fn extend_attribute(extend: Extend) -> &'static str {
    match extend {
        Extend::None => "",
        Extend::Sext => " signext",
        Extend::Uext => " zeroext",
    }
}

/// The machine parameters of one C parameter. Who receives them must not rely on narrow integers
/// being widened.
pub(crate) fn param_texts(param: &AbiParam, sends: bool) -> Vec<CParamText> {
    let plain = |ty| CParamText {
        ty,
        attributes: String::new(),
    };
    let copy = |size: u32, align: u32| CParamText {
        ty: Machine::Ptr,
        attributes: format!(" byval([{size} x i8]) align {align}"),
    };
    let mut out: Vec<CParamText> = param
        .pads
        .iter()
        .map(|pad| match pad {
            Pad::Int => plain(Machine::I64),
            Pad::Float => plain(Machine::F64),
            Pad::Stack => copy(8, 8),
        })
        .collect();
    match &param.mode {
        PassMode::Ignore => {}
        PassMode::Direct { scalar, extend } => out.push(CParamText {
            ty: register_type(*scalar),
            attributes: match sends {
                true => extend_attribute(*extend).into(),
                false => String::new(),
            },
        }),
        PassMode::Split(pieces) => {
            out.extend(pieces.iter().map(|p| plain(register_type(p.scalar))));
        }
        // Pads have taken care of larger alignments.
        PassMode::StackCopy { size, .. } => out.push(copy(*size, 8)),
        PassMode::Indirect { .. } => out.push(plain(Machine::Ptr)),
    }
    out
}

/// The attribute of the address of a result in memory.
pub(crate) fn sret_attribute(ret: &ReturnMode) -> Option<String> {
    match ret {
        ReturnMode::Sret { size, align } => {
            Some(format!(" sret([{size} x i8]) align {}", (*align).max(1)))
        }
        _ => None,
    }
}

/// What a C function returns: the scalars, and the type as LLVM IR writes it, with attributes where
/// it is ours to widen.
pub(crate) fn return_texts(ret: &ReturnMode, sends: bool) -> (Vec<Machine>, String) {
    match ret {
        ReturnMode::Ignore | ReturnMode::Sret { .. } => (Vec::new(), "void".into()),
        ReturnMode::Direct { scalar, extend } => {
            let ty = register_type(*scalar);
            let attribute = match sends {
                true => extend_attribute(*extend).trim_start(),
                false => "",
            };
            let text = format!("{attribute} {ty}").trim_start().to_string();
            (vec![ty], text)
        }
        ReturnMode::Split(pieces) => {
            let types: Vec<Machine> = pieces.iter().map(|p| register_type(p.scalar)).collect();
            let text = match &types[..] {
                [one] => one.to_string(),
                many => {
                    let many: Vec<String> = many.iter().map(Machine::to_string).collect();
                    format!("{{ {} }}", many.join(", "))
                }
            };
            (types, text)
        }
    }
}

impl Body<'_, '_> {
    /// A scalar as C has it in a register.
    fn scalar_to_c(&mut self, scalar: Scalar, v: &Reg) -> Reg {
        if scalar == Scalar::F16 {
            let wide = self.w.op(Machine::I32, format_args!("zext {v:#} to i32"));
            return self
                .w
                .op(Machine::F32, format_args!("bitcast i32 {wide} to float"));
        }
        self.as_stored(v)
    }

    /// The inverse of [`Self::scalar_to_c`]. C leaves the high bits open.
    fn scalar_from_c(&mut self, scalar: Scalar, v: &Reg) -> Reg {
        if scalar == Scalar::F16 {
            let wide = self
                .w
                .op(Machine::I32, format_args!("bitcast float {v} to i32"));
            return self
                .w
                .op(Machine::I16, format_args!("trunc i32 {wide} to i16"));
        }
        v.clone()
    }

    /// The machine values of one C argument.
    pub(crate) fn c_argument(
        &mut self,
        ty: Type,
        value: &Val,
        param: &AbiParam,
    ) -> Result<Vec<Reg>> {
        let mut regs = Vec::new();
        for pad in &param.pads {
            regs.push(match pad {
                Pad::Int => Machine::I64.zero(),
                Pad::Float => Machine::F64.zero(),
                Pad::Stack => self.w.alloca(8, 8),
            });
        }
        match &param.mode {
            PassMode::Ignore => {}
            PassMode::Direct { scalar, .. } => match value {
                Val::Scalar(v) => regs.push(self.scalar_to_c(*scalar, v)),
                _ => regs.extend(self.value_to_pieces(ty, value, &[whole(*scalar)])?),
            },
            PassMode::Split(pieces) => regs.extend(self.value_to_pieces(ty, value, pieces)?),
            PassMode::StackCopy { size, align } | PassMode::Indirect { size, align } => {
                let addr = self.w.alloca(size.next_multiple_of(16), (*align).max(8));
                self.store(ty, value, &addr, 0, Access::Own)?;
                regs.push(addr);
            }
        }
        Ok(regs)
    }

    /// The scalars in which C passes a value.
    pub(crate) fn value_to_pieces(
        &mut self,
        ty: Type,
        value: &Val,
        pieces: &[Piece],
    ) -> Result<Vec<Reg>> {
        let addr = self.padded_memory(ty)?;
        self.store(ty, value, &addr, 0, Access::Own)?;
        Ok(pieces
            .iter()
            .map(|p| {
                let machine = Machine::of_scalar(p.scalar);
                let v = self.load_scalar(machine, &addr, p.offset.into(), Access::User);
                self.scalar_to_c(p.scalar, &v)
            })
            .collect())
    }

    /// The value that came from C in these scalars.
    pub(crate) fn pieces_to_value(
        &mut self,
        ty: Type,
        pieces: &[Piece],
        regs: &[Reg],
    ) -> Result<Val> {
        let addr = self.padded_memory(ty)?;
        // Later pieces overwrite what earlier ones wrote beyond their size.
        for (piece, v) in pieces.iter().zip(regs) {
            let v = self.scalar_from_c(piece.scalar, v);
            self.store_scalar(&v, &addr, piece.offset.into(), Access::User);
        }
        self.load(ty, &addr, 0, Access::Own, true)
    }

    /// Zeroed memory for a value whose pieces may be wider than the bytes that they hold.
    fn padded_memory(&mut self, ty: Type) -> Result<Reg> {
        let size = self.layout(ty)?.size.next_multiple_of(16) + 16;
        let addr = self.w.alloca(size, 16);
        self.zero(&addr, size);
        Ok(addr)
    }

    /// A value of `ty` that came from C as one scalar.
    pub(crate) fn direct_to_value(&mut self, ty: Type, scalar: Scalar, v: &Reg) -> Result<Val> {
        match self.repr(ty)? {
            Repr::Scalar(machine) => {
                let v = self.scalar_from_c(scalar, v);
                Ok(Val::Scalar(self.scalar_from_bits(&v, machine)))
            }
            _ => self.pieces_to_value(ty, &[whole(scalar)], std::slice::from_ref(v)),
        }
    }

    /// The value that a C call returned.
    pub(crate) fn c_result(
        &mut self,
        ret: Type,
        plan: &AbiSignature,
        results: &[Reg],
        memory: Option<&Reg>,
    ) -> Result<Val> {
        match (&plan.ret, results) {
            (ReturnMode::Ignore, _) => self.undefined(ret),
            (ReturnMode::Direct { scalar, .. }, [v]) => self.direct_to_value(ret, *scalar, v),
            (ReturnMode::Split(pieces), regs) => self.pieces_to_value(ret, pieces, regs),
            (ReturnMode::Sret { .. }, _) => match memory {
                Some(addr) => self.load(ret, addr, 0, Access::Own, true),
                None => Err("a result without memory".into()),
            },
            _ => Err("a result without register".into()),
        }
    }

    /// Returns a value to C.
    pub(crate) fn return_to_c(
        &mut self,
        ret: Type,
        value: &Val,
        plan: &AbiSignature,
        out: Option<&Reg>,
    ) -> Result<()> {
        let regs = match (&plan.ret, value) {
            (ReturnMode::Ignore, _) => Vec::new(),
            (ReturnMode::Direct { scalar, .. }, Val::Scalar(v)) => {
                vec![self.scalar_to_c(*scalar, v)]
            }
            (ReturnMode::Direct { scalar, .. }, value) => {
                self.value_to_pieces(ret, value, &[whole(*scalar)])?
            }
            (ReturnMode::Split(pieces), value) => self.value_to_pieces(ret, value, pieces)?,
            (ReturnMode::Sret { .. }, value) => {
                let Some(out) = out else {
                    return Err("a result without memory".into());
                };
                self.store(ret, value, out, 0, Access::User)?;
                Vec::new()
            }
        };
        self.return_registers(&regs);
        Ok(())
    }
}

/// A value that is one scalar as a piece.
fn whole(scalar: Scalar) -> Piece {
    Piece {
        offset: 0,
        size: scalar.size(),
        scalar,
    }
}
