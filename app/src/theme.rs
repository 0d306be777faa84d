//! The color theme: light, dark, or the system's.

use crate::browser;

/// Storage key of the chosen theme; index.html reads it too, before the first paint.
const STORAGE_KEY: &str = "accord-theme";

/// The visitor's choice of theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Follows the system's setting.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Returns the stored choice.
    #[must_use]
    pub fn stored() -> Self {
        match browser::local_value(STORAGE_KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Applies the theme to the page and stores the choice.
    pub fn apply(self) {
        let value = match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        };
        match value {
            Some(value) => browser::set_local_value(STORAGE_KEY, value),
            None => browser::remove_local_value(STORAGE_KEY),
        }
        if let Some(root) = browser::root() {
            let _ = match value {
                Some(value) => root.set_attribute("data-theme", value),
                None => root.remove_attribute("data-theme"),
            };
        }
    }
}
