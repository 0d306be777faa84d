//! Who is signed in, as the frame around the pages shows it.

/// The person and the organisation at the top of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The person's roles, written for people.
    pub roles: String,
    /// The organisation's name.
    pub organisation: String,
    /// The cloud that the organisation lives in, written for people.
    pub cloud: String,
    /// Whether this is a demo, which shows the mail that it would have sent.
    pub demo: bool,
}

impl Session {
    /// Someone to show while there is no server.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            name: "Megan Bowen".to_owned(),
            email: "megan@northwind.example".to_owned(),
            roles: "Global administrator".to_owned(),
            organisation: "Northwind Traders".to_owned(),
            cloud: "Worldwide".to_owned(),
            demo: true,
        }
    }

    /// Up to two letters that stand for the person.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Session;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        let mut session = Session::sample();
        assert_eq!(session.initials(), "MB");
        session.name = "ada de la cruz".to_owned();
        assert_eq!(session.initials(), "AC");
        session.name = String::new();
        assert_eq!(session.initials(), "");
    }
}
