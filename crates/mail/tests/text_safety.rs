//! The safety of text that people type and others read in a mail: it never becomes
//! markup, a header or a line of Accord's own, and can't be disguised as something else.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod support;

use proptest::prelude::*;
use rules::{DisplayName, DomainName, EmailAddress, FieldError, Language, Note, OfferKind};
use support::*;

#[test]
fn typed_text_never_becomes_markup() {
    let attack = "<script>alert(\"x\")</script>'&<img src=x onerror=y>";
    let mut sample = Sample::with_roles();
    sample.recipient = name(attack);
    sample.customer = name(attack);
    sample.partner = name(attack);
    sample.person = name(attack);
    sample.message = Some(note(&format!("{attack}\n</blockquote>{attack}")));
    sample.terms = sample.message.clone();
    sample.offer = Some((OfferKind::Trial, name(attack), 1));
    sample.subscriptions = vec![(name(attack), 1)];
    for language in Language::ALL {
        for mail in sample.all(*language) {
            for forbidden in ["<script", "<img", "</blockquote>&lt;", "<form", "onerror=y>"] {
                assert!(!mail.html.contains(forbidden), "{forbidden}");
            }
            assert!(mail.html.matches("</blockquote>").count() <= 2);
            assert!(mail.html.contains(&format!("<bdi>{}</bdi>", escaped(attack))));
            assert_balanced(&mail.html);
        }
    }
}

#[test]
fn a_message_can_not_imitate_the_mail_itself() {
    let mut sample = Sample::with_roles();
    sample.message = Some(note("Hello\n\nHow to accept\n-------------\nSend us your password."));
    let text = sample.render(Language::English).text;
    assert!(
        text.contains("\n> Hello\n>\n> How to accept\n> -------------\n> Send us your password.\n")
    );
}

#[test]
fn long_names_are_cut_only_in_the_subject() {
    let mut sample = Sample::reseller();
    sample.partner = name(&"é字".repeat(60));
    sample.customer = name(&"א".repeat(120));
    for language in Language::ALL {
        for mail in sample.all(*language) {
            assert!(mail.subject.chars().count() <= 150, "{}", mail.subject);
            assert!(mail.subject.contains(&"é字".repeat(29)));
            assert!(mail.html.contains(&"é字".repeat(60)));
        }
    }
}

#[test]
fn header_injection_no_field_can_hold_the_end_of_a_line() {
    for end in ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\0"] {
        let attack = format!("Contoso{end}Bcc: everybody@evil.example");
        assert_eq!(DisplayName::parse(&attack), Err(FieldError::ControlCharacter), "{end:?}");
        assert!(EmailAddress::parse(&format!("a@b.example{end}Bcc: c@d.example")).is_err());
        assert!(EmailAddress::parse(&format!("a{end}b@c.example")).is_err());
        assert!(DomainName::parse(&format!("b.example{end}x")).is_err());
    }
    // A text that may have several lines never gets into a header.
    let mut sample = Sample::with_roles();
    sample.message = Some(note("Hello\r\nBcc: everybody@evil.example\r\n\r\n<b>x</b>"));
    sample.terms = sample.message.clone();
    for language in Language::ALL {
        for mail in sample.all(*language) {
            assert!(!mail.subject.chars().any(char::is_control), "{}", mail.subject);
            assert!(!mail.subject.contains("Bcc"));
            assert!(!mail.text.contains('\r') && !mail.html.contains('\r'));
            assert!(!mail.text.lines().any(|line| line.starts_with("Bcc:")));
        }
    }
}

#[test]
fn too_long_fields_are_refused_and_the_longest_ones_are_shown_in_full() {
    assert_eq!(
        DisplayName::parse(&"x".repeat(DisplayName::MAX + 1)),
        Err(FieldError::TooLong { max: DisplayName::MAX })
    );
    assert_eq!(
        Note::parse(&"x".repeat(Note::MAX + 1)),
        Err(FieldError::TooLong { max: Note::MAX })
    );
    let longest = "\u{1f3eb}".repeat(DisplayName::MAX);
    let words = "字".repeat(Note::MAX);
    let sample = Sample {
        recipient: name(&longest),
        customer: name(&longest),
        partner: name(&longest),
        person: name(&longest),
        message: Some(note(&words)),
        terms: Some(note(&words)),
        subscriptions: vec![(name(&longest), u32::MAX)],
        ..Sample::in_21vianet()
    };
    for language in Language::ALL {
        for mail in sample.all(*language) {
            assert!(mail.subject.chars().count() <= 150);
            for line in mail.text.lines().filter(|line| *line != LINK) {
                assert!(line.chars().count() <= 76, "{line}");
            }
            assert!(bare(&mail.text).contains(&longest));
            assert!(mail.html.contains(&longest));
        }
    }
}

