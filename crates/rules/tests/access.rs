//! The whole matrix of permissions, and what must hold for any of it.
//!
//! The golden files say who may do what, in every state; a change of a rule shows
//! there in review. Write them anew with `UPDATE_GOLDEN=1 cargo test -p rules`.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use rules::{
    Action, Actor, AdminRole, Cloud, DAY, DisplayName, EmailAddress, EndedBy, Invitation,
    InvitationAction, InvitationId, InvitationState, InvitationStatus, Language, Member,
    OrganisationFacts, OrganisationId, OrganisationKind, PartnerType, Refusal, Relationship,
    RelationshipAction, RelationshipId, RelationshipState, RoleGrant, Subject, Timestamp, UserId,
    UserRole, allowed_actions, check,
};

const NOW: Timestamp = Timestamp::from_milliseconds(1_800_000_000_000);

fn organisation(number: u128) -> OrganisationId {
    OrganisationId::new(Timestamp::from_milliseconds(0), number)
}

fn customer() -> OrganisationId {
    organisation(1)
}

fn partner() -> OrganisationId {
    organisation(2)
}

fn somebody() -> UserId {
    UserId::new(NOW, 7)
}

/// Everybody who may ask: each role in the organisation that is concerned, and those
/// who have nothing to do with it.
fn actors(cloud: Cloud) -> Vec<(String, Actor)> {
    let other_cloud = if cloud == Cloud::Worldwide { Cloud::Germany } else { Cloud::Worldwide };
    let mut actors = vec![("visitor".to_owned(), Actor::Visitor)];
    for role in UserRole::ALL {
        let own = match role.kind() {
            OrganisationKind::Customer => customer(),
            OrganisationKind::Partner => partner(),
        };
        actors.push((role.to_string(), member(own, *role, cloud)));
    }
    let admin = UserRole::GlobalAdministrator;
    actors.push(("other customer's administrator".into(), member(organisation(3), admin, cloud)));
    actors.push((
        "administrator in another cloud".into(),
        member(organisation(4), admin, other_cloud),
    ));
    actors.push((
        "other partner's agent".into(),
        member(organisation(5), UserRole::AdminAgent, cloud),
    ));
    actors
}

fn member(organisation: OrganisationId, role: UserRole, cloud: Cloud) -> Actor {
    Actor::Member(Member {
        user: somebody(),
        organisation,
        kind: role.kind(),
        clouds: vec![cloud],
        roles: vec![role],
    })
}

fn invitation(kind: PartnerType, cloud: Cloud, state: InvitationState) -> Invitation {
    Invitation {
        id: InvitationId::new(NOW, 1),
        customer: customer(),
        cloud,
        partner: partner(),
        partner_type: kind,
        admin_roles: kind.admin_roles().to_vec(),
        recipient: EmailAddress::parse("anna@customer.example").expect("an address"),
        recipient_name: DisplayName::parse("Anna").expect("a name"),
        language: Language::English,
        message: None,
        created: NOW,
        created_by: somebody(),
        state,
        version: 1,
    }
}

fn invitation_states() -> Vec<InvitationState> {
    let at = NOW.plus(-DAY);
    let by = somebody();
    vec![
        InvitationState::Draft,
        InvitationState::Sent { at, expires: NOW.plus(DAY) },
        InvitationState::Accepted { at, by },
        InvitationState::Cancelled { at, by, reason: None },
        InvitationState::Withdrawn { at, by, sent: Some(at) },
        InvitationState::Sent { at: NOW.plus(-91 * DAY), expires: NOW },
    ]
}

fn relationship(
    kind: PartnerType,
    cloud: Cloud,
    state: RelationshipState,
    roles: bool,
) -> Relationship {
    let grant = |role: &AdminRole| RoleGrant { role: *role, since: NOW, ends: None };
    Relationship {
        id: RelationshipId::new(NOW, 1),
        customer: customer(),
        cloud,
        partner: partner(),
        partner_type: kind,
        grants: if roles { kind.admin_roles().iter().map(grant).collect() } else { Vec::new() },
        since: NOW,
        invitation: None,
        state,
        version: 1,
    }
}

/// A line for each actor: what every action is answered with.
fn rows<S: Subject>(table: &mut String, subject: &S, cloud: Cloud)
where
    S::Action: std::fmt::Display,
{
    for (name, actor) in actors(cloud) {
        let answers: Vec<String> = <S::Action as Action>::ALL
            .iter()
            .map(|action| match check(&actor, subject, *action, NOW) {
                Ok(()) => format!("{action} YES"),
                Err(refusal) => format!("{action} {refusal}"),
            })
            .collect();
        writeln!(table, "  {name:<32} {}", answers.join(" | ")).expect("a String takes everything");
    }
}

fn compare(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/access").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, table).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in table.lines().zip(golden.lines()).enumerate() {
        assert_eq!(
            is,
            was,
            "{name}, line {}: a rule changed. If it should, write it anew with UPDATE_GOLDEN=1.",
            line + 1
        );
    }
    assert_eq!(table.lines().count(), golden.lines().count(), "{name} has another number of lines");
}

