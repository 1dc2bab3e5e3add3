//! The repeated substrings of a text of numbers, in time linear in its length: a suffix automaton
//! (Blumer et al., "The smallest automaton recognizing the subwords of a text", 1985). Every state
//! stands for the substrings that end at the same positions; the longest of them is the one that
//! cannot be extended to the left at all of these positions. Knows nothing of what the numbers mean.

use hashbrown::HashMap;

const NONE: u32 = u32::MAX;

struct State {
    len: u32,
    link: u32,
    /// Letters of the transitions.
    letters: Vec<u32>,
}

/// The automaton of a text.
pub struct Repeats {
    /// By state: length of the longest substring.
    len: Vec<u32>,
    /// By state: range of its end positions in `ends`.
    range: Vec<(u32, u32)>,
    ends: Vec<u32>,
    /// By state: whether every occurrence is followed by the same letter.
    extends: Vec<bool>,
}

/// A substring that occurs more than once.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Repeat {
    state: u32,
    /// Letters.
    pub len: usize,
    /// Occurrences, overlapping ones included.
    pub count: usize,
}

impl Repeats {
    /// The automaton of a text of less than 2^31 letters.
    pub fn new(text: &[u32]) -> Self {
        let (states, next, position) = build(text);
        let n = states.len();
        let mut children = vec![NONE; n];
        let mut siblings = vec![NONE; n];
        for state in (1..n).rev() {
            let link = states[state].link as usize;
            siblings[state] = children[link];
            children[link] = state as u32;
        }
        let mut ends = Vec::with_capacity(text.len());
        let mut range = vec![(0, 0); n];
        // A depth-first walk; a state is left when it comes up again.
        let mut stack = vec![(0u32, false)];
        while let Some((state, done)) = stack.pop() {
            let s = state as usize;
            if done {
                range[s].1 = ends.len() as u32;
                continue;
            }
            range[s].0 = ends.len() as u32;
            if position[s] != NONE {
                ends.push(position[s]);
            }
            stack.push((state, true));
            let mut child = children[s];
            while child != NONE {
                stack.push((child, false));
                child = siblings[child as usize];
            }
        }
        let count = |s: usize| range[s].1 - range[s].0;
        let extends = (0..n)
            .map(|s| match states[s].letters[..] {
                [letter] => next
                    .get(&(s as u32, letter))
                    .is_some_and(|&t| count(t as usize) == count(s)),
                _ => false,
            })
            .collect();
        Repeats {
            len: states.iter().map(|s| s.len).collect(),
            range,
            ends,
            extends,
        }
    }

    /// The repeated substrings that can be extended neither to the left nor to the right without
    /// losing an occurrence, in no particular but a fixed order.
    pub fn all(&self) -> impl Iterator<Item = Repeat> + '_ {
        (1..self.len.len()).filter_map(|s| {
            let count = (self.range[s].1 - self.range[s].0) as usize;
            (count > 1 && !self.extends[s]).then_some(Repeat {
                state: s as u32,
                len: self.len[s] as usize,
                count,
            })
        })
    }

    /// The positions of the last letters of the occurrences, in no particular but a fixed order.
    pub fn ends(&self, repeat: Repeat) -> &[u32] {
        let (start, end) = self.range[repeat.state as usize];
        &self.ends[start as usize..end as usize]
    }
}

type Transitions = HashMap<(u32, u32), u32>;

/// States, transitions, and by state the position whose prefix it was made for.
fn build(text: &[u32]) -> (Vec<State>, Transitions, Vec<u32>) {
    let mut states = vec![State {
        len: 0,
        link: NONE,
        letters: Vec::new(),
    }];
    let mut next: Transitions = HashMap::with_capacity(3 * text.len());
    let mut position = vec![NONE];
    let mut last = 0u32;
    for (at, &letter) in text.iter().enumerate() {
        let new = states.len() as u32;
        states.push(State {
            len: states[last as usize].len + 1,
            link: 0,
            letters: Vec::new(),
        });
        position.push(at as u32);
        let mut p = last;
        last = new;
        let found = loop {
            if p == NONE {
                break None;
            }
            if let Some(&q) = next.get(&(p, letter)) {
                break Some(q);
            }
            next.insert((p, letter), new);
            states[p as usize].letters.push(letter);
            p = states[p as usize].link;
        };
        let Some(q) = found else {
            continue;
        };
        if states[p as usize].len + 1 == states[q as usize].len {
            states[new as usize].link = q;
            continue;
        }
        let copy = states.len() as u32;
        let letters = states[q as usize].letters.clone();
        for &l in &letters {
            if let Some(&t) = next.get(&(q, l)) {
                next.insert((copy, l), t);
            }
        }
        states.push(State {
            len: states[p as usize].len + 1,
            link: states[q as usize].link,
            letters,
        });
        position.push(NONE);
        while p != NONE && next.get(&(p, letter)) == Some(&q) {
            next.insert((p, letter), copy);
            p = states[p as usize].link;
        }
        states[q as usize].link = copy;
        states[new as usize].link = copy;
    }
    (states, next, position)
}

#[cfg(test)]
mod tests {
    use super::Repeats;

    fn found(text: &str) -> Vec<(String, Vec<u32>)> {
        let letters: Vec<u32> = text.bytes().map(u32::from).collect();
        let repeats = Repeats::new(&letters);
        let mut list: Vec<_> = repeats
            .all()
            .map(|r| {
                let mut ends = repeats.ends(r).to_vec();
                ends.sort_unstable();
                let end = ends[0] as usize + 1;
                (text[end - r.len..end].to_string(), ends)
            })
            .collect();
        list.sort();
        list
    }

    #[test]
    fn maximal_repeats_are_those_by_definition() {
        let mut seed = 88172645463325252u64;
        for round in 0..300 {
            let text: String = (0..1 + round % 23)
                .map(|_| {
                    seed ^= seed << 13;
                    seed ^= seed >> 7;
                    seed ^= seed << 17;
                    char::from(b'a' + (seed % 3) as u8)
                })
                .collect();
            let at = |word: &str| -> Vec<usize> {
                (0..text.len())
                    .filter(|&i| text[i..].starts_with(word))
                    .collect()
            };
            let mut want: Vec<(String, Vec<u32>)> = Vec::new();
            for start in 0..text.len() {
                for end in start + 1..=text.len() {
                    let word = &text[start..end];
                    let places = at(word);
                    let can_extend = "abc".chars().any(|c| {
                        at(&format!("{c}{word}")).len() == places.len()
                            || at(&format!("{word}{c}")).len() == places.len()
                    });
                    if places.len() > 1 && !can_extend {
                        let ends = places.iter().map(|p| (p + word.len() - 1) as u32);
                        want.push((word.into(), ends.collect()));
                    }
                }
            }
            want.sort();
            want.dedup();
            assert_eq!(found(&text), want, "{text}");
        }
    }
}
