//! The consequences of an action.

use crate::{
    t,
    view::{CollectView, View, view},
};
use stylers_macro::style;

/// Renders the consequences of an action: what changes, and what stays.
pub fn consequence_lists(changes: Vec<String>, stays: Vec<String>) -> View {
    let scope = style! {
        .consequences {
            display: grid;
            gap: var(--space-4);
        }
        .consequences h3 {
            margin: 0 0 var(--space-1);
            font-size: var(--size-body);
            line-height: var(--line-body);
        }
        .consequences ul {
            margin: 0;
            padding-left: var(--space-5);
        }
    };
    let list = |lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { class = scope, <ul>{lines}</ul> }
    };
    view! { class = scope,
        <div class="consequences">
            <div>
                <h3>{t::consequences::changes}</h3>
                {list(changes)}
            </div>
            <div>
                <h3>{t::consequences::stays}</h3>
                {list(stays)}
            </div>
        </div>
    }
}
