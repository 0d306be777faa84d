//! The Microsoft Customer Agreement: adding documents, reading and accepting them.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    AcceptanceId, AgreementAcceptance, AgreementDocument, AgreementToAccept, AgreementVersion,
    Cloud, DisplayName, DocumentHash, InvitationId, Language, OrganizationAction,
    OrganizationFacts, Refusal, check,
};

use crate::audit::{self, AuditEvent};
use crate::context::sha256_hex;
use crate::organizations::facts;
use crate::{Caller, Context, Error, Read, Result, StoreError, Write, view};

/// A new agreement document: one version in one language.
#[derive(Clone, Debug)]
pub struct NewAgreementDocument {
    /// Cloud.
    pub cloud: Cloud,
    /// Language.
    pub language: Language,
    /// Version.
    pub version: AgreementVersion,
    /// Title.
    pub title: DisplayName,
    /// Text.
    pub body: String,
}

/// Adds a document. Documents never change; a correction is a new version.
///
/// # Errors
/// [`StoreError::Duplicate`] if there is one for that cloud, language and version.
pub fn add_document(
    store: &mut dyn Write,
    context: &Context,
    new: NewAgreementDocument,
) -> Result<AgreementDocument> {
    let hash = sha256_hex(&[new.title.as_str().as_bytes(), b"\n", new.body.as_bytes()]);
    let document = AgreementDocument {
        cloud: new.cloud,
        language: new.language,
        version: new.version,
        title: new.title,
        body: new.body,
        hash: DocumentHash::parse(&hash)
            .map_err(|_| StoreError::Engine("not a hash".to_owned()))?,
        added: context.now,
    };
    store.insert_agreement_document(&document)?;
    Ok(document)
}

/// Returns the current document of the caller's cloud, in the given language, or else in
/// English, or else in any language.
///
/// # Errors
/// [`Refusal::AgreementUnavailable`] if there is no document.
pub fn current(
    store: &mut dyn Read,
    caller: &Caller,
    language: Language,
    now: rules::Timestamp,
) -> Result<api::Agreement> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewAgreement, now)?;
    let version = organization.current_agreement.ok_or(Refusal::AgreementUnavailable)?;
    let document = first_document(store, organization.cloud, version, language, |_| true)?
        .ok_or(Refusal::AgreementUnavailable)?;
    Ok(api::Agreement {
        version: document.version,
        language: document.language,
        title: document.title,
        body: document.body,
        hash: document.hash,
        added: document.added,
    })
}

/// Returns the first document of a version that satisfies `is_wanted`, trying the preferred
/// language first, and then the others with English first. Loads no more documents than
/// needed.
fn first_document(
    store: &mut dyn Read,
    cloud: Cloud,
    version: AgreementVersion,
    preferred: Language,
    is_wanted: impl Fn(&AgreementDocument) -> bool,
) -> Result<Option<AgreementDocument>> {
    let others = Language::ALL.iter().copied().filter(|language| *language != preferred);
    for language in std::iter::once(preferred).chain(others) {
        let document = store.agreement_document(cloud, version, language)?;
        if let Some(document) = document.filter(&is_wanted) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// Accepts the current agreement on its own.
pub fn accept(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    agreement: &AgreementToAccept,
) -> Result<api::AgreementAcceptanceResource> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::AcceptAgreement, context.now)?;
    let accepted = record_acceptance(store, context, caller, &organization, agreement, None)?;
    Ok(view::acceptance(&accepted))
}

/// Records that the caller accepted the document that was shown, on its own or with an
/// invitation. Does not check whether the caller may do so.
pub(crate) fn record_acceptance(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    organization: &OrganizationFacts,
    agreement: &AgreementToAccept,
    invitation: Option<InvitationId>,
) -> Result<AgreementAcceptance> {
    let shown = match organization.current_agreement {
        None => None,
        Some(version) => {
            let is_shown = |document: &AgreementDocument| document.hash == agreement.hash;
            first_document(store, organization.cloud, version, Language::English, is_shown)?
        }
    };
    let document = organization.ensure_agreement_confirmed(agreement, shown)?;
    let acceptance = AgreementAcceptance {
        id: AcceptanceId::new(context.now, context.id_bits()),
        organization: organization.id,
        version: document.version,
        language: document.language,
        hash: document.hash.clone(),
        at: context.now,
        by: caller.user.id,
        by_name: caller.user.name.clone(),
        invitation,
    };
    store.insert_acceptance(&acceptance)?;
    audit::append(
        store,
        context,
        organization.id,
        AuditEvent {
            actor: audit::actor(&caller.user, &caller.organization),
            action: AuditAction::AgreementAccepted,
            target: ActivityTarget {
                kind: TargetKind::Agreement,
                id: acceptance.id.to_string(),
                name: document.title.to_string(),
            },
            details: audit::details([
                ("version", document.version.to_string()),
                ("language", document.language.to_string()),
                ("hash", document.hash.to_string()),
            ]),
        },
    )?;
    Ok(acceptance)
}

/// Returns the error text for the operator when adding a document has failed.
#[must_use]
pub fn explain_add_error(error: &Error) -> String {
    match error {
        Error::Store(StoreError::Duplicate(_)) => {
            "That cloud, language and version has a document already. What people may have \
             accepted is never replaced: add the text as a new version instead."
                .to_owned()
        }
        other => other.to_string(),
    }
}
