//! The `jlift` command; knows only the driver.
fn main() {}
