//! Real texts that targets damage: the kernels in Julia and as typed IR, and programs in Julia.
#![allow(dead_code)]

pub const JULIA: &[&str] = &[
    include_str!("../../tests/kernels/bit_tricks.jl"),
    include_str!("../../tests/kernels/closures_hof.jl"),
    include_str!("../../tests/kernels/dense_linalg.jl"),
    include_str!("../../tests/kernels/control_recursion.jl"),
    include_str!("../../tests/julia/programs/json_parser.jl"),
    include_str!("../../tests/julia/programs/lisp.jl"),
    include_str!("../../tests/julia/dispatch/macros_user.jl"),
    include_str!("../../tests/julia/dispatch/kwargs_optional.jl"),
    include_str!("../../tests/julia/dispatch/modules_exports.jl"),
];

pub const TYPED_IR: &[&str] = &[
    include_str!("../../tests/kernels/bit_tricks.jir"),
    include_str!("../../tests/kernels/closures_hof.jir"),
    include_str!("../../tests/kernels/control_recursion.jir"),
    include_str!("../../tests/programs/caught.jir"),
    include_str!("../../tests/programs/union_fields.jir"),
    include_str!("../../tests/programs/unions_in_loops.jir"),
    include_str!("../../tests/programs/half_and_wide.jir"),
];
