//! Changes of all subjects, by example.

use rules::{
    AdminRole, AgreementDocument, AgreementToAccept, Capability, CapabilityStatus, Cloud, Currency,
    DAY, DisplayName, DocumentHash, DomainName, ENQUIRY_LIFETIME, EmailAddress, EndedBy, Enquiry,
    EnquiryChange, EnquiryContent, EnquiryFacts, EnquiryState, EnquiryToSend, INVITATION_LIFETIME,
    Invitation, InvitationAction, InvitationChange, InvitationContent, InvitationFacts,
    InvitationId, InvitationState, Language, Money, NewInvitation, Note, Offer, Order, OrderFacts,
    OrganizationFacts, OrganizationKind, PartnerOfRecord, PartnerType, PastPartnerOfRecord,
    ProductId, RESEND_PAUSE, Refusal, Relationship, RelationshipAction, RelationshipChange,
    RelationshipFacts, RelationshipState, Subscription, SubscriptionChange, SubscriptionFacts,
    SubscriptionState, SubscriptionStatus, TRIAL_LENGTH, Term, UserId, UserRole, VersionedSubject,
    allowed_actions, check, ensure_recipient_in_domain,
};

use crate::samples::{
    ApplyNow, NOW, Seller, accounts, any_user, content, customer, enquiry, invitation, member,
    offer, order, organization, organization_facts, partner, record, relationship, subscription,
    subscription_changes,
};

#[test]
fn what_a_partner_can_do_now_depends_on_its_type_roles_and_the_agreement() {
    let statuses = |kind, roles: &[AdminRole], agreement_accepted| {
        let mut one = relationship(kind, Cloud::Worldwide, RelationshipState::Active, true);
        one.record.grants.retain(|grant| roles.contains(&grant.role));
        one.agreement_accepted = agreement_accepted;
        one.capabilities(NOW)
    };
    let global = [AdminRole::GlobalAdministrator];
    for kind in PartnerType::ALL {
        let capabilities = statuses(*kind, &global, true);
        let of_type: Vec<_> = capabilities.iter().map(|(capability, _)| *capability).collect();
        assert_eq!(of_type, kind.capabilities());
        assert!(capabilities.iter().all(|(_, status)| *status == CapabilityStatus::Available));
    }
    let kind = PartnerType::ResellerAndDelegatedAdministrator;
    assert_eq!(
        statuses(kind, &[AdminRole::HelpdeskAdministrator], false),
        [
            (Capability::SellProducts, CapabilityStatus::Available),
            (Capability::ManageSubscriptions, CapabilityStatus::AgreementMissing),
            (Capability::ManageUsers, CapabilityStatus::RoleMissing),
            (Capability::ManageLicenses, CapabilityStatus::RoleMissing),
            (Capability::ResetPasswords, CapabilityStatus::Available),
            (Capability::HandleSupport, CapabilityStatus::Available),
        ]
    );
    let without = statuses(PartnerType::Advisor, &[], true);
    assert!(without.iter().all(|(_, status)| *status == CapabilityStatus::RoleMissing));
    let user = any_user();
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user };
    assert!(relationship(kind, Cloud::Worldwide, ended, true).capabilities(NOW).is_empty());
}

#[test]
fn only_an_active_relationship_of_a_type_that_resells_sells() {
    let (at, by, user) = (NOW, EndedBy::Partner, any_user());
    for kind in PartnerType::ALL {
        let sells = |state| relationship(*kind, Cloud::Worldwide, state, true).record.sells();
        assert_eq!(sells(RelationshipState::Active), kind.resells());
        assert!(!sells(RelationshipState::Ended { at, by, user }));
    }
}

