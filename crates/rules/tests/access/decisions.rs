//! Decision lists: a complete table of outcomes, in as few lines as a person can review.
//!
//! The lines are found by a greedy search: a line may only speak of cells with the same outcome,
//! apart from cells that lines above it have taken. So the list says the same as the table; see
//! [`DecisionTable::lines`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A dimension of a table, such as the type of the relationship.
pub(crate) struct Dimension {
    name: &'static str,
    values: Vec<String>,
    /// Names for sets of values.
    groups: Vec<(&'static str, BTreeSet<usize>)>,
}

impl Dimension {
    pub(crate) fn new<T: ToString>(
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.to_string()).collect();
        Self { name, values, groups: Vec::new() }
    }

    /// Gives sets of values a name.
    pub(crate) fn with_groups(
        mut self,
        groups: impl IntoIterator<Item = (&'static str, Vec<usize>)>,
    ) -> Self {
        self.groups =
            groups.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect();
        self
    }

    /// Names a set of values. A group stands for those of its values that are `present`, if all
    /// of them are in the set.
    fn names(&self, mut values: BTreeSet<usize>, present: &BTreeSet<usize>) -> String {
        let mut names = Vec::new();
        for (name, group) in &self.groups {
            let group: BTreeSet<_> = group.intersection(present).copied().collect();
            if group.len() > 1 && group.is_subset(&values) {
                names.push(*name);
                values.retain(|value| !group.contains(value));
            }
        }
        names.extend(values.iter().map(|value| self.values[*value].as_str()));
        names.join(", ")
    }
}

/// Place of a cell: the index of its value in each dimension.
type Place = Vec<usize>;

/// The outcome of one action in every combination of values.
pub(crate) struct DecisionTable<'a> {
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) cells: Vec<(Place, String)>,
}

/// A line of a list: the values of some dimensions, and the outcome of every cell with them that
/// no earlier line took.
struct DecisionLine {
    conditions: BTreeMap<usize, BTreeSet<usize>>,
    outcome: String,
}

impl DecisionLine {
    fn takes(&self, place: &Place) -> bool {
        self.conditions.iter().all(|(dimension, values)| values.contains(&place[*dimension]))
    }
}

