//! Tests of each method, run on both stores.

use api::MailStatus;
use rules::{
    Cloud, DAY, EndedBy, EnquiryState, InvitationState, Language, OrganizationId, PartnerType,
    RelationshipState, UserRole,
};
use service::model::SignInFailures;
use service::{Caller, Error, Read, StoreError, Write};

use crate::engines::{Engine, on_every_engine};
use crate::rows;
use crate::samples::{
    acceptance, acceptance_id, audit, customer, document, enquiry, enquiry_id, invitation,
    invitation_id, mail, mail_id, moment, moved, organization_id, partner, profile, relationship,
    relationship_id, renamed, session, token, user, user_id,
};

on_every_engine!(
    organizations,
    users,
    sessions,
    failures_to_sign_in,
    expired_things_are_forgotten,
    agreements,
    acceptances,
    invitations,
    links_of_invitations,
    relationships,
    enquiries,
    profiles,
    audit_logs,
    mails,
    due_mails,
    waiting_mails,
    nothing_of_another_organization_is_seen,
    a_row_names_only_what_is_there,
    refused_work_leaves_nothing,
    a_transaction_reads_what_it_wrote,
    every_change_is_counted,
    any_script_survives,
);

pub(crate) type Kept<T> = Result<T, StoreError>;

/// Runs a write that must succeed.
pub(crate) fn write<E: Engine, T: Send + 'static>(
    engine: &E,
    work: impl Fn(&mut dyn Write) -> Kept<T> + Send + 'static,
) -> T {
    engine.write(move |store| Ok(work(store)?)).unwrap()
}

/// Runs a write that may fail.
pub(crate) fn try_write<E: Engine, T: Send + 'static>(
    engine: &E,
    work: impl Fn(&mut dyn Write) -> Kept<T> + Send + 'static,
) -> Kept<T> {
    engine.write(move |store| work(store).map_err(Error::Store)).map_err(|error| match error {
        Error::Store(error) => error,
        other => panic!("{other:?}"),
    })
}

pub(crate) fn read<E: Engine, T>(engine: &E, work: impl FnOnce(&mut dyn Read) -> Kept<T>) -> T {
    engine.read(|store| Ok(work(store)?)).unwrap()
}

fn listed<E: Engine>(engine: &E) -> Vec<service::model::Organization> {
    read(engine, |store| store.organizations())
}

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "the result is used up by being judged")]
pub(crate) fn assert_duplicate<T: std::fmt::Debug>(result: Kept<T>) {
    assert!(matches!(result, Err(StoreError::Duplicate(_))), "{result:?}");
}

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "the result is used up by being judged")]
pub(crate) fn assert_stale<T: std::fmt::Debug>(result: Kept<T>) {
    assert!(matches!(result, Err(StoreError::Stale)), "{result:?}");
}

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "the result is used up by being judged")]
pub(crate) fn assert_engine_error<T: std::fmt::Debug>(result: Kept<T>) {
    assert!(matches!(result, Err(StoreError::Engine(_))), "{result:?}");
}

/// Adds customer 1 with user 1, and partners 2 and 3 with users 2 and 3.
pub(crate) fn found<E: Engine>(engine: &E) {
    write(engine, |store| {
        store.insert_organization(&customer(1))?;
        store.insert_organization(&partner(2))?;
        store.insert_organization(&partner(3))?;
        for number in 1..=3 {
            store.insert_user(&user(number, number))?;
        }
        Ok(())
    });
}

fn organizations(engine: &impl Engine) {
    assert_eq!(listed(engine), []);
    write(engine, |store| store.insert_organization(&partner(2)));
    write(engine, |store| store.insert_organization(&customer(1)));
    assert_eq!(listed(engine), [customer(1), partner(2)]);
    assert_eq!(read(engine, |store| store.organization(organization_id(2))), Some(partner(2)));
    assert_eq!(read(engine, |store| store.organization(organization_id(9))), None);
    let of_domain = |domain: &str| {
        let domain = domain.parse().unwrap();
        read(engine, |store| store.organization_by_domain(&domain))
    };
    assert_eq!(of_domain("o2.example"), Some(partner(2)));
    assert_eq!(of_domain("o9.example"), None);
    assert_eq!(of_domain("mail.o2.example"), None);
    let same_id = moved(customer(1), "other.example".parse().unwrap());
    let same_domain = moved(customer(9), customer(1).domain().clone());
    assert_duplicate(try_write(engine, move |store| store.insert_organization(&same_id)));
    assert_duplicate(try_write(engine, move |store| store.insert_organization(&same_domain)));
    assert_eq!(listed(engine).len(), 2);
}

