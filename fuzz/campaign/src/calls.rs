//! Generated inputs as calls that the driver makes.

use jlift_driver::differential::{Argument, Buffer, Call, Input};
use jlift_generate::typed_ir;
use jlift_ir::Func;

/// A call of a function with a generated input.
pub fn call(func: Func, input: typed_ir::Input) -> Call {
    let args = input.args.into_iter().map(|arg| match arg {
        typed_ir::Argument::Bytes(bytes) => Argument::Bytes(bytes),
        typed_ir::Argument::Pointer { buffer } => Argument::Pointer { buffer, offset: 0 },
        typed_ir::Argument::Array { buffer, sizes } => Argument::Array { buffer, sizes },
    });
    let buffers = input.buffers.into_iter().map(|b| Buffer {
        bytes: b.bytes,
        elem: b.elem,
    });
    Call {
        func,
        input: Input {
            args: args.collect(),
            buffers: buffers.collect(),
        },
    }
}