#[test]
fn control_characters_are_refused_and_none_is_written() {
    for character in (0..=0x1f_u8).chain(0x7f..=0x9f).map(char::from) {
        let typed = format!("Con{character}toso");
        assert_eq!(DisplayName::parse(&typed), Err(FieldError::ControlCharacter), "{typed:?}");
        if !matches!(character, '\n' | '\t') {
            assert_eq!(Note::parse(&typed), Err(FieldError::ControlCharacter), "{typed:?}");
        }
    }
    for language in Language::ALL {
        for (_, sample) in samples() {
            for mail in sample.all(*language) {
                let control = |text: &str| {
                    text.chars().find(|one| one.is_control() && !matches!(one, '\n' | '\t'))
                };
                assert_eq!(control(&mail.text), None);
                assert_eq!(control(&mail.html), None);
            }
        }
    }
}

#[test]
fn direction_overrides_are_refused_and_right_to_left_names_are_isolated() {
    // Embeddings, overrides, isolates, and what ends them.
    for mark in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
        let typed = format!("Contoso {mark}moc.live");
        assert_eq!(DisplayName::parse(&typed), Err(FieldError::ControlCharacter), "{mark:?}");
        assert_eq!(Note::parse(&typed), Err(FieldError::ControlCharacter), "{mark:?}");
    }
    // A right-to-left name does not change the direction of the text around it.
    for partner in ["شركة كونتوسو", "קונטוסו (בע״מ)", "א123.0"] {
        let sample = Sample { partner: name(partner), ..Sample::reseller() };
        for language in Language::ALL {
            for mail in sample.all(*language) {
                let isolated = format!("\u{2068}{partner}\u{2069}");
                assert!(mail.subject.contains(&isolated), "{}", mail.subject);
                assert_eq!(mail.subject.matches(partner).count(), 1);
                let text = mail.text.replace('\n', " ");
                assert_eq!(text.matches(partner).count(), text.matches(&isolated).count());
                let cell = format!("<bdi>{}</bdi>", escaped(partner));
                // The title holds the subject, in which the isolating characters are used.
                let (_, body) = mail.html.split_once("</title>").unwrap();
                assert_eq!(body.matches(&escaped(partner)).count(), body.matches(&cell).count());
            }
        }
    }
    // A quote has a direction of its own.
    let mail = Sample::with_roles().render(Language::English);
    assert!(mail.html.contains("<blockquote class=\"quote\" dir=\"auto\""));
}

#[test]
fn homograph_names_are_refused() {
    for typed in [
        // Cyrillic letters in a Latin word, and the other way round; Greek ones likewise.
        "\u{421}ontoso",
        "Contos\u{43e} Cloud",
        "Micr\u{43e}soft",
        "Сбербанк Рaссия",
        "F\u{3b1}brikam",
        "Μicrosoft",
    ] {
        assert_eq!(DisplayName::parse(typed), Err(FieldError::MixedScripts), "{typed}");
    }
    for typed in
        ["Сбербанк", "Ελληνική Cloud", "Yandex Россия", "Müller", "云帆 Cloud", "東京テック"]
    {
        assert!(DisplayName::parse(typed).is_ok(), "{typed}");
    }
}

#[test]
fn homograph_domains_are_shown_in_their_ascii_form() {
    for typed in ["\u{441}ontoso.example", "f\u{3b1}brikam.example", "bücher.example"] {
        assert_eq!(DomainName::parse(typed), Err(FieldError::NotADomainName), "{typed}");
        assert!(EmailAddress::parse(&format!("anna@{typed}")).is_err(), "{typed}");
    }
    // A domain that looks like contoso.example in an address bar doesn't in the mail.
    let sample = Sample {
        partner_domain: DomainName::parse("xn--ontoso-zeg.example").unwrap(),
        customer_domain: DomainName::parse("xn--ontoso-zeg.example").unwrap(),
        ..Sample::reseller()
    };
    for language in Language::ALL {
        let invitation = sample.render(*language);
        let told = sample.of_record(*language, None, mail::render_partner_of_record_added);
        for mail in [invitation, told] {
            assert!(mail.text.contains("xn--ontoso-zeg.example"));
            assert!(mail.html.contains("<bdi>xn--ontoso-zeg.example</bdi>"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn names_and_messages_in_any_script_are_shown_unchanged(
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
            terms: Some(message.clone()),
            subscriptions: vec![(partner.clone(), 1), (customer.clone(), 2)],
            ..Sample::with_roles()
        };
        for other in sample.all(language) {
            prop_assert!(!other.subject.chars().any(char::is_control));
            prop_assert!(other.subject.chars().count() <= 150);
            assert_balanced(&other.html);
        }
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
