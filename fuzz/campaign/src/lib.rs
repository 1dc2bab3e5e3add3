//! Campaigns: generated programs run by every way of execution, differences counted, made small and
//! written as files. Knows the generators and the driver; how programs are made or executed is
//! theirs.

pub mod calls;
pub mod check;
pub mod finding;
pub mod front_end;
pub mod journal;
pub mod julia;
pub mod reproducer;
pub mod seeds;
pub mod tally;
pub mod targets;
pub mod typed_ir;
pub mod worker;