#[test]
fn an_order_creates_a_subscription_of_the_customer() {
    let cloud = Cloud::Worldwide;
    let admin = member(customer(), UserRole::BillingAdministrator, cloud);
    let from_microsoft =
        OrderFacts::FromMicrosoft(organization_facts(OrganizationKind::Customer, cloud));
    let accounts = accounts(cloud);
    let placed = |place: Option<usize>| {
        from_microsoft.place(&admin, order(place.map(|place| accounts[place].clone())), NOW)
    };
    let expected = Subscription {
        product: Some(ProductId::new(NOW, 1)),
        created: NOW,
        ..subscription(cloud, SubscriptionState::Active, None, None).record
    };
    assert_eq!(placed(None), Ok(expected.clone()));
    let named = PartnerOfRecord { since: NOW, ..record(partner()) };
    let with_partner = Subscription { partner_of_record: Some(named), ..expected.clone() };
    assert_eq!(placed(Some(0)), Ok(with_partner));
    assert_eq!(placed(Some(3)), Err(Refusal::PartnerIdIsGlobalAccount));
    assert_eq!(placed(Some(4)), Err(Refusal::PartnerNotInCloud));

    let agent = member(partner(), UserRole::AdminAgent, cloud);
    let selling = relationship(PartnerType::Reseller, cloud, RelationshipState::Active, true);
    let selling = RelationshipFacts { agreement_accepted: true, ..selling };
    let from_reseller = OrderFacts::FromReseller(selling);
    let sold =
        Subscription { seller: Some(partner()), created_by_organization: partner(), ..expected };
    assert_eq!(from_reseller.place(&agent, order(None), NOW), Ok(sold));
    let other = order(Some(accounts[0].clone()));
    let refused = Err(Refusal::CustomerSetsPartnerOfRecord);
    assert_eq!(from_reseller.place(&agent, other, NOW), refused);
}

#[test]
fn an_order_at_a_price_that_was_not_shown_is_refused() {
    let cloud = Cloud::Germany;
    let admin = member(customer(), UserRole::GlobalAdministrator, cloud);
    let facts = OrderFacts::FromMicrosoft(organization_facts(OrganizationKind::Customer, cloud));
    for shown_price in [
        Money { amount: 2_349, currency: Currency::Eur },
        Money { amount: 2_350, currency: Currency::Usd },
    ] {
        let order = Order { shown_price, ..order(None) };
        assert_eq!(facts.place(&admin, order, NOW), Err(Refusal::PriceChanged));
    }
}

#[test]
fn the_agreement_is_accepted_as_it_was_shown() {
    let facts = organization_facts(OrganizationKind::Customer, Cloud::Worldwide);
    let hash = |digit: &str| DocumentHash::parse(&digit.repeat(64)).expect("a hash");
    let document = |cloud, version| AgreementDocument {
        cloud,
        language: Language::English,
        version,
        title: DisplayName::parse("Agreement").expect("a title"),
        body: String::new(),
        hash: hash("a"),
        added: NOW,
    };
    let current = || Some(document(Cloud::Worldwide, 2));
    let confirmation = |acknowledged| AgreementToAccept { hash: hash("a"), acknowledged };
    let confirm = |facts: &OrganizationFacts, confirmation: &AgreementToAccept, shown| {
        facts.ensure_agreement_confirmed(confirmation, shown)
    };
    assert_eq!(confirm(&facts, &confirmation(true), current()), Ok(document(Cloud::Worldwide, 2)));
    let refused = confirm(&facts, &confirmation(false), current());
    assert_eq!(refused, Err(Refusal::AgreementNotAcknowledged));
    for shown in [None, Some(document(Cloud::Worldwide, 1)), Some(document(Cloud::Germany, 2))] {
        let refused = confirm(&facts, &confirmation(true), shown);
        assert_eq!(refused, Err(Refusal::AgreementChanged));
    }
    let other = AgreementToAccept { hash: hash("b"), acknowledged: true };
    assert_eq!(confirm(&facts, &other, current()), Err(Refusal::AgreementChanged));
    let without = OrganizationFacts { current_agreement: None, ..facts };
    let refused = confirm(&without, &confirmation(true), current());
    assert_eq!(refused, Err(Refusal::AgreementUnavailable));
}

