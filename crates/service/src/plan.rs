//! Changing the partner of record of many subscriptions at once. A plan shows all changes and
//! problems first; applying it makes all changes or none.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use api::{
    AppliedPlan, ETag, ErrorCode, FieldProblem, LineFault, LineProblem, PartnerRef, Plan,
    PlanRequest, PlannedChange, Problem, SubscriptionQuery,
};
use rules::{
    FieldError, OrganizationAction, OrganizationId, PartnerAccount, PartnerId, Refusal,
    SubscriptionAction, SubscriptionChange, SubscriptionFacts, SubscriptionId, Timestamp, check,
};
use sha2::{Digest, Sha256};

use crate::csv::{self, CellText};
use crate::model::{OutboxMail, PartnerChange, PartnerChangeBlock};
use crate::organizations::facts;
use crate::subscriptions::{self, SellerCache};
use crate::view::NameCache;
use crate::{
    Caller, Context, Error, Read, Result, StoreError, Write, partner_ids, partner_of_record,
    pending_changes,
};

/// A line of a plan request: a subscription and the partner of record to set.
#[derive(Clone, Debug)]
pub struct PlanLine {
    /// Number of the line in the list or file, from 1.
    number: u32,
    /// Requested change, or the reason why the line could not be read.
    request: std::result::Result<LineRequest, FieldError>,
}

/// The change that a line requests.
#[derive(Clone, Debug)]
struct LineRequest {
    subscription: ParsedCell<SubscriptionId>,
    /// Partner ID to set, or `None` to remove the partner of record.
    partner: ParsedCell<Option<PartnerId>>,
}

/// A cell as typed, and its parsed value. The text is empty if it could not be read.
#[derive(Clone, Debug)]
struct ParsedCell<T> {
    text: String,
    value: std::result::Result<T, FieldError>,
}

impl<T> ParsedCell<T> {
    fn parse(
        cell: CellText,
        parse: impl FnOnce(&str) -> std::result::Result<T, FieldError>,
    ) -> Self {
        match cell {
            Ok(text) => Self { value: parse(&text), text },
            Err(error) => Self { text: String::new(), value: Err(error) },
        }
    }
}

impl PlanLine {
    /// Returns a problem of this line.
    fn problem(&self, fault: LineFault) -> LineProblem {
        let (subscription, partner) = match &self.request {
            Ok(request) => (request.subscription.text.as_str(), request.partner.text.as_str()),
            Err(_) => ("", ""),
        };
        LineProblem::new(self.number, subscription, partner, fault)
    }
}

/// Returns the ids of the caller's subscriptions that match a query.
///
/// # Errors
/// [`ErrorCode::TooManyMatches`] if there are more than a plan can have.
pub fn matching_subscriptions(
    store: &mut dyn Read,
    caller: &Caller,
    query: &SubscriptionQuery,
    now: Timestamp,
) -> Result<Vec<SubscriptionId>> {
    let mut query = SubscriptionQuery { top: SubscriptionQuery::TOP_MAX, ..query.clone() };
    let mut found = Vec::new();
    loop {
        let page = subscriptions::list(store, caller, &query, now)?;
        found.extend(page.value.iter().map(|one| one.id));
        if found.len() > PlanRequest::LINES_MAX {
            return Err(Problem::other(ErrorCode::TooManyMatches).into());
        }
        let Some(link) = page.next_link else { return Ok(found) };
        query = SubscriptionQuery::from_next_link(&link).ok_or_else(|| {
            Error::Store(StoreError::Engine(format!("a link that cannot be read: {link}")))
        })?;
    }
}

/// Returns the lines of a plan that sets the partner of record of these subscriptions, or
/// removes it.
#[must_use]
pub fn lines_from_ids(
    subscriptions: &[SubscriptionId],
    partner: Option<&PartnerId>,
) -> Vec<PlanLine> {
    let typed = partner.map(PartnerId::to_string).unwrap_or_default();
    let line = |(number, id): (u32, &SubscriptionId)| PlanLine {
        number,
        request: Ok(LineRequest {
            subscription: ParsedCell { text: id.to_string(), value: Ok(*id) },
            partner: ParsedCell { text: typed.clone(), value: Ok(partner.cloned()) },
        }),
    };
    (1..).zip(subscriptions).map(line).collect()
}

