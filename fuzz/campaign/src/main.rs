//! The command `jlift-campaign`.

fn main() {}
