//! One round of outlining: the chains of all functions as one text, its repeats by what they may
//! gain, and the replacement of the best ones first. Knows nothing of what a statement does.
//!
//! An estimate from lengths and counts alone orders the repeats; the one on top is looked at
//! closely, and goes back into the queue with what it really gains before it is taken. Items that
//! were replaced, and those around and inside of them, are out of the game until the next round.

use super::Policy;
use super::extract::{Replaced, finish, make_function, replace};
use super::group::{Group, Uses, plan};
use super::region::Region;
use super::repeats::{Repeat, Repeats};
use super::structure::{Item, Step, Structure};
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::{Func, Module};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A function under analysis.
struct Subject {
    id: Func,
    structure: Structure,
    uses: Uses,
    /// By chain: the position of its first item in the text.
    start: Vec<usize>,
    replaced: Replaced,
    is_changed: bool,
}

/// A position of the text: function, chain and item. Separators have no item.
#[derive(Copy, Clone)]
struct Place {
    subject: u32,
    chain: u32,
    item: u32,
}

struct Round<'a> {
    policy: &'a Policy,
    subjects: Vec<Subject>,
    index: SecondaryMap<Func, u32>,
    text: Vec<u32>,
    places: Vec<Place>,
    /// Sum of the weights before each position.
    weights: Vec<u64>,
    taken: Vec<bool>,
    /// Statements that may still be looked at, so that no input makes this slow.
    fuel: usize,
}

/// Outlines in `funcs`; the functions made. `hot` lists those called from innermost loops.
pub fn run(
    module: &mut Module,
    funcs: &[Func],
    hot: &mut EntitySet<Func>,
    policy: &Policy,
) -> Vec<Func> {
    let mut round = Round::new(module, funcs, hot, policy);
    let repeats = Repeats::new(&round.text);
    let mut list: Vec<Repeat> = repeats.all().collect();
    let estimates: Vec<i64> = list.iter().map(|&r| round.estimate(&repeats, r)).collect();
    let mut keep = estimates.iter().map(|&e| e >= policy.min_profit);
    list.retain(|_| keep.next().unwrap_or(false));
    // Largest value first, then the order of the list.
    let mut queue: BinaryHeap<(i64, Reverse<usize>, bool)> = estimates
        .into_iter()
        .filter(|&e| e >= policy.min_profit)
        .enumerate()
        .map(|(n, e)| (e + policy.size_bonus * round.weight(&repeats, list[n]), Reverse(n), false))
        .collect();
    let mut made = Vec::new();
    while let Some((value, Reverse(n), is_exact)) = queue.pop() {
        let Some(group) = round.best_group(module, &repeats, list[n]) else {
            continue;
        };
        let exact = group.profit + policy.size_bonus * i64::from(group.body);
        if !is_exact || exact < value {
            queue.push((exact.min(value), Reverse(n), true));
            continue;
        }
        if let Some(func) = round.apply(module, &group) {
            if group.members.iter().any(|m| m.is_hot) {
                hot.insert(func);
            }
            made.push(func);
            // Copies that differ in their uses of values from this group may form another.
            queue.push((value, Reverse(n), false));
        }
    }
    for subject in &round.subjects {
        if subject.is_changed {
            finish(&mut module.functions[subject.id], &subject.replaced);
        }
    }
    made
}

impl<'a> Round<'a> {
    fn new(module: &Module, funcs: &[Func], hot: &EntitySet<Func>, policy: &'a Policy) -> Self {
        let mut round = Round {
            policy,
            subjects: Vec::new(),
            index: SecondaryMap::new(),
            text: Vec::new(),
            places: Vec::new(),
            weights: vec![0],
            taken: Vec::new(),
            fuel: 0,
        };
        let mut letters: HashMap<u64, u32> = HashMap::new();
        let mut last = 0;
        for &id in funcs {
            let func = &module.functions[id];
            let subject = round.subjects.len() as u32;
            round.index[id] = subject;
            let structure = Structure::new(module, func, hot.contains(id));
            let mut start = Vec::with_capacity(structure.chains.len());
            for (c, chain) in structure.chains.iter().enumerate() {
                start.push(round.text.len());
                for n in 0..=chain.items.len() {
                    let item = chain.items.get(n);
                    let letter = match item.and_then(|i| i.hash) {
                        Some(hash) => *letters.entry(hash).or_insert_with(|| {
                            last += 1;
                            last
                        }),
                        None => {
                            last += 1;
                            last
                        }
                    };
                    let weight = item.map_or(0, |i| i.weight);
                    let before = round.weights.last().copied().unwrap_or(0);
                    round.text.push(letter);
                    round.weights.push(before + u64::from(weight));
                    round.places.push(Place {
                        subject,
                        chain: c as u32,
                        item: n as u32,
                    });
                }
            }
            round.subjects.push(Subject {
                id,
                structure,
                uses: Uses::new(func),
                start,
                replaced: Replaced::default(),
                is_changed: false,
            });
        }
        round.taken = vec![false; round.text.len()];
        round.fuel = policy.fuel_per_statement * round.text.len();
        round
    }

