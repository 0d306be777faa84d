//! The audit log: append-only, a chain of hashes for each organization.

use std::collections::BTreeMap;

use api::{ActivityActor, ActivityTarget, AuditAction};
use rules::OrganizationId;

use crate::context::sha256;
use crate::model::{AuditContent, AuditRecord, Organization, User};
use crate::{Context, Read, Result, Write};

/// The hash before the first entry of a log.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is written to the log, without what the log itself adds.
pub(crate) struct Event {
    pub(crate) actor: ActivityActor,
    pub(crate) action: AuditAction,
    pub(crate) target: ActivityTarget,
    pub(crate) details: BTreeMap<String, String>,
}

/// Somebody, as the log names people.
pub(crate) fn actor(user: &User, organization: &Organization) -> ActivityActor {
    ActivityActor {
        user: Some(user.id),
        name: Some(user.name.clone()),
        organization: Some(organization.id),
        organization_name: Some(organization.name.clone()),
    }
}

/// The operator, who has no account.
pub(crate) const OPERATOR: ActivityActor =
    ActivityActor { user: None, name: None, organization: None, organization_name: None };

/// Details by name.
pub(crate) fn details<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Appends an event to the log of one organization.
pub(crate) fn append(
    store: &mut dyn Write,
    context: &Context,
    organization: OrganizationId,
    event: Event,
) -> Result<()> {
    let head = store.audit_head(organization)?;
    let (sequence, previous) = match &head {
        Some(head) => (head.sequence + 1, head.hash.as_str()),
        None => (1, BEGINNING),
    };
    let target = event.target.id.clone();
    let written = AuditContent {
        organization,
        sequence,
        at: context.now,
        actor: event.actor,
        action: event.action,
        target: event.target,
        details: event.details,
    };
    let content = serde_json::to_string(&written).map_err(|error| {
        crate::StoreError::Engine(format!("an audit entry can't be written: {error}"))
    })?;
    let hash = entry_hash(previous, &content);
    store.append_audit(&AuditRecord { organization, sequence, target, content, hash })?;
    Ok(())
}

/// The hash of an entry: the SHA-256 of the hash before it, a line break and the
/// content as it was written.
#[must_use]
pub fn entry_hash(previous: &str, content: &str) -> String {
    sha256(&[previous.as_bytes(), b"\n", content.as_bytes()])
}

/// Where and how a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainBreak {
    /// The organization whose log it is.
    pub organization: OrganizationId,
    /// The entry at which it shows.
    pub sequence: i64,
    /// What is wrong, in English, for the operator.
    pub reason: String,
}

/// Checks an organization's whole log and says how many entries it has, or where
/// the chain breaks first. What a chain alone can't show is that its newest entries
/// were cut off: compare the count and the last hash with a copy kept elsewhere.
///
/// # Errors
/// The store's.
pub fn verify_chain(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<std::result::Result<(i64, String), ChainBreak>> {
    let mut before = None;
    // The hash and the sequence of the entry after the one at hand: the log is read backwards.
    let mut after: Option<AuditRecord> = None;
    let mut newest = (0, BEGINNING.to_owned());
    let broken = |sequence, reason: &str| {
        Ok(Err(ChainBreak { organization, sequence, reason: reason.to_owned() }))
    };
    let mut first_break = None;
    loop {
        let records = store.audit(organization, None, before, 500)?;
        for record in &records {
            if after.is_none() {
                newest = (record.sequence, record.hash.clone());
            }
            if let Some(after) = &after
                && let Some(reason) = link_problem(after, record.sequence, &record.hash)
            {
                first_break = Some((after.sequence, reason));
            }
            after = Some(record.clone());
        }
        match records.last() {
            Some(last) => before = Some(last.sequence),
            None => break,
        }
    }
    if let Some(first) = &after
        && let Some(reason) = link_problem(first, 0, BEGINNING)
    {
        first_break = Some((first.sequence, reason));
    }
    match first_break {
        Some((sequence, reason)) => broken(sequence, reason),
        None => Ok(Ok(newest)),
    }
}

/// What is wrong with an entry that should follow the entry of this sequence and hash.
fn link_problem(record: &AuditRecord, previous: i64, previous_hash: &str) -> Option<&'static str> {
    let written: Option<AuditContent> = serde_json::from_str(&record.content).ok();
    if record.sequence != previous + 1 {
        Some("entries are missing before this one")
    } else if record.hash != entry_hash(previous_hash, &record.content) {
        Some("the entry, or the one before it, is not what was written")
    } else if !written.is_some_and(|written| {
        written.sequence == record.sequence
            && written.organization == record.organization
            && written.target.id == record.target
    }) {
        Some("the entry stands in another place than the one it was written for")
    } else {
        None
    }
}