fn users(engine: &impl Engine) {
    found(engine);
    write(engine, |store| store.insert_user(&user(1, 9)));
    write(engine, |store| store.insert_user(&user(1, 4)));
    assert_eq!(
        read(engine, |store| store.users(organization_id(1))),
        [user(1, 1), user(1, 4), user(1, 9)]
    );
    let with_role =
        |role, limit| read(engine, |store| store.users_with_role(organization_id(1), role, limit));
    let administrators = with_role(UserRole::GlobalAdministrator, 2);
    assert_eq!(administrators, [user(1, 1), user(1, 4)]);
    assert_eq!(with_role(UserRole::AdminAgent, 9), []);
    assert_eq!(read(engine, |store| store.user(organization_id(1), user_id(4))), Some(user(1, 4)));
    assert_eq!(read(engine, |store| store.user(organization_id(2), user_id(4))), None);
    let kept = read(engine, |store| store.user_by_email(&user(1, 9).email)).unwrap();
    assert_eq!((kept.id, kept.password), (user_id(9), user(1, 9).password));
    assert_eq!(read(engine, |store| store.user_by_email(&user(7, 7).email)), None);
    assert_duplicate(try_write(engine, |store| store.insert_user(&user(1, 9))));
    // Addresses are unique across organizations.
    assert_duplicate(try_write(engine, |store| {
        let mut other = user(2, 8);
        other.email = user(1, 9).email;
        store.insert_user(&other)
    }));
}

fn sessions(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        for (organization, user, number) in [(1, 1, 1), (1, 1, 2), (2, 2, 3)] {
            store.insert_session(&session(organization, user, number))?;
        }
        Ok(())
    });
    let caller = Caller { user: user(1, 1), organization: customer(1), session: session(1, 1, 2) };
    assert_eq!(read(engine, |store| store.caller(&token(2))), Some(caller));
    assert_eq!(read(engine, |store| store.caller(&token(9))), None);
    assert_duplicate(try_write(engine, |store| store.insert_session(&session(2, 2, 1))));
    assert!(write(engine, |store| store.delete_session(&token(1))));
    assert!(!write(engine, |store| store.delete_session(&token(1))));
    write(engine, |store| store.insert_session(&session(1, 1, 4)));
    assert_eq!(write(engine, |store| store.delete_sessions(organization_id(2), user_id(1))), 0);
    assert_eq!(write(engine, |store| store.delete_sessions(organization_id(1), user_id(1))), 2);
    assert_eq!(read(engine, |store| store.caller(&token(4))), None);
    assert!(read(engine, |store| store.caller(&token(3))).is_some());
}

fn failures_to_sign_in(engine: &impl Engine) {
    let email = || user(1, 1).email;
    let failures = |count, last| SignInFailures { count, last: moment(last) };
    assert_eq!(read(engine, |store| store.sign_in_failures(&email())), None);
    write(engine, move |store| store.set_sign_in_failures(&email(), Some(failures(1, 5))));
    write(engine, move |store| store.set_sign_in_failures(&email(), Some(failures(u32::MAX, 6))));
    assert_eq!(read(engine, |store| store.sign_in_failures(&email())), Some(failures(u32::MAX, 6)));
    write(engine, move |store| store.set_sign_in_failures(&email(), None));
    write(engine, move |store| store.set_sign_in_failures(&email(), None));
    assert_eq!(read(engine, |store| store.sign_in_failures(&email())), None);
}

