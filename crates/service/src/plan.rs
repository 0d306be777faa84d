//! The partner of record of many subscriptions at once: first a plan that shows what would
//! change and everything that stands against it, then all of it or nothing.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use api::{
    AppliedPlan, ETag, ErrorCode, FieldProblem, LineFault, LineProblem, PartnerRef, PartnersToSet,
    Plan, PlannedChange,
};
use rules::{
    FieldError, OrganizationAction, OrganizationId, PartnerAccount, PartnerId, Refusal,
    Subscription, SubscriptionAction, SubscriptionChange, SubscriptionId, Timestamp, check,
};
use sha2::{Digest, Sha256};

use crate::agreements::facts;
use crate::csv::{self, Cell};
use crate::view::Names;
use crate::{Caller, Context, Error, Read, Result, Write, partner_ids, partner_of_record};

/// One wish of a list: which subscription, and the partner of record that it is to have.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its place in the list, from 1; in a file, as an editor counts.
    number: u32,
    /// What it asks for, or why it can't be taken for a wish.
    wish: std::result::Result<Wish, FieldError>,
}

/// What a line asks for.
#[derive(Clone, Debug)]
struct Wish {
    subscription: Typed<SubscriptionId>,
    /// The Partner ID; none, to leave it without a partner of record.
    partner: Typed<Option<PartnerId>>,
}

/// What was typed, as far as it could be read, and what it means or what is wrong with it.
#[derive(Clone, Debug)]
struct Typed<T> {
    text: String,
    value: std::result::Result<T, FieldError>,
}

impl<T> Typed<T> {
    fn read(cell: Cell, parse: impl FnOnce(&str) -> std::result::Result<T, FieldError>) -> Self {
        match cell {
            Ok(text) => Self { value: parse(&text), text },
            Err(error) => Self { text: String::new(), value: Err(error) },
        }
    }
}

impl Line {
    /// That this is wrong with it.
    fn problem(&self, fault: LineFault) -> LineProblem {
        let (subscription, partner) = match &self.wish {
            Ok(wish) => (wish.subscription.text.as_str(), wish.partner.text.as_str()),
            Err(_) => ("", ""),
        };
        LineProblem::new(self.number, subscription, partner, fault)
    }
}

/// The same partner of record, or none, for each of these subscriptions.
#[must_use]
pub fn of_choice(choice: &PartnersToSet) -> Vec<Line> {
    let partner = choice.partner_id.as_ref();
    let typed = partner.map(PartnerId::to_string).unwrap_or_default();
    let line = |(number, id): (u32, &SubscriptionId)| Line {
        number,
        wish: Ok(Wish {
            subscription: Typed { text: id.to_string(), value: Ok(*id) },
            partner: Typed { text: typed.clone(), value: Ok(partner.cloned()) },
        }),
    };
    (1..).zip(&choice.subscriptions).map(line).collect()
}

/// What a file of CSV asks for: its columns `subscriptionId` and `partnerId`, as
/// [`csv::subscriptions`] writes them.
///
/// # Errors
/// What is wrong with the file as a whole; see [`csv::read`]. What is wrong with one line
/// is a problem of the plan.
pub fn of_csv(file: &[u8]) -> std::result::Result<Vec<Line>, Vec<FieldProblem>> {
    let rows = csv::read(file, [csv::SUBSCRIPTION, csv::PARTNER_ID])?;
    let wish = |[subscription, partner]: [Cell; 2]| Wish {
        subscription: Typed::read(subscription, |text| match text {
            "" => Err(FieldError::Empty),
            text => text.parse(),
        }),
        partner: Typed::read(partner, |text| match text {
            "" => Ok(None),
            text => PartnerId::parse(text).map(Some),
        }),
    };
    Ok(rows.into_iter().map(|row| Line { number: row.number, wish: row.cells.map(wish) }).collect())
}

