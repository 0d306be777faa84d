//! Properties of all permissions and changes.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use rules::{
    Actor, Cloud, DAY, EndedBy, EnquiryAction, EnquiryFacts, EnquiryState, EnquiryStatus,
    Invitation, InvitationAction, InvitationFacts, InvitationId, InvitationState, InvitationStatus,
    Member, Offer, OrganizationAction, OrganizationFacts, OrganizationKind, PartnerType,
    PastPartnerOfRecord, Refusal, Rejection, Relationship, RelationshipAction, RelationshipChange,
    RelationshipFacts, RelationshipId, RelationshipState, RelationshipStatus, SubscriptionAction,
    SubscriptionChange, SubscriptionFacts, SubscriptionState, SubscriptionStatus, UserRole,
    VersionedSubject, allowed_actions, check, check_version,
};

use crate::samples::{
    ApplyNow, NOW, accounts, any_user, customer, enquiry, enquiry_changes, enquiry_states,
    invitation, invitation_changes, invitation_states, member, offer, organization,
    particular_invitations, partner, record, records, relationship, sellers, subscription,
    subscription_changes, subscription_states,
};
use strum::VariantArray;

fn any_actor() -> impl Strategy<Value = Actor> {
    let asking =
        (select(UserRole::ALL.to_vec()), select(Cloud::ALL.to_vec()), 1..6_u128, any::<bool>());
    prop_oneof![
        1 => Just(Actor::Visitor),
        9 => asking.prop_map(|(role, cloud, number, fits)| {
            let own = match role.kind() { OrganizationKind::Customer => customer(), OrganizationKind::Partner => partner() };
            member(if fits { own } else { organization(number) }, role, cloud)
        }),
    ]
}

fn any_invitation() -> impl Strategy<Value = InvitationFacts> {
    let usual = (
        select(PartnerType::ALL.to_vec()),
        select(Cloud::ALL.to_vec()),
        select(invitation_states()),
    )
        .prop_map(|(kind, cloud, state)| invitation(kind, cloud, state));
    let particular = select(Cloud::ALL.to_vec()).prop_flat_map(|cloud| {
        let invitations = particular_invitations(cloud).into_iter();
        select(invitations.map(|(_, invitation)| invitation).collect::<Vec<_>>())
    });
    prop_oneof![3 => usual, 1 => particular]
}

fn any_enquiry() -> impl Strategy<Value = EnquiryFacts> {
    (select(Cloud::ALL.to_vec()), select(enquiry_states()))
        .prop_map(|(cloud, state)| enquiry(cloud, state))
}

fn any_relationship() -> impl Strategy<Value = RelationshipFacts> {
    let facts = (any::<bool>(), any::<bool>(), 0..2_u32, any::<bool>(), any::<bool>());
    (select(PartnerType::ALL.to_vec()), select(Cloud::ALL.to_vec()), facts).prop_map(
        |(kind, cloud, (roles, ended, active_subscriptions, agreement_accepted, offering))| {
            let by = EndedBy::Partner;
            let state = if ended {
                RelationshipState::Ended { at: NOW, by, user: any_user() }
            } else {
                RelationshipState::Active
            };
            RelationshipFacts {
                record: relationship(kind, cloud, state, roles).record,
                active_subscriptions,
                agreement_accepted,
                offer: offering.then(offer),
            }
        },
    )
}

fn any_subscription() -> impl Strategy<Value = SubscriptionFacts> {
    (
        select(Cloud::ALL.to_vec()),
        select(subscription_states()),
        select(sellers()),
        select(records()),
    )
        .prop_map(|(cloud, (_, state), (_, seller), (_, partner_of_record))| {
            subscription(cloud, state, seller, partner_of_record)
        })
}