#[test]
fn an_enquiry_is_sent_to_a_partner_in_the_customers_cloud() {
    let cloud = Cloud::Germany;
    let admin = member(customer(), UserRole::BillingAdministrator, cloud);
    let reader = member(customer(), UserRole::GlobalReader, cloud);
    let expected = enquiry(cloud, EnquiryState::Sent { expires: NOW.plus(ENQUIRY_LIFETIME) });
    let Enquiry { country, city, size, needs, contact_name, contact_email, contact_phone, .. } =
        expected.record.clone();
    let content =
        EnquiryContent { country, city, size, needs, contact_name, contact_email, contact_phone };
    let new = EnquiryToSend {
        id: expected.record.id,
        customer: organization_facts(OrganizationKind::Customer, cloud),
        customer_domain: DomainName::parse("customer.example").expect("a domain"),
        partner: partner(),
        partner_clouds: vec![Cloud::Worldwide, cloud],
        content,
    };
    let send = |actor, new: &EnquiryToSend| EnquiryFacts::send(actor, new.clone(), NOW);
    assert_eq!(send(&admin, &new), Ok(expected));
    assert_eq!(send(&reader, &new), Err(Refusal::BillingAdministratorRequired));
    let elsewhere = EnquiryToSend { partner_clouds: vec![Cloud::Worldwide], ..new.clone() };
    assert_eq!(send(&admin, &elsewhere), Err(Refusal::PartnerNotInCloud));
    let mut stranger = new;
    stranger.content.contact_email = "anna@other.example".parse().expect("an address");
    assert_eq!(send(&admin, &stranger), Err(Refusal::RecipientNotOfCustomer));
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
            before.apply_now(&admin, RelationshipChange::RemoveAdminRoles, NOW).expect("allowed");
        let after = after.record;
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
    let view = |one: &InvitationFacts| check(&admin, one, InvitationAction::View, NOW);
    let draft = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
    let sent = draft.apply_now(&agent, InvitationChange::Send, NOW).expect("allowed");
    let withdraw = |one: InvitationFacts| {
        one.apply_now(&agent, InvitationChange::Withdraw, NOW).expect("allowed")
    };
    assert_eq!(view(&withdraw(draft)), Err(Refusal::InvitationNotSent));
    assert_eq!(view(&withdraw(sent)), Ok(()));
}

#[test]
fn an_invitation_is_sent_again_after_a_day_with_90_more_days() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    let draft = invitation(PartnerType::Reseller, Cloud::Worldwide, InvitationState::Draft);
    assert_eq!(draft.record.resendable_from(), None);
    let sent = draft.apply_now(&agent, InvitationChange::Send, NOW).expect("allowed");
    let from = NOW.plus(RESEND_PAUSE);
    assert_eq!(sent.record.resendable_from(), Some(from));
    let resend = |one: &InvitationFacts, now| one.apply_now(&agent, InvitationChange::Resend, now);
    assert_eq!(resend(&sent, from.plus(-1)), Err(Refusal::InvitationSentRecently));
    let again = resend(&sent, from).expect("allowed");
    let expires = from.plus(INVITATION_LIFETIME);
    assert_eq!(again.record.state, InvitationState::Sent { at: NOW, expires, resent: Some(from) });
    assert_eq!(again.record.resendable_from(), Some(from.plus(RESEND_PAUSE)));
    assert_eq!(resend(&again, from), Err(Refusal::InvitationSentRecently));
    assert_eq!(resend(&again, expires), Err(Refusal::InvitationExpired));
}

#[test]
fn a_sales_agent_writes_and_an_admin_agent_sends() {
    let sales = member(partner(), UserRole::SalesAgent, Cloud::Worldwide);
    let draft = invitation(PartnerType::Reseller, Cloud::Worldwide, InvitationState::Draft);
    let allowed = allowed_actions(&sales, &draft, NOW);
    assert_eq!(allowed, [InvitationAction::View, InvitationAction::Edit]);
    let edit = InvitationChange::Edit(content(&draft.record));
    let mut edited = draft.apply_now(&sales, edit, NOW).expect("allowed");
    assert_eq!(edited.record.version, 2);
    edited.record.version = 1;
    assert_eq!(edited, draft);
}

#[test]
fn a_code_encodes_the_random_bits_without_ambiguous_characters() {
    let code = |random| {
        let one = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
        Invitation { id: InvitationId::new(NOW, random), ..one.record }.code()
    };
    assert_eq!(code(0), "0000-0000");
    assert_eq!(code(1), "0000-0001");
    assert_eq!(code(31), "0000-000Z");
    assert_eq!(code(0xff_ffff_ffff), "ZZZZ-ZZZZ");
    assert_eq!(code(0b10011_00111_10111_01111_00010_01001_10100_01101), "K7QF-29MD");
}

