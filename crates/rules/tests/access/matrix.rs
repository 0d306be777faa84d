//! The permission matrix: every action of every actor in every state, compared with golden files.
//!
//! The golden files list who may do what, so that a changed rule is visible in review. Write them
//! again with `UPDATE_GOLDEN=1 cargo test -p rules`.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use rules::bounds;
use rules::{
    Actor, AdminRole, Cloud, DAY, EndedBy, EnquiryState, EnquiryStatus, HOUR, Invitation,
    InvitationState, Note, OrganizationFacts, OrganizationKind, PartnerType, Refusal,
    RelationshipFacts, RelationshipState, Subject, UserRole, check,
};
use strum::VariantArray;

use crate::decisions::{DecisionTable, Dimension};
use crate::samples::{
    NOW, any_user, customer, enquiry, enquiry_states, invitation, member, offer, order_sources,
    organization, organization_facts, partner, records, relationship, sellers, subscription,
    subscription_states,
};

/// Everyone who may ask: each role in the organizations that are concerned, and those who have
/// nothing to do with the subject.
fn actors(cloud: Cloud) -> Vec<(String, Actor)> {
    let other_cloud = if cloud == Cloud::Worldwide { Cloud::Germany } else { Cloud::Worldwide };
    let mut actors = vec![("visitor".to_owned(), Actor::Visitor)];
    for role in UserRole::ALL {
        let own = match role.kind() {
            OrganizationKind::Customer => customer(),
            OrganizationKind::Partner => partner(),
        };
        actors.push((role.to_string(), member(own, *role, cloud)));
    }
    let (admin, agent) = (UserRole::GlobalAdministrator, UserRole::AdminAgent);
    for (name, number, role, cloud) in [
        ("globalAdministrator of another customer", 3, admin, cloud),
        ("globalAdministrator of another customer and cloud", 4, admin, other_cloud),
        ("adminAgent in another cloud", 2, agent, other_cloud),
        ("adminAgent of another partner", 5, agent, cloud),
    ] {
        actors.push((name.to_owned(), member(organization(number), role, cloud)));
    }
    actors
}

/// A golden file: subjects in every combination of values.
struct Matrix<S> {
    name: &'static str,
    dimensions: Vec<Dimension>,
    /// Subjects with their cloud, and their place in all dimensions but `who`.
    subjects: Vec<(Vec<usize>, Cloud, S)>,
}

impl<S: Subject<Action: Display>> Matrix<S> {
    /// Creates a matrix without subjects. The first dimensions are `who` and `cloud`.
    fn new(name: &'static str, dimensions: impl IntoIterator<Item = Dimension>) -> Self {
        let who = Dimension::new("who", actors(Cloud::Worldwide).into_iter().map(|(who, _)| who))
            .with_groups([
                ("of the customer", vec![1, 2, 3]),
                ("of the partner", vec![4, 5, 6, 9]),
                ("strangers", vec![7, 8, 10]),
            ]);
        let first = [who, Dimension::new("cloud", Cloud::ALL)];
        Self {
            name,
            dimensions: first.into_iter().chain(dimensions).collect(),
            subjects: Vec::new(),
        }
    }

    /// Adds the subjects of all clouds at a place of the other dimensions.
    fn add(&mut self, place: &[usize], subject: impl Fn(Cloud) -> S) {
        for (index, cloud) in Cloud::ALL.iter().enumerate() {
            let place = [&[index], place].concat();
            self.subjects.push((place, *cloud, subject(*cloud)));
        }
    }

    /// Compares the decision lists of all actions with the golden file.
    fn compare(&self) {
        // Actions with the same list share it.
        let mut lists: Vec<(Vec<String>, String)> = Vec::new();
        for action in S::Action::VARIANTS {
            let mut cells = Vec::new();
            for (place, cloud, subject) in &self.subjects {
                for (who, (_, actor)) in actors(*cloud).iter().enumerate() {
                    let outcome = match check(actor, subject, *action, NOW) {
                        Ok(()) => "yes".to_owned(),
                        Err(refusal) => refusal.to_string(),
                    };
                    cells.push(([&[who], place.as_slice()].concat(), outcome));
                }
            }
            let text = DecisionTable { dimensions: &self.dimensions, cells }.text();
            match lists.iter_mut().find(|(_, other)| *other == text) {
                Some((actions, _)) => actions.push(action.to_string()),
                None => lists.push((vec![action.to_string()], text)),
            }
        }
        let lists: Vec<_> =
            lists.iter().map(|(actions, text)| format!("{}\n{text}", actions.join(", "))).collect();
        compare(self.name, &format!("{HEADER}\n{}", lists.join("\n")));
    }
}

