//! The offer that came with an invitation.

use crate::{
    t,
    ui::{DescriptionItem, DescriptionList},
    view::{View, view},
    words,
};
use leptos::prelude::*;
use rules::Offer;

/// The terms of an offer: trial or purchase, product and quantity.
#[component]
pub fn OfferTerms(
    /// The offer.
    offer: Offer,
) -> View {
    let kind = offer.kind;
    let quantity = usize::try_from(offer.quantity).unwrap_or(usize::MAX);
    view! {
        <DescriptionList>
            <DescriptionItem label=t::offer::kind>
                {move || words::offer_kind(kind)}
            </DescriptionItem>
            <DescriptionItem label=t::offer::product>{offer.product.to_string()}</DescriptionItem>
            <DescriptionItem label=t::offer::quantity>
                {move || t::offer::licenses(quantity)}
            </DescriptionItem>
        </DescriptionList>
    }
}

/// Formats an offer in a line: `Trial: Office 365 E3, 25 licenses`.
#[must_use]
pub fn offer_line(offer: &Offer) -> String {
    let quantity = usize::try_from(offer.quantity).unwrap_or(usize::MAX);
    t::offer::line(
        &words::offer_kind(offer.kind),
        &t::offer::licenses(quantity),
        offer.product.as_str(),
    )
}