#[test]
fn mail_goes_to_the_customers_own_domain_or_a_part_of_it() {
    let fits = |address, domain| {
        let address = EmailAddress::parse(address).expect("an address");
        ensure_recipient_in_domain(&address, &DomainName::parse(domain).expect("a domain"))
    };
    for address in ["anna@contoso.example", "Anna@CONTOSO.example", "anna@nl.contoso.example"] {
        assert_eq!(fits(address, "contoso.example"), Ok(()), "{address}");
    }
    for address in [
        "anna@fabrikam.example",
        "anna@xcontoso.example",
        "anna@contoso.example.fabrikam.example",
        "contoso.example@fabrikam.example",
        "anna@contoso.exampl",
        // Latin letters of which one is Cyrillic, as a mail server writes them.
        "anna@xn--contos-sbh.example",
    ] {
        assert_eq!(
            fits(address, "contoso.example"),
            Err(Refusal::RecipientNotOfCustomer),
            "{address}"
        );
    }
    assert!(fits("anna@contoso.example", "nl.contoso.example").is_err());
}

#[test]
fn the_content_of_a_draft_is_checked_when_it_is_saved() {
    let sales = |cloud| member(partner(), UserRole::SalesAgent, cloud);
    for cloud in Cloud::ALL {
        let plain = invitation(PartnerType::Reseller, *cloud, InvitationState::Draft);
        let saved = |change: fn(&mut InvitationContent)| {
            let mut content = content(&plain.record);
            change(&mut content);
            let edited =
                plain.apply_now(&sales(*cloud), InvitationChange::Edit(content.clone()), NOW);
            let new = NewInvitation {
                id: plain.record.id,
                customer: customer(),
                cloud: *cloud,
                customer_domain: plain.customer_domain.clone(),
                enquiry: None,
                content,
            };
            let drafted = InvitationFacts::draft(&sales(*cloud), new, NOW);
            let mut expected = edited.clone();
            if let Ok(expected) = &mut expected {
                expected.record.version = 1;
            }
            assert_eq!(drafted, expected);
            edited
        };
        let only_in_21vianet =
            if *cloud == Cloud::Vianet21 { Ok(()) } else { Err(Refusal::OfferOnlyIn21Vianet) };
        let outcome = |change| saved(change).map(drop);
        assert_eq!(outcome(|content| content.offer = Some(offer())), only_in_21vianet);
        assert_eq!(
            outcome(|content| content.terms = Some(Note::parse("Thirty days.").expect("a note"))),
            only_in_21vianet
        );
        assert_eq!(
            outcome(|content| content.ask_for_admin_roles = true),
            Err(Refusal::RolesNotForType)
        );
        assert_eq!(
            outcome(|content| {
                content.recipient =
                    Some(EmailAddress::parse("anna@other.example").expect("an address"));
            }),
            Err(Refusal::RecipientNotOfCustomer)
        );
        for (partner_type, asks, roles) in [
            (PartnerType::Advisor, true, 2),
            (PartnerType::Advisor, false, 0),
            (PartnerType::DelegatedAdministrator, false, 2),
            (PartnerType::Lob, false, 0),
        ] {
            let mut content = content(&plain.record);
            (content.partner_type, content.ask_for_admin_roles) = (partner_type, asks);
            let edit = InvitationChange::Edit(content);
            let edited = plain.apply_now(&sales(*cloud), edit, NOW).expect("allowed").record;
            assert_eq!((edited.partner_type, edited.admin_roles.len()), (partner_type, roles));
        }
    }
}

#[test]
fn a_quantity_of_licenses_is_a_whole_number_within_reason() {
    assert_eq!(Offer::parse_quantity(" 25 "), Ok(25));
    assert_eq!(Offer::parse_quantity("10000"), Ok(10_000));
    assert_eq!(Offer::parse_quantity(" "), Err(rules::FieldError::Empty));
    for wrong in ["0", "-1", "10001", "1.5", "99999999999999", "ten", "1e3", "１"] {
        let error = rules::FieldError::NotAQuantity { max: 10_000 };
        assert_eq!(Offer::parse_quantity(wrong), Err(error), "{wrong}");
    }
}