fn expired_things_are_forgotten(engine: &impl Engine) {
    found(engine);
    let email = |number| user(1, number).email;
    write(engine, move |store| {
        for (number, expires) in [(1, 99), (2, 100), (3, 101)] {
            let mut session = session(1, 1, number);
            session.expires = moment(expires + DAY);
            store.insert_session(&session)?;
        }
        for (number, last) in [(1, 99), (2, 100), (3, 101)] {
            let last = moment(last);
            store.set_sign_in_failures(&email(number), Some(SignInFailures { count: 1, last }))?;
        }
        store.delete_expired(moment(100 + DAY))
    });
    let kept = read(engine, |store| {
        let mut kept = Vec::new();
        for number in 1..=3 {
            kept.push((
                store.caller(&token(number))?.is_some(),
                store.sign_in_failures(&email(number))?.is_some(),
            ));
        }
        Ok(kept)
    });
    assert_eq!(kept, [(false, false), (true, true), (true, true)]);
}

fn agreements(engine: &impl Engine) {
    let current = |cloud| read(engine, move |store| store.current_agreement(cloud));
    assert_eq!(current(Cloud::Worldwide), None);
    write(engine, |store| {
        store.insert_agreement_document(&document(Cloud::Worldwide, 2, Language::English))?;
        store.insert_agreement_document(&document(Cloud::Worldwide, 10, Language::Dutch))?;
        store.insert_agreement_document(&document(Cloud::Worldwide, 1, Language::English))?;
        store.insert_agreement_document(&document(Cloud::Vianet21, 1, Language::Chinese))
    });
    assert_eq!(current(Cloud::Worldwide), Some(10));
    assert_eq!(current(Cloud::Vianet21), Some(1));
    assert_eq!(current(Cloud::Germany), None);
    let found = |cloud, version, language| {
        read(engine, move |store| store.agreement_document(cloud, version, language))
    };
    assert_eq!(
        found(Cloud::Worldwide, 2, Language::English),
        Some(document(Cloud::Worldwide, 2, Language::English))
    );
    assert_eq!(found(Cloud::Worldwide, 2, Language::Dutch), None);
    assert_duplicate(try_write(engine, |store| {
        store.insert_agreement_document(&document(Cloud::Worldwide, 2, Language::English))
    }));
}

fn acceptances(engine: &impl Engine) {
    found(engine);
    let latest = || read(engine, |store| store.latest_acceptance(organization_id(1)));
    assert_eq!(latest(), None);
    write(engine, |store| {
        for (number, version) in [(4, 1), (1, 3), (3, 3), (5, 2)] {
            store.insert_acceptance(&acceptance(1, number, version))?;
        }
        store.insert_acceptance(&acceptance(2, 9, 9))
    });
    assert_eq!(latest(), Some(acceptance(1, 3, 3)));
    let ids: Vec<_> = read(engine, |store| store.acceptances(organization_id(1)))
        .into_iter()
        .map(|acceptance| acceptance.id)
        .collect();
    assert_eq!(ids, [1, 3, 4, 5].map(acceptance_id));
    assert_duplicate(try_write(engine, |store| store.insert_acceptance(&acceptance(1, 4, 7))));
}

