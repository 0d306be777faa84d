//! The labels in the mails compared with those in the page's own files, read here as
//! plain JSON.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod support;

use std::path::PathBuf;

use rules::{AdminRole, Language, OfferKind, PartnerType};
use serde_json::Value;
use support::*;

/// A text of the page.
fn page_text(language: Language, area: &str, key: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../app/locales");
    let file = folder.join(language.as_str()).join(format!("{area}.json"));
    let texts: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    texts[key].as_str().unwrap_or_else(|| panic!("{language}: {area}.{key}")).to_owned()
}

/// The key of an enum's value: `oemPc` is `oem_pc`.
fn key(prefix: &str, name: &str) -> String {
    let mut key = prefix.to_owned();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            key.push('_');
        }
        key.push(character.to_ascii_lowercase());
    }
    key
}

#[test]
fn buttons_and_pages_are_named_as_on_the_page() {
    for language in Language::ALL {
        let label = |area, key| {
            format!("<strong>{}</strong>", page_text(*language, area, key).replace('&', "&amp;"))
        };
        let invitation = |sample: Sample| sample.render(*language).html;
        for key in ["title", "accept", "cancel"] {
            assert!(invitation(Sample::with_roles()).contains(&label("partner_invitation", key)));
        }
        for key in ["partner_relationships", "yes", "no", "next", "cancel"] {
            assert!(invitation(Sample::in_21vianet()).contains(&label("partner_invitation", key)));
        }
        assert!(invitation(Sample::reseller()).contains(&label("agreement", "name")));
        for (name, mail) in Sample::reseller().others(*language) {
            if matches!(name, "enquiry-received" | "enquiry-declined" | "relationship-ended") {
                assert!(mail.html.contains(&label("shell", "find_a_partner")), "{name}");
            }
            if name == "enquiry-declined" {
                assert!(mail.html.contains(&label("find_a_partner", "contact")));
            }
        }
    }
}

#[test]
fn types_roles_and_capabilities_are_named_as_on_the_page() {
    for language in Language::ALL {
        let cell = |text: String| format!(">{}</td>", escaped(&text));
        for partner_type in PartnerType::ALL {
            let mut sample = Sample::reseller();
            sample.partner_type = *partner_type;
            sample.admin_roles = AdminRole::ALL.to_vec();
            let html = sample.render(*language).html;
            let named = cell(page_text(*language, "words", &key("type_", partner_type.as_str())));
            assert!(html.contains(&named), "{named}");
            for capability in partner_type.capabilities() {
                let text = page_text(*language, "words", &key("may_", capability.as_str()));
                assert!(html.contains(&format!(">{}</li>", escaped(&text))), "{text}");
            }
            for role in AdminRole::ALL {
                let name = page_text(*language, "words", &key("role_", role.as_str()));
                let about = page_text(*language, "words", &key("about_", role.as_str()));
                assert!(html.contains(&format!("<strong>{}</strong>", escaped(&name))), "{name}");
                assert!(html.contains(&escaped(&about)), "{about}");
            }
        }
        for (kind, key) in
            [(OfferKind::Trial, "offer_trial"), (OfferKind::Purchase, "offer_purchase")]
        {
            let mut sample = Sample::in_21vianet();
            sample.offer = Some((kind, name("Office 365 E3"), 1));
            let named = cell(page_text(*language, "words", key));
            assert!(sample.render(*language).html.contains(&named), "{named}");
        }
    }
}

#[test]
fn facts_are_named_as_on_the_page() {
    for language in Language::ALL {
        let html = Sample::in_21vianet().render(*language).html;
        for (area, key) in [
            ("partner_invitation", "partner"),
            ("partner_invitation", "domain"),
            ("partner_invitation", "partner_id"),
            ("partner_invitation", "customer"),
            ("partner_invitation", "kind"),
            ("partner_invitation", "code"),
            ("offer", "kind"),
            ("offer", "product"),
            ("offer", "quantity"),
        ] {
            let text = page_text(*language, area, key);
            assert!(html.contains(&format!(">{}</th>", escaped(&text))), "{text}");
        }
        let brand = page_text(*language, "ui", "product");
        assert!(html.contains(&format!(">{}</td>", escaped(&brand))), "{brand}");
    }
}