/// Reads the lines of a CSV file from its columns `subscriptionId` and `partnerId`, as written
/// by [`csv::subscriptions`].
///
/// # Errors
/// Problems of the file as a whole. Problems of a line become part of the plan.
pub fn lines_from_csv(file: &[u8]) -> std::result::Result<Vec<PlanLine>, Vec<FieldProblem>> {
    let rows = csv::read(file, [csv::SUBSCRIPTION_COLUMN, csv::PARTNER_ID_COLUMN])?;
    let request = |[subscription, partner]: [CellText; 2]| LineRequest {
        subscription: ParsedCell::parse(subscription, |text| match text {
            "" => Err(FieldError::Empty),
            text => text.parse(),
        }),
        partner: ParsedCell::parse(partner, |text| match text {
            "" => Ok(None),
            text => PartnerId::parse(text).map(Some),
        }),
    };
    Ok(rows
        .into_iter()
        .map(|row| PlanLine { number: row.number, request: row.cells.map(request) })
        .collect())
}

/// Checks whether the caller may make plans. Call before reading a file.
pub fn check_may_plan(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<()> {
    let organization = facts(store, &caller.organization)?;
    let action = OrganizationAction::ChangePartnersOfRecord;
    Ok(check(&caller.actor(), &organization, action, now)?)
}

/// Records that the Partner IDs of these lines are looked up, and returns those that exceed
/// the daily limit. Must run before [`plan`] and [`apply`], in its own transaction.
pub fn record_look_ups(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    lines: &[PlanLine],
) -> Result<BTreeSet<PartnerId>> {
    check_may_plan(store, caller, context.now)?;
    let requests = lines.iter().filter_map(|line| line.request.as_ref().ok());
    let ids: Vec<_> = requests.filter_map(|request| request.partner.value.clone().ok()?).collect();
    Ok(partner_ids::record_look_ups(store, context, caller, &ids)?.into_iter().collect())
}

/// Returns the changes that these lines would make, and all problems. Changes nothing.
/// `over_limit` is the result of [`record_look_ups`].
pub fn plan(
    store: &mut dyn Read,
    caller: &Caller,
    lines: &[PlanLine],
    over_limit: &BTreeSet<PartnerId>,
    now: Timestamp,
) -> Result<Plan> {
    let draft = draft_plan(store, caller, lines, over_limit, now)?;
    let mut names = NameCache::default();
    let mut changes = Vec::with_capacity(draft.changes.len());
    for change in &draft.changes {
        let subscription = &change.before.record;
        let from = subscription.partner_of_record.as_ref();
        let from = from.map(|record| (&record.partner_id, record.partner));
        let to = change.account.as_ref().map(|account| (&account.partner_id, account.partner));
        changes.push(PlannedChange {
            line: change.line,
            subscription: subscription.id,
            product_name: subscription.product_name.clone(),
            from: from.map(|(id, of)| partner_ref(store, &mut names, id, of)).transpose()?,
            to: to.map(|(id, of)| partner_ref(store, &mut names, id, of)).transpose()?,
        });
    }
    Ok(Plan {
        etag: draft.etag(),
        lines: draft.lines,
        unchanged: draft.unchanged,
        changes,
        problems: draft.problems,
    })
}

/// A plan that the user has confirmed, with everything that is written when it is decided.
pub struct ConfirmedPlan {
    /// Subscriptions that are changed, with the versions for which the plan was made.
    versions: Vec<(SubscriptionId, i64)>,
    changes: Vec<PartnerChangeBlock>,
    mails: Vec<OutboxMail>,
}

/// Makes the plan again that [`plan`] showed, and prepares what is written for it, so that
/// [`decide`] is quick. `version` is the `ETag` of the plan.
///
/// # Errors
/// [`ErrorCode::VersionMismatch`] if the plan would be different now;
/// [`ErrorCode::PlanHasProblems`].
pub fn confirm(
    store: &mut dyn Read,
    context: &mut Context,
    caller: &Caller,
    lines: &[PlanLine],
    over_limit: &BTreeSet<PartnerId>,
    version: i64,
) -> Result<ConfirmedPlan> {
    let draft = draft_plan(store, caller, lines, over_limit, context.now)?;
    if draft.etag() != ETag(version) {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    if !draft.problems.is_empty() {
        return Err(Error::Problem(ErrorCode::PlanHasProblems.into()));
    }
    let actor = caller.actor();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut versions = Vec::with_capacity(draft.changes.len());
    let mut changes = Vec::with_capacity(draft.changes.len());
    for DraftChange { before, account, .. } in draft.changes {
        let change = account.as_ref().map_or(
            SubscriptionChange::RemovePartnerOfRecord,
            SubscriptionChange::SetPartnerOfRecord,
        );
        let version = before.record.version;
        versions.push((before.record.id, version));
        let (after, tenure) = before.apply(&actor, change, version, context.now)?;
        let after = after.record;
        changes.push(PartnerChange {
            subscription: after.id,
            partner: account.map(|account| (account.partner_id, account.partner)),
        });
        let (new, former) = partner_of_record::partner_notices(&after, tenure);
        added.extend(new);
        removed.extend(former);
    }
    let customer = &caller.organization;
    let mails =
        partner_of_record::partner_mails(store, context, caller, customer, &added, &removed)?;
    let changes = pending_changes::into_blocks(changes, customer.id(), caller.user.id, context.now);
    Ok(ConfirmedPlan { versions, changes, mails })
}

/// Decides a confirmed plan: from here on, all of its changes are certain. Each subscription
/// gets an entry in its history and in the logs, and each partner gets one mail for each of its
/// Partner IDs. A small plan is complete with this transaction; of a large one, the changes are
/// still to be made with [`pending_changes::make_some`].
///
/// # Errors
/// [`ErrorCode::VersionMismatch`] if a subscription has changed since [`confirm`], or changes
/// of an earlier plan are pending.
pub fn decide(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    plan: &ConfirmedPlan,
) -> Result<AppliedPlan> {
    check_may_plan(store, caller, context.now)?;
    let customer = caller.organization.id();
    if store.pending_partner_changes(Some(customer))?.is_some()
        || !store.have_versions(customer, &plan.versions)?
    {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    for block in &plan.changes {
        store.insert_pending_partner_changes(block)?;
    }
    for mail in &plan.mails {
        store.insert_mail(mail)?;
    }
    if plan.changes.len() == 1 {
        pending_changes::make_some(store, context, Some(customer))?;
    }
    Ok(AppliedPlan { changed: u32::try_from(plan.versions.len()).unwrap_or(u32::MAX) })
}

/// Returns the Partner ID and the name of a partner for a plan.
fn partner_ref(
    store: &mut dyn Read,
    names: &mut NameCache,
    id: &PartnerId,
    partner: OrganizationId,
) -> Result<PartnerRef> {
    let partner_name = names.organization(store, partner)?.name().clone();
    Ok(PartnerRef { partner_id: id.clone(), partner_name })
}

/// The changes and problems of some lines, before they are shown or applied.
#[derive(Default)]
struct PlanDraft {
    lines: u32,
    unchanged: u32,
    changes: Vec<DraftChange>,
    problems: Vec<LineProblem>,
}

/// A subscription whose partner of record changes. Without an account, it is removed.
struct DraftChange {
    line: u32,
    before: SubscriptionFacts,
    account: Option<PartnerAccount>,
}

impl PlanDraft {
    /// Returns a hash of all changes and problems, and of the versions that they start from.
    /// A plan is only applied if it still has the `ETag` that was shown. The hash has 53 bits,
    /// so that it fits into a JavaScript number.
    fn etag(&self) -> ETag {
        let mut hash = Sha256::new();
        for DraftChange { line, before, account } in &self.changes {
            let to = account.as_ref().map_or("", |account| account.partner_id.as_str());
            hash.update(format!("{line} {} {} {to}\n", before.record.id, before.record.version));
        }
        for problem in &self.problems {
            hash.update(format!("{problem:?}\n"));
        }
        let first = hash.finalize().into_iter().take(7);
        ETag(first.fold(0, |bits, byte| bits << 8 | i64::from(byte)) >> 3)
    }
}

/// Returns the ids of the subscriptions that the lines name.
fn ids(lines: &[PlanLine]) -> Vec<SubscriptionId> {
    let requests = lines.iter().filter_map(|line| line.request.as_ref().ok());
    requests.filter_map(|request| request.subscription.value.ok()).collect()
}

/// Checks each line and collects all problems, so that the user can fix a file in one go.
fn draft_plan(
    store: &mut dyn Read,
    caller: &Caller,
    lines: &[PlanLine],
    over_limit: &BTreeSet<PartnerId>,
    now: Timestamp,
) -> Result<PlanDraft> {
    check_may_plan(store, caller, now)?;
    let actor = caller.actor();
    let mut sellers = SellerCache::new();
    let mut own = BTreeMap::new();
    for subscription in store.subscriptions_with_ids(caller.organization.id(), &ids(lines))? {
        let facts = subscriptions::load_facts(store, &mut sellers, subscription)?;
        own.insert(facts.record.id, facts);
    }
    let mut seen = BTreeSet::new();
    let mut accounts = BTreeMap::new();
    let mut draft = PlanDraft::default();
    for line in lines {
        draft.lines += 1;
        let request = match &line.request {
            Ok(request) => request,
            Err(error) => {
                draft.problems.push(line.problem((*error).into()));
                continue;
            }
        };
        let subscription = match request.subscription.value {
            Ok(id) if !seen.insert(id) => Err(FieldError::DuplicateLine),
            Ok(id) => own.get(&id).ok_or(FieldError::UnknownSubscription),
            Err(error) => Err(error),
        };
        if let (Ok(before), Ok(wanted)) = (subscription, &request.partner.value)
            && before.record.partner_of_record.as_ref().map(|record| &record.partner_id)
                == wanted.as_ref()
        {
            draft.unchanged += 1;
            continue;
        }
        let allowed = match subscription {
            Ok(before) => {
                let action = match request.partner.value {
                    Ok(None) => SubscriptionAction::RemovePartnerOfRecord,
                    _ => before.set_partner_action(),
                };
                check(&actor, before, action, now).map(|()| before).map_err(LineFault::from)
            }
            Err(error) => Err(LineFault::from(error)),
        };
        let account = match &request.partner.value {
            Ok(None) => Ok(None),
            Ok(Some(id)) => match accounts.entry(id) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(find_account(store, caller, id, over_limit)?),
            }
            .clone()
            .map(Some),
            Err(error) => Err((*error).into()),
        };
        match (allowed, account) {
            (Ok(before), Ok(account)) => {
                let before = before.clone();
                draft.changes.push(DraftChange { line: line.number, before, account });
            }
            (allowed, account) => {
                let faults = allowed.err().into_iter().chain(account.err());
                draft.problems.extend(faults.map(|fault| line.problem(fault)));
            }
        }
    }
    Ok(draft)
}

/// Returns the account of a Partner ID if it can be a partner of record of the caller's
/// organization, and was looked up within the daily limit.
fn find_account(
    store: &mut dyn Read,
    caller: &Caller,
    id: &PartnerId,
    over_limit: &BTreeSet<PartnerId>,
) -> Result<std::result::Result<PartnerAccount, LineFault>> {
    if over_limit.contains(id) {
        return Ok(Err(Refusal::TooManyLookUps.into()));
    }
    let Some(account) = store.partner_account(id)? else {
        return Ok(Err(Refusal::PartnerIdNotFound.into()));
    };
    let eligible = account.ensure_eligible_as_partner_of_record(caller.organization.cloud());
    Ok(eligible.map(|()| account).map_err(LineFault::from))
}
