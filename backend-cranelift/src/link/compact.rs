//! Squeezes a linked file: takes out what neither the loader nor a debugger ever reads. It must not
//! move anything that has an address, so that no code and no relocation changes.
//!
//! libwild reserves `.dynamic` for every tag that it can write, 42 entries, where a kernel library
//! uses about six; the rest, some 500 bytes, is zeros. Two layouts occur:
//!
//! ```text
//! before   headers | text | dynamic ........ | section names
//! after    headers | text | dynamic | section names                (nothing with an address follows)
//!
//! before   headers | text | dynamic ........ | got, data | section names
//! after    headers | text | dynamic | section names | .. | got, data
//! ```
//!
//! In the first, tags that only say something about a procedure linkage table or a relocation count
//! that isn't there go too. A file that doesn't have the expected shape is left as it is.

use object::LittleEndian;
use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader};
use std::mem::{offset_of, size_of, size_of_val};

type Header = elf::FileHeader64<LittleEndian>;
type Segment = elf::ProgramHeader64<LittleEndian>;
type Section = elf::SectionHeader64<LittleEndian>;
type Entry = elf::Dyn64<LittleEndian>;
const LE: LittleEndian = LittleEndian;
/// The smallest page of the supported systems, in bytes.
const SMALLEST_PAGE: u64 = 4096;

/// The squeezed file, or `bytes` if there is nothing to gain.
pub(super) fn compact(bytes: Vec<u8>) -> Vec<u8> {
    match squeeze(&bytes) {
        Some(smaller) if smaller.len() < bytes.len() => smaller,
        _ => bytes,
    }
}

/// A stretch of the file.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

fn span(section: &Section) -> Option<Span> {
    let start = usize::try_from(section.sh_offset(LE)).ok()?;
    let size = usize::try_from(section.sh_size(LE)).ok()?;
    Some(Span {
        start,
        end: start.checked_add(size)?,
    })
}

fn squeeze(bytes: &[u8]) -> Option<Vec<u8>> {
    let header = Header::parse(bytes).ok()?;
    let sections = header.section_headers(LE, bytes).ok()?;
    let segments = header.program_headers(LE, bytes).ok()?;
    let section_table = usize::try_from(header.e_shoff(LE)).ok()?;
    let segment_table = usize::try_from(header.e_phoff(LE)).ok()?;

    let (dynamic_index, dynamic) = sections
        .iter()
        .enumerate()
        .find(|(_, section)| section.sh_type(LE) == elf::SHT_DYNAMIC)?;
    let dynamic = span(dynamic)?;
    let tables_end = section_table.checked_add(size_of_val(sections))?;
    if tables_end > dynamic.start {
        return None;
    }
    let in_memory = |section: &Section| {
        section.sh_flags(LE).0 & elf::SHF_ALLOC.0 != 0
            && !matches!(section.sh_type(LE), elf::SHT_NOBITS | elf::SHT_NULL)
    };
    let mut loaded_end = dynamic.end;
    for section in sections.iter().filter(|section| in_memory(section)) {
        loaded_end = loaded_end.max(span(section)?.end);
    }
    let dynamic_is_last = loaded_end == dynamic.end;

    let entries = dynamic_entries(bytes, dynamic, dynamic_is_last)?;
    let dynamic_end = dynamic.start + entries.len();

    let mut output = bytes.get(..loaded_end)?.to_vec();
    output.get_mut(dynamic.start..dynamic.end)?.fill(0);
    output
        .get_mut(dynamic.start..dynamic_end)?
        .copy_from_slice(&entries);
    if dynamic_is_last {
        output.truncate(dynamic_end);
    }

    // What is not loaded goes where the unused entries were if it fits there, else to the end.
    let mut gap = Span {
        start: dynamic_end,
        end: if dynamic_is_last {
            dynamic_end
        } else {
            dynamic.end
        },
    };
    let mut patches: Vec<(usize, u64)> = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let at = section_table + index * size_of::<Section>();
        if index == dynamic_index {
            patches.push((at + offset_of!(Section, sh_size), entries.len() as u64));
        }
        if index == 0 || in_memory(section) || section.sh_type(LE) == elf::SHT_NOBITS {
            continue;
        }
        let from = span(section)?;
        if from.start < loaded_end {
            return None;
        }
        let content = bytes.get(from.start..from.end)?;
        let alignment = usize::try_from(section.sh_addralign(LE)).ok()?.max(1);
        let in_gap = gap.start.checked_next_multiple_of(alignment)?;
        let to = if in_gap + content.len() <= gap.end {
            gap.start = in_gap + content.len();
            output.get_mut(in_gap..gap.start)?.copy_from_slice(content);
            in_gap
        } else {
            let to = output.len().checked_next_multiple_of(alignment)?;
            output.resize(to, 0);
            output.extend_from_slice(content);
            to
        };
        patches.push((at + offset_of!(Section, sh_offset), to as u64));
    }
    for (index, segment) in segments.iter().enumerate() {
        let at = segment_table + index * size_of::<Segment>();
        let file_size = at + offset_of!(Segment, p_filesz);
        let start = usize::try_from(segment.p_offset(LE)).ok()?;
        let size = usize::try_from(segment.p_filesz(LE)).ok()?;
        if segment.p_type(LE) == elf::PT_DYNAMIC {
            patches.push((file_size, entries.len() as u64));
            patches.push((at + offset_of!(Segment, p_memsz), entries.len() as u64));
        } else if dynamic_is_last
            && start <= dynamic.start
            && start.checked_add(size)? == dynamic.end
        {
            // The size in memory stays: the loader fills up with the same zeros.
            patches.push((file_size, (dynamic_end - start) as u64));
        } else if segment.p_type(LE) == elf::PT_LOAD && size == 0 && start >= output.len() {
            // Zeroed data has no bytes in the file, yet the loader maps the page that its offset
            // lies in. An offset in the first page will do as well, as the remainder is the same.
            let moved = start.checked_rem(usize::try_from(segment.p_align(LE)).ok()?)?;
            patches.push((at + offset_of!(Segment, p_offset), moved as u64));
        }
    }
    for (at, value) in patches {
        output
            .get_mut(at..at + size_of::<u64>())?
            .copy_from_slice(&value.to_le_bytes());
    }
    segments_fit(&output)?.then_some(output)
}