fn invitations(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_invitation(&invitation(1, 2, 5))?;
        store.insert_invitation(&invitation(1, 3, 7))?;
        store.insert_invitation(&invitation(1, 2, 6))?;
        // No use case allows the same organization on both sides; still, the row is listed
        // once.
        store.insert_invitation(&invitation(2, 2, 4))
    });
    let listed = |organization| -> Vec<_> {
        read(engine, |store| rows::invitations(store, organization_id(organization)))
            .into_iter()
            .map(|invitation| invitation.id)
            .collect()
    };
    assert!(listed(1).is_empty(), "a customer does not see drafts");
    assert_eq!(listed(2), [6, 5, 4].map(invitation_id));
    assert_eq!(listed(3), [7].map(invitation_id));
    assert_duplicate(try_write(engine, |store| store.insert_invitation(&invitation(2, 3, 5))));

    // All states, and all fields that can change.
    let states = || {
        let (at, by) = (moment(20), user_id(3));
        [
            InvitationState::Sent { at, expires: moment(30), resent: None },
            InvitationState::Sent { at, expires: moment(40), resent: Some(moment(25)) },
            InvitationState::Accepted { at, by, sent: Some(at) },
            InvitationState::Canceled {
                at,
                by,
                reason: Some("No \"thanks\"".parse().unwrap()),
                sent: Some(at),
            },
            InvitationState::Canceled { at, by, reason: None, sent: None },
            InvitationState::Withdrawn { at, by, sent: Some(at) },
            InvitationState::Draft,
        ]
    };
    for (version, state) in (2..).zip(states()) {
        let mut changed = invitation(1, 3, 5);
        changed.state = state;
        changed.version = version;
        changed.partner_type = PartnerType::Mpsa;
        changed.admin_roles.clear();
        changed.message = None;
        changed.recipient = (version % 2 == 0).then(|| "x@y.example".parse().unwrap());
        changed.recipient_name = (version % 2 == 1).then(|| "Xenia".parse().unwrap());
        changed.enquiry = (version % 2 == 0).then(|| enquiry_id(9));
        changed.terms = (version % 2 == 1).then(|| "Net 14 days".parse().unwrap());
        changed.offer = invitation(1, 3, u128::from(version % 2 == 0)).offer;
        let written = changed.clone();
        write(engine, move |store| store.update_invitation(&written, None));
        assert_eq!(
            read(engine, |store| store.invitation(organization_id(3), invitation_id(5))),
            Some(changed)
        );
    }
    for (customer, number, version) in
        [(1, 5, 8), (1, 5, 10), (1, 8, 2), (2, 5, 9), (1, 5, i64::MIN)]
    {
        assert_stale(try_write(engine, move |store| {
            let mut changed = invitation(customer, 2, number);
            changed.version = version;
            store.update_invitation(&changed, None)
        }));
    }
}

fn links_of_invitations(engine: &impl Engine) {
    found(engine);
    let by = |number| {
        read(engine, |store| store.invitation_by_token(&token(number)))
            .map(|invitation| (invitation.id, invitation.version))
    };
    let at = |number, version| {
        let mut changed = invitation(1, 2, number);
        changed.version = version;
        changed
    };
    write(engine, move |store| {
        store.insert_invitation(&invitation(1, 2, 5))?;
        store.insert_invitation(&invitation(1, 2, 6))?;
        store.update_invitation(&at(5, 2), Some(&token(1)))
    });
    assert_eq!(by(1), Some((invitation_id(5), 2)));
    // A change without a token keeps the link; one with a token replaces it.
    write(engine, move |store| store.update_invitation(&at(5, 3), None));
    assert_eq!(by(1), Some((invitation_id(5), 3)));
    write(engine, move |store| store.update_invitation(&at(5, 4), Some(&token(2))));
    assert_eq!(by(1), None);
    assert_eq!(by(2), Some((invitation_id(5), 4)));
    write(engine, move |store| store.update_invitation(&at(5, 5), Some(&token(2))));
    assert_duplicate(try_write(engine, move |store| {
        store.update_invitation(&at(6, 2), Some(&token(2)))
    }));
    // For a stale row, the error is that it is stale.
    assert_stale(try_write(engine, move |store| {
        store.update_invitation(&at(6, 3), Some(&token(2)))
    }));
    assert_eq!(by(2), Some((invitation_id(5), 5)));
}

fn relationships(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_relationship(&relationship(1, 2, 7))?;
        store.insert_relationship(&relationship(1, 3, 5))?;
        store.insert_relationship(&relationship(1, 2, 6))
    });
    let listed = |organization| -> Vec<_> {
        read(engine, |store| rows::relationships(store, organization_id(organization)))
            .into_iter()
            .map(|relationship| relationship.id)
            .collect()
    };
    assert_eq!(listed(1), [5, 6, 7].map(relationship_id));
    assert_eq!(listed(2), [6, 7].map(relationship_id));
    assert_eq!(listed(3), [5].map(relationship_id));
    assert_duplicate(try_write(engine, |store| store.insert_relationship(&relationship(2, 3, 5))));
    let changed = || {
        let mut changed = relationship(1, 2, 6);
        changed.version = 2;
        changed.grants.clear();
        changed.state =
            RelationshipState::Ended { at: moment(40), by: EndedBy::Customer, user: user_id(1) };
        changed
    };
    write(engine, move |store| store.update_relationship(&changed()));
    for organization in [1, 2] {
        assert_eq!(
            read(engine, |store| store
                .relationship(organization_id(organization), relationship_id(6))),
            Some(changed())
        );
    }
    for (customer, number, version) in
        [(1, 6, 2), (1, 6, 4), (2, 6, 3), (1, 9, 2), (1, 6, i64::MIN)]
    {
        assert_stale(try_write(engine, move |store| {
            let mut other = relationship(customer, 2, number);
            other.version = version;
            store.update_relationship(&other)
        }));
    }
}

