//! One round of outlining: the chains of all functions as one text, its repeats by what they may
//! gain, and the replacement of the best ones first. Knows nothing of what a statement does.
//!
//! An estimate from lengths and counts alone orders the repeats; the one on top is looked at
//! closely, and goes back into the queue with what it really gains before it is taken. Items that
//! were replaced, and those around and inside of them, are out of the game until the next round.

use super::extract::{Replaced, finish, make_function, replace};
use super::group::{Group, Uses, plan};
use super::region::{Numbering, Region};
use super::repeats::{Repeat, Repeats};
use super::structure::{Step, Structure};
use super::{Policy, Progress};
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

/// What is known of functions that have not changed since.
#[derive(Default)]
pub struct Known(HashMap<Func, (Structure, Uses)>);

impl Known {
    /// Forgets functions that have changed.
    pub fn forget(&mut self, funcs: &[Func]) {
        for func in funcs {
            self.0.remove(func);
        }
    }
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
    numbering: Numbering,
    /// Number of changes so far.
    version: u32,
}

/// Outlines in `funcs`; the functions made, and those that have changed. `hot` lists those called from innermost loops.
pub fn run(
    module: &mut Module,
    funcs: &[Func],
    hot: &mut EntitySet<Func>,
    known: &mut Known,
    policy: &Policy,
) -> Progress {
    let mut round = Round::new(module, funcs, hot, known, policy);
    let repeats = Repeats::new(&round.text);
    let mut list: Vec<Repeat> = repeats.all().collect();
    let estimates: Vec<i64> = list.iter().map(|&r| round.estimate(&repeats, r)).collect();
    let mut keep = estimates.iter().map(|&e| e >= policy.thresholds.profit);
    list.retain(|_| keep.next().unwrap_or(false));
    // Largest value first, then the order of the list.
    let mut queue: BinaryHeap<(Rank, Reverse<usize>, bool)> = estimates
        .into_iter()
        .filter(|&e| e >= policy.thresholds.profit)
        .enumerate()
        .map(|(n, e)| (rank(e, round.weight(&repeats, list[n])), Reverse(n), false))
        .collect();
    let mut made = Vec::new();
    // The group looked at last, mostly the next one to be taken, and when.
    let mut last: Option<(usize, u32, Group)> = None;
    while let Some((value, Reverse(n), is_exact)) = queue.pop() {
        let group = match last.take() {
            Some((m, version, group)) if m == n && version == round.version => Some(group),
            _ => round.best_group(module, &repeats, list[n]),
        };
        let Some(group) = group else { continue };
        let exact = rank(group.profit, i64::from(group.body));
        if !is_exact || exact < value {
            queue.push((exact.min(value), Reverse(n), true));
            last = Some((n, round.version, group));
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
    let mut changed = Vec::new();
    for subject in round.subjects {
        if subject.is_changed {
            finish(module, subject.id, &subject.replaced);
            changed.push(subject.id);
        } else {
            let analysis = (subject.structure, subject.uses);
            known.0.insert(subject.id, analysis);
        }
    }
    Progress { made, changed }
}

/// What is better comes first: more profit, but of about the same profit the larger region, which
/// leaves less to be done around the calls.
type Rank = (i64, i64, i64);

fn rank(profit: i64, weight: i64) -> Rank {
    let p = profit.max(1);
    let log = i64::from(p.ilog2());
    // Four classes for every doubling.
    let class = 4 * log + ((p << 2 >> log) & 3);
    (class, weight, profit)
}

impl<'a> Round<'a> {
    fn new(
        module: &Module,
        funcs: &[Func],
        hot: &EntitySet<Func>,
        known: &mut Known,
        policy: &'a Policy,
    ) -> Self {
        let mut round = Round {
            policy,
            subjects: Vec::new(),
            index: SecondaryMap::new(),
            text: Vec::new(),
            places: Vec::new(),
            weights: vec![0],
            taken: Vec::new(),
            fuel: 0,
            numbering: Numbering::default(),
            version: 0,
        };
        let mut letters: HashMap<u64, u32> = HashMap::new();
        let mut last = 0;
        for &id in funcs {
            let func = &module.functions[id];
            let subject = round.subjects.len() as u32;
            round.index[id] = subject;
            let (structure, uses) = known.0.remove(&id).unwrap_or_else(|| {
                let structure = Structure::new(module, func, hot.contains(id));
                (structure, Uses::new(func))
            });
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
                uses,
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
        if weight < i64::from(self.policy.thresholds.weight) {
            return i64::MIN;
        }
        let count = repeat.count as i64;
        (count - 1) * weight - 4 * count - 8
    }

    /// The occurrences of a repeat that are still there and do not overlap.
    fn regions(&mut self, module: &Module, repeats: &Repeats, repeat: Repeat) -> Vec<Region> {
        let ends = repeats.ends(repeat);
        if !self.burn(ends.len()) {
            return Vec::new();
        }
        let mut starts: Vec<usize> = ends
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
            let place = self.places[start];
            let subject = &self.subjects[place.subject as usize];
            let chain = &subject.structure.chains[place.chain as usize];
            let first = place.item as usize;
            let region = Region::new(
                module,
                subject.id,
                &subject.structure,
                &subject.replaced.absorbed,
                &chain.items[first..first + repeat.len],
                &mut self.numbering,
            );
            let Some(mut region) = region else {
                continue;
            };
            if !self.burn(region.insts.len() + region.parts.len()) {
                return Vec::new();
            }
            region.start = start;
            regions.push(region);
            free = end;
        }
        regions
    }

    /// Uses fuel up; whether there was enough.
    fn burn(&mut self, amount: usize) -> bool {
        match self.fuel.checked_sub(amount) {
            Some(rest) => {
                self.fuel = rest;
                true
            }
            None => false,
        }
    }

    /// The most profitable group of occurrences.
    fn best_group(&mut self, module: &Module, repeats: &Repeats, repeat: Repeat) -> Option<Group> {
        let mut rest = self.regions(module, repeats, repeat);
        let mut best: Option<Group> = None;
        for _ in 0..self.policy.max_groups {
            let Some(first) = rest.pop() else { break };
            let (mut same, other): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|r| first.matches(r, module));
            same.push(first);
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
    fn worthwhile(&self, module: &Module, mut same: Vec<Region>) -> Option<Group> {
        let uses = |r: &Region| &self.subjects[self.index[r.func] as usize].uses;
        if same.iter().any(|r| r.is_hot) {
            let all = plan(module, &same, uses, self.policy);
            if let Some(mut group) = all
                && group.profit >= self.policy.thresholds.profit_in_loops
            {
                group.members = same;
                return Some(group);
            }
            same.retain(|r| !r.is_hot);
        }
        let mut group = plan(module, &same, uses, self.policy)?;
        group.members = same;
        (group.profit >= self.policy.thresholds.profit).then_some(group)
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
            self.version += 1;
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
