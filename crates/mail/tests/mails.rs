//! The mails compared with golden files, and the rules that every mail keeps.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod support;

use std::fmt::Write as _;
use std::path::PathBuf;

use mail::{MailMessage, render_partner_of_record_added, render_partner_of_record_removed};
use rules::{Language, OfferKind, PartnerType};
use support::*;

#[test]
fn the_mails_equal_the_golden_files() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/mail");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    if update {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "UPDATE_GOLDEN is set in CI, where the golden files are compared and never written"
        );
        std::fs::create_dir_all(&folder).unwrap();
    }
    let mut differing = String::new();
    for language in Language::ALL {
        let mut mails: Vec<_> = samples()
            .into_iter()
            .map(|(sample, facts)| (format!("invitation.{sample}"), facts.render(*language)))
            .collect();
        let others = Sample::reseller().others(*language);
        mails.extend(others.map(|(name, mail)| (name.to_owned(), mail)));
        for (name, mail) in mails {
            let text = format!("Subject: {}\n\n{}", mail.subject, mail.text);
            for (extension, content) in [("txt", text), ("html", mail.html)] {
                let path = folder.join(format!("{name}.{language}.{extension}"));
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
        "mails differ from tests/golden/mail. If the change is intended, run \
         `UPDATE_GOLDEN=1 cargo test -p mail` and review it.{differing}"
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
                for mail in sample.all(*language) {
                    assert_eq!(mail.text.matches(LINK).count(), 1);
                    assert!(mail.text.lines().any(|line| line == LINK));
                    assert_eq!(mail.html.matches(&format!("href=\"{LINK}\"")).count(), 2);
                    assert_eq!(mail.html.matches(&format!(">{LINK}</a>")).count(), 1);
                    assert_balanced(&mail.html);
                }
            }
        }
    }
}

#[test]
fn lines_of_text_are_no_wider_than_76_columns() {
    for language in Language::ALL {
        for (_, sample) in samples() {
            for mail in sample.all(*language) {
                for line in mail.text.lines().filter(|line| *line != LINK) {
                    let width = |character| if character >= '\u{2e80}' { 2 } else { 1 };
                    let columns: usize = line.chars().map(width).sum();
                    assert!(columns <= 76, "{columns} columns: {line}");
                    assert_eq!(line, line.trim_end(), "{line:?}");
                }
            }
        }
    }
}

#[test]
fn a_mail_loads_no_resources_and_runs_no_scripts() {
    for language in Language::ALL {
        for (_, sample) in samples() {
            for MailMessage { html, .. } in sample.all(*language) {
                for forbidden in ["script", "img", "link ", "form", "@import", "src=", " on"] {
                    let tag = tags(&html).into_iter().find(|tag| tag.contains(forbidden));
                    assert_eq!(tag.filter(|tag| !tag.contains("format-detection")), None);
                }
                assert!(!html.contains("url(") && !html.contains("@import"));
                assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")));
            }
        }
    }
}

#[test]
fn an_invitation_states_what_is_verified_and_shows_its_code_twice() {
    for language in Language::ALL {
        for (_, sample) in samples() {
            let mail = sample.render(*language);
            // Once among the facts, once where the reader is asked to compare.
            assert_eq!(mail.text.matches(CODE).count(), 2);
            assert_eq!(mail.html.matches(&format!("<strong>{CODE}</strong>")).count(), 2);
        }
    }
    let english = Sample::reseller().render(Language::English).text;
    assert!(english.contains("- Verified: name, domain, and Microsoft Partner ID"));
    assert!(english.contains("- Not verified: everything that the partner writes itself"));
}

#[test]
fn terms_and_offer_are_shown_if_there_are_any() {
    let mail = Sample::in_21vianet().render(Language::English);
    assert!(mail.text.contains("> 1. 我们在工作日 9:00–18:00 提供支持。\n"));
    assert!(mail.text.contains("Offer: Trial\nProduct: Office 365 E3\nQuantity: 1,250\n"));
    assert!(mail.text.contains("“Yes”") && mail.text.contains("“Next”"));
    let german = Sample::in_21vianet().render(Language::German);
    assert!(german.text.contains("Anzahl: 1.250\n"));
    let mut purchase = Sample::in_21vianet();
    purchase.offer = Some((OfferKind::Purchase, name("Project <Plan> 3"), 1));
    let purchase = purchase.render(Language::English);
    assert!(purchase.text.contains("Offer: Purchase\nProduct: Project <Plan> 3\nQuantity: 1\n"));
    assert!(purchase.html.contains("<bdi>Project &lt;Plan&gt; 3</bdi>"));
    let elsewhere = Sample::with_roles().render(Language::English).text;
    assert!(!elsewhere.contains("Offer") && !elsewhere.contains("“Next”"));
}

