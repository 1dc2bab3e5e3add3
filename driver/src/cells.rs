//! Memory of global variables: one cell for a variable and type, at an address that never changes
//! while the session lives. Knows nothing of the variables.
//!
//! Typed IR names the cell `Main.x` by `Base.cglobal(sym "Main.x", type T)::Ptr{T}` and reads and
//! writes it by `Base.pointerref(p, 1, 1)` and `Base.pointerset(p, x, 1, 1)`. In this process the
//! symbol is an address; in an output it is writable data that starts out with the cell's bytes.

use hashbrown::HashMap;
use jlift_infer::world::modules::STORAGE_PREFIX;

/// Whether a symbol is one of a cell.
pub fn is_cell(symbol: &str) -> bool {
    symbol.starts_with(STORAGE_PREFIX)
}

/// A cell of a session.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cell(pub u32);

/// Words of 16 bytes that are taken from the system at once.
const CHUNK: usize = 1024;

struct Place {
    symbol: String,
    address: *mut u8,
    size: usize,
    align: u32,
}

/// The cells of a session.
#[derive(Default)]
pub struct Cells {
    /// Memory that the cells are cut from; never moved, freed with the session.
    chunks: Vec<Box<[u128]>>,
    /// Words of the last chunk that are free.
    free: usize,
    places: Vec<Place>,
    symbols: HashMap<String, Cell>,
}

impl Cells {
    /// A new cell of zeros with a symbol that no other has; cells that code refers to already
    /// stay where they are. Alignments beyond 16 bytes do not occur.
    pub fn add(&mut self, symbol: &str, size: u32, align: u32) -> Cell {
        let words = (size as usize).div_ceil(16).max(1);
        if words > self.free {
            let chunk = words.max(CHUNK);
            self.chunks.push(vec![0u128; chunk].into_boxed_slice());
            self.free = chunk;
        }
        let address = match self.chunks.last_mut() {
            Some(chunk) => {
                let at = chunk.len() - self.free;
                self.free -= words;
                chunk[at..].as_mut_ptr().cast()
            }
            None => std::ptr::null_mut(),
        };
        self.places.push(Place {
            symbol: symbol.to_string(),
            address,
            size: size as usize,
            align,
        });
        let cell = Cell(self.places.len() as u32 - 1);
        self.symbols.insert(symbol.to_string(), cell);
        cell
    }

    /// The cell with this symbol.
    pub fn find(&self, symbol: &str) -> Option<Cell> {
        self.symbols.get(symbol).copied()
    }

    /// Symbols and addresses of the cells from a number on.
    pub fn symbols(&self, first: usize) -> impl Iterator<Item = (&str, *mut u8)> {
        let new = self.places.get(first..).unwrap_or(&[]);
        new.iter().map(|place| (&*place.symbol, place.address))
    }

    /// Where a cell is.
    pub fn address(&self, cell: Cell) -> Option<*mut u8> {
        self.places.get(cell.0 as usize).map(|p| p.address)
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Writes a whole cell; `false` if there is none of this symbol and size.
    pub fn store(&mut self, symbol: &str, bytes: &[u8]) -> bool {
        let place = self
            .find(symbol)
            .and_then(|c| self.places.get(c.0 as usize));
        match place {
            Some(place) if place.size == bytes.len() => {
                // SAFETY: the memory belongs to a chunk that lives as long as `self`, and no code
                // of this thread runs.
                unsafe {
                    place
                        .address
                        .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len())
                };
                true
            }
            _ => false,
        }
    }

    /// Whether the first byte of a cell is not zero.
    pub fn is_set(&self, cell: Cell) -> bool {
        let place = self.places.get(cell.0 as usize);
        // SAFETY: as below; every cell has memory.
        place.is_some_and(|p| p.size > 0 && unsafe { p.address.read() } != 0)
    }

    /// What is in a cell now, and its alignment.
    pub fn content(&self, cell: Cell) -> Option<(Vec<u8>, u32)> {
        let place = self.places.get(cell.0 as usize)?;
        // SAFETY: the memory belongs to a chunk that lives as long as `self`; code that writes it
        // runs on this thread and has returned.
        let bytes = unsafe { std::slice::from_raw_parts(place.address, place.size) };
        Some((bytes.to_vec(), place.align))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_do_not_overlap_and_stay_where_they_are() {
        let mut cells = Cells::default();
        let sizes = [1, 16, 17, 8, 20_000, 3, 0, 64];
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for n in 0..200 {
            let size = sizes[n % sizes.len()];
            let cell = cells.add(&n.to_string(), size, 8);
            let start = cells.address(cell).map_or(0, |a| a as usize);
            assert!(start != 0 && start.is_multiple_of(16));
            ranges.push((start, start + (size as usize).max(1)));
        }
        for (n, range) in ranges.iter().enumerate() {
            let cell = cells.find(&n.to_string());
            let address = cell.and_then(|c| cells.address(c));
            assert_eq!(address.map(|a| a as usize), Some(range.0));
        }
        ranges.sort_unstable();
        assert!(ranges.windows(2).all(|w| w[0].1 <= w[1].0));
    }
}
