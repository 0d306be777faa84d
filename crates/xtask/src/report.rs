//! What is said on the terminal: notes, steps with their time, a closing table.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use anyhow::Result;

/// Says something to the person at the terminal, apart from what programs print.
pub(crate) fn note(text: &str) {
    println!("\n{text}");
    // A program started next writes to the same terminal; ours comes first. That
    // a closed terminal cannot be written to is no reason to stop the work.
    let _ = std::io::stdout().flush();
}

/// An error and its causes, a line each.
pub(crate) fn words(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join("\n")
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// A number of bytes with its thousands apart.
pub(crate) fn bytes(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The steps of a longer run, each with its outcome and its time.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: String,
    time: Duration,
    error: Option<anyhow::Error>,
}

impl Steps {
    /// Runs one step. An error is shown and kept, and the run goes on, so that one
    /// run tells everything that is wrong.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        note(&format!("== {name}"));
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        let (value, error) = match result {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(error)),
        };
        match &error {
            None => println!("-- {name}: fine, {}", seconds(time)),
            Some(error) => println!("-- {name}: FAILED after {}\n{}", seconds(time), words(error)),
        }
        self.done.push(Step { name: name.to_owned(), time, error });
        value
    }

    /// Prints the closing table, and fails when a step has.
    pub(crate) fn finish(self) -> Result<()> {
        note("== Time");
        let total: Duration = self.done.iter().map(|step| step.time).sum();
        for step in &self.done {
            let mark = if step.error.is_some() { "  FAILED" } else { "" };
            println!("{:>14}  {}{mark}", seconds(step.time), step.name);
        }
        println!("{:>14}  in all", seconds(total));
        let failed: Vec<String> = self
            .done
            .iter()
            .filter_map(|step| {
                let words = words(step.error.as_ref()?);
                let first = words.lines().next().unwrap_or_default();
                Some(format!("  {}: {first}", step.name))
            })
            .collect();
        if failed.is_empty() {
            note("Everything is as it should be.");
            return Ok(());
        }
        anyhow::bail!("Not everything is as it should be:\n{}", failed.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(bytes(0), "0");
        assert_eq!(bytes(999), "999");
        assert_eq!(bytes(1000), "1,000");
        assert_eq!(bytes(1_234_567), "1,234,567");
        assert_eq!(seconds(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(61)), "1 min 01 s");
    }
}
