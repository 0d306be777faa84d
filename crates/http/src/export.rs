//! Exports: a whole list as a CSV file, written while it is read. Each page of the list is a read
//! of its own, so that an export of any length takes the memory of one page and holds up no one.

use std::sync::Arc;

use api::{List, ListQuery, Page};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, StreamExt as _};
use rules::Timestamp;
use service::{Caller, Read, StoreError};

use crate::error::Result;
use crate::state::{ApiState, SignedIn};

/// A list that can be exported.
pub(crate) struct Export<L: List, T> {
    /// Name of the file, without date and extension.
    pub(crate) name: &'static str,
    /// First line of the file.
    pub(crate) header: String,
    /// Returns a page of the list.
    pub(crate) list: ListUseCase<L, T>,
    /// Returns rows as lines of the file.
    pub(crate) rows: fn(&[T]) -> String,
}

/// Use case that returns a page of a list.
pub(crate) type ListUseCase<L, T> =
    fn(&mut dyn Read, &Caller, &ListQuery<L>, Timestamp) -> service::Result<Page<T>>;

/// Part of a file, and the query of the next one.
struct ExportPart<L: List> {
    text: String,
    next: Option<ListQuery<L>>,
}

/// Why a file ended before its last line. The connection ends with it, so that the client does
/// not take the file for a whole one.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
struct ExportBroken;

impl<L: List, T: Send + 'static> Export<L, T> {
    /// 200 with the file. The first page is read before the response starts, so that a refusal
    /// is a response of its own.
    pub(crate) async fn respond(
        self,
        state: &ApiState,
        session: SignedIn,
        query: ListQuery<L>,
    ) -> Result<Response> {
        let query = ListQuery { top: ListQuery::<L>::TOP_MAX, ..query };
        let (list, rows) = (self.list, self.rows);
        let session = Arc::new(session);
        let mut first = session.read_long(part(query, list, rows)).await?;
        let read = move |query| {
            let session = Arc::clone(&session);
            async move { session.continue_read_long(part(query, list, rows)).await }
        };
        first.text.insert_str(0, &self.header);
        Ok(csv_file(state, self.name, csv_body(first, read)))
    }
}

/// Returns the work that reads a part of a file.
fn part<L: List, T>(
    query: ListQuery<L>,
    list: ListUseCase<L, T>,
    rows: fn(&[T]) -> String,
) -> impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<ExportPart<L>> {
    move |store, caller, now| {
        let page = list(store, caller, &query, now)?;
        let next = page.next_link.map(|link| {
            ListQuery::from_next_link(&link)
                .ok_or_else(|| StoreError::Engine(format!("a link that cannot be read: {link}")))
        });
        Ok(ExportPart { text: rows(&page.value), next: next.transpose()? })
    }
}

/// Returns the body of a file: the first part, then what `read` returns for each next query. An
/// error is logged and breaks the body off.
fn csv_body<L: List, F>(
    first: ExportPart<L>,
    read: impl Fn(ListQuery<L>) -> F + Send + 'static,
) -> Body
where
    F: Future<Output = Result<ExportPart<L>>> + Send + 'static,
{
    let start = stream::once(std::future::ready(Ok(first.text)));
    let rest = stream::try_unfold((first.next, read), async |(next, read)| {
        let Some(query) = next else { return Ok(None) };
        match read(query).await {
            Ok(part) => Ok(Some((part.text, (part.next, read)))),
            Err(error) => {
                tracing::error!(cause = ?error, "an export broke off");
                Err(ExportBroken)
            }
        }
    });
    Body::from_stream(start.chain(rest))
}

/// 200 with a CSV file to save, named after its content and the current date.
fn csv_file(state: &ApiState, name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, media_type);
    let date: String = state.host().now().to_string().chars().take(10).collect();
    let disposition = format!("attachment; filename=\"{name}-{date}.csv\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use api::{ErrorCode, ProductList};
    use http_body_util::BodyExt as _;

    use super::*;

    /// A part with this text, followed by another one or not.
    fn part(text: &str, is_last: bool) -> ExportPart<ProductList> {
        let next = (!is_last).then(ListQuery::default);
        ExportPart { text: text.to_owned(), next }
    }

    async fn frame(body: &mut Body) -> Option<std::result::Result<String, axum::Error>> {
        let frame = body.frame().await?;
        Some(frame.map(|frame| String::from_utf8(frame.into_data().unwrap().into()).unwrap()))
    }

    #[tokio::test]
    async fn each_part_is_sent_before_the_next_one_is_read() {
        let reads = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reads);
        let read = move |_| {
            let number = counter.fetch_add(1, Ordering::Relaxed) + 1;
            async move { Ok(part(&number.to_string(), number == 2)) }
        };
        let mut body = csv_body(part("0", false), read);
        for number in 0..3 {
            let sent = frame(&mut body).await.unwrap().unwrap();
            assert_eq!((sent, reads.load(Ordering::Relaxed)), (number.to_string(), number));
        }
        assert!(frame(&mut body).await.is_none());
        assert_eq!(reads.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn an_error_breaks_the_body_off() {
        let read = |_| async { Err(ErrorCode::Unavailable.into()) };
        let mut body = csv_body(part("first", false), read);
        assert_eq!(frame(&mut body).await.unwrap().unwrap(), "first");
        assert!(frame(&mut body).await.unwrap().is_err());
    }
}