#[test]
fn the_matrix_of_relationships_is_as_reviewed() {
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Customer, user: somebody() };
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for kind in PartnerType::ALL {
            for (label, state, roles) in [
                ("active, with its roles", RelationshipState::Active, true),
                ("active, without roles", RelationshipState::Active, false),
                ("ended", ended, false),
            ] {
                writeln!(table, "{cloud}, {kind}, {label}").expect("a String takes everything");
                rows(&mut table, &relationship(*kind, *cloud, state, roles), *cloud);
            }
        }
    }
    compare("relationships.txt", &table);
}

#[test]
fn the_matrix_of_invitations_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for kind in PartnerType::ALL {
            for state in invitation_states() {
                let invitation = invitation(*kind, *cloud, state);
                writeln!(table, "{cloud}, {kind}, {}", invitation.status(NOW))
                    .expect("a String takes everything");
                rows(&mut table, &invitation, *cloud);
            }
        }
    }
    compare("invitations.txt", &table);
}

#[test]
fn the_matrix_of_organisations_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for (id, kind) in
            [(customer(), OrganisationKind::Customer), (partner(), OrganisationKind::Partner)]
        {
            for (accepted, current) in
                [(None, None), (None, Some(1)), (Some(1), Some(1)), (Some(1), Some(2))]
            {
                let facts = OrganisationFacts {
                    id,
                    kind,
                    cloud: *cloud,
                    accepted_agreement: accepted,
                    current_agreement: current,
                };
                writeln!(
                    table,
                    "{cloud}, {kind}, agreement accepted {accepted:?}, current {current:?}"
                )
                .expect("a String takes everything");
                rows(&mut table, &facts, *cloud);
            }
        }
    }
    compare("organisations.txt", &table);
}

#[test]
fn every_refusal_can_happen_or_is_decided_by_a_use_case() {
    let mut seen: Vec<Refusal> = Vec::new();
    for name in ["relationships.txt", "invitations.txt", "organisations.txt"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/access").join(name);
        let golden = std::fs::read_to_string(path).unwrap_or_default();
        seen.extend(golden.split_whitespace().filter_map(|word| word.parse::<Refusal>().ok()));
    }
    // These need more than the matrix holds: what was typed, or two subjects at once.
    let elsewhere = [
        Refusal::PartnerNotInCloud,
        Refusal::RolesNotForType,
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
    ];
    for refusal in Refusal::ALL {
        assert!(seen.contains(refusal) || elsewhere.contains(refusal), "{refusal} is never given");
    }
}

#[test]
fn removing_roles_and_deleting_are_two_permissions() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let may = |kind, action| {
        check(
            &admin,
            &relationship(kind, Cloud::Worldwide, RelationshipState::Active, true),
            action,
            NOW,
        )
        .is_ok()
    };
    let table: Vec<_> = PartnerType::ALL
        .iter()
        .map(|kind| {
            (
                *kind,
                may(*kind, RelationshipAction::RemoveAdminRoles),
                may(*kind, RelationshipAction::Delete),
            )
        })
        .collect();
    assert_eq!(
        table,
        [
            (PartnerType::Reseller, false, false),
            (PartnerType::DelegatedAdministrator, true, true),
            (PartnerType::ResellerAndDelegatedAdministrator, true, false),
            (PartnerType::Partner, false, false),
            (PartnerType::Advisor, true, true),
            (PartnerType::Mpsa, false, false),
            (PartnerType::OemPc, false, false),
            (PartnerType::Lob, false, false),
        ]
    );
}

#[test]
fn a_reseller_that_administers_becomes_a_reseller_and_a_bare_administrator_stays() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    for (kind, left) in [
        (PartnerType::ResellerAndDelegatedAdministrator, PartnerType::Reseller),
        (PartnerType::DelegatedAdministrator, PartnerType::DelegatedAdministrator),
        (PartnerType::Advisor, PartnerType::Advisor),
    ] {
        let before = relationship(kind, Cloud::Worldwide, RelationshipState::Active, true);
        let after =
            before.apply(&admin, RelationshipAction::RemoveAdminRoles, NOW).expect("allowed");
        assert_eq!(
            (after.partner_type, after.roles(NOW), after.state),
            (left, vec![], RelationshipState::Active)
        );
    }
}

#[test]
fn a_draft_that_was_withdrawn_stays_the_partners_own() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let view = |one: &Invitation| check(&admin, one, InvitationAction::View, NOW);
    let draft = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
    let sent = draft.clone().apply(&agent, InvitationAction::Send, None, NOW).expect("allowed");
    let withdraw = |one: Invitation| {
        one.apply(&agent, InvitationAction::Withdraw, None, NOW).expect("allowed")
    };
    assert_eq!(view(&withdraw(draft)), Err(Refusal::InvitationNotSent));
    assert_eq!(view(&withdraw(sent)), Ok(()));
}