/// Checks for every action that the refusal of the permission wins over a stale version, and the
/// stale version over the state.
fn ensure_order<S: VersionedSubject>(actor: &Actor, subject: &S) -> Result<(), TestCaseError> {
    for action in S::Action::VARIANTS {
        let permission = subject.permission(actor, *action);
        let state = subject.state(*action, NOW);
        let at = |version| check_version(actor, subject, *action, version, NOW);
        let (current, stale) = match (permission, state) {
            (Err(refusal), _) => {
                (Err(Rejection::Refused(refusal)), Err(Rejection::Refused(refusal)))
            }
            (Ok(()), Err(refusal)) => {
                (Err(Rejection::Refused(refusal)), Err(Rejection::VersionMismatch))
            }
            (Ok(()), Ok(())) => (Ok(()), Err(Rejection::VersionMismatch)),
        };
        prop_assert_eq!(at(subject.version()), current);
        prop_assert_eq!(at(subject.version() - 1), stale);
        prop_assert_eq!(at(subject.version() + 1), stale);
        prop_assert_eq!(check(actor, subject, *action, NOW), permission.and(state));
    }
    Ok(())
}

/// Checks that a change at a stale version is refused as [`check_version`] says.
fn ensure_stale_is_refused<S: ApplyNow<C>, C>(
    actor: &Actor,
    subject: &S,
    change: C,
    action: S::Action,
) -> Result<(), TestCaseError> {
    let stale = subject.version() - 1;
    let expected = check_version(actor, subject, action, stale, NOW);
    prop_assert!(expected.is_err());
    prop_assert_eq!(subject.clone().apply_version(actor, change, stale, NOW).map(drop), expected);
    Ok(())
}

