//! Random signatures cross the border to C and back.
#![no_main]

#[path = "bodies/c_abi.rs"]
mod body;
#[path = "../../tests/c_abi/c.rs"]
mod c;
#[path = "../../tests/c_abi/jir.rs"]
mod jir;
#[path = "../../tests/c_abi/random.rs"]
mod random;
#[path = "../../tests/c_abi/signature.rs"]
mod signature;
#[path = "../../tests/c_abi/types.rs"]
mod types;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| body::c_abi(data));