#[test]
fn a_role_that_ended_is_not_held_and_one_that_ends_later_is() {
    let mut one =
        relationship(PartnerType::Advisor, Cloud::Worldwide, RelationshipState::Active, true);
    one.grants[0].ends = Some(NOW);
    one.grants[1].ends = Some(NOW.plus(1));
    assert_eq!(one.roles(NOW), [AdminRole::HelpdeskAdministrator]);
    assert_eq!(one.ends(NOW), Some(NOW.plus(1)));
    assert!(one.roles(NOW.plus(1)).is_empty());
}

fn any_actor() -> impl Strategy<Value = Actor> {
    let asking =
        (select(UserRole::ALL.to_vec()), select(Cloud::ALL.to_vec()), 1..6_u128, any::<bool>());
    prop_oneof![
        1 => Just(Actor::Visitor),
        9 => asking.prop_map(|(role, cloud, number, fits)| {
            let own = match role.kind() { OrganisationKind::Customer => customer(), OrganisationKind::Partner => partner() };
            member(if fits { own } else { organisation(number) }, role, cloud)
        }),
    ]
}

fn any_invitation() -> impl Strategy<Value = Invitation> {
    (select(PartnerType::ALL.to_vec()), select(Cloud::ALL.to_vec()), select(invitation_states()))
        .prop_map(|(kind, cloud, state)| invitation(kind, cloud, state))
}

proptest! {
    #[test]
    fn apply_succeeds_exactly_when_check_does(
        actor in any_actor(), one in any_invitation(), kind in select(PartnerType::ALL.to_vec()), roles: bool, ended: bool,
    ) {
        for action in InvitationAction::ALL {
            let allowed = check(&actor, &one, *action, NOW);
            prop_assert_eq!(one.clone().apply(&actor, *action, None, NOW).map(drop), allowed);
        }
        let state = if ended {
            RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user: somebody() }
        } else {
            RelationshipState::Active
        };
        let other = relationship(kind, Cloud::Worldwide, state, roles);
        for action in RelationshipAction::ALL {
            let allowed = check(&actor, &other, *action, NOW);
            prop_assert_eq!(other.clone().apply(&actor, *action, NOW).map(drop), allowed);
        }
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
        steps in prop::collection::vec((any_actor(), select(InvitationAction::ALL.to_vec()), 0..100_i64), 1..20),
    ) {
        let mut one = one;
        let mut now = NOW;
        let mut answers = u32::from(matches!(one.status(now), InvitationStatus::Accepted | InvitationStatus::Cancelled | InvitationStatus::Withdrawn));
        for (actor, action, days) in steps {
            now = now.plus(days * DAY);
            let before = one.status(now);
            if let Ok(changed) = one.clone().apply(&actor, action, None, now) {
                if changed.state != one.state {
                    prop_assert_eq!(changed.version, one.version + 1);
                    if changed.status(now) != InvitationStatus::Sent { answers += 1; }
                }
                one = changed;
            } else {
                prop_assert_eq!(one.status(now), before);
            }
        }
        prop_assert!(answers <= 1);
    }

    #[test]
    fn a_visitor_and_a_stranger_may_do_nothing(one in any_invitation(), cloud in select(Cloud::ALL.to_vec()), role in select(UserRole::ALL.to_vec())) {
        let stranger = member(organisation(9), role, cloud);
        prop_assert!(allowed_actions(&Actor::Visitor, &one, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &one, NOW).is_empty());
        let facts = OrganisationFacts { id: customer(), kind: OrganisationKind::Customer, cloud, accepted_agreement: None, current_agreement: Some(1) };
        prop_assert!(allowed_actions(&Actor::Visitor, &facts, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &facts, NOW).is_empty());
    }

    #[test]
    fn a_role_of_the_other_side_is_worth_nothing(one in any_invitation(), role in select(UserRole::ALL.to_vec())) {
        let kind = match role.kind() { OrganisationKind::Customer => OrganisationKind::Partner, OrganisationKind::Partner => OrganisationKind::Customer };
        let organisation = match kind { OrganisationKind::Customer => customer(), OrganisationKind::Partner => partner() };
        let confused = Actor::Member(Member { user: somebody(), organisation, kind, clouds: Cloud::ALL.to_vec(), roles: vec![role] });
        for action in [InvitationAction::Accept, InvitationAction::Cancel, InvitationAction::Send, InvitationAction::Withdraw] {
            prop_assert!(check(&confused, &one, action, NOW).is_err());
        }
    }

    #[test]
    fn only_global_administrators_let_a_partner_in(one in any_invitation(), role in select(UserRole::ALL.to_vec())) {
        let actor = member(customer(), role, one.cloud);
        if check(&actor, &one, InvitationAction::Accept, NOW).is_ok() {
            prop_assert_eq!(role, UserRole::GlobalAdministrator);
            prop_assert_eq!(one.status(NOW), InvitationStatus::Sent);
        }
    }

    #[test]
    fn accepting_gives_exactly_what_was_asked_for_and_never_takes_away(
        one in any_invitation(), standing in prop::option::of((select(PartnerType::ALL.to_vec()), any::<bool>())),
    ) {
        let standing = standing.map(|(kind, roles)| relationship(kind, one.cloud, RelationshipState::Active, roles));
        let joined = standing.clone().filter(|standing| standing.joins(&one));
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
