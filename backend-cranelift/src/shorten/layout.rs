//! Where the objects of a stack frame go, so that few bytes are spent on their distances. Knows
//! nothing of instructions.
//!
//! ```text
//! frame pointer ->  what is used most
//!                   what is used least
//!                   what is used less
//!                   saved registers, or arguments of calls
//! stack pointer ->
//! ```

/// Something in a frame.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its distance from the bottom of the old frame.
    pub old: u32,
    pub size: u32,
    pub align: u32,
    /// It holds a vector register, of which the lower half may be enough.
    pub is_vector: bool,
    /// It stays at the bottom.
    pub is_fixed: bool,
    /// The offsets in it that are used, each as often as it is.
    pub used_at: Vec<u32>,
}

impl Object {
    pub fn new(old: u32, size: u32, align: u32) -> Object {
        Object {
            old,
            size,
            align: align.max(1),
            is_vector: false,
            is_fixed: false,
            used_at: Vec::new(),
        }
    }
}

/// A frame.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The distance of each object from the frame pointer, which is negative.
    pub at: Vec<i32>,
    /// Bytes below the frame pointer, with the saved registers.
    pub size: u32,
    /// Whether saved registers are at the bottom; else they are at the top.
    pub saves_below: bool,
    /// Bytes that are spent because of the places.
    pub cost: u32,
}

/// What one byte reaches.
const NEAR: u32 = 128;

/// Places all objects but the fixed one, which has `outgoing` bytes at the bottom. With `halves`,
/// vector registers are held by halves, whose loads cost a byte more.
pub fn place(objects: &[Object], outgoing: u32, pushes: u32, halves: bool) -> Layout {
    let saves_below = outgoing == 0;
    let size = |o: &Object| match o.is_vector && halves {
        true => 8,
        false => o.size.next_multiple_of(8),
    };
    let align = |o: &Object| o.align.max(8);
    let mut order: Vec<usize> = (0..objects.len())
        .filter(|&n| !objects[n].is_fixed && !objects[n].used_at.is_empty())
        .collect();
    // The most uses for a byte first.
    order.sort_by_key(|&n| {
        let o = &objects[n];
        (
            std::cmp::Reverse((o.used_at.len() as u32 * 1024) / size(o).max(1)),
            n,
        )
    });
    let mut at = vec![0; objects.len()];
    let mut top = if saves_below { 0 } else { pushes };
    let mut left = Vec::new();
    for n in order {
        let o = &objects[n];
        let to = (top + size(o)).next_multiple_of(align(o));
        if to <= NEAR {
            at[n] = -(to as i32);
            top = to;
        } else {
            left.push(n);
        }
    }
    // Distances from the stack pointer, until the size of the frame is known.
    let mut bottom = if saves_below { pushes } else { outgoing };
    let mut low = Vec::new();
    let mut middle = Vec::new();
    for n in left {
        let o = &objects[n];
        let from = bottom.next_multiple_of(align(o));
        let last = o.used_at.iter().copied().max().unwrap_or(0);
        if from + last < NEAR {
            low.push((n, from));
            bottom = from + size(o);
        } else {
            middle.push(n);
        }
    }
    for n in middle {
        let o = &objects[n];
        top = (top + size(o)).next_multiple_of(align(o));
        at[n] = -(top as i32);
    }
    let total = (top + bottom).next_multiple_of(16);
    for (n, from) in low {
        at[n] = from as i32 - total as i32;
    }
    for (n, o) in objects.iter().enumerate() {
        if o.is_fixed {
            at[n] = -(total as i32);
        }
    }
    let mut cost = 0;
    for (o, &at) in objects.iter().zip(&at) {
        for &within in &o.used_at {
            let at = at + within as i32;
            let from_stack = at + total as i32;
            cost += if at >= -(NEAR as i32) {
                1
            } else if from_stack < NEAR as i32 {
                2
            } else {
                4
            };
        }
        if o.is_vector && halves {
            // About half of the uses are loads.
            cost += o.used_at.len().div_ceil(2) as u32;
        }
    }
    Layout {
        at,
        size: total,
        saves_below,
        cost,
    }
}
