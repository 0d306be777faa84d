//! The demo's bar, above every page: it selects the user, the page and the state. Its texts
//! and styles are here rather than with those of the pages, so that the page of a server
//! contains none of them.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use rules::EmailAddress;

use super::{DemoState, choose, moment, places, start_again, with};
use crate::{
    session, text,
    ui::{Icon, unique_id},
    view::{CollectView, View, view},
    words,
};

/// Returns the text of the bar in Dutch if that is the page's language, or else in English.
/// These few texts are for developers, so they are not in `app/locales`.
fn say(english: &'static str, dutch: &'static str) -> &'static str {
    if text::language() == "nl" { dutch } else { english }
}

fn name_of(show: DemoState) -> &'static str {
    match show {
        DemoState::Ready => say("As it is", "Zoals het is"),
        DemoState::Empty => {
            say("Empty: an organization with nothing", "Leeg: een organisatie met niets")
        }
        DemoState::Loading => say("Loading: no answer comes", "Laden: er komt geen antwoord"),
        DemoState::Error => say("Error: the server fails", "Fout: de server doet het niet"),
        DemoState::Refused => {
            say("Refused: a person without the role", "Geweigerd: iemand zonder de rol")
        }
    }
}

/// One choice of a list.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

fn option(choice: Choice) -> View {
    view! { <option value=choice.value selected=choice.chosen>{choice.label}</option> }
}

/// The people, by their organizations.
fn people() -> View {
    let signed_out = Choice {
        value: String::new(),
        label: say("No one: signed out", "Niemand: afgemeld").to_owned(),
        chosen: with(|session| session.world.person().is_none()).unwrap_or_default(),
    };
    let groups = with(|session| {
        let chosen = session.world.person().cloned();
        session.world.people().unwrap_or_default().into_iter().map(move |(organization, users)| {
            let clouds: Vec<_> = organization.clouds().iter().copied().map(words::cloud).collect();
            let label = format!("{} · {}", organization.name(), clouds.join(", "));
            let options = users.into_iter().map(|user| {
                let roles: Vec<_> = user.roles.into_iter().map(words::user_role).collect();
                option(Choice {
                    label: format!("{} · {}", user.name, roles.join(", ")),
                    chosen: chosen.as_ref() == Some(&user.email),
                    value: user.email.to_string(),
                })
            });
            view! { <optgroup label=label>{options.collect_view()}</optgroup> }
        })
    });
    view! {
        {option(signed_out)}
        {groups.map(CollectView::collect_view)}
    }
}

/// The pages of this person; the one that is shown is chosen, if it is among them.
fn pages(shown: &str) -> View {
    let found = with(|demo| demo.world.look(&moment(), places::of_person));
    let found = found.and_then(Result::ok).unwrap_or_default();
    let elsewhere = (!found.iter().any(|place| place.path == shown)).then(|| {
        let label = say("Another page", "Een andere pagina").to_owned();
        option(Choice { value: shown.to_owned(), label, chosen: true })
    });
    let known = found.into_iter().map(|place| {
        option(Choice { chosen: place.path == shown, value: place.path, label: place.label })
    });
    view! {
        {elsewhere}
        {known.collect_view()}
    }
}

fn states(chosen: DemoState) -> View {
    let states = DemoState::ALL.into_iter().zip(0..).map(|(show, index)| {
        let (value, label) = (index.to_string(), name_of(show).to_owned());
        option(Choice { value, label, chosen: show == chosen })
    });
    states.collect_view()
}

fn field(
    label: impl Fn() -> &'static str + 'static,
    change: impl FnMut(leptos::ev::Event) + 'static,
    options: impl Fn() -> View + 'static,
) -> View {
    let id = unique_id("demo");
    view! {
        <div class="demo-choice">
            <label for=id.clone()>{label}</label>
            <select class="input" id=id on:change=change>
                {options}
            </select>
        </div>
    }
}

/// The bar. There is one in a window, and none in a frame within it.
#[component]
pub fn Bar() -> View {
    if window().frame_element().ok().flatten().is_some() {
        return View::EMPTY;
    }
    if let (Some(head), Ok(style)) = (document().head(), document().create_element("style")) {
        style.set_text_content(Some(include_str!("bar.css")));
        let _ = head.append_child(&style);
    }
    let status = session::status();
    // Reads the memo instead of only tracking it: a memo that was never read has no
    // dependencies yet.
    let follow = move || drop(status.get());
    let location = use_location();
    let shown = Memo::new(move |_| {
        let (path, query) = (location.pathname.get(), location.search.get());
        match query.trim_start_matches('?') {
            "" => path,
            query => format!("{path}?{query}"),
        }
    });
    let chosen = || with(|session| (session.world.person().cloned(), session.world.show()));
    let is_person = move |event: leptos::ev::Event| {
        let person: Option<EmailAddress> = event_target_value(&event).parse().ok();
        choose(person, chosen().unwrap_or_default().1);
    };
    let is_state = move |event: leptos::ev::Event| {
        let index = event_target_value(&event).parse::<usize>().unwrap_or_default();
        let show = DemoState::ALL.get(index).copied().unwrap_or_default();
        choose(chosen().unwrap_or_default().0, show);
    };
    let navigate = use_navigate();
    let go = navigate.clone();
    let is_page = move |event: leptos::ev::Event| {
        go(&event_target_value(&event), leptos_router::NavigateOptions::default());
    };
    let again = move |_| {
        start_again();
        navigate("/", leptos_router::NavigateOptions::default());
    };
    // In a narrow window the bar starts collapsed.
    let narrow = window().match_media("(max-width: 799.98px)").ok().flatten();
    let open = !narrow.is_some_and(|narrow| narrow.matches());
    view! {
        <aside class="demo-bar" aria-label="Demo">
            <details open=open>
                <summary>
                    <strong>{|| say("Demo with made-up data.", "Demo met voorbeeldgegevens.")}</strong>
                    " "
                    {|| say(
                        "Nothing leaves this browser.",
                        "Niets verlaat deze browser.",
                    )}
                </summary>
                <div class="demo-choices">
                    {field(|| say("Person", "Persoon"), is_person, move || {
                        follow();
                        people()
                    })}
                    {field(|| say("Page", "Pagina"), is_page, move || {
                        follow();
                        pages(&shown.read())
                    })}
                    {field(|| say("State", "Toestand"), is_state, move || {
                        follow();
                        states(chosen().unwrap_or_default().1)
                    })}
                    <button type="button" class="button" on:click=again>
                        {Icon::Refresh}
                        {|| say("Start again", "Opnieuw beginnen")}
                    </button>
                </div>
            </details>
        </aside>
    }
}
