//! Light, dark, or as the system has it.

use crate::browser;

/// Where the choice is kept; index.html reads it too, before the first paint.
const STORED: &str = "accord-theme";

/// What the visitor chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The choice that the browser remembers.
    #[must_use]
    pub fn current() -> Self {
        match browser::local_value(STORED).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Puts the theme on the page, and remembers it.
    pub fn choose(self) {
        let value = match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        };
        match value {
            Some(value) => browser::set_local_value(STORED, value),
            None => browser::remove_local_value(STORED),
        }
        if let Some(root) = browser::root() {
            let _ = match value {
                Some(value) => root.set_attribute("data-theme", value),
                None => root.remove_attribute("data-theme"),
            };
        }
    }
}