fn enquiries(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_enquiry(&enquiry(1, 2, 5))?;
        store.insert_enquiry(&enquiry(1, 3, 7))?;
        store.insert_enquiry(&enquiry(1, 2, 6))
    });
    let listed = |organization| -> Vec<_> {
        read(engine, |store| rows::enquiries(store, organization_id(organization)))
            .into_iter()
            .map(|enquiry| enquiry.id)
            .collect()
    };
    assert_eq!(listed(1), [7, 6, 5].map(enquiry_id));
    assert_eq!(listed(2), [6, 5].map(enquiry_id));
    assert_eq!(listed(3), [7].map(enquiry_id));
    assert_duplicate(try_write(engine, |store| store.insert_enquiry(&enquiry(2, 3, 5))));
    let states = || {
        let (at, by) = (moment(20), user_id(2));
        [
            EnquiryState::Sent { expires: moment(30) },
            EnquiryState::Read { at, by, expires: moment(30) },
            EnquiryState::Declined { at, by, reason: "No \"people\" left".parse().unwrap() },
            EnquiryState::Invited { at, by, invitation: invitation_id(8) },
        ]
    };
    for (version, state) in (2..).zip(states()) {
        // All other fields of another enquiry, so that each is written.
        let other = enquiry(1, 2, if version % 2 == 0 { 5 } else { 6 });
        let mut changed = rules::Enquiry { id: enquiry_id(6), ..other };
        changed.state = state;
        changed.version = version;
        let written = changed.clone();
        write(engine, move |store| store.update_enquiry(&written));
        for organization in [1, 2] {
            assert_eq!(
                read(engine, |store| store.enquiry(organization_id(organization), enquiry_id(6))),
                Some(changed.clone())
            );
        }
    }
    assert_eq!(read(engine, |store| store.enquiry(organization_id(3), enquiry_id(6))), None);
    for (customer, number, version) in
        [(1, 6, 5), (1, 6, 7), (2, 6, 6), (1, 9, 2), (1, 6, i64::MIN)]
    {
        assert_stale(try_write(engine, move |store| {
            let mut other = enquiry(customer, 2, number);
            other.version = version;
            store.update_enquiry(&other)
        }));
    }
}

fn profiles(engine: &impl Engine) {
    found(engine);
    let kept = |partner| read(engine, |store| store.profile(organization_id(partner)));
    assert_eq!(kept(2), None);
    for version in [i64::MIN, 0, 2] {
        assert_stale(try_write(engine, move |store| {
            store.set_profile(&rules::Profile { version, ..profile(2) })
        }));
    }
    write(engine, |store| store.set_profile(&profile(2)));
    assert_eq!(kept(2), Some(profile(2)));
    assert_eq!(kept(3), None);
    for version in [0, 1, 3] {
        assert_stale(try_write(engine, move |store| {
            store.set_profile(&rules::Profile { version, ..profile(2) })
        }));
    }
    let bare = || rules::Profile { version: 2, ..rules::Profile::empty(organization_id(2)) };
    write(engine, move |store| store.set_profile(&bare()));
    assert_eq!(kept(2), Some(bare()));
    assert_engine_error(try_write(engine, |store| store.set_profile(&profile(9))));
}

