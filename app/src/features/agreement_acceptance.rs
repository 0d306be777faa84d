//! Who accepted which version of the agreement.

use api::AgreementAcceptanceResource;

use crate::{intl, t};

/// Returns a text with the accepted version, the user who accepted it and the date.
pub fn acceptance_text(
    accepted: AgreementAcceptanceResource,
) -> impl Fn() -> String + Send + 'static {
    move || {
        t::agreement::accepted_summary(
            &intl::date(accepted.at.milliseconds()),
            accepted.by.as_str(),
            &version_text(accepted.version),
        )
    }
}

/// Formats the number of a version of the agreement.
pub fn version_text(version: rules::AgreementVersion) -> String {
    intl::number(usize::try_from(version).unwrap_or_default())
}