/// Whether every segment that will be mapped lies inside the file: touching a mapped page past the
/// file's end is fatal. Of an empty segment, the first page is mapped.
fn segments_fit(bytes: &[u8]) -> Option<bool> {
    let header = Header::parse(bytes).ok()?;
    let segments = header.program_headers(LE, bytes).ok()?;
    let length = bytes.len() as u64;
    let fits = |segment: &Segment| {
        let start = segment.p_offset(LE);
        match segment.p_filesz(LE) {
            0 if segment.p_type(LE) != elf::PT_LOAD => true,
            0 => start - start % SMALLEST_PAGE < length,
            size => start.checked_add(size).is_some_and(|end| end <= length),
        }
    };
    Some(segments.iter().all(fits))
}

/// The entries of `.dynamic` up to the terminating one, without those that say nothing if
/// `drop_idle`.
fn dynamic_entries(bytes: &[u8], dynamic: Span, drop_idle: bool) -> Option<Vec<u8>> {
    let table = bytes.get(dynamic.start..dynamic.end)?;
    let entries = object::pod::slice_from_all_bytes::<Entry>(table).ok()?;
    let lazy = entries
        .iter()
        .any(|entry| entry.d_tag(LE) == elf::DT_JMPREL);
    let mut kept = Vec::new();
    for entry in entries {
        let value = entry.d_val(LE);
        let idle = match entry.d_tag(LE) {
            elf::DT_PLTGOT => !lazy,
            elf::DT_RELACOUNT => value == 0,
            // Nothing is bound lazily, so "bind now" changes nothing.
            elf::DT_FLAGS => !lazy && value == elf::DF_BIND_NOW.0,
            elf::DT_FLAGS_1 => !lazy && value == elf::DF_1_NOW.0,
            _ => false,
        };
        if !(drop_idle && idle) {
            kept.extend_from_slice(object::pod::bytes_of(entry));
        }
        if entry.d_tag(LE) == elf::DT_NULL {
            return Some(kept);
        }
    }
    None
}
