//! Filling the addresses into code. Knows the few kinds of references that code generation makes
//! for code that is not position-independent; every other kind is an error.

use cranelift_codegen::binemit::Reloc;

/// A reference that could not be filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RelocationError {
    /// A kind that is not known here.
    Kind(Reloc),
    /// The target is too far away, or the place is not inside the code.
    Range,
}

/// Fills in one reference. `code` will run at `base`; the reference stands at `offset`.
pub fn relocate(
    code: &mut [u8],
    base: u64,
    offset: u32,
    kind: Reloc,
    target: u64,
    addend: i64,
) -> Result<(), RelocationError> {
    let place = base.wrapping_add(offset.into());
    let value = target.wrapping_add_signed(addend);
    let at = offset as usize;
    match kind {
        Reloc::Abs8 => write(code, at, value.to_le_bytes()),
        Reloc::Abs4 => {
            let value = u32::try_from(value).map_err(|_| RelocationError::Range)?;
            write(code, at, value.to_le_bytes())
        }
        Reloc::X86PCRel4 | Reloc::X86CallPCRel4 => {
            let distance = value.wrapping_sub(place) as i64;
            let distance = i32::try_from(distance).map_err(|_| RelocationError::Range)?;
            write(code, at, distance.to_le_bytes())
        }
        Reloc::Arm64Call => {
            let words = (value.wrapping_sub(place) as i64) >> 2;
            if !(-(1 << 25)..1 << 25).contains(&words) {
                return Err(RelocationError::Range);
            }
            or(code, at, words as u32 & 0x03ff_ffff)
        }
        Reloc::Aarch64AdrPrelPgHi21 => {
            let pages = ((value & !0xfff).wrapping_sub(place & !0xfff) as i64) >> 12;
            if !(-(1 << 20)..1 << 20).contains(&pages) {
                return Err(RelocationError::Range);
            }
            let pages = pages as u32;
            or(code, at, (pages & 3) << 29 | (pages & 0x001f_fffc) << 3)
        }
        Reloc::Aarch64AddAbsLo12Nc => or(code, at, (value as u32 & 0xfff) << 10),
        other => Err(RelocationError::Kind(other)),
    }
}

fn write<const N: usize>(
    code: &mut [u8],
    at: usize,
    bytes: [u8; N],
) -> Result<(), RelocationError> {
    match code.get_mut(at..).and_then(|c| c.get_mut(..N)) {
        Some(place) => {
            place.copy_from_slice(&bytes);
            Ok(())
        }
        None => Err(RelocationError::Range),
    }
}

/// Sets bits of the instruction at `at`.
fn or(code: &mut [u8], at: usize, bits: u32) -> Result<(), RelocationError> {
    let Some(word) = code.get(at..).and_then(|c| c.first_chunk::<4>()) else {
        return Err(RelocationError::Range);
    };
    let word = u32::from_le_bytes(*word) | bits;
    write(code, at, word.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_reach_forwards_and_backwards() {
        let mut code = [0u8; 8];
        for (target, distance) in [(0x2000u64, 0x1000 - 8), (0x800, -0x800 - 8)] {
            let addend = -4;
            assert_eq!(
                relocate(&mut code, 0x1000, 4, Reloc::X86CallPCRel4, target, addend),
                Ok(())
            );
            assert_eq!(code[4..8], i32::to_le_bytes(distance));
        }
    }

    #[test]
    fn what_is_out_of_reach_is_an_error() {
        let mut code = [0u8; 8];
        let far = 1 << 40;
        for kind in [
            Reloc::X86CallPCRel4,
            Reloc::Arm64Call,
            Reloc::Aarch64AdrPrelPgHi21,
            Reloc::Abs4,
        ] {
            assert_eq!(
                relocate(&mut code, 0x1000, 0, kind, far, 0),
                Err(RelocationError::Range)
            );
        }
        let beyond = relocate(&mut code, 0x1000, 6, Reloc::Abs4, 0, 0);
        assert_eq!(beyond, Err(RelocationError::Range));
    }

    #[test]
    fn aarch64_instructions_keep_their_other_bits() {
        let mut code = 0x9400_0000u32.to_le_bytes();
        assert_eq!(
            relocate(&mut code, 0x1000, 0, Reloc::Arm64Call, 0x1010, 0),
            Ok(())
        );
        assert_eq!(u32::from_le_bytes(code), 0x9400_0004);
        let mut code = 0x9000_0001u32.to_le_bytes();
        let done = relocate(&mut code, 0x1000, 0, Reloc::Aarch64AdrPrelPgHi21, 0x6123, 0);
        assert_eq!(done, Ok(()));
        // Five pages on: the low two bits of 5 in bits 29 and 30, the others from bit 5 on.
        assert_eq!(u32::from_le_bytes(code), 0x9000_0001 | 1 << 29 | 1 << 5);
    }
}