fn audit_logs(engine: &impl Engine) {
    found(engine);
    assert_eq!(read(engine, |store| store.audit_head(organization_id(1))), None);
    write(engine, |store| {
        for sequence in 1..=10 {
            let target = if sequence % 3 == 0 { "a" } else { "b" };
            store.append_audit(&audit(1, sequence, target))?;
        }
        store.append_audit(&audit(2, 1, "a"))
    });
    assert_eq!(read(engine, |store| store.audit_head(organization_id(1))), Some(audit(1, 10, "b")));
    let sequences = |target: Option<&str>, before, limit| -> Vec<_> {
        read(engine, |store| store.audit(organization_id(1), target, before, limit))
            .into_iter()
            .map(|record| record.sequence)
            .collect()
    };
    assert_eq!(sequences(None, None, 3), [10, 9, 8]);
    assert_eq!(sequences(None, Some(3), 100), [2, 1]);
    assert_eq!(sequences(Some("a"), None, 2), [9, 6]);
    assert_eq!(sequences(Some("a"), Some(9), 100), [6, 3]);
    assert_eq!(sequences(Some("c"), None, 100), [0_i64; 0]);
    assert_eq!(sequences(None, None, 0), [0_i64; 0]);
    assert_eq!(sequences(None, Some(i64::MIN), u32::MAX), [0_i64; 0]);
    assert_duplicate(try_write(engine, |store| store.append_audit(&audit(1, 10, "other"))));
}

fn mails(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_mail(&mail(1, 4))?;
        store.insert_mail(&mail(2, 6))?;
        store.insert_mail(&mail(1, 5))
    });
    let listed = |organization: Option<OrganizationId>, limit| -> Vec<_> {
        read(engine, |store| rows::mails(store, organization, limit))
            .into_iter()
            .map(|mail| mail.id)
            .collect()
    };
    assert_eq!(listed(Some(organization_id(1)), 9), [5, 4].map(mail_id));
    assert_eq!(listed(Some(organization_id(1)), 1), [5].map(mail_id));
    assert_eq!(listed(None, 9), [6, 5, 4].map(mail_id));
    assert_eq!(listed(None, 2), [6, 5].map(mail_id));
    assert_duplicate(try_write(engine, |store| store.insert_mail(&mail(3, 4))));
    let changed = || {
        let mut changed = mail(1, 4);
        changed.status = MailStatus::Sent;
        changed.attempts = u32::MAX;
        changed.next = moment(50);
        changed.last_error = Some("4.2.2 \"full\"".to_owned());
        changed.text.clear();
        changed.html.clear();
        changed
    };
    write(engine, move |store| store.update_mail(&changed()));
    assert_eq!(write(engine, |store| store.mail(mail_id(4))), Some(changed()));
    assert_eq!(write(engine, |store| store.mail(mail_id(9))), None);
    assert_stale(try_write(engine, |store| store.update_mail(&mail(1, 9))));
    assert_stale(try_write(engine, |store| store.update_mail(&mail(2, 4))));
}

fn waiting_mails(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        for (number, invitation, status) in [
            (6, Some(1), MailStatus::Waiting),
            (5, Some(1), MailStatus::Sent),
            (4, Some(1), MailStatus::Failed),
            (3, Some(1), MailStatus::Superseded),
            (2, Some(1), MailStatus::Waiting),
            (1, Some(2), MailStatus::Waiting),
            (7, None, MailStatus::Waiting),
        ] {
            let mut mail = mail(1 + number % 2, number);
            mail.invitation = invitation.map(invitation_id);
            mail.status = status;
            store.insert_mail(&mail)?;
            assert_eq!(store.mail(mail.id)?, Some(mail));
        }
        Ok(())
    });
    let about = |invitation| -> Vec<_> {
        read(engine, |store| store.waiting_mails(invitation_id(invitation)))
            .into_iter()
            .map(|mail| mail.id)
            .collect()
    };
    assert_eq!(about(1), [2, 6].map(mail_id));
    assert_eq!(about(2), [1].map(mail_id));
    assert_eq!(about(3), []);
    // The invitation of a mail can change like its other fields.
    write(engine, |store| {
        let mut mail = mail(1, 2);
        mail.invitation = Some(invitation_id(3));
        store.update_mail(&mail)
    });
    assert_eq!(about(1), [6].map(mail_id));
    assert_eq!(about(3), [2].map(mail_id));
}

