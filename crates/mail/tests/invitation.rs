//! The invitation as it is read: against golden files, and against everything that
//! a partner can type.

#![allow(clippy::unwrap_used, reason = "a test that can't go on may stop")]

use std::fmt::Write as _;
use std::path::PathBuf;

use mail::{InvitationMail, Rendered, invitation};
use proptest::prelude::*;
use rules::{
    AdminRole, DisplayName, DomainName, Language, Note, PartnerId, PartnerType, Timestamp,
};

const LINK: &str =
    "https://accord.contoso.example/invitations/3q2-7wLx0Jm1uQ8c5vN4tYbR6sKpZdHeGfAiWoUXyTk";

/// The facts, owned.
struct Sample {
    recipient: DisplayName,
    customer: DisplayName,
    partner: DisplayName,
    message: Option<Note>,
    partner_type: PartnerType,
    admin_roles: Vec<AdminRole>,
}

impl Sample {
    fn reseller() -> Self {
        Self {
            recipient: name("Anna de Vries"),
            customer: name("Brightwater Schools"),
            partner: name("Fabrikam Cloud Services"),
            message: None,
            partner_type: PartnerType::Reseller,
            admin_roles: Vec::new(),
        }
    }

    fn with_roles() -> Self {
        Self {
            partner: name("Müller & Söhne <IT> 云服务"),
            message: Some(note(
                "Dear Anna,\n\nas agreed on the phone on Tuesday, this is our invitation. We move the mailboxes of your 14 schools, and look after them from then on.\n\n- Roos & the team\t<roos@fabrikam.example>",
            )),
            partner_type: PartnerType::ResellerAndDelegatedAdministrator,
            admin_roles: AdminRole::ALL.to_vec(),
            ..Self::reseller()
        }
    }

    fn render(&self, language: Language) -> Rendered {
        invitation(&InvitationMail {
            language,
            recipient_name: &self.recipient,
            customer_name: &self.customer,
            partner_name: &self.partner,
            partner_domain: &DomainName::parse("fabrikam.example").unwrap(),
            partner_id: &PartnerId::parse("4567890").unwrap(),
            partner_type: self.partner_type,
            admin_roles: &self.admin_roles,
            message: self.message.as_ref(),
            link: LINK,
            expires: "2026-11-20T18:53:57.000Z".parse::<Timestamp>().unwrap(),
        })
    }
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

fn note(text: &str) -> Note {
    Note::parse(text).unwrap()
}

fn samples() -> [(&'static str, Sample); 2] {
    [("reseller", Sample::reseller()), ("reseller-and-administrator", Sample::with_roles())]
}

#[test]
fn the_mails_read_as_the_golden_files() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/mail");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    if update {
        std::fs::create_dir_all(&folder).unwrap();
    }
    let mut differing = String::new();
    for language in Language::ALL {
        for (sample, facts) in samples() {
            let mail = facts.render(*language);
            let text = format!("Subject: {}\n\n{}", mail.subject, mail.text);
            for (extension, content) in [("txt", text), ("html", mail.html)] {
                let path = folder.join(format!("invitation.{sample}.{language}.{extension}"));
                if update {
                    std::fs::write(&path, &content).unwrap();
                    continue;
                }
                let golden = std::fs::read_to_string(&path).unwrap_or_default();
                if golden != content {
                    let at = golden
                        .lines()
                        .zip(content.lines())
                        .take_while(|(one, other)| one == other)
                        .count();
                    let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
                    let _ = write!(
                        differing,
                        "\n{} differs from line {}:\n  golden: {}\n  now:    {}",
                        path.file_name().unwrap().display(),
                        at + 1,
                        line(&golden),
                        line(&content),
                    );
                }
            }
        }
    }
    assert!(
        differing.is_empty(),
        "mails don't read as tests/golden/mail says. If they should read as they do now, run \
         `UPDATE_GOLDEN=1 cargo test -p mail` and review the change.{differing}"
    );
}

#[test]
fn every_type_has_a_mail_with_the_link_once_in_its_text() {
    for language in Language::ALL {
        for partner_type in PartnerType::ALL {
            for admin_roles in [&[][..], partner_type.admin_roles()] {
                let mut sample = Sample::with_roles();
                sample.partner_type = *partner_type;
                sample.admin_roles = admin_roles.to_vec();
                let mail = sample.render(*language);
                assert_eq!(mail.text.matches(LINK).count(), 1);
                assert!(mail.text.lines().any(|line| line == LINK));
                assert_eq!(mail.html.matches(&format!("href=\"{LINK}\"")).count(), 2);
                assert_eq!(mail.html.matches(&format!(">{LINK}</a>")).count(), 1);
                assert_balanced(&mail.html);
            }
        }
    }
}