/// Whether the caller may plan such a change at all; asked before a file is even read.
///
/// # Errors
/// A refusal, or the store's.
pub fn may_plan(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<()> {
    let organization = facts(store, &caller.organization)?;
    let action = OrganizationAction::ChangePartnersOfRecord;
    Ok(check(&caller.actor(), &organization, action, now)?)
}

/// Notes that the Partner IDs of these lines are looked up, in a transaction that goes
/// before [`plan`] and before [`apply`], and gives those that the day has no room for.
///
/// # Errors
/// A refusal, or the store's.
pub fn note_look_ups(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    lines: &[Line],
) -> Result<BTreeSet<PartnerId>> {
    may_plan(store, caller, context.now)?;
    let wishes = lines.iter().filter_map(|line| line.wish.as_ref().ok());
    let ids: Vec<_> = wishes.filter_map(|wish| wish.partner.value.clone().ok()?).collect();
    Ok(partner_ids::note_look_ups(store, context, caller, &ids)?.into_iter().collect())
}

/// What these lines would change, and everything that stands against it. Changes nothing.
///
/// # Errors
/// A refusal, or the store's.
pub fn plan(
    store: &mut dyn Read,
    caller: &Caller,
    lines: &[Line],
    without_room: &BTreeSet<PartnerId>,
    now: Timestamp,
) -> Result<Plan> {
    let survey = survey(store, caller, lines, without_room, now)?;
    let mut names = Names::default();
    let mut changes = Vec::with_capacity(survey.changes.len());
    for change in &survey.changes {
        let from = change.before.partner_of_record.as_ref();
        let from = from.map(|record| (&record.partner_id, record.partner));
        let to = change.account.as_ref().map(|account| (&account.partner_id, account.partner));
        changes.push(PlannedChange {
            line: change.line,
            subscription: change.before.id,
            product_name: change.before.product_name.clone(),
            from: from.map(|(id, of)| partner_ref(store, &mut names, id, of)).transpose()?,
            to: to.map(|(id, of)| partner_ref(store, &mut names, id, of)).transpose()?,
        });
    }
    Ok(Plan {
        etag: survey.etag(),
        lines: survey.lines,
        unchanged: survey.unchanged,
        changes,
        problems: survey.problems,
    })
}

/// Does what [`plan`] showed, all of it or nothing: each subscription gets a place in its
/// history and in the logs, and each partner one mail for each of its Partner IDs.
///
/// # Errors
/// A refusal; a version mismatch where the plan would be another one now;
/// [`ErrorCode::PlanHasProblems`]; or the store's.
pub fn apply(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    lines: &[Line],
    without_room: &BTreeSet<PartnerId>,
    version: i64,
) -> Result<AppliedPlan> {
    let survey = survey(store, caller, lines, without_room, context.now)?;
    if survey.etag() != ETag(version) {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    if !survey.problems.is_empty() {
        return Err(Error::Problem(ErrorCode::PlanHasProblems.into()));
    }
    let actor = caller.actor();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut names = Names::default();
    let mut changed = 0;
    for Change { before, account, .. } in survey.changes {
        let change = account.as_ref().map_or(
            SubscriptionChange::RemovePartnerOfRecord,
            SubscriptionChange::SetPartnerOfRecord,
        );
        let (after, tenure) = before.apply(&actor, change, context.now)?;
        partner_of_record::save(store, &mut names, context, caller, &after, tenure.as_ref())?;
        let (came, went) = partner_of_record::credits(&after, tenure);
        added.extend(came);
        removed.extend(went);
        changed += 1;
    }
    let customer = &caller.organization;
    partner_of_record::tell(store, context, caller, customer, &added, &removed)?;
    Ok(AppliedPlan { changed })
}

/// A partner of record, as a plan names it.
fn partner_ref(
    store: &mut dyn Read,
    names: &mut Names,
    id: &PartnerId,
    partner: OrganizationId,
) -> Result<PartnerRef> {
    let partner_name = names.organization(store, partner)?.name.clone();
    Ok(PartnerRef { partner_id: id.clone(), partner_name })
}

/// What lines come to, before any of it is done.
#[derive(Default)]
struct Survey {
    lines: u32,
    unchanged: u32,
    changes: Vec<Change>,
    problems: Vec<LineProblem>,
}

/// A subscription that gets another partner of record, or none.
struct Change {
    line: u32,
    before: Subscription,
    account: Option<PartnerAccount>,
}

impl Survey {
    /// A hash of all that is planned and of the versions that it builds on: whoever
    /// applies a plan names what was shown, and it is done only where it would be shown
    /// again. It has 53 bits, so that any client can hold it as a number.
    fn etag(&self) -> ETag {
        let mut hash = Sha256::new();
        for Change { line, before, account } in &self.changes {
            let to = account.as_ref().map_or("", |account| account.partner_id.as_str());
            hash.update(format!("{line} {} {} {to}\n", before.id, before.version));
        }
        for problem in &self.problems {
            hash.update(format!("{problem:?}\n"));
        }
        let first = hash.finalize().into_iter().take(7);
        ETag(first.fold(0, |bits, byte| bits << 8 | i64::from(byte)) >> 3)
    }
}

/// Looks at each line, and at everything that is wrong with it: whoever mends a file wants
/// to know it all at once.
fn survey(
    store: &mut dyn Read,
    caller: &Caller,
    lines: &[Line],
    without_room: &BTreeSet<PartnerId>,
    now: Timestamp,
) -> Result<Survey> {
    may_plan(store, caller, now)?;
    let actor = caller.actor();
    let own: BTreeMap<_, _> = store
        .subscriptions(caller.organization.id)?
        .into_iter()
        .map(|subscription| (subscription.id, subscription))
        .collect();
    let mut named = BTreeSet::new();
    let mut accounts = BTreeMap::new();
    let mut survey = Survey::default();
    for line in lines {
        survey.lines += 1;
        let wish = match &line.wish {
            Ok(wish) => wish,
            Err(error) => {
                survey.problems.push(line.problem((*error).into()));
                continue;
            }
        };
        let subscription = match wish.subscription.value {
            Ok(id) if !named.insert(id) => Err(FieldError::DuplicateLine),
            Ok(id) => own.get(&id).ok_or(FieldError::UnknownSubscription),
            Err(error) => Err(error),
        };
        if let (Ok(before), Ok(wanted)) = (subscription, &wish.partner.value)
            && before.partner_of_record.as_ref().map(|record| &record.partner_id) == wanted.as_ref()
        {
            survey.unchanged += 1;
            continue;
        }
        let standing = match subscription {
            Ok(before) => {
                let action = match wish.partner.value {
                    Ok(None) => SubscriptionAction::RemovePartnerOfRecord,
                    _ => partner_of_record::setting(before),
                };
                check(&actor, before, action, now).map(|()| before).map_err(LineFault::from)
            }
            Err(error) => Err(LineFault::from(error)),
        };
        let account = match &wish.partner.value {
            Ok(None) => Ok(None),
            Ok(Some(id)) => match accounts.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(account(store, caller, id, without_room)?),
            }
            .clone()
            .map(Some),
            Err(error) => Err((*error).into()),
        };
        match (standing, account) {
            (Ok(before), Ok(account)) => {
                let before = before.clone();
                survey.changes.push(Change { line: line.number, before, account });
            }
            (standing, account) => {
                let faults = standing.err().into_iter().chain(account.err());
                survey.problems.extend(faults.map(|fault| line.problem(fault)));
            }
        }
    }
    Ok(survey)
}

/// The account of a Partner ID, where it can be a partner of record of the caller's
/// organization and the day had room to look it up.
fn account(
    store: &mut dyn Read,
    caller: &Caller,
    id: &PartnerId,
    without_room: &BTreeSet<PartnerId>,
) -> Result<std::result::Result<PartnerAccount, LineFault>> {
    if without_room.contains(id) {
        return Ok(Err(FieldError::TooManyLookUps.into()));
    }
    let Some(account) = store.partner_account(id)? else {
        return Ok(Err(Refusal::PartnerIdNotFound.into()));
    };
    let may_be = account.ensure_eligible_as_partner_of_record(caller.organization.cloud());
    Ok(may_be.map(|()| account).map_err(LineFault::from))
}