#[test]
fn an_enquiry_keeps_its_first_reader_and_is_answered_once() {
    let agent = member(partner(), UserRole::SalesAgent, Cloud::Worldwide);
    let expires = NOW.plus(ENQUIRY_LIFETIME);
    let sent = enquiry(Cloud::Worldwide, EnquiryState::Sent { expires });
    let read = sent.apply_now(&agent, EnquiryChange::Read, NOW).expect("allowed");
    assert_eq!(read.record.state, EnquiryState::Read { at: NOW, by: any_user(), expires });
    assert_eq!(read.record.version, 2);
    let later = NOW.plus(DAY);
    assert_eq!(read.apply_now(&agent, EnquiryChange::Read, later).as_ref(), Ok(&read));
    let reason = Note::parse("No people").expect("a note");
    let decline = EnquiryChange::Decline(reason.clone());
    let declined = read.apply_now(&agent, decline.clone(), later).expect("allowed");
    assert_eq!(declined.record.state, EnquiryState::Declined { at: later, by: any_user(), reason });
    let invitation = InvitationId::new(NOW, 5);
    let answer = EnquiryChange::Answer(invitation);
    assert_eq!(declined.apply_now(&agent, answer.clone(), later), Err(Refusal::EnquiryDeclined));
    let answered = read.apply_now(&agent, answer.clone(), later).expect("allowed");
    assert_eq!(
        answered.record.state,
        EnquiryState::Invited { at: later, by: any_user(), invitation }
    );
    assert_eq!(answered.apply_now(&agent, decline, later), Err(Refusal::EnquiryAnswered));
    assert_eq!(read.apply_now(&agent, answer, expires), Err(Refusal::EnquiryExpired));
}

#[test]
fn a_partner_ends_any_relationship_but_not_a_reseller_that_has_subscriptions() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    for kind in PartnerType::ALL {
        let standing = relationship(*kind, Cloud::Worldwide, RelationshipState::Active, true);
        let selling = RelationshipFacts { active_subscriptions: 3, ..standing.clone() };
        let ended = standing.apply_now(&agent, RelationshipChange::End, NOW).expect("allowed");
        let ended = ended.record;
        assert_eq!(
            ended.state,
            RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user: any_user() }
        );
        // It keeps its grants, so that its past can be shown.
        assert_eq!(ended.grants.len(), kind.admin_roles().len());
        assert!(ended.roles(NOW).is_empty() && ended.ends(NOW).is_none());
        let refused = check(&agent, &selling, RelationshipAction::End, NOW);
        let expected = if kind.resells() { Err(Refusal::SubscriptionsActive) } else { Ok(()) };
        assert_eq!(refused, expected, "{kind}");
    }
}

#[test]
fn what_a_partner_offered_is_created_once_and_its_roles_stay() {
    let admin = member(customer(), UserRole::BillingAdministrator, Cloud::Vianet21);
    let kind = PartnerType::ResellerAndDelegatedAdministrator;
    let standing = relationship(kind, Cloud::Vianet21, RelationshipState::Active, true);
    let offering = RelationshipFacts { offer: Some(offer()), ..standing.clone() };
    let create = RelationshipChange::CreateFromOffer;
    let after = offering.apply_now(&admin, create, NOW).expect("allowed");
    let record = Relationship { version: 2, ..standing.record.clone() };
    assert_eq!(after, RelationshipFacts { record, ..standing });
    assert_eq!(after.apply_now(&admin, create, NOW), Err(Refusal::NoOffer));
}

#[test]
fn each_account_that_can_not_be_a_partner_of_record_says_why() {
    for cloud in Cloud::ALL {
        let answers: Vec<_> = accounts(*cloud)
            .iter()
            .map(|account| account.ensure_eligible_as_partner_of_record(*cloud))
            .collect();
        assert_eq!(
            answers,
            [
                Ok(()),
                Ok(()),
                Ok(()),
                Err(Refusal::PartnerIdIsGlobalAccount),
                Err(Refusal::PartnerNotInCloud),
            ]
        );
    }
}

