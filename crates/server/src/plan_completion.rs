//! Completion of plans that were decided: their changes are certain, even if the program or the
//! database failed before all of them were made.

use std::time::Duration;

use rules::OrganizationId;
use service::pending_changes::{self, PendingBlock};
use service::{Context, Result};
use store::Database;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::world;

/// Interval at which pending changes are looked for. A block that is still pending after it is
/// left over: a plan that is being applied makes a block in milliseconds.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Makes all changes that are pending when the program starts. A failure is logged and keeps no
/// one out: [`run`] tries again.
pub(crate) fn complete_at_start(database: &Database) {
    let complete = || -> anyhow::Result<()> {
        let context = context()?;
        let make_some = || {
            let context = context.clone();
            database.write_blocking(move |store| pending_changes::make_some(store, &context, None))
        };
        while make_some()? {}
        Ok(())
    };
    if let Err(failure) = complete() {
        tracing::error!(?failure, "a decided plan can't be completed yet");
    }
}

/// Makes changes that stay pending in the running program, until asked to stop. Errors are
/// logged, and the changes are tried again.
pub(crate) async fn run(database: Database, mut stop: watch::Receiver<bool>) {
    let mut seen = None;
    while !*stop.borrow() {
        seen = match complete_left_over(&database, seen.as_ref()).await {
            Ok(pending) => pending,
            Err(failure) => {
                tracing::error!(?failure, "a decided plan can't be completed yet");
                seen
            }
        };
        tokio::select! {
            () = sleep(POLL_INTERVAL) => {}
            // An error means that the sender is gone, which also ends the program.
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Makes the pending changes of a customer if their first block was seen before. Returns the
/// first block that is pending.
async fn complete_left_over(
    database: &Database,
    seen: Option<&PendingBlock>,
) -> anyhow::Result<Option<PendingBlock>> {
    let pending = database.read(|store| pending_changes::first_pending(store))?;
    let Some(block) = pending.filter(|block| seen == Some(block)) else { return Ok(pending) };
    tracing::warn!(organization = %block.customer, "a decided plan was not completed; completing it");
    let context = context()?;
    while make_some(database, &context, block.customer).await? {}
    tracing::info!(organization = %block.customer, "the plan was completed");
    Ok(None)
}

async fn make_some(
    database: &Database,
    context: &Context,
    customer: OrganizationId,
) -> Result<bool> {
    let context = context.clone();
    database.write(move |store| pending_changes::make_some(store, &context, Some(customer))).await
}

/// Returns the context of the changes, which make no links.
fn context() -> anyhow::Result<Context> {
    Ok(world::context("")?)
}