fn due_mails(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        for (number, next, status) in [
            (1, 30, MailStatus::Waiting),
            (2, 20, MailStatus::Waiting),
            (3, 20, MailStatus::Waiting),
            (4, 10, MailStatus::Sent),
            (5, 10, MailStatus::Failed),
            (6, 31, MailStatus::Waiting),
            (7, 10, MailStatus::Superseded),
        ] {
            let mut mail = mail(1 + number % 2, number);
            mail.next = moment(next);
            mail.status = status;
            store.insert_mail(&mail)?;
        }
        Ok(())
    });
    let due = |now, limit| -> Vec<_> {
        read(engine, |store| store.due_mails(moment(now), limit))
            .into_iter()
            .map(|mail| mail.id)
            .collect()
    };
    assert_eq!(due(30, 9), [2, 3, 1].map(mail_id));
    assert_eq!(due(30, 2), [2, 3].map(mail_id));
    assert_eq!(due(19, 9), []);
}

fn nothing_of_another_organization_is_seen(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_invitation(&invitation(1, 2, 1))?;
        store.insert_relationship(&relationship(1, 2, 1))?;
        store.insert_enquiry(&enquiry(1, 2, 1))?;
        store.insert_acceptance(&acceptance(1, 1, 1))?;
        store.append_audit(&audit(1, 1, "a"))?;
        store.insert_mail(&mail(1, 1))
    });
    let other = organization_id(3);
    read(engine, |store| {
        assert_eq!(store.user(other, user_id(1))?, None);
        assert_eq!(store.invitation(other, invitation_id(1))?, None);
        assert_eq!(rows::invitations(store, other)?, []);
        assert_eq!(store.relationship(other, relationship_id(1))?, None);
        assert_eq!(rows::relationships(store, other)?, []);
        assert_eq!(store.enquiry(other, enquiry_id(1))?, None);
        assert_eq!(rows::enquiries(store, other)?, []);
        assert_eq!(store.acceptances(other)?, []);
        assert_eq!(store.latest_acceptance(other)?, None);
        assert_eq!(store.audit(other, Some("a"), None, 9)?, []);
        assert_eq!(store.audit_head(other)?, None);
        assert_eq!(rows::mails(store, Some(other), 9)?, []);
        Ok(())
    });
}

fn a_row_names_only_what_is_there(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_invitation(&invitation(1, 2, 1))?;
        store.insert_enquiry(&enquiry(1, 2, 1))?;
        store.insert_relationship(&relationship(1, 2, 1))
    });
    assert_engine_error(try_write(engine, |store| store.insert_user(&user(9, 9))));
    assert_engine_error(try_write(engine, |store| store.insert_session(&session(1, 2, 1))));
    assert_engine_error(try_write(engine, |store| store.insert_acceptance(&acceptance(9, 1, 1))));
    assert_engine_error(try_write(engine, |store| store.insert_invitation(&invitation(1, 9, 9))));
    assert_engine_error(try_write(engine, |store| {
        store.insert_relationship(&relationship(9, 2, 9))
    }));
    assert_engine_error(try_write(engine, |store| store.insert_enquiry(&enquiry(9, 2, 9))));
    assert_engine_error(try_write(engine, |store| store.insert_enquiry(&enquiry(1, 9, 9))));
    assert_engine_error(try_write(engine, |store| {
        let mut changed = enquiry(1, 9, 1);
        changed.version = 2;
        store.update_enquiry(&changed)
    }));
    assert_engine_error(try_write(engine, |store| store.append_audit(&audit(9, 1, "a"))));
    assert_engine_error(try_write(engine, |store| store.insert_mail(&mail(9, 1))));
    assert_engine_error(try_write(engine, |store| {
        let mut changed = invitation(1, 9, 1);
        changed.version = 2;
        store.update_invitation(&changed, None)
    }));
    assert_engine_error(try_write(engine, |store| {
        let mut changed = relationship(1, 9, 1);
        changed.version = 2;
        store.update_relationship(&changed)
    }));
}

