//! Output on the terminal: notes, steps with their duration, a table at the end.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use anyhow::Result;

/// Prints a paragraph of its own between the output of programs.
pub(crate) fn note(text: &str) {
    println!("\n{text}");
    // A program started next writes to the same terminal. A closed terminal is no reason
    // to stop the work.
    let _ = std::io::stdout().flush();
}

/// Returns an error and its causes, one per line.
pub(crate) fn error_text(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join("\n")
}

/// Formats a duration: `1.2 s`, `2 min 05 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Formats a number with commas: `1,234,567`.
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

/// The steps of a longer run, each with its result and its duration.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<CompletedStep>,
}

struct CompletedStep {
    name: String,
    time: Duration,
    error: Option<anyhow::Error>,
}

impl Steps {
    /// Runs one step. An error is printed and kept, and the run continues, so that one run
    /// reports everything that is wrong.
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
            None => println!("-- {name}: passed, {}", seconds(time)),
            Some(error) => {
                println!("-- {name}: FAILED after {}\n{}", seconds(time), error_text(error));
            }
        }
        self.done.push(CompletedStep { name: name.to_owned(), time, error });
        value
    }

    /// Prints the table of all steps, and fails when a step has failed.
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
                let text = error_text(step.error.as_ref()?);
                let first = text.lines().next().unwrap_or_default();
                Some(format!("  {}: {first}", step.name))
            })
            .collect();
        if failed.is_empty() {
            note("All steps passed.");
            return Ok(());
        }
        anyhow::bail!("These steps failed:\n{}", failed.join("\n"))
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