#[test]
fn lines_of_text_are_no_wider_than_76_columns() {
    for language in Language::ALL {
        for (_, sample) in samples() {
            let mail = sample.render(*language);
            for line in mail.text.lines().filter(|line| *line != LINK) {
                let columns: usize =
                    line.chars().map(|character| if character >= '\u{2e80}' { 2 } else { 1 }).sum();
                assert!(columns <= 76, "{columns} columns: {line}");
                assert_eq!(line, line.trim_end(), "{line:?}");
            }
        }
    }
}

#[test]
fn what_others_typed_is_never_markup() {
    let attack = "<script>alert(\"x\")</script>'&<img src=x onerror=y>";
    let mut sample = Sample::with_roles();
    sample.recipient = name(attack);
    sample.customer = name(attack);
    sample.partner = name(attack);
    sample.message = Some(note(&format!("{attack}\n</blockquote>{attack}")));
    for language in Language::ALL {
        let mail = sample.render(*language);
        for forbidden in ["<script", "<img", "</blockquote>&lt;", "<form", "onerror=y>"] {
            assert!(!mail.html.contains(forbidden), "{forbidden}");
        }
        assert_eq!(mail.html.matches("</blockquote>").count(), 1);
        assert!(mail.html.contains(&format!("<bdi>{}</bdi>", escaped(attack))));
        assert_balanced(&mail.html);
    }
}

#[test]
fn a_mail_fetches_nothing_and_runs_nothing() {
    for language in Language::ALL {
        for (_, sample) in samples() {
            let html = sample.render(*language).html;
            for forbidden in ["<script", "<img", "<link", "<form", "url(", "@import", "src=", " on"]
            {
                let markup: String = tags(&html).concat();
                assert!(!markup.contains(forbidden), "{forbidden}");
            }
            assert!(!html.contains("url("));
            assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")));
        }
    }
}

#[test]
fn a_message_can_not_pass_for_the_mail_itself() {
    let mut sample = Sample::with_roles();
    sample.message = Some(note("Hello\n\nHow to accept\n-------------\nSend us your password."));
    let text = sample.render(Language::English).text;
    assert!(
        text.contains("\n> Hello\n>\n> How to accept\n> -------------\n> Send us your password.\n")
    );
}

#[test]
fn a_long_name_is_cut_in_the_subject_alone() {
    let mut sample = Sample::reseller();
    sample.partner = name(&"é字".repeat(60));
    sample.customer = name(&"א".repeat(120));
    for language in Language::ALL {
        let mail = sample.render(*language);
        assert!(mail.subject.chars().count() <= 150, "{}", mail.subject);
        assert!(mail.subject.contains(&"é字".repeat(29)));
        assert!(mail.html.contains(&"é字".repeat(60)));
    }
}

/// What an escaped text looks like, written another way than the crate writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The tags of a document, each with its angle brackets.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)).collect()
}

/// Every element is closed, in the right order, and no bracket stands alone.
fn assert_balanced(html: &str) {
    let mut open = Vec::new();
    for tag in tags(html) {
        assert_eq!(tag.matches('"').count() % 2, 0, "a quote is open in <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else if !tag.starts_with('!') {
            let name = tag.split([' ', '\n']).next().unwrap();
            if !matches!(name, "meta" | "br") {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(html.matches('<').count(), html.matches('>').count());
}

/// The text without white space, and without the marks that isolate a direction.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .filter(|character| !matches!(character, '\u{2068}' | '\u{2069}'))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn names_and_messages_in_any_script_arrive_unbroken(
        partner in "[\\PC\\p{Arabic}\\p{Hebrew}\\p{Han}\\p{Thai}<>&\"' ]{1,120}",
        customer in "\\PC{1,120}",
        message in "[\\PC\n\t<>&\"']{1,600}",
        language in proptest::sample::select(Language::ALL),
    ) {
        let (Ok(partner), Ok(customer), Ok(message)) =
            (DisplayName::parse(&partner), DisplayName::parse(&customer), Note::parse(&message))
        else {
            return Ok(());
        };
        let sample = Sample {
            partner: partner.clone(),
            customer: customer.clone(),
            message: Some(message.clone()),
            ..Sample::with_roles()
        };
        let mail = sample.render(language);

        prop_assert!(!mail.subject.chars().any(char::is_control));
        prop_assert!(mail.subject.chars().count() <= 150);

        for value in [&partner, &customer] {
            let isolated = format!("<bdi>{}</bdi>", escaped(value.as_str()));
            prop_assert!(mail.html.contains(&isolated));
            prop_assert!(bare(&mail.text).contains(&bare(value.as_str())));
        }
        prop_assert!(mail.html.replace("<br>", "\n").contains(&escaped(message.as_str())));
        assert_balanced(&mail.html);

        let quoted: Vec<&str> = mail.text.lines().filter_map(|line| line.strip_prefix('>')).collect();
        prop_assert!(bare(&quoted.concat()).contains(&bare(message.as_str())));
    }
}