fn refused_work_leaves_nothing(engine: &impl Engine) {
    found(engine);
    let before = read(engine, crate::content::everything);
    for refused in [
        Error::NOT_FOUND,
        Error::Store(StoreError::Stale),
        Error::Store(StoreError::Engine("no".to_owned())),
    ] {
        let mut refused = Some(refused);
        let result: service::Result<()> = engine.write(move |store| {
            store.insert_organization(&customer(4))?;
            store.insert_user(&user(4, 4))?;
            store.insert_relationship(&relationship(4, 2, 1))?;
            store.insert_enquiry(&enquiry(4, 2, 1))?;
            store.set_profile(&profile(2))?;
            store.append_audit(&audit(1, 1, "a"))?;
            store.delete_sessions(organization_id(1), user_id(1))?;
            Err(refused.take().unwrap_or(Error::NOT_FOUND))
        });
        assert!(result.is_err());
    }
    assert_eq!(read(engine, crate::content::everything), before);
    // A failed statement does not end the transaction: work that handles it can continue.
    write(engine, |store| {
        assert_duplicate(store.insert_organization(&customer(1)));
        store.insert_organization(&customer(4))
    });
    assert_eq!(listed(engine).len(), 4);
}

fn a_transaction_reads_what_it_wrote(engine: &impl Engine) {
    found(engine);
    let seen = write(engine, |store| {
        store.append_audit(&audit(1, 1, "a"))?;
        store.append_audit(&audit(1, 2, "a"))?;
        store.insert_relationship(&relationship(1, 2, 1))?;
        Ok((
            store.audit_head(organization_id(1))?.map(|head| head.sequence),
            rows::relationships(store, organization_id(2))?.len(),
        ))
    });
    assert_eq!(seen, (Some(2), 1));
}

fn every_change_is_counted(engine: &impl Engine) {
    found(engine);
    let commits = || read(engine, |store| store.commits());
    let before = commits();
    assert_eq!(commits(), before, "reading is no change");
    let refused: service::Result<()> = engine.write(|store| {
        store.append_audit(&audit(1, 1, "a"))?;
        Err(Error::NOT_FOUND)
    });
    assert!(refused.is_err());
    assert_eq!(commits(), before, "nothing of refused work is kept");
    write(engine, |store| store.append_audit(&audit(1, 1, "a")));
    let changed = commits();
    assert!(changed > before);
    write(engine, |store| store.delete_session(&token(1)));
    write(engine, |store| store.insert_relationship(&relationship(1, 2, 1)));
    assert!(commits() > changed);
}

fn any_script_survives(engine: &impl Engine) {
    found(engine);
    let whole = |length, piece: &str| -> String { piece.chars().cycle().take(length).collect() };
    let pieces = || {
        [
            "翠河贸易",
            "𠜎𠜱🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧‍👦",
            "O'Brien \"x\" \\ `y` -- ; $1 % _",
            "שלום مرحبا",
            "e\u{301}ä\u{308}ﬁ",
        ]
    };
    for (number, piece) in (10..).zip(pieces()) {
        let name = whole(rules::DisplayName::MAX, piece);
        let note = whole(rules::Note::MAX - 1, piece) + ".";
        write(engine, move |store| {
            let name = name.parse().map_err(|_| StoreError::Stale)?;
            let organization = renamed(partner(number), name);
            store.insert_organization(&organization)?;
            let mut invitation = invitation(number, 2, number);
            invitation.message = Some(note.parse().map_err(|_| StoreError::Stale)?);
            invitation.recipient_name = Some(organization.name().clone());
            store.insert_invitation(&invitation)?;
            let mut profile = profile(number);
            profile.description = Some(note.parse().map_err(|_| StoreError::Stale)?);
            store.set_profile(&profile)?;
            assert_eq!(store.profile(organization.id())?, Some(profile));
            let mut mail = mail(number, number);
            mail.text.clone_from(&note);
            mail.html = note.repeat(20);
            mail.subject = note.chars().rev().collect();
            store.insert_mail(&mail)?;
            let mut audit = audit(number, 1, &note);
            audit.content.clone_from(&mail.html);
            store.append_audit(&audit)?;
            assert_eq!(store.organization(organization.id())?, Some(organization));
            let kept = store.invitation(invitation.customer, invitation.id)?;
            assert_eq!(kept, Some(invitation));
            assert_eq!(store.mail(mail.id)?, Some(mail));
            assert_eq!(store.audit(audit.organization, Some(&note), None, 1)?, [audit]);
            Ok(())
        });
    }
}
