//! The Microsoft Customer Agreement: adding documents, reading, accepting alone.

use api::{ActivityTarget, AgreementToAccept, AuditAction, TargetKind};
use rules::{
    AcceptanceId, AgreementAcceptance, AgreementDocument, AgreementVersion, Cloud, DisplayName,
    DocumentHash, InvitationId, Language, OrganizationAction, OrganizationFacts, Refusal, check,
};

use crate::audit::{self, Event};
use crate::context::sha256;
use crate::model::Organization;
use crate::{Caller, Context, Error, Read, Result, StoreError, Write, view};

/// What [`rules::check`] needs to know of an organization.
pub(crate) fn facts(
    store: &mut dyn Read,
    organization: &Organization,
) -> Result<OrganizationFacts> {
    Ok(OrganizationFacts {
        id: organization.id,
        kind: organization.kind,
        cloud: organization.cloud(),
        accepted_agreement: store
            .latest_acceptance(organization.id)?
            .map(|accepted| accepted.version),
        current_agreement: store.current_agreement(organization.cloud())?,
    })
}

/// What the operator adds: one language of one version.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The cloud.
    pub cloud: Cloud,
    /// The language.
    pub language: Language,
    /// The version.
    pub version: AgreementVersion,
    /// The heading.
    pub title: DisplayName,
    /// The text.
    pub body: String,
}

/// Adds a document. What was added stays as it is: a correction is a new version.
///
/// # Errors
/// [`StoreError::Duplicate`] where there is one already.
pub fn add(
    store: &mut dyn Write,
    context: &Context,
    new: NewDocument,
) -> Result<AgreementDocument> {
    let hash = sha256(&[new.title.as_str().as_bytes(), b"\n", new.body.as_bytes()]);
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

/// The current document of the caller's cloud, in this language or else in English
/// or else in any that there is.
///
/// # Errors
/// [`Refusal::AgreementUnavailable`], another refusal, or the store's.
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

/// The first document of a version that is wanted: the preferred language is asked
/// first, English next, and no more of them than needed are loaded.
fn first_document(
    store: &mut dyn Read,
    cloud: Cloud,
    version: AgreementVersion,
    preferred: Language,
    wanted: impl Fn(&AgreementDocument) -> bool,
) -> Result<Option<AgreementDocument>> {
    let others = Language::ALL.iter().copied().filter(|language| *language != preferred);
    for language in std::iter::once(preferred).chain(others) {
        let document = store.agreement_document(cloud, version, language)?;
        if let Some(document) = document.filter(&wanted) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// Accepts the current agreement alone.
///
/// # Errors
/// A refusal, or the store's.
pub fn accept(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    agreement: &AgreementToAccept,
) -> Result<api::AgreementAcceptance> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::AcceptAgreement, context.now)?;
    let accepted = record(store, context, caller, &organization, agreement, None)?;
    Ok(view::acceptance(&accepted))
}

/// Keeps that the caller accepted what was shown, alone or with an invitation. The
/// caller of this has checked that it may.
pub(crate) fn record(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    organization: &OrganizationFacts,
    agreement: &AgreementToAccept,
    invitation: Option<InvitationId>,
) -> Result<AgreementAcceptance> {
    if !agreement.acknowledged {
        return Err(Refusal::AgreementNotAcknowledged.into());
    }
    let version = organization.current_agreement.ok_or(Refusal::AgreementUnavailable)?;
    let is_shown = |document: &AgreementDocument| document.hash == agreement.hash;
    let document = first_document(store, organization.cloud, version, Language::English, is_shown)?
        .ok_or(Refusal::AgreementChanged)?;
    let acceptance = AgreementAcceptance {
        id: AcceptanceId::new(context.now, context.id_bits()),
        organization: organization.id,
        version,
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
        Event {
            actor: audit::actor(&caller.user, &caller.organization),
            action: AuditAction::AgreementAccepted,
            target: ActivityTarget {
                kind: TargetKind::Agreement,
                id: acceptance.id.to_string(),
                name: document.title.to_string(),
            },
            details: audit::details([
                ("version", version.to_string()),
                ("language", document.language.to_string()),
                ("hash", document.hash.to_string()),
            ]),
        },
    )?;
    Ok(acceptance)
}

/// Says what went wrong with adding a document, for the operator.
#[must_use]
pub fn explain_add(error: &Error) -> String {
    match error {
        Error::Store(StoreError::Duplicate(_)) => {
            "That cloud, language and version has a document already. What people may have \
             accepted is never replaced: add the text as a new version instead."
                .to_owned()
        }
        other => other.to_string(),
    }
}
