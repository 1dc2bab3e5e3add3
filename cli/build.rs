//! How the binary is linked: at a fixed address on Linux.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // At an address of its own choice a process first relocates 20,000 pointers in tables of functions, a tenth of
    // the time that a small program takes from start to end.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-link-arg-bin=jlift=-no-pie");
    }
}