const HEADER: &str = "\
How to read: for each action, the first line that fits decides. A line fits if all of its
conditions do, which are separated by semicolons. `all but` means all other values, and a group
such as `of the partner` all its members, that no line above has decided. Together the lines
cover every combination of values. `yes` means allowed; anything else is the refusal.
";

fn golden_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/access").join(name)
}

fn compare(name: &str, text: &str) {
    let path = golden_file(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "UPDATE_GOLDEN is set in CI, where the golden files are compared and never written"
        );
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in text.lines().zip(golden.lines()).enumerate() {
        assert_eq!(
            is,
            was,
            "{name}, line {}: a rule changed. If it should, write it again with UPDATE_GOLDEN=1.",
            line + 1
        );
    }
    assert_eq!(text.lines().count(), golden.lines().count(), "{name} has another number of lines");
}

const YES_AND_NO: [&str; 2] = ["yes", "no"];

#[test]
fn the_matrix_of_relationships_is_as_reviewed() {
    let user = any_user();
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Customer, user };
    let active = RelationshipState::Active;
    let mut matrix = Matrix::new(
        "relationships.txt",
        [
            Dimension::new("type", PartnerType::ALL),
            Dimension::new("state", ["active with roles", "active without roles", "ended"]),
            Dimension::new("active subscriptions", YES_AND_NO),
            Dimension::new("agreement accepted", YES_AND_NO),
            Dimension::new("open offer", YES_AND_NO),
        ],
    );
    for (kind, partner_type) in PartnerType::ALL.iter().enumerate() {
        for (state, (stored, roles)) in
            [(active, true), (active, false), (ended, true)].into_iter().enumerate()
        {
            for others in 0..8 {
                let [subscriptions, agreement, offering] =
                    [others & 1, others >> 1 & 1, others >> 2];
                matrix.add(&[kind, state, subscriptions, agreement, offering], |cloud| {
                    RelationshipFacts {
                        active_subscriptions: u32::from(subscriptions == 0),
                        agreement_accepted: agreement == 0,
                        offer: (offering == 0).then(offer),
                        ..relationship(*partner_type, cloud, stored, roles)
                    }
                });
            }
        }
    }
    matrix.compare();
}

#[test]
fn the_matrix_of_subscriptions_is_as_reviewed() {
    let (states, sellers, records) = (subscription_states(), sellers(), records());
    let mut matrix = Matrix::new(
        "subscriptions.txt",
        [
            Dimension::new("state", states.iter().map(|(label, _)| label)),
            Dimension::new("sold by", sellers.iter().map(|(label, _)| label)),
            Dimension::new("partner of record", records.iter().map(|(label, _)| label)),
        ],
    );
    for (state, (_, stored)) in states.iter().enumerate() {
        for (seller, (_, sold_by)) in sellers.iter().enumerate() {
            for (record, (_, partner_of_record)) in records.iter().enumerate() {
                matrix.add(&[state, seller, record], |cloud| {
                    subscription(cloud, *stored, *sold_by, partner_of_record.clone())
                });
            }
        }
    }
    matrix.compare();
}