#[test]
fn a_partner_of_record_is_added_changed_and_removed() {
    let admin = member(customer(), UserRole::BillingAdministrator, Cloud::Germany);
    let plain = subscription(Cloud::Germany, SubscriptionState::Active, None, None);
    let accounts = accounts(Cloud::Germany);
    let set = |one: &SubscriptionFacts, place: usize, now| {
        let change = SubscriptionChange::SetPartnerOfRecord(&accounts[place]);
        one.apply_now(&admin, change, now)
    };
    let (one, tenure) = set(&plain, 0, NOW).expect("allowed");
    assert_eq!(tenure, None);
    let first = one.record.partner_of_record.clone().expect("a partner of record");
    assert_eq!((first.partner_id.as_str(), first.since), ("4391507", NOW));
    assert_eq!(set(&one, 0, NOW), Err(Refusal::PartnerOfRecordUnchanged));
    assert_eq!(set(&one, 3, NOW), Err(Refusal::PartnerIdIsGlobalAccount));
    assert_eq!(set(&one, 4, NOW), Err(Refusal::PartnerNotInCloud));
    let (two, tenure) = set(&one, 2, NOW.plus(DAY)).expect("allowed");
    let tenure = tenure.expect("a time that is over");
    assert_eq!((tenure.record, tenure.until, tenure.number), (first, NOW.plus(DAY), 3));
    let remove = SubscriptionChange::RemovePartnerOfRecord;
    let later = NOW.plus(2 * DAY);
    let (none, tenure) = two.apply_now(&admin, remove, later).expect("allowed");
    assert_eq!(
        tenure.map(|tenure| (tenure.record.partner, tenure.number)),
        Some((organization(5), 4))
    );
    let record = Subscription { version: 4, ..plain.record.clone() };
    assert_eq!(none, SubscriptionFacts { record, ..plain });
    assert_eq!(none.apply_now(&admin, remove, later), Err(Refusal::NoPartnerOfRecord));
}

#[test]
fn a_decided_partner_of_record_replaces_the_former_whose_period_ends() {
    let state = SubscriptionState::Active;
    let plain = subscription(Cloud::Worldwide, state, None, None).record;
    let mut one = plain.clone();
    let (later, by) = (NOW.plus(DAY), UserId::new(NOW, 8));
    let (first, second) = (record(partner()), record(organization(5)));
    assert_eq!(one.replace_partner_of_record(Some(first.clone()), by, NOW), None);
    let expected =
        Subscription { partner_of_record: Some(first.clone()), version: 2, ..plain.clone() };
    assert_eq!(one, expected);
    let past = |record, number| PastPartnerOfRecord {
        customer: customer(),
        subscription: plain.id,
        number,
        record,
        until: later,
        ended_by: by,
    };
    let former = one.replace_partner_of_record(Some(second.clone()), by, later);
    assert_eq!(former, Some(past(first, 3)));
    let former = one.replace_partner_of_record(None, by, later);
    assert_eq!(former, Some(past(second, 4)));
    assert_eq!(one, Subscription { version: 4, ..plain });
}

#[test]
fn a_partner_does_not_see_other_partners_of_a_subscription() {
    let selling = Seller { sells: true, agreement_accepted: true };
    let left = Seller { sells: false, ..selling };
    let other = organization(5);
    for (seller, advisor, viewer, sees_seller, sees_record, sees_price) in [
        (Some(selling), Some(other), customer(), true, true, true),
        (Some(left), Some(other), customer(), true, true, true),
        (Some(selling), Some(other), partner(), true, false, true),
        (Some(selling), Some(partner()), partner(), true, true, true),
        (Some(left), Some(partner()), partner(), true, true, false),
        (Some(selling), Some(other), other, false, true, false),
        (None, Some(partner()), partner(), false, true, false),
    ] {
        let state = SubscriptionState::Active;
        let mut one = subscription(Cloud::Worldwide, state, seller, advisor.map(record));
        one.record.created_by_organization = partner();
        let redacted = one.clone().redacted_for(viewer);
        let seen = redacted.record.clone();
        assert_eq!(
            (seen.seller.is_some(), seen.partner_of_record.is_some(), seen.unit_price.is_some()),
            (sees_seller, sees_record, sees_price),
            "{one:?} {viewer}"
        );
        let creator = if viewer == other { customer() } else { partner() };
        assert_eq!(seen.created_by_organization, creator);
        if viewer == customer() {
            assert_eq!(redacted, one);
        }
    }
}

