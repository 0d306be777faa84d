//! The hint that the customer has to accept the agreement first.

use leptos::prelude::*;
use rules::{NextStep, Refusal};
use stylers_macro::style;

use crate::{
    route::Route,
    t,
    ui::{Intent, MessageBar},
    view::{View, view},
    words,
};

/// Renders the hint for a customer that has not accepted the agreement: the link to the
/// page where an administrator can. Empty for other refusals, whose text is complete.
pub fn agreement_hint(refusal: Refusal) -> View {
    let scope = style! {
        .cure-page {
            display: block;
            margin-top: var(--space-1);
            overflow-wrap: anywhere;
        }
    };
    if refusal.next_step() != NextStep::AcceptAgreement {
        return View::EMPTY;
    }
    let page = format!("{}{}", window().location().origin().unwrap_or_default(), Route::Agreement);
    view! { class = scope,
        <MessageBar intent=Intent::Warning>
            {move || words::refusal(refusal)}
            " "
            {t::agreement::page_hint}
            <a class="cure-page" href=Route::Agreement.path()>{page}</a>
        </MessageBar>
    }
}
