//! The actions on an invitation, and their confirmation.

use api::{InvitationResource, routes};
use leptos::prelude::*;
use rules::{InvitationAction, InvitationStatus, Refusal, check};

use crate::{
    client,
    features::listing::list_crumb,
    intl,
    load::spawn,
    route::Route,
    session, t,
    ui::{ButtonKind, ConfirmDialog, ConfirmState, Crumb, Intent, toast},
    view::{View, view},
    words,
};

/// Returns the breadcrumbs above an invitation.
pub fn invitation_crumbs() -> Vec<Crumb> {
    vec![list_crumb(t::shell::invitations, Route::Invitations)]
}

/// Returns the recipient's address, with the name if known.
pub fn recipient_text(invitation: &InvitationResource) -> Option<String> {
    let address = invitation.recipient.as_ref()?;
    Some(match &invitation.recipient_name {
        Some(name) => format!("{name} ({address})"),
        None => address.to_string(),
    })
}

/// Returns why an action is not possible, to show beside its button. Says from when on the
/// invitation can be resent.
pub fn invitation_refusal_text(
    invitation: &InvitationResource,
    action: InvitationAction,
) -> Option<String> {
    let facts = invitation.facts();
    let refusal = check(&session::actor(), &facts, action, intl::now()).err()?;
    match (refusal, facts.record.resendable_from()) {
        (Refusal::InvitationSentRecently, Some(from)) => {
            Some(t::invitations::resend_from(&intl::date_time(from.milliseconds())))
        }
        _ => Some(words::refusal(refusal)),
    }
}

/// An action on an invitation that needs confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationCommand {
    /// Send the draft.
    Send,
    /// Send the invitation again.
    Resend,
    /// Withdraw the invitation, or discard the draft.
    Withdraw,
}

impl InvitationCommand {
    fn route(self) -> &'static str {
        match self {
            Self::Send => routes::SEND_INVITATION,
            Self::Resend => routes::RESEND_INVITATION,
            Self::Withdraw => routes::WITHDRAW_INVITATION,
        }
    }

    fn action(self) -> InvitationAction {
        match self {
            Self::Send => InvitationAction::Send,
            Self::Resend => InvitationAction::Resend,
            Self::Withdraw => InvitationAction::Withdraw,
        }
    }

    fn label(self) -> String {
        match self {
            Self::Send => t::invitations::send(),
            Self::Resend => t::invitations::resend(),
            Self::Withdraw => t::invitations::withdraw(),
        }
    }

    fn question(self, invitation: &InvitationResource) -> String {
        let customer = invitation.customer_name.as_str();
        match self {
            Self::Send => t::invitations::send_question(customer),
            Self::Resend => t::invitations::resend_question(customer),
            Self::Withdraw if invitation.status == InvitationStatus::Draft => {
                t::invitations::discard_question()
            }
            Self::Withdraw => t::invitations::withdraw_question(customer),
        }
    }

    fn effect(self, invitation: &InvitationResource) -> String {
        let customer = invitation.customer_name.as_str();
        let to = recipient_text(invitation).unwrap_or_default();
        let language = intl::language_name(invitation.language.as_str());
        match self {
            Self::Send => t::invitations::send_effect(customer, &language, &to),
            Self::Resend => t::invitations::resend_effect(&language, &to),
            Self::Withdraw if invitation.status == InvitationStatus::Draft => {
                t::invitations::discard_effect()
            }
            Self::Withdraw => t::invitations::withdraw_effect(customer),
        }
    }

    fn success_text(self, invitation: &InvitationResource) -> String {
        let customer = invitation.customer_name.as_str();
        match self {
            Self::Send => t::invitations::was_sent(customer),
            Self::Resend => t::invitations::was_resent(customer),
            Self::Withdraw => t::invitations::was_withdrawn(customer),
        }
    }
}

/// A dialog that confirms and runs an action on an invitation, and shows why it failed.
#[component]
pub fn ConfirmInvitationDialog(
    /// The action.
    command: InvitationCommand,
    /// The state of the dialog.
    dialog: ConfirmState,
    /// The invitation.
    current: Signal<Option<InvitationResource>>,
    /// Takes the changed invitation.
    on_done: Callback<InvitationResource>,
    /// Called after a failure, to fetch the invitation again.
    on_failed: Callback<()>,
) -> View {
    // The invitation fetched after a failure may show another view without this dialog. A toast
    // keeps the reason visible.
    on_cleanup(move || {
        let open = dialog.open.try_get_untracked() == Some(true);
        if let Some(text) = dialog.problem.try_get_untracked().flatten().filter(|_| open) {
            toast(Intent::Error, text);
        }
    });
    let reason = Signal::derive(move || {
        current.read().as_ref().and_then(|one| invitation_refusal_text(one, command.action()))
    });
    let question =
        move || current.read().as_ref().map(|one| command.question(one)).unwrap_or_default();
    let run = Callback::new(move |()| {
        let Some(invitation) = current.get_untracked().filter(|_| dialog.begin()) else { return };
        spawn(async move {
            let path = routes::of_invitation(command.route(), invitation.id);
            let answer =
                client::post::<InvitationResource>(&path, &(), Some(invitation.etag)).await;
            match answer {
                Ok(changed) => {
                    toast(Intent::Success, untrack(|| command.success_text(&changed)));
                    dialog.succeed();
                    let _ = on_done.try_run(changed);
                }
                Err(failure) => {
                    dialog.fail(untrack(|| failure.text()));
                    // Show the current state, whatever the reason.
                    let _ = on_failed.try_run(());
                }
            }
        });
    });
    let withdraws = command == InvitationCommand::Withdraw;
    let effect = move || current.read().as_ref().map(|one| command.effect(one)).unwrap_or_default();
    view! {
        <ConfirmDialog
            dialog=dialog
            question=question
            action=move || command.label()
            kind={if withdraws { ButtonKind::Danger } else { ButtonKind::Primary }}
            alert=withdraws
            disabled_reason=reason
            on_confirm=run
        >
            <p>{effect}</p>
        </ConfirmDialog>
    }
}