#[test]
fn a_mail_about_a_partners_action_names_the_person_and_the_partner() {
    for language in Language::ALL {
        let sample = Sample::reseller();
        let acted = sample
            .others(*language)
            .into_iter()
            .filter(|(name, _)| matches!(*name, "roles-given-up" | "relationship-ended"));
        for (name, mail) in acted {
            for part in [&mail.text, &mail.html] {
                assert!(part.contains("Roos Bakker"), "{name}");
                assert!(part.contains("Fabrikam Cloud Services"), "{name}");
            }
            assert!(mail.subject.starts_with("Fabrikam Cloud Services"), "{name}");
        }
    }
}

#[test]
fn a_mail_about_the_partner_of_record_names_person_customer_and_subscriptions() {
    let sample = Sample::reseller();
    for language in Language::ALL {
        for write in [render_partner_of_record_added, render_partner_of_record_removed] {
            let mail = sample.of_record(*language, Some(LINK), write);
            assert!(mail.subject.contains("Brightwater Schools"), "{}", mail.subject);
            assert!(mail.subject.contains("Fabrikam Cloud Services"), "{}", mail.subject);
            for told in ["Anna de Vries", "brightwater.example", "4567890"] {
                assert!(mail.text.contains(told) && mail.html.contains(told), "{told}");
            }
            for (product, _) in &sample.subscriptions {
                assert!(mail.text.lines().any(|line| line.starts_with(&format!("- {product}"))));
                assert!(
                    mail.html
                        .contains(&format!("<li style=\"margin:0 0 4px\"><bdi>{product}</bdi>"))
                );
            }
        }
        let added = sample.of_record(*language, None, render_partner_of_record_added);
        let removed = sample.of_record(*language, None, render_partner_of_record_removed);
        assert_ne!(added.subject, removed.subject);
        assert_ne!(added.text, removed.text);
    }
    let english =
        sample.of_record(Language::English, Some(LINK), render_partner_of_record_added).text;
    assert!(english.contains("- Office 365 E3: 1,250 licenses\n"));
    assert!(english.contains("- Project Plan 3: 1 license\n"));
    let german =
        sample.of_record(Language::German, Some(LINK), render_partner_of_record_added).text;
    assert!(german.contains("- Office 365 E3: 1.250 Lizenzen\n"));
    assert!(german.contains("- Project Plan 3: 1 Lizenz\n"));
}

#[test]
fn without_a_page_of_the_customer_there_is_no_link() {
    let added = |link| {
        Sample::reseller().of_record(Language::English, link, render_partner_of_record_added)
    };
    assert!(added(Some(LINK)).text.contains("you can see each subscription"));
    assert!(!added(None).text.contains("you can see each subscription"));
    for language in Language::ALL {
        for write in [render_partner_of_record_added, render_partner_of_record_removed] {
            let mail = Sample::with_roles().of_record(*language, None, write);
            assert!(!mail.text.contains("https://"));
            assert!(!mail.html.contains("<a "));
            assert_balanced(&mail.html);
        }
    }
}

#[test]
fn a_long_list_shows_how_many_it_leaves_out() {
    let product = |number: u32| (name(&format!("Product {number:05}")), number);
    // Twenty-one are all listed: a line that leaves out one would be as long.
    for (subscriptions, listed, left_out) in [
        (1, 1, None),
        (20, 20, None),
        (21, 21, None),
        (22, 20, Some("2")),
        (10_000, 20, Some("9,980")),
    ] {
        let mut sample = Sample::reseller();
        sample.subscriptions = (1..=subscriptions).map(product).collect();
        for language in Language::ALL {
            for write in [render_partner_of_record_added, render_partner_of_record_removed] {
                let mail = sample.of_record(*language, None, write);
                assert_eq!(mail.text.matches("- Product ").count(), listed);
                assert_eq!(mail.html.matches("<bdi>Product ").count(), listed);
                let items = listed + usize::from(left_out.is_some());
                assert_eq!(mail.html.matches("<li ").count(), items);
            }
        }
        let english =
            sample.of_record(Language::English, None, render_partner_of_record_removed).text;
        let more = left_out.map(|count| format!("- and {count} more\n"));
        assert_eq!(more.is_some(), english.contains("- and "));
        assert!(more.is_none_or(|line| english.contains(&line)));
    }
}