proptest! {
    #[test]
    fn the_permission_wins_over_a_stale_version_and_that_over_the_state(
        actor in any_actor(), invitation in any_invitation(), relationship in any_relationship(),
        enquiry in any_enquiry(), subscription in any_subscription(), place in 0..5_usize,
    ) {
        ensure_order(&actor, &invitation)?;
        ensure_order(&actor, &relationship)?;
        ensure_order(&actor, &enquiry)?;
        ensure_order(&actor, &subscription)?;
        for change in invitation_changes(&invitation.record) {
            let action = change.action();
            ensure_stale_is_refused(&actor, &invitation, change, action)?;
        }
        for change in RelationshipChange::ALL.iter().copied() {
            ensure_stale_is_refused(&actor, &relationship, change, change.action())?;
        }
        for change in enquiry_changes() {
            let action = change.action();
            ensure_stale_is_refused(&actor, &enquiry, change, action)?;
        }
        let account = accounts(subscription.record.cloud).swap_remove(place);
        for change in subscription_changes(&account, 7) {
            let action = change.action(&subscription);
            ensure_stale_is_refused(&actor, &subscription, change, action)?;
        }
    }

    #[test]
    fn apply_succeeds_exactly_when_check_does(
        actor in any_actor(), one in any_invitation(), other in any_relationship(), asked in any_enquiry(),
    ) {
        for change in invitation_changes(&one.record) {
            let allowed = check(&actor, &one, change.action(), NOW);
            prop_assert_eq!(one.apply_now(&actor, change, NOW).map(drop), allowed);
        }
        for change in RelationshipChange::ALL.iter().copied() {
            let allowed = check(&actor, &other, change.action(), NOW);
            prop_assert_eq!(other.apply_now(&actor, change, NOW).map(drop), allowed);
        }
        for change in enquiry_changes() {
            let allowed = check(&actor, &asked, change.action(), NOW);
            prop_assert_eq!(asked.apply_now(&actor, change, NOW).map(drop), allowed);
        }
    }

    #[test]
    fn a_change_of_a_subscription_succeeds_exactly_when_check_and_the_account_allow_it(
        actor in any_actor(), one in any_subscription(), place in 0..5_usize, quantity in 1..=Offer::QUANTITY_MAX,
    ) {
        let named = accounts(one.record.cloud).swap_remove(place);
        for change in subscription_changes(&named, quantity) {
            let mut allowed = check(&actor, &one, change.action(&one), NOW);
            if let (SubscriptionChange::SetPartnerOfRecord(named), Ok(())) = (change, allowed) {
                allowed = named.ensure_eligible_as_partner_of_record(one.record.cloud);
                let same = one.record.partner_of_record.as_ref().is_some_and(|old| old.partner_id == named.partner_id);
                if allowed.is_ok() && same {
                    allowed = Err(Refusal::PartnerOfRecordUnchanged);
                }
            }
            let applied = one.apply_now(&actor, change, NOW);
            prop_assert_eq!(applied.clone().map(drop), allowed);
            let Ok((after, tenure)) = applied else { continue };
            let (one, after) = (&one.record, after.record);
            prop_assert_eq!(after.version, one.version + 1);
            let replaced = one.partner_of_record.clone().filter(|_| after.partner_of_record != one.partner_of_record);
            let expected = replaced.map(|record| PastPartnerOfRecord {
                customer: customer(), subscription: one.id, number: after.version, record, until: NOW, ended_by: any_user(),
            });
            prop_assert_eq!(tenure, expected);
        }
    }

    #[test]
    fn a_partner_never_changes_a_partner_of_record_whatever_its_roles(
        one in any_subscription(), roles in prop::collection::vec(select(UserRole::ALL.to_vec()), 0..6), own in 2..6_u128, place in 0..5_usize,
    ) {
        let actor = Actor::Member(Member {
            user: any_user(), organization: organization(own), kind: OrganizationKind::Partner, clouds: Cloud::ALL.to_vec(), roles,
        });
        let named = accounts(one.record.cloud).swap_remove(place);
        for change in subscription_changes(&named, 1) {
            if let Ok((after, tenure)) = one.apply_now(&actor, change, NOW) {
                prop_assert_eq!(&after.record.partner_of_record, &one.record.partner_of_record);
                prop_assert_eq!(tenure, None);
            }
        }
        let facts = OrganizationFacts { id: organization(own), kind: OrganizationKind::Partner, cloud: one.record.cloud, accepted_agreement: None, current_agreement: None };
        for action in [OrganizationAction::NamePartnerAtPurchase, OrganizationAction::CheckPartnerId, OrganizationAction::ChangePartnersOfRecord] {
            prop_assert_eq!(check(&actor, &facts, action, NOW), Err(Refusal::CustomerSetsPartnerOfRecord));
        }
    }

    #[test]
    fn the_history_of_a_subscription_has_no_gap_and_it_has_one_partner_of_record_at_most(
        cloud in select(Cloud::ALL.to_vec()), present: bool,
        steps in prop::collection::vec((any_actor(), 0..5_usize, 0..6_usize, 1..10_i64), 1..30),
    ) {
        let mut one = subscription(cloud, SubscriptionState::Active, None, present.then(|| record(partner())));
        let mut now = NOW;
        let mut tenures: Vec<PastPartnerOfRecord> = Vec::new();
        for (actor, place, change, days) in steps {
            now = now.plus(days * DAY);
            let named = accounts(cloud).swap_remove(place);
            let change = subscription_changes(&named, 7).swap_remove(change);
            let over = one.record.status(now) == SubscriptionStatus::Ended;
            if let Ok((after, tenure)) = one.apply_now(&actor, change, now) {
                prop_assert!(!over);
                if let (Some(tenure), Some(after)) = (&tenure, &after.record.partner_of_record) {
                    prop_assert_eq!(tenure.until, after.since);
                }
                tenures.extend(tenure);
                one = after;
            }
        }
        for pair in tenures.windows(2) {
            prop_assert!(pair[0].number < pair[1].number);
            prop_assert!(pair[0].until <= pair[1].record.since);
            prop_assert!(pair[1].record.since < pair[1].until);
        }
        if let (Some(last), Some(record)) = (tenures.last(), &one.record.partner_of_record) {
            prop_assert!(last.until <= record.since);
        }
        if cloud == Cloud::Vianet21 && !present {
            prop_assert_eq!(one.record.partner_of_record, None);
        }
    }

    #[test]
    fn an_answered_enquiry_is_answered_for_good(
        one in any_enquiry(),
        steps in prop::collection::vec((any_actor(), select(enquiry_changes()), 0..10_i64), 1..20),
    ) {
        let mut one = one;
        let mut now = NOW;
        for (actor, change, days) in steps {
            now = now.plus(days * DAY);
            let before = one.clone();
            let open = matches!(before.record.status(now), EnquiryStatus::Sent | EnquiryStatus::Read);
            if let Ok(changed) = one.apply_now(&actor, change, now) {
                prop_assert!(open);
                prop_assert_eq!(changed.record.version - before.record.version, i64::from(changed != before));
                one = changed;
            } else {
                prop_assert_eq!(&one, &before);
            }
        }
    }

    #[test]
    fn an_ended_relationship_stays_ended_and_roles_never_come_back(
        kind in select(PartnerType::ALL.to_vec()), cloud in select(Cloud::ALL.to_vec()), roles: bool,
        steps in prop::collection::vec((any_actor(), select(RelationshipChange::ALL)), 1..20),
    ) {
        let mut one = relationship(kind, cloud, RelationshipState::Active, roles);
        for (actor, change) in steps {
            let (status, held) = (one.record.status(), one.record.roles(NOW).len());
            if let Ok(changed) = one.apply_now(&actor, change, NOW) {
                one = changed;
            }
            prop_assert!(status == RelationshipStatus::Active || one.record.status() == RelationshipStatus::Ended);
            prop_assert!(one.record.roles(NOW).len() <= held);
            prop_assert!(one.record.status() == RelationshipStatus::Active || one.record.roles(NOW).is_empty());
        }
    }

    #[test]
    fn every_code_consists_of_unambiguous_letters_and_digits(random: u128) {
        let one = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
        let code = Invitation { id: InvitationId::new(NOW, random), ..one.record }.code();
        prop_assert_eq!(code.len(), 9);
        prop_assert_eq!(code.find('-'), Some(4));
        prop_assert!(code.chars().all(|one| one == '-' || one.is_ascii_digit() || one.is_ascii_uppercase()));
        prop_assert!(!code.contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn what_is_allowed_is_what_check_allows(actor in any_actor(), one in any_invitation()) {
        let allowed = allowed_actions(&actor, &one, NOW);
        for action in InvitationAction::ALL {
            prop_assert_eq!(allowed.contains(action), check(&actor, &one, *action, NOW).is_ok());
        }
    }

    #[test]
    fn an_answered_invitation_is_answered_for_good(
        one in any_invitation(),
        steps in prop::collection::vec((any_actor(), 0..6_usize, 0..100_i64), 1..20),
    ) {
        let mut one = one;
        let mut now = NOW;
        let mut answers = u32::from(matches!(one.record.status(now), InvitationStatus::Accepted | InvitationStatus::Canceled | InvitationStatus::Withdrawn));
        for (actor, place, days) in steps {
            now = now.plus(days * DAY);
            let before = one.record.status(now);
            let change = invitation_changes(&one.record).swap_remove(place);
            if let Ok(changed) = one.apply_now(&actor, change, now) {
                if changed.record.state != one.record.state {
                    prop_assert_eq!(changed.record.version, one.record.version + 1);
                    if changed.record.status(now) != InvitationStatus::Sent { answers += 1; }
                }
                one = changed;
            } else {
                prop_assert_eq!(one.record.status(now), before);
            }
        }
        prop_assert!(answers <= 1);
    }

    #[test]
    fn a_visitor_and_a_stranger_may_do_nothing(one in any_invitation(), cloud in select(Cloud::ALL.to_vec()), role in select(UserRole::ALL.to_vec())) {
        let stranger = member(organization(9), role, cloud);
        prop_assert!(allowed_actions(&Actor::Visitor, &one, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &one, NOW).is_empty());
        for state in enquiry_states() {
            let asked = enquiry(cloud, state);
            prop_assert!(allowed_actions(&Actor::Visitor, &asked, NOW).is_empty());
            prop_assert!(allowed_actions(&stranger, &asked, NOW).is_empty());
        }
        let standing = relationship(PartnerType::Reseller, cloud, RelationshipState::Active, true);
        prop_assert!(allowed_actions(&Actor::Visitor, &standing, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &standing, NOW).is_empty());
        for (_, seller) in sellers() {
            let used = subscription(cloud, SubscriptionState::Active, seller, None);
            prop_assert!(allowed_actions(&Actor::Visitor, &used, NOW).is_empty());
            prop_assert!(allowed_actions(&stranger, &used, NOW).is_empty());
        }
        let facts = OrganizationFacts { id: customer(), kind: OrganizationKind::Customer, cloud, accepted_agreement: None, current_agreement: Some(1) };
        prop_assert!(allowed_actions(&Actor::Visitor, &facts, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &facts, NOW).is_empty());
    }

    #[test]
    fn a_role_of_the_other_kind_of_organization_allows_nothing(one in any_invitation(), used in any_subscription(), role in select(UserRole::ALL.to_vec())) {
        let kind = match role.kind() { OrganizationKind::Customer => OrganizationKind::Partner, OrganizationKind::Partner => OrganizationKind::Customer };
        let organization = match kind { OrganizationKind::Customer => customer(), OrganizationKind::Partner => partner() };
        let confused = Actor::Member(Member { user: any_user(), organization, kind, clouds: Cloud::ALL.to_vec(), roles: vec![role] });
        for action in InvitationAction::ALL.iter().filter(|action| **action != InvitationAction::View) {
            prop_assert!(check(&confused, &one, *action, NOW).is_err());
        }
        let standing = relationship(PartnerType::Reseller, Cloud::Worldwide, RelationshipState::Active, true);
        for action in RelationshipAction::ALL.iter().filter(|action| **action != RelationshipAction::View) {
            prop_assert!(check(&confused, &standing, *action, NOW).is_err());
        }
        for action in SubscriptionAction::ALL.iter().filter(|action| **action != SubscriptionAction::View) {
            prop_assert!(check(&confused, &used, *action, NOW).is_err());
        }
        let asked = enquiry(Cloud::Worldwide, EnquiryState::Sent { expires: NOW.plus(DAY) });
        for action in [EnquiryAction::Read, EnquiryAction::Decline, EnquiryAction::Answer] {
            prop_assert!(check(&confused, &asked, action, NOW).is_err());
        }
    }

    #[test]
    fn only_global_administrators_accept_invitations(one in any_invitation(), role in select(UserRole::ALL.to_vec())) {
        let actor = member(customer(), role, one.record.cloud);
        if check(&actor, &one, InvitationAction::Accept, NOW).is_ok() {
            prop_assert_eq!(role, UserRole::GlobalAdministrator);
            prop_assert_eq!(one.record.status(NOW), InvitationStatus::Sent);
        }
    }

    #[test]
    fn accepting_gives_exactly_what_was_asked_for_and_never_takes_away(
        one in any_invitation(), standing in prop::option::of((select(PartnerType::ALL.to_vec()), any::<bool>())),
    ) {
        let one = one.record;
        let standing = standing.map(|(kind, roles)| relationship(kind, one.cloud, RelationshipState::Active, roles).record);
        let joined = standing.clone().filter(|standing| standing.merges(&one));
        let after = Relationship::from_invitation(&one, joined.clone(), RelationshipId::new(NOW, 99), NOW);
        for role in &one.admin_roles { prop_assert!(after.roles(NOW).contains(role)); }
        if let Some(before) = joined {
            prop_assert_eq!(after.id, before.id);
            prop_assert_eq!(after.version, before.version + 1);
            for role in before.roles(NOW) {
                prop_assert!(after.roles(NOW).contains(&role));
            }
            for capability in before.partner_type.capabilities() {
                prop_assert!(after.partner_type.capabilities().contains(capability));
            }
        } else {
            prop_assert_eq!(after.partner_type, one.partner_type);
            prop_assert_eq!(after.roles(NOW), one.admin_roles.clone());
        }
        let mut held = after.roles(NOW);
        held.dedup();
        prop_assert_eq!(held, after.roles(NOW));
    }
}
