//! The actions that take something away from a relationship, and their confirmation.

use api::{ErrorCode, RelationshipResource, SessionResource, routes};
use leptos::prelude::*;
use rules::{RelationshipAction, RoleGrant, check};

use crate::{
    client::{self, Failure},
    intl,
    load::{Loader, spawn},
    session, t,
    text::Text,
    ui::{ButtonKind, ConfirmDialog, ConfirmState, Intent, toast},
    view::{SlotFn, View, view},
    words,
};

/// An action that takes something away, and therefore needs confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationshipCommand {
    /// Customer: remove the partner's admin roles.
    RemoveAdminRoles,
    /// Customer: delete the partner.
    Delete,
    /// Partner: give up its admin roles.
    GiveUpAdminRoles,
    /// Partner: end the relationship.
    End,
}

impl RelationshipCommand {
    fn action(self) -> RelationshipAction {
        match self {
            Self::RemoveAdminRoles => RelationshipAction::RemoveAdminRoles,
            Self::Delete => RelationshipAction::Delete,
            Self::GiveUpAdminRoles => RelationshipAction::GiveUpAdminRoles,
            Self::End => RelationshipAction::End,
        }
    }

    /// Returns whether the relationship ends, which can't be undone.
    fn ends(self) -> bool {
        matches!(self, Self::Delete | Self::End)
    }

    /// Returns the message after the action succeeded.
    fn success_text(self, relationship: &RelationshipResource) -> String {
        let partner = relationship.partner.name.as_str();
        let customer = relationship.customer_name.as_str();
        match self {
            Self::RemoveAdminRoles => t::relationship::removed(partner),
            Self::Delete => t::relationship::deleted(partner),
            Self::GiveUpAdminRoles => t::relationship::given_up(customer),
            Self::End => t::relationship::ended(customer),
        }
    }

    /// Sends the action to the server. Returns the changed relationship, or `None` if it was
    /// deleted.
    async fn send(
        self,
        relationship: &RelationshipResource,
    ) -> Result<Option<RelationshipResource>, Failure> {
        let version = Some(relationship.etag);
        if self == Self::Delete {
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            return client::delete(&route, version).await.map(|()| None);
        }
        let route = routes::of_relationship_action(self.action(), relationship.id);
        client::post(&route, &(), version).await.map(Some)
    }
}

/// The state of a dialog that confirms and runs an action on a relationship.
#[derive(Clone, Copy)]
pub struct RelationshipActionState {
    command: RelationshipCommand,
    loaded: Loader<Option<RelationshipResource>>,
    session: Signal<SessionResource>,
    dialog: ConfirmState,
    /// Called after the action succeeded.
    on_success: Callback<()>,
}

impl RelationshipActionState {
    /// Creates a closed dialog. Call this while the page is set up, not in an event
    /// handler.
    pub fn new(
        command: RelationshipCommand,
        loaded: Loader<Option<RelationshipResource>>,
        on_success: Callback<()>,
    ) -> Self {
        // Event handlers have no context, so the session is looked up here.
        let (session, dialog) = (session::current(), ConfirmState::new());
        Self { command, loaded, session, dialog, on_success }
    }

    /// Returns the reason why the action is not allowed. Reactive.
    pub fn refusal_text(self) -> Option<String> {
        let actor = self.session.read().actor();
        self.loaded.with(|load| {
            let relationship = load.ready()?.as_ref()?;
            let action = self.command.action();
            check(&actor, &relationship.facts(), action, intl::now()).err().map(words::refusal)
        })
    }

    /// Opens the dialog.
    pub fn show(self) {
        self.dialog.show();
    }

    /// Runs the action. If it fails, the dialog stays open and shows the reason.
    fn run(self) {
        let current = untrack(|| self.loaded.with(|load| load.ready().cloned().flatten()));
        let Some(relationship) = current.filter(|_| self.dialog.begin()) else { return };
        spawn(async move {
            let answer = self.command.send(&relationship).await;
            match answer {
                Ok(changed) => {
                    toast(Intent::Success, untrack(|| self.command.success_text(&relationship)));
                    if !self.dialog.succeed() {
                        return;
                    }
                    if changed.is_some() {
                        self.loaded.set(changed);
                    }
                    self.on_success.run(());
                }
                Err(failure) => self.show_failure(&failure, &relationship).await,
            }
        });
    }

    async fn show_failure(self, failure: &Failure, relationship: &RelationshipResource) {
        if failure.is(ErrorCode::VersionMismatch) {
            // The relationship has changed, so the new state is shown before the user
            // confirms again. If this request fails too, the next attempt reports it.
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            if let Ok(latest) = client::get::<RelationshipResource>(&route).await {
                self.loaded.set(Some(latest));
            }
        }
        self.dialog.fail(untrack(|| failure.text()));
    }
}

/// The dialog that confirms an action on a relationship.
#[component]
pub fn ConfirmRelationshipDialog(
    /// The action.
    action: RelationshipActionState,
    /// The question.
    question: Text,
    /// The action, as a verb.
    #[prop(into)]
    label: Text,
    /// Consequences: what will and will not change.
    children: SlotFn,
) -> View {
    let ends = action.command.ends();
    view! {
        <ConfirmDialog
            dialog=action.dialog
            question=question
            action=label
            kind={if ends { ButtonKind::Danger } else { ButtonKind::Primary }}
            alert=ends
            disabled_reason=Signal::derive(move || action.refusal_text())
            cancel=t::ui::cancel
            on_confirm=Callback::new(move |()| action.run())
        >
            {children.run()}
        </ConfirmDialog>
    }
}

/// Returns the names of the partner's admin roles.
pub fn admin_role_names(relationship: &RelationshipResource) -> String {
    let names: Vec<_> =
        relationship.admin_roles.iter().map(|grant| words::admin_role(grant.role)).collect();
    intl::list(&names)
}

/// Returns the start and the end of a role, in words.
pub fn grant_period(grant: &RoleGrant) -> String {
    let since = t::relationship::since_on(&intl::date(grant.since.milliseconds()));
    let ends = grant.ends.map_or_else(t::relationship::no_end, |ends| {
        let when = intl::relative(ends.milliseconds(), intl::now().milliseconds());
        let date = format!("{} ({when})", intl::date(ends.milliseconds()));
        t::relationship::ends_on(&date)
    });
    format!("{since} · {ends}")
}
