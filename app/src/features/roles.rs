//! Admin roles in lists: the most powerful one stands out.

use leptos::prelude::*;
use rules::AdminRole;
use stylers_macro::style;

use crate::{
    t,
    ui::{Icon, NoValue},
    view::{CollectView, View, view},
    words,
};

/// The number of roles that are named; the others are counted.
const MAX_NAMED: usize = 2;

/// The names of admin roles, most powerful first. Global administrator has a warning icon,
/// bold text and a warning in words.
#[component]
pub fn RoleNames(
    /// The roles.
    roles: Vec<AdminRole>,
) -> View {
    let scope = style! {
        .roles {
            display: flex;
            flex-wrap: wrap;
            gap: 2px var(--space-2);
        }
        .powerful {
            display: inline-flex;
            align-items: flex-start;
            gap: var(--space-1);
            color: var(--warning-text);
            font-weight: 600;
        }
        @media (min-width: 480px) {
            .powerful {
                white-space: nowrap;
            }
        }
    };
    if roles.is_empty() {
        return view! { <NoValue /> };
    }
    let (named, others) = split_named(roles);
    let names = named
        .into_iter()
        .map(|role| match role {
            AdminRole::GlobalAdministrator => view! { class = scope,
                <strong class="powerful">
                    {Icon::Warning}
                    <span>
                        {move || words::admin_role(role)}
                        <span class="visually-hidden">
                            " (" {t::roles::full_access} ")"
                        </span>
                    </span>
                </strong>
            },
            AdminRole::HelpdeskAdministrator => {
                view! { <span>{move || words::admin_role(role)}</span> }
            }
        })
        .collect_view();
    let others = (others > 0).then(|| {
        view! { <span class="muted">{move || t::roles::more_roles(others)}</span> }
    });
    view! { class = scope, <span class="roles">{names} {others}</span> }
}

/// Returns the roles to name, most powerful first, and the number of other roles.
fn split_named(mut roles: Vec<AdminRole>) -> (Vec<AdminRole>, usize) {
    crate::sort::order_by(&mut roles, |role| *role);
    let others = roles.len().saturating_sub(MAX_NAMED);
    roles.truncate(MAX_NAMED);
    (roles, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_powerful_role_comes_first() {
        let roles = vec![AdminRole::HelpdeskAdministrator, AdminRole::GlobalAdministrator];
        let (named, others) = split_named(roles);
        assert_eq!(named, [AdminRole::GlobalAdministrator, AdminRole::HelpdeskAdministrator]);
        assert_eq!(others, 0);
    }

    #[test]
    fn roles_beyond_the_named_are_counted() {
        let (named, others) = split_named(vec![AdminRole::HelpdeskAdministrator; 5]);
        assert_eq!((named.len(), others), (MAX_NAMED, 5 - MAX_NAMED));
    }
}
