//! The audit log: append-only, with a hash chain for each organization.

use std::collections::BTreeMap;

use api::{ActivityActor, ActivityTarget, AuditAction};
use rules::OrganizationId;

use crate::audit_content::AuditContent;
use crate::context::sha256_hex;
use crate::model::{AuditRecord, Organization, User};
use crate::{Context, Read, Result, Write};

/// Predecessor hash of the first entry of a log.
const GENESIS_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event to append to the log.
#[derive(Clone, Debug)]
pub(crate) struct AuditEvent {
    pub(crate) actor: ActivityActor,
    pub(crate) action: AuditAction,
    pub(crate) target: ActivityTarget,
    pub(crate) details: BTreeMap<String, String>,
}

/// Returns a user as the actor of a log entry.
pub(crate) fn actor(user: &User, organization: &Organization) -> ActivityActor {
    ActivityActor {
        user: Some(user.id),
        name: Some(user.name.clone()),
        organization: Some(organization.id()),
        organization_name: Some(organization.name().clone()),
    }
}

/// The operator as an actor. The operator has no account.
pub(crate) const OPERATOR: ActivityActor =
    ActivityActor { user: None, name: None, organization: None, organization_name: None };

/// Makes the details of an event from names and values.
pub(crate) fn details<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Appends an event to the log of one organization.
pub(crate) fn append(
    store: &mut dyn Write,
    context: &Context,
    organization: OrganizationId,
    event: AuditEvent,
) -> Result<()> {
    let head = store.audit_head(organization)?;
    let (sequence, previous) = match &head {
        Some(head) => (head.sequence + 1, head.hash.as_str()),
        None => (1, GENESIS_HASH),
    };
    let target = event.target.id.clone();
    let content = AuditContent { organization, sequence, at: context.now, event }.to_text()?;
    let hash = entry_hash(previous, &content);
    store.append_audit(&AuditRecord { organization, sequence, target, content, hash })?;
    Ok(())
}

/// Returns the hash of an entry: the SHA-256 of the previous hash, a line break, and the
/// exact content.
#[must_use]
pub fn entry_hash(previous: &str, content: &str) -> String {
    sha256_hex(&[previous.as_bytes(), b"\n", content.as_bytes()])
}

/// The first break of a hash chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainBreak {
    /// Organization that owns the log.
    pub organization: OrganizationId,
    /// Sequence number of the entry at the break.
    pub sequence: i64,
    /// Explanation in English, for the operator.
    pub reason: String,
}

/// Checks the whole log of an organization. Returns the number of entries and the last
/// hash, or the first break of the chain. The chain can't show that its newest entries were
/// removed: for that, compare the number and the last hash with a copy kept elsewhere.
pub fn verify_chain(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<std::result::Result<(i64, String), ChainBreak>> {
    let mut before = None;
    // The successor of the current entry: the log is read from the end.
    let mut after: Option<AuditRecord> = None;
    let mut newest = (0, GENESIS_HASH.to_owned());
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
        && let Some(reason) = link_problem(first, 0, GENESIS_HASH)
    {
        first_break = Some((first.sequence, reason));
    }
    match first_break {
        Some((sequence, reason)) => broken(sequence, reason),
        None => Ok(Ok(newest)),
    }
}

/// Returns what is wrong with an entry that should follow an entry with this sequence number
/// and hash.
fn link_problem(record: &AuditRecord, previous: i64, previous_hash: &str) -> Option<&'static str> {
    if record.sequence != previous + 1 {
        Some("entries are missing before this one")
    } else if record.hash != entry_hash(previous_hash, &record.content) {
        Some("the entry, or the one before it, is not what was written")
    } else {
        match AuditContent::parse(&record.content) {
            Err(_) => Some("the entry is of a version that this program does not know"),
            Ok(content)
                if content.sequence == record.sequence
                    && content.organization == record.organization
                    && content.event.target.id == record.target =>
            {
                None
            }
            Ok(_) => Some("the entry stands in another place than the one it was written for"),
        }
    }
}