impl DecisionTable<'_> {
    /// Returns the lines as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut open: Vec<&(Place, String)> = self.cells.iter().collect();
        for line in self.lines() {
            let conditions: Vec<_> = line
                .conditions
                .iter()
                .map(|(dimension, values)| self.condition(*dimension, values, &open))
                .collect();
            let conditions = match conditions.as_slice() {
                [] => "otherwise".to_owned(),
                some => some.join("; "),
            };
            writeln!(text, "  {conditions}: {}", line.outcome).expect("a String takes everything");
            open.retain(|(place, _)| !line.takes(place));
        }
        text
    }

    /// Describes the values of a dimension: by their names, or by those that are missing among
    /// the cells that no line has taken yet.
    fn condition(
        &self,
        dimension: usize,
        values: &BTreeSet<usize>,
        open: &[&(Place, String)],
    ) -> String {
        let described = &self.dimensions[dimension];
        let present: BTreeSet<_> = open.iter().map(|(place, _)| place[dimension]).collect();
        let named = described.names(values.intersection(&present).copied().collect(), &present);
        let missing = described.names(present.difference(values).copied().collect(), &present);
        let inverse = format!("all but {missing}");
        let shorter = if inverse.len() < named.len() { inverse } else { named };
        format!("{} {shorter}", described.name)
    }

    /// Returns the lines, and checks that they give each cell its outcome.
    fn lines(&self) -> Vec<DecisionLine> {
        let mut open: Vec<&(Place, String)> = self.cells.iter().collect();
        let mut lines = Vec::new();
        while let Some((_, outcome)) = open.first() {
            let line = if open.iter().all(|(_, other)| other == outcome) {
                DecisionLine { conditions: BTreeMap::new(), outcome: outcome.clone() }
            } else {
                self.next_line(&open)
            };
            open.retain(|(place, _)| !line.takes(place));
            lines.push(line);
        }
        for (place, outcome) in &self.cells {
            let line = lines.iter().find(|line| line.takes(place)).expect("a line for each cell");
            assert_eq!(line.outcome, *outcome);
        }
        lines
    }

    /// Returns the line with the fewest dimensions that takes the most cells.
    fn next_line(&self, open: &[&(Place, String)]) -> DecisionLine {
        (1..=self.dimensions.len())
            .find_map(|count| {
                subsets(self.dimensions.len(), count)
                    .into_iter()
                    .filter_map(|dimensions| self.best_box(open, &dimensions))
                    .max_by(|(one, _), (other, _)| one.cmp(other))
            })
            .map(|(_, line)| line)
            .expect("one cell alone has one outcome")
    }

    /// Returns the largest box of these dimensions whose open cells all have the same outcome,
    /// with the number of those cells.
    fn best_box(
        &self,
        open: &[&(Place, String)],
        dimensions: &[usize],
    ) -> Option<(usize, DecisionLine)> {
        // The outcome and the number of cells for each combination of values. `None` if there
        // are several outcomes.
        let mut combinations: BTreeMap<Place, (Option<&String>, usize)> = BTreeMap::new();
        for (place, outcome) in open {
            let key = dimensions.iter().map(|dimension| place[*dimension]).collect();
            let (same, count) = combinations.entry(key).or_insert((Some(outcome), 0));
            if *same != Some(outcome) {
                *same = None;
            }
            *count += 1;
        }
        let mut best: Option<(usize, DecisionLine)> = None;
        let mut tried = BTreeSet::new();
        for (seed, (outcome, _)) in &combinations {
            let Some(outcome) = outcome else { continue };
            let mut sides: Vec<BTreeSet<usize>> =
                seed.iter().map(|value| BTreeSet::from([*value])).collect();
            for (index, dimension) in dimensions.iter().enumerate() {
                for value in 0..self.dimensions[*dimension].values.len() {
                    let mut wider = sides.clone();
                    wider[index].insert(value);
                    let fits = combinations.iter().all(|(key, (other, _))| {
                        !is_inside(key, &wider) || *other == Some(*outcome)
                    });
                    if fits {
                        sides = wider;
                    }
                }
            }
            if !tried.insert(sides.clone()) {
                continue;
            }
            let inside: Vec<_> =
                combinations.iter().filter(|(key, _)| is_inside(key, &sides)).collect();
            let count = inside.iter().map(|(_, (_, count))| count).sum();
            // A value whose cells in the box are all taken says nothing.
            for (index, side) in sides.iter_mut().enumerate() {
                side.retain(|value| inside.iter().any(|(key, _)| key[index] == *value));
            }
            if best.as_ref().is_none_or(|(most, _)| count > *most) {
                let conditions = dimensions.iter().copied().zip(sides).collect();
                best = Some((count, DecisionLine { conditions, outcome: (*outcome).clone() }));
            }
        }
        best
    }
}

/// Returns whether each value is in the set of its dimension.
fn is_inside(values: &[usize], sides: &[BTreeSet<usize>]) -> bool {
    values.iter().zip(sides).all(|(value, side)| side.contains(value))
}

/// Returns all subsets of `0..count` with `size` elements.
fn subsets(count: usize, size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    (0..count)
        .flat_map(|last| {
            subsets(last, size - 1).into_iter().map(move |mut rest| {
                rest.push(last);
                rest
            })
        })
        .collect()
}

#[test]
fn a_line_speaks_of_one_outcome_and_of_few_dimensions() {
    let dimensions = [
        Dimension::new("who", ["visitor", "admin", "reader"]),
        Dimension::new("type", ["lob", "mpsa", "advisor", "reseller"]),
    ];
    let mut cells = Vec::new();
    for who in 0..3 {
        for kind in 0..4 {
            let outcome = match (who, kind) {
                (0, _) => "signInRequired",
                (_, 3) => "resellerEndsRelationship",
                (1, _) => "yes",
                _ => "globalAdministratorRequired",
            };
            cells.push((vec![who, kind], outcome.to_owned()));
        }
    }
    let text = DecisionTable { dimensions: &dimensions, cells }.text();
    assert_eq!(
        text,
        "  who visitor: signInRequired
  type reseller: resellerEndsRelationship
  who admin: yes
  otherwise: globalAdministratorRequired
"
    );
}