    /// What a repeat gains at most, roughly.
    fn weight(&self, repeats: &Repeats, repeat: Repeat) -> i64 {
        let end = repeats.ends(repeat)[0] as usize + 1;
        (self.weights[end] - self.weights[end - repeat.len]) as i64
    }

    fn estimate(&self, repeats: &Repeats, repeat: Repeat) -> i64 {
        let weight = self.weight(repeats, repeat);
        if weight < i64::from(self.policy.min_weight) {
            return i64::MIN;
        }
        let count = repeat.count as i64;
        (count - 1) * weight - 4 * count - 8
    }

    fn items(&self, start: usize, len: usize) -> (&Subject, &[Item]) {
        let place = self.places[start];
        let subject = &self.subjects[place.subject as usize];
        let items = &subject.structure.chains[place.chain as usize].items;
        let first = place.item as usize;
        (subject, &items[first..first + len])
    }

    /// The occurrences of a repeat that are still there and do not overlap.
    fn regions(&mut self, module: &Module, repeats: &Repeats, repeat: Repeat) -> Vec<Region> {
        let mut starts: Vec<usize> = repeats
            .ends(repeat)
            .iter()
            .map(|&end| end as usize + 1 - repeat.len)
            .collect();
        starts.sort_unstable();
        let mut regions = Vec::new();
        let mut free = 0;
        for start in starts {
            let end = start + repeat.len;
            if start < free || self.taken[start..end].contains(&true) {
                continue;
            }
            let weight = (self.weights[end] - self.weights[start]) as usize + repeat.len;
            if self.fuel < weight {
                return Vec::new();
            }
            self.fuel -= weight;
            let (subject, items) = self.items(start, repeat.len);
            let region = Region::new(
                module,
                subject.id,
                &subject.structure,
                &subject.replaced.absorbed,
                items,
            );
            if let Some(mut region) = region {
                region.start = start;
                region.len = repeat.len;
                regions.push(region);
                free = end;
            }
        }
        regions
    }

    /// The most profitable group of occurrences.
    fn best_group(&mut self, module: &Module, repeats: &Repeats, repeat: Repeat) -> Option<Group> {
        let mut rest = self.regions(module, repeats, repeat);
        let mut best: Option<Group> = None;
        for _ in 0..self.policy.max_groups {
            if rest.len() < 2 {
                break;
            }
            let (same, other): (Vec<_>, Vec<_>) = {
                let first = rest[0].clone();
                rest.into_iter().partition(|r| first.matches(r, module))
            };
            rest = other;
            if let Some(group) = self.worthwhile(module, same)
                && best.as_ref().is_none_or(|b| b.profit < group.profit)
            {
                best = Some(group);
            }
        }
        best
    }

    /// A group of matching regions that pays; without those in innermost loops if it must.
    fn worthwhile(&self, module: &Module, same: Vec<Region>) -> Option<Group> {
        let uses = |r: &Region| {
            let subject = &self.subjects[self.index[r.func] as usize];
            (&subject.uses, &subject.replaced.absorbed)
        };
        let cold: Vec<Region> = same.iter().filter(|r| !r.is_hot).cloned().collect();
        let has_hot = cold.len() < same.len();
        let least = if has_hot {
            self.policy.min_profit_in_loops
        } else {
            self.policy.min_profit
        };
        if same.len() > 1
            && let Some(group) = plan(module, same, uses, self.policy)
            && group.profit >= least
        {
            return Some(group);
        }
        if !has_hot || cold.len() < 2 {
            return None;
        }
        plan(module, cold, uses, self.policy).filter(|g| g.profit >= self.policy.min_profit)
    }

    fn apply(&mut self, module: &mut Module, group: &Group) -> Option<Func> {
        let func = make_function(module, group)?;
        for (member, args) in group.members.iter().zip(&group.args) {
            let subject = &mut self.subjects[self.index[member.func] as usize];
            subject.is_changed = true;
            replace(
                module,
                member,
                func,
                &group.results,
                args,
                &mut subject.replaced,
            );
            self.take(member.start, member.len);
        }
        Some(func)
    }

    /// Takes items out of the game, with all that is inside of them and around them.
    fn take(&mut self, start: usize, len: usize) {
        let place = self.places[start];
        let subject = &self.subjects[place.subject as usize];
        let chains = &subject.structure.chains;
        let mut work: Vec<(usize, usize, usize)> = vec![(
            place.chain as usize,
            place.item as usize,
            place.item as usize + len,
        )];
        while let Some((chain, from, to)) = work.pop() {
            for n in from..to {
                self.taken[subject.start[chain] + n] = true;
                if let Step::Detour { from, .. } = chains[chain].items[n].step
                    && let Some(detour) = subject.structure.detour(from)
                {
                    work.extend(detour.chains.iter().map(|&c| (c, 0, chains[c].items.len())));
                }
            }
        }
        let mut parent = chains[place.chain as usize].parent.expand();
        while let Some(detour) = parent.and_then(|p| subject.structure.detour(p)) {
            let (chain, item) = detour.item;
            let position = subject.start[chain] + item;
            if std::mem::replace(&mut self.taken[position], true) {
                break;
            }
            parent = chains[chain].parent.expand();
        }
    }
}