#[test]
fn a_subscription_is_suspended_reactivated_and_canceled() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let plain = subscription(Cloud::Worldwide, SubscriptionState::Active, None, None);
    let apply = |one: &SubscriptionFacts, change| {
        one.apply_now(&admin, change, NOW).map(|(after, _)| after)
    };
    let more = apply(&plain, SubscriptionChange::Quantity(40)).expect("allowed");
    assert_eq!(more.record.cost().map(|cost| cost.amount), Some(94_000));
    let suspended = apply(&more, SubscriptionChange::Suspend).expect("allowed");
    assert_eq!(suspended.record.state, SubscriptionState::Suspended { at: NOW, by: any_user() });
    let quantity = SubscriptionChange::Quantity(1);
    assert_eq!(apply(&suspended, quantity), Err(Refusal::SubscriptionSuspended));
    let again = apply(&suspended, SubscriptionChange::Reactivate).expect("allowed");
    let record = Subscription { version: 4, ..more.record.clone() };
    assert_eq!(again, SubscriptionFacts { record, ..more });
    let ended = apply(&again, SubscriptionChange::Cancel).expect("allowed");
    assert_eq!(ended.record.state, SubscriptionState::Ended { at: NOW, by: any_user() });
    for change in subscription_changes(&accounts(Cloud::Worldwide)[0], 1) {
        assert_eq!(apply(&ended, change), Err(Refusal::SubscriptionEnded));
    }
}

#[test]
fn an_active_subscription_renews_and_a_trial_ends() {
    let dates = |state| {
        let one = subscription(Cloud::Worldwide, state, None, None).record;
        (one.renews(NOW), one.ends())
    };
    let created = NOW.plus(-40 * DAY);
    assert_eq!(dates(SubscriptionState::Active), (Some(Term::Year.after(created, 1)), None));
    let ends = created.plus(TRIAL_LENGTH);
    let trial = SubscriptionState::Trial { ends };
    assert_eq!(dates(trial), (None, Some(ends)));
    assert_eq!(trial.status(ends.plus(-1)), SubscriptionStatus::Trial);
    assert_eq!(trial.status(ends), SubscriptionStatus::Ended);
    let (at, by) = (NOW, any_user());
    assert_eq!(dates(SubscriptionState::Suspended { at, by }), (None, None));
    assert_eq!(dates(SubscriptionState::Ended { at, by }), (None, None));
}

#[test]
fn giving_up_roles_has_the_same_result_as_removing_them() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    for kind in PartnerType::ALL {
        for roles in [true, false] {
            let one = relationship(*kind, Cloud::Worldwide, RelationshipState::Active, roles);
            let removed = one.apply_now(&admin, RelationshipChange::RemoveAdminRoles, NOW);
            let given_up = one.apply_now(&agent, RelationshipChange::GiveUpAdminRoles, NOW);
            assert_eq!(removed, given_up, "{kind}");
        }
    }
}

#[test]
fn a_role_that_ended_is_not_held_and_one_that_ends_later_is() {
    let mut one =
        relationship(PartnerType::Advisor, Cloud::Worldwide, RelationshipState::Active, true)
            .record;
    one.grants[0].ends = Some(NOW);
    one.grants[1].ends = Some(NOW.plus(1));
    assert_eq!(one.roles(NOW), [AdminRole::HelpdeskAdministrator]);
    assert_eq!(one.ends(NOW), Some(NOW.plus(1)));
    assert!(one.roles(NOW.plus(1)).is_empty());
}

#[test]
fn an_invitation_joins_only_an_active_relationship_of_the_same_two_in_the_same_cloud() {
    let cloud = Cloud::Worldwide;
    let asked = |kind| invitation(kind, cloud, InvitationState::Draft).record;
    let standing = |kind| relationship(kind, cloud, RelationshipState::Active, true).record;
    for one in PartnerType::ALL {
        for other in PartnerType::ALL {
            let joins = one == other || one.resells() && other.resells();
            assert_eq!(one.merged_with(*other).is_some(), joins, "{one} {other}");
            assert_eq!(standing(*one).merges(&asked(*other)), joins, "{one} {other}");
        }
    }
    let joined = PartnerType::Reseller.merged_with(PartnerType::ResellerAndDelegatedAdministrator);
    assert_eq!(joined, Some(PartnerType::ResellerAndDelegatedAdministrator));
    let kind = PartnerType::Reseller;
    let state = RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user: any_user() };
    for apart in [
        Relationship { customer: organization(7), ..standing(kind) },
        Relationship { partner: organization(7), ..standing(kind) },
        Relationship { cloud: Cloud::Germany, ..standing(kind) },
        Relationship { state, ..standing(kind) },
    ] {
        assert!(!apart.merges(&asked(kind)), "{apart:?}");
    }
}

