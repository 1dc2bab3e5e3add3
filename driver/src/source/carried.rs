//! Programs that executables carry: the files of a program behind the bytes of this compiler, which
//! compiles them when the executable starts. Knows how they are written down and found again, nothing of
//! what they mean.

use super::files::{self, Source};
use crate::diagnostic::Failure;
use crate::options::{BackendKind, CodeLevel, LinkerKind, Options};
use std::io::{Read, Seek, SeekFrom};
use target_lexicon::Triple;

/// How an executable that carries a program ends; the size of what it carries stands in front.
const MARK: &[u8; 16] = b"\0jlift program\0\x01";
const TRAILER: usize = 8 + MARK.len();

/// The files of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// Absolute names and texts; the file that is executed is the first.
    files: Vec<(String, Vec<u8>)>,
}

impl Carried {
    pub(super) fn new(files: Vec<(String, Vec<u8>)>) -> Carried {
        Carried { files }
    }

    /// What the executable of this process carries.
    pub fn of_this_process() -> Option<(Carried, CodeLevel)> {
        let mut file = std::fs::File::open(std::env::current_exe().ok()?).ok()?;
        let end = file.seek(SeekFrom::End(0)).ok()?;
        let mut trailer = [0; TRAILER];
        file.seek(SeekFrom::Start(end.checked_sub(TRAILER as u64)?))
            .ok()?;
        file.read_exact(&mut trailer).ok()?;
        let size = payload_size(&trailer)?;
        let start = end.checked_sub(TRAILER as u64)?.checked_sub(size)?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut payload = vec![0; usize::try_from(size).ok()?];
        file.read_exact(&mut payload).ok()?;
        Carried::decode(&payload)
    }

    /// The executable: this compiler's own bytes, and the program behind them.
    ///
    /// # Errors
    /// The options ask for what such an executable cannot be.
    pub fn executable(&self, options: &Options) -> Result<Vec<u8>, Failure> {
        let host = Triple::host();
        let refusal = if options.target.architecture != host.architecture
            || options.target.operating_system != host.operating_system
        {
            format!(
                "and this compiler is one for {host}, not {}",
                options.target
            )
        } else if options.backend != BackendKind::Cranelift {
            "which needs no other backend where it runs than Cranelift".into()
        } else if options.linker != LinkerKind::Builtin {
            "which is not linked".into()
        } else {
            let program = std::env::current_exe().and_then(std::fs::read);
            let mut bytes =
                program.map_err(|e| Failure::plain(format!("the compiler cannot be read: {e}")))?;
            bytes.extend(self.encode(options.level));
            return Ok(bytes);
        };
        Err(Failure::plain(format!(
            "the program marks no function with `@ccallable`: its executable would execute its top level by the compiler that it carries, {refusal}; mark a function `main`, or name one with --export"
        )))
    }

    /// The file that is executed.
    pub(super) fn main(&self) -> Option<Source> {
        let (name, text) = self.files.first()?;
        Some(files::named(name, text.clone()))
    }

    /// The file of this absolute name.
    pub(super) fn file(&self, wanted: &str) -> Option<Source> {
        let (name, text) = self.files.iter().find(|(name, _)| name == wanted)?;
        Some(files::named(name, text.clone()))
    }

    fn encode(&self, level: CodeLevel) -> Vec<u8> {
        let mut out = vec![match level {
            CodeLevel::O0 => 0,
            CodeLevel::O1 => 1,
            CodeLevel::O2 => 2,
        }];
        for (name, text) in &self.files {
            for part in [name.as_bytes(), text] {
                out.extend((part.len() as u64).to_le_bytes());
                out.extend(part);
            }
        }
        let size = out.len() as u64;
        out.extend(size.to_le_bytes());
        out.extend(MARK);
        out
    }

    fn decode(payload: &[u8]) -> Option<(Carried, CodeLevel)> {
        let (&level, mut rest) = payload.split_first()?;
        let level = match level {
            0 => CodeLevel::O0,
            1 => CodeLevel::O1,
            _ => CodeLevel::O2,
        };
        let mut files = Vec::new();
        while !rest.is_empty() {
            let name = String::from_utf8(part(&mut rest)?.to_vec()).ok()?;
            files.push((name, part(&mut rest)?.to_vec()));
        }
        (!files.is_empty()).then_some((Carried { files }, level))
    }
}

/// The next part: its length, and as many bytes.
fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, bytes) = rest.split_first_chunk::<8>()?;
    let (part, left) = bytes.split_at_checked(u64::from_le_bytes(*length).try_into().ok()?)?;
    *rest = left;
    Some(part)
}

/// How many bytes lie in front of a trailer.
fn payload_size(trailer: &[u8; TRAILER]) -> Option<u64> {
    let (size, mark) = trailer.split_first_chunk::<8>()?;
    (mark == MARK).then(|| u64::from_le_bytes(*size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_behind_an_executable_is_read_again() {
        let carried = Carried::new(vec![
            ("/a/b.jl".into(), b"include(\"c.jl\")".to_vec()),
            ("/a/c.jl".into(), Vec::new()),
        ]);
        let bytes = carried.encode(CodeLevel::O1);
        let (payload, trailer) = bytes.split_last_chunk::<TRAILER>().expect("a trailer");
        assert_eq!(payload_size(trailer), Some(payload.len() as u64));
        assert_eq!(Carried::decode(payload), Some((carried, CodeLevel::O1)));
    }

    #[test]
    fn other_files_carry_nothing() {
        assert_eq!(payload_size(&[0; TRAILER]), None);
        for payload in [
            &b""[..],
            b"\x02",
            b"\x02\x01",
            b"\x02\xff\xff\xff\xff\xff\xff\xff\x7fa",
        ] {
            assert_eq!(Carried::decode(payload), None);
        }
    }
}