/// States of an invitation, with those that differ only by the time of the last mail.
fn invitation_states() -> [(&'static str, InvitationState); 10] {
    let (at, by) = (NOW.plus(-7 * DAY), any_user());
    let sent = |at, resent, expires| InvitationState::Sent { at, expires, resent };
    let later = NOW.plus(1);
    let hour_ago = NOW.plus(-HOUR);
    [
        ("draft", InvitationState::Draft),
        ("withdrawn draft", InvitationState::Withdrawn { at, by, sent: None }),
        ("sent a day ago", sent(NOW.plus(-DAY), None, later)),
        ("sent an hour ago", sent(hour_ago, None, later)),
        ("sent again a day ago", sent(at, Some(NOW.plus(-DAY)), later)),
        ("sent again an hour ago", sent(at, Some(hour_ago), later)),
        ("accepted", InvitationState::Accepted { at, by, sent: Some(at) }),
        ("canceled", InvitationState::Canceled { at, by, reason: None, sent: Some(at) }),
        ("withdrawn", InvitationState::Withdrawn { at, by, sent: Some(at) }),
        ("expired", sent(NOW.plus(-90 * DAY), None, NOW)),
    ]
}

/// Changes the content of a complete invitation.
type InvitationChangeFn = fn(&mut Invitation);

/// Contents of an invitation that can make a difference.
const INVITATION_CONTENTS: [(&str, InvitationChangeFn); 7] = [
    ("complete", |_| ()),
    ("no address", |one| one.recipient = None),
    ("no name", |one| one.recipient_name = None),
    ("address of another domain", |one| {
        one.recipient = Some("anna@other.example".parse().expect("an address"));
    }),
    ("with an offer", |one| one.offer = Some(offer())),
    ("with terms", |one| one.terms = Some(Note::parse("Thirty days.").expect("a note"))),
    ("with all admin roles", |one| one.admin_roles = AdminRole::ALL.to_vec()),
];

#[test]
fn the_matrix_of_invitations_is_as_reviewed() {
    let states = invitation_states();
    let mut matrix = Matrix::new(
        "invitations.txt",
        [
            Dimension::new("type", PartnerType::ALL),
            Dimension::new("state", states.iter().map(|(label, _)| label)),
            Dimension::new("content", INVITATION_CONTENTS.iter().map(|(label, _)| label)),
        ],
    );
    for (kind, partner_type) in PartnerType::ALL.iter().enumerate() {
        for (state, (_, stored)) in states.iter().enumerate() {
            for (content, (_, change)) in INVITATION_CONTENTS.iter().enumerate() {
                matrix.add(&[kind, state, content], |cloud| {
                    let mut invitation = invitation(*partner_type, cloud, stored.clone());
                    change(&mut invitation.record);
                    invitation
                });
            }
        }
    }
    matrix.compare();
}

#[test]
fn the_matrix_of_enquiries_is_as_reviewed() {
    let states = enquiry_states();
    let label = |state: &EnquiryState| match (state, state.status(NOW)) {
        (EnquiryState::Read { .. }, EnquiryStatus::Expired) => "expired after reading".to_owned(),
        (_, status) => status.to_string(),
    };
    let state = Dimension::new("state", states.iter().map(label));
    let mut matrix = Matrix::new("enquiries.txt", [state]);
    for (place, state) in states.iter().enumerate() {
        matrix.add(&[place], |cloud| enquiry(cloud, state.clone()));
    }
    matrix.compare();
}

#[test]
fn the_matrix_of_organizations_is_as_reviewed() {
    let agreements = [
        ("not published", None, None),
        ("not accepted", None, Some(1)),
        ("accepted", Some(1), Some(1)),
        ("accepted in an older version", Some(1), Some(2)),
    ];
    let mut matrix = Matrix::new(
        "organizations.txt",
        [
            Dimension::new("kind", OrganizationKind::ALL),
            Dimension::new("agreement", agreements.iter().map(|(label, ..)| label)),
        ],
    );
    for (place, kind) in OrganizationKind::ALL.iter().enumerate() {
        for (agreement, (_, accepted_agreement, current_agreement)) in agreements.iter().enumerate()
        {
            matrix.add(&[place, agreement], |cloud| OrganizationFacts {
                accepted_agreement: *accepted_agreement,
                current_agreement: *current_agreement,
                ..organization_facts(*kind, cloud)
            });
        }
    }
    matrix.compare();
}

#[test]
fn the_matrix_of_orders_is_as_reviewed() {
    let labels: Vec<_> =
        order_sources(Cloud::Worldwide).into_iter().map(|(label, _)| label).collect();
    let mut matrix = Matrix::new("orders.txt", [Dimension::new("through", &labels)]);
    for place in 0..labels.len() {
        matrix.add(&[place], |cloud| order_sources(cloud).swap_remove(place).1);
    }
    matrix.compare();
}

#[test]
fn every_refusal_can_happen_or_depends_on_input() {
    let mut seen: Vec<Refusal> = Vec::new();
    for name in [
        "relationships.txt",
        "invitations.txt",
        "organizations.txt",
        "enquiries.txt",
        "subscriptions.txt",
        "orders.txt",
    ] {
        let golden = std::fs::read_to_string(golden_file(name)).unwrap_or_default();
        seen.extend(golden.split_whitespace().filter_map(|word| word.parse::<Refusal>().ok()));
    }
    // These depend on what the user enters as well; the tests of changes get them. Whether a
    // Partner ID exists, and how much there is already, are questions to the store.
    let elsewhere = [
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
        Refusal::PartnerIdNotFound,
        Refusal::PartnerIdIsGlobalAccount,
        Refusal::PartnerOfRecordUnchanged,
        Refusal::PriceChanged,
        bounds::DRAFTS_OF_USER.refusal,
        bounds::INVITATIONS_WAITING_AT_CUSTOMER.refusal,
        bounds::INVITATIONS_TO_CUSTOMER.refusal,
        bounds::INVITATIONS_OF_PARTNER.refusal,
        bounds::ENQUIRIES_WAITING.refusal,
        bounds::ENQUIRIES_OF_CUSTOMER.refusal,
        bounds::LOOK_UPS_OF_ORGANIZATION.refusal,
    ];
    for refusal in Refusal::ALL {
        assert!(seen.contains(refusal) || elsewhere.contains(refusal), "{refusal} is never given");
    }
}