#[test]
fn joining_renews_the_roles_that_are_asked_for_and_drops_those_that_ended() {
    let cloud = Cloud::Worldwide;
    let mut standing =
        relationship(PartnerType::Advisor, cloud, RelationshipState::Active, true).record;
    let later = NOW.plus(DAY);
    standing.grants[0].ends = Some(later);
    standing.grants[1].ends = Some(later.plus(DAY));
    let mut asked = invitation(PartnerType::Advisor, cloud, InvitationState::Draft).record;
    asked.admin_roles = vec![AdminRole::HelpdeskAdministrator];
    let id = standing.id;
    let joined = |now| Relationship::from_invitation(&asked, Some(standing.clone()), id, now);
    assert_eq!(joined(NOW).version, standing.version + 1);
    let kept = joined(NOW).grants;
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0], kept[1].ends), (standing.grants[0], None));
    let renewed = joined(later).grants;
    assert_eq!(renewed.len(), 1);
    assert_eq!((renewed[0].since, renewed[0].ends), (later, None));
}

#[test]
fn states_say_since_when_they_are_and_until_when_they_can_be_answered() {
    let expires = NOW.plus(DAY);
    let by = any_user();
    let sent = InvitationState::Sent { at: NOW, expires, resent: None };
    assert_eq!((sent.expires(), sent.since(NOW)), (Some(expires), Some(NOW)));
    assert_eq!(sent.since(expires.plus(-1)), Some(NOW));
    assert_eq!(sent.since(expires), Some(expires));
    assert_eq!(sent.since(expires.plus(1)), Some(expires));
    let whole = invitation(PartnerType::Lob, Cloud::Worldwide, sent).record;
    assert_eq!(whole.expires(), Some(expires));
    let accepted = InvitationState::Accepted { at: NOW, by, sent: None };
    assert_eq!((accepted.expires(), accepted.since(expires)), (None, Some(NOW)));
    assert_eq!((InvitationState::Draft.expires(), InvitationState::Draft.since(NOW)), (None, None));
    assert_eq!(EnquiryState::Sent { expires }.expires(), Some(expires));
    assert_eq!(EnquiryState::Read { at: NOW, by, expires }.expires(), Some(expires));
    let invited = EnquiryState::Invited { at: NOW, by, invitation: InvitationId::new(NOW, 1) };
    assert_eq!(invited.expires(), None);
}

#[test]
fn an_enquiry_waits_for_14_days_an_invitation_for_90_and_a_trial_lasts_30() {
    assert_eq!(ENQUIRY_LIFETIME, 14 * 24 * 60 * 60 * 1_000);
    assert_eq!(INVITATION_LIFETIME, 90 * 24 * 60 * 60 * 1_000);
    assert_eq!(TRIAL_LENGTH, 30 * 24 * 60 * 60 * 1_000);
}

#[test]
fn the_version_of_a_subject_is_that_of_its_record() {
    let cloud = Cloud::Worldwide;
    let mut invitation = invitation(PartnerType::Lob, cloud, InvitationState::Draft);
    let mut relationship = relationship(PartnerType::Lob, cloud, RelationshipState::Active, false);
    let mut enquiry = enquiry(cloud, EnquiryState::Sent { expires: NOW });
    let mut subscription = subscription(cloud, SubscriptionState::Active, None, None);
    invitation.record.version = 7;
    relationship.record.version = 8;
    enquiry.record.version = 9;
    subscription.record.version = 10;
    assert_eq!(
        [invitation.version(), relationship.version(), enquiry.version(), subscription.version()],
        [7, 8, 9, 10]
    );
}

#[test]
fn a_hash_has_64_hexadecimal_digits() {
    assert!(DocumentHash::parse(&"0f".repeat(32)).is_ok());
    for wrong in ["0f".repeat(31), "0f".repeat(33), "0g".repeat(32)] {
        assert_eq!(DocumentHash::parse(&wrong), Err(rules::FieldError::NotAHash), "{wrong}");
    }
}

#[test]
fn the_code_of_a_refusal_is_its_name() {
    assert_eq!(Refusal::NotTheSeller.code(), "notTheSeller");
}
