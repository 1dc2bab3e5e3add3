//! Microsoft's x64 calling convention: every parameter takes one of four register slots or 8 bytes
//! of stack, by position. Aggregates of 1, 2, 4 or 8 bytes travel as integers of that size,
//! whatever they hold; all others, and 128-bit integers, as the address of a copy that is aligned
//! to 16 bytes. Nobody relies on the upper bits of narrow integers.

use super::{AbiParam, AbiProblem, Extend, PassMode, Piece, ReturnMode, Shape};
use crate::layout::{Layout, Scalar};

/// Alignment of the copies behind [`PassMode::Indirect`].
const COPY_ALIGN: u32 = 16;

pub(super) fn pass(shape: &Shape) -> Result<AbiParam, AbiProblem> {
    let indirect = |size| PassMode::Indirect {
        size,
        align: COPY_ALIGN,
    };
    let mode = match shape {
        Shape::Nothing => PassMode::Ignore,
        Shape::Scalar {
            scalar: Scalar::I128,
            ..
        } => indirect(16),
        &Shape::Scalar { scalar, .. } => PassMode::Direct {
            scalar: known(scalar)?,
            extend: Extend::None,
        },
        Shape::Aggregate { layout, .. } => match word(layout) {
            Some(piece) => PassMode::Split(vec![piece]),
            None => indirect(layout.size),
        },
    };
    Ok(mode.into())
}

pub(super) fn classify_return(shape: &Shape) -> Result<ReturnMode, AbiProblem> {
    Ok(match shape {
        Shape::Nothing => ReturnMode::Ignore,
        Shape::Scalar {
            scalar: Scalar::I128,
            ..
        } => {
            // Compilers return it in xmm0, which the vocabulary of pieces cannot say.
            return Err(AbiProblem::Unsupported(
                "a 128-bit integer as the result of a Windows function",
            ));
        }
        &Shape::Scalar { scalar, .. } => ReturnMode::Direct {
            scalar: known(scalar)?,
            extend: Extend::None,
        },
        Shape::Aggregate { layout, .. } => match word(layout) {
            Some(piece) => ReturnMode::Split(vec![piece]),
            None => ReturnMode::Sret {
                size: layout.size,
                align: layout.align,
            },
        },
    })
}

fn known(scalar: Scalar) -> Result<Scalar, AbiProblem> {
    match scalar {
        Scalar::F16 => Err(AbiProblem::Unsupported("`Float16` in a Windows signature")),
        other => Ok(other),
    }
}

fn word(layout: &Layout) -> Option<Piece> {
    let scalar = Scalar::integer(layout.size).filter(|s| s.size() <= 8)?;
    Some(Piece {
        offset: 0,
        size: layout.size,
        scalar,
    })
}
