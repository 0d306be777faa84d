//! What the command line gives, parsed into what it means.

use axum::http::Uri;
use rules::FieldError;

use crate::origin::is_loopback;

/// The address of a mail server, with whatever signs in to it. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SmtpUrl {
    text: String,
    loopback: bool,
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SmtpUrl(…)")
    }
}

impl SmtpUrl {
    /// The address in lettre's terms: encrypted from the start (`smtps`), or by STARTTLS
    /// before anything is said, or plain to this machine alone.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the mail server is on this machine.
    pub(crate) const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl std::str::FromStr for SmtpUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The text itself is never repeated: it may hold a password.
        const MALFORMED: &str = "this is no address such as smtp://user:password@mail.example:587";
        let uri: Uri = text.parse().map_err(|_| MALFORMED)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(MALFORMED)?;
        if uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            return Err("nothing may follow the port: encryption is decided by Accord");
        }
        let bare = text.trim_end_matches('/');
        let loopback = is_loopback(host);
        let text = match uri.scheme_str() {
            Some("smtps") => bare.to_owned(),
            Some("smtp") if loopback => bare.to_owned(),
            Some("smtp") => format!("{bare}?tls=required"),
            _ => return Err(MALFORMED),
        };
        Ok(Self { text, loopback })
    }
}

/// Parses an argument by a parser of the rules, and says in English what is wrong.
pub(crate) fn field<T: std::str::FromStr<Err = FieldError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(explain)
}

/// What is wrong with a value, for the operator.
pub(crate) fn explain(error: FieldError) -> String {
    match error {
        FieldError::Empty => "it must not be empty".to_owned(),
        FieldError::TooLong { max } => format!("it has more than {max} characters"),
        FieldError::TooShort { min } => format!("it has fewer than {min} characters"),
        FieldError::ControlCharacter => {
            "it holds a control character, or one that turns the text around it".to_owned()
        }
        FieldError::NotAnEmailAddress => {
            "it is no e-mail address such as anna@contoso.example".to_owned()
        }
        FieldError::NotADomainName => "it is no domain name such as contoso.example".to_owned(),
        FieldError::NotACountry => {
            "it is not the two letters of a country or region, such as NL".to_owned()
        }
        FieldError::NotDigits => "it holds something other than digits".to_owned(),
        FieldError::LeadingZero => "a Partner ID does not begin with 0".to_owned(),
        FieldError::TenantId => {
            "this is a tenant ID; the Partner ID is a number of at most 10 digits".to_owned()
        }
        FieldError::NotAnId => {
            "it is no identifier such as 018bcfe5-6800-7fff-bfff-ffffffffffff".to_owned()
        }
        FieldError::NotATime => "it is no moment such as 2026-11-20T18:53:57Z".to_owned(),
        FieldError::NotAnOption => "it is not one of the values that there are".to_owned(),
        FieldError::NotAHash => "it is no SHA-256 in hexadecimal".to_owned(),
        FieldError::CommonPassword => "it is one of those that everyone tries first".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_leaves_this_machine_encrypted_or_not_at_all() {
        for (text, address) in [
            ("smtps://u:p@mail.example", "smtps://u:p@mail.example"),
            ("smtp://u:p@mail.example:587/", "smtp://u:p@mail.example:587?tls=required"),
            ("smtp://127.0.0.1:1025", "smtp://127.0.0.1:1025"),
            ("smtp://localhost:25", "smtp://localhost:25"),
        ] {
            let parsed: SmtpUrl = text.parse().unwrap();
            assert_eq!(parsed.as_str(), address);
        }
        for wrong in [
            "mail.example:25",
            "http://mail.example",
            "smtp://m.example?tls=opportunistic",
            "smtp://",
        ] {
            assert!(wrong.parse::<SmtpUrl>().is_err(), "{wrong}");
        }
        let secret: SmtpUrl = "smtp://u:hunter2@mail.example".parse().unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
