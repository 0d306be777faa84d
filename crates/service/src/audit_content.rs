//! The text of audit entries. A hash covers it, so a text is never rewritten: a program reads
//! every version of the format that was ever written.

use std::collections::BTreeMap;

use api::{ActivityActor, ActivityEntry, ActivityTarget, AuditAction, TargetKind};
use rules::{DisplayName, OrganizationId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::audit::AuditEvent;
use crate::stored;
use crate::{Result, StoreError};

/// Version of the format in which entries are written.
const VERSION: u32 = 1;

/// An entry of the audit log, with the place that it was written for.
pub(crate) struct AuditContent {
    pub(crate) organization: OrganizationId,
    pub(crate) sequence: i64,
    pub(crate) at: Timestamp,
    pub(crate) event: AuditEvent,
}

impl AuditContent {
    /// Returns the text to store.
    pub(crate) fn to_text(&self) -> Result<String> {
        let text = serde_json::to_string(&ContentV1::from(self)).map_err(|error| {
            StoreError::Engine(format!("an audit entry can't be written: {error}"))
        })?;
        Ok(text)
    }

    /// Reads a stored text.
    pub(crate) fn parse(text: &str) -> std::result::Result<Self, StoreError> {
        let invalid = |reason: String| {
            StoreError::Engine(format!(
                "the column content of audit does not hold what the program wrote: {reason}"
            ))
        };
        match serde_json::from_str::<ContentV1>(text) {
            Ok(content) if content.v == VERSION => Ok(content.into()),
            Ok(content) => Err(invalid(unknown_version(content.v))),
            Err(error) => Err(invalid(match serde_json::from_str::<ContentVersion>(text) {
                Ok(content) if content.v != VERSION => unknown_version(content.v),
                _ => error.to_string(),
            })),
        }
    }

    /// Returns the entry of the API.
    pub(crate) fn into_entry(self, hash: String) -> ActivityEntry {
        ActivityEntry {
            sequence: self.sequence,
            at: self.at,
            actor: self.event.actor,
            action: self.event.action,
            target: self.event.target,
            details: self.event.details,
            hash,
        }
    }
}

fn unknown_version(version: u32) -> String {
    format!("version {version} of the format is unknown; this program reads version {VERSION}")
}

#[derive(Deserialize)]
struct ContentVersion {
    v: u32,
}

/// Version 1 of the format.
#[derive(Serialize, Deserialize)]
struct ContentV1 {
    v: u32,
    #[serde(with = "stored::text")]
    organization: OrganizationId,
    sequence: i64,
    #[serde(with = "stored::text")]
    at: Timestamp,
    actor: ActorV1,
    #[serde(with = "stored::name")]
    action: AuditAction,
    target: TargetV1,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    details: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct ActorV1 {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    name: Option<DisplayName>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    organization: Option<OrganizationId>,
    #[serde(
        default,
        rename = "organizationName",
        skip_serializing_if = "Option::is_none",
        with = "stored::optional_text"
    )]
    organization_name: Option<DisplayName>,
}

#[derive(Serialize, Deserialize)]
struct TargetV1 {
    #[serde(with = "stored::name")]
    kind: TargetKind,
    id: String,
    name: String,
}

impl From<&AuditContent> for ContentV1 {
    fn from(content: &AuditContent) -> Self {
        let AuditEvent { actor, action, target, details } = content.event.clone();
        Self {
            v: VERSION,
            organization: content.organization,
            sequence: content.sequence,
            at: content.at,
            actor: ActorV1 {
                user: actor.user,
                name: actor.name,
                organization: actor.organization,
                organization_name: actor.organization_name,
            },
            action,
            target: TargetV1 { kind: target.kind, id: target.id, name: target.name },
            details,
        }
    }
}

impl From<ContentV1> for AuditContent {
    fn from(content: ContentV1) -> Self {
        let ContentV1 { v: _, organization, sequence, at, actor, action, target, details } =
            content;
        let actor = ActivityActor {
            user: actor.user,
            name: actor.name,
            organization: actor.organization,
            organization_name: actor.organization_name,
        };
        let target = ActivityTarget { kind: target.kind, id: target.id, name: target.name };
        Self { organization, sequence, at, event: AuditEvent { actor, action, target, details } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of version 1 of the format, one for each line.
    const VERSION_1: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/stored/audit-1.txt"));

    /// An entry of each action, and an entry about each kind of target.
    fn entries() -> Vec<AuditContent> {
        let now = Timestamp::from_milliseconds(1_700_000_000_123);
        let organization = OrganizationId::new(now, 1);
        let known = ActivityActor {
            user: Some(UserId::new(now, 2)),
            name: Some("Anna \"Ann\" de Vries".parse().unwrap()),
            organization: Some(organization),
            organization_name: Some("Brightwater".parse().unwrap()),
        };
        let unknown =
            ActivityActor { user: None, name: None, organization: None, organization_name: None };
        let some_details = [("reason", "Not now.\nLater."), ("adminRoles", "globalAdministrator")];
        let actions = AuditAction::ALL.iter().map(|action| (*action, TargetKind::User));
        let kinds = TargetKind::ALL.iter().map(|kind| (AuditAction::SignedIn, *kind));
        kinds
            .chain(actions)
            .map(|(action, kind)| {
                let full = action != AuditAction::SignedIn;
                let details = some_details.iter().take(if full { 2 } else { 0 });
                AuditContent {
                    organization,
                    sequence: 7,
                    at: now,
                    event: AuditEvent {
                        actor: if full { known.clone() } else { unknown.clone() },
                        action,
                        target: ActivityTarget {
                            kind,
                            id: "4711".to_owned(),
                            name: "Meridian".to_owned(),
                        },
                        details: details
                            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                            .collect(),
                    },
                }
            })
            .collect()
    }

    /// Returns what is before and after the name of the action.
    fn without_action(text: &str) -> (&str, &str) {
        let (before, rest) = text.split_once(r#""action":""#).unwrap();
        (before, rest.split_once('"').unwrap().1)
    }

    #[test]
    fn texts_of_version_1_are_read_and_written_as_ever() {
        let entries = entries();
        let written: Vec<String> = entries.iter().map(|entry| entry.to_text().unwrap()).collect();
        for text in VERSION_1.lines() {
            assert!(
                written.iter().any(|line| line == text),
                "this text is in databases, and is no longer written so; a new format needs a \
                 new version: {text}"
            );
        }
        // The names of all actions are in columns-1.txt, so the form is enough here.
        for text in &written {
            assert!(
                VERSION_1.lines().any(|line| without_action(line) == without_action(text)),
                "add an entry of a new form to audit-1.txt: {text}"
            );
        }
        for (text, entry) in written.iter().zip(entries) {
            let read = AuditContent::parse(text).unwrap();
            assert_eq!(read.to_text().unwrap(), *text);
            assert_eq!(read.into_entry(String::new()), entry.into_entry(String::new()));
        }
    }

    #[test]
    fn an_entry_of_another_version_is_an_error_that_names_it() {
        let text = VERSION_1.lines().next().unwrap();
        for unknown in [text.replace("\"v\":1", "\"v\":2"), "{\"v\":2,\"who\":3}".to_owned()] {
            let error = AuditContent::parse(&unknown).err().unwrap().to_string();
            assert!(error.contains("column content of audit"), "{error}");
            assert!(error.contains("version 2 of the format is unknown"), "{error}");
        }
        for damaged in ["", "{}", &text.replace("organization", "tenant")] {
            let error = AuditContent::parse(damaged).err().unwrap().to_string();
            assert!(error.contains("column content of audit"), "{error}");
        }
    }
}
