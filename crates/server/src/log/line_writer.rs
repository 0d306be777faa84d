//! Writes log lines on a thread of its own.
//!
//! A request that wrote its line itself would wait for a system call each time, and for the
//! program that reads the log. Here it copies the line to a buffer, and the thread writes what
//! has come together after some milliseconds. Nothing is dropped: while the buffer is full,
//! writers wait.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Time in which lines come together. Lines of warnings and errors do not wait.
const DELAY: Duration = Duration::from_millis(5);
/// Bytes that may wait before writers wait.
const BUFFER_MAX: usize = 1024 * 1024;

/// Takes the lines of the log.
#[derive(Clone)]
pub(crate) struct LineWriter {
    shared: Arc<SharedLines>,
    /// Whether the lines are written at once.
    urgent: bool,
}

/// Writes the remaining lines when it is dropped, at the end of the program.
#[must_use]
pub(crate) struct LogFlush {
    shared: Arc<SharedLines>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct SharedLines {
    state: Mutex<LineState>,
    /// Lines have come, or the program ends.
    filled: Condvar,
    /// Lines were taken.
    emptied: Condvar,
}

#[derive(Default)]
struct LineState {
    buffer: Vec<u8>,
    urgent: bool,
    closed: bool,
}

impl SharedLines {
    fn lock(&self) -> MutexGuard<'_, LineState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread that writes lines to `sink`.
pub(crate) fn line_writer(sink: impl Write + Send + 'static) -> io::Result<(LineWriter, LogFlush)> {
    let shared = Arc::new(SharedLines::default());
    let thread = thread::Builder::new().name("log".to_owned()).spawn({
        let shared = Arc::clone(&shared);
        move || write_lines(&shared, sink)
    })?;
    let flush = LogFlush { shared: Arc::clone(&shared), thread: Some(thread) };
    Ok((LineWriter { shared, urgent: false }, flush))
}

fn write_lines(shared: &SharedLines, mut sink: impl Write) {
    let mut lines = Vec::new();
    loop {
        let mut state = shared.lock();
        while state.buffer.is_empty() && !state.closed {
            state = shared.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.urgent && !state.closed && state.buffer.len() < BUFFER_MAX {
            let come_together = |state: &mut LineState| {
                !state.urgent && !state.closed && state.buffer.len() < BUFFER_MAX
            };
            let waited = shared.filled.wait_timeout_while(state, DELAY, come_together);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        std::mem::swap(&mut state.buffer, &mut lines);
        state.urgent = false;
        let closed = state.closed;
        drop(state);
        shared.emptied.notify_all();
        // No one is left to be told that the log can't be written.
        let _ = sink.write_all(&lines).and_then(|()| sink.flush());
        lines.clear();
        if closed {
            return;
        }
    }
}

impl Write for LineWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.shared.lock();
        while state.buffer.len() >= BUFFER_MAX && !state.closed {
            state = self.shared.emptied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            // The thread has ended.
            return io::stderr().write(line);
        }
        let wake = state.buffer.is_empty() || self.urgent || state.buffer.len() >= BUFFER_MAX;
        state.buffer.extend_from_slice(line);
        state.urgent |= self.urgent;
        drop(state);
        if wake {
            self.shared.filled.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LineWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Self {
        Self { urgent: *event.level() <= Level::WARN, ..self.clone() }
    }
}

impl Drop for LogFlush {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.filled.notify_one();
        self.shared.emptied.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A sink that tells each write and waits until it may go on.
    struct Gate {
        written: Sender<Vec<u8>>,
        go_on: Receiver<()>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.written.send(bytes.to_vec());
            let _ = self.go_on.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_come_during_a_write_are_written_together() {
        let (written, writes) = channel();
        let (go, go_on) = channel();
        let (mut writer, flush) = line_writer(Gate { written, go_on }).unwrap();
        writer.urgent = true;
        writer.write_all(b"1\n").unwrap();
        assert_eq!(writes.recv().unwrap(), b"1\n");
        writer.write_all(b"2\n").unwrap();
        writer.write_all(b"3\n").unwrap();
        go.send(()).unwrap();
        assert_eq!(writes.recv().unwrap(), b"2\n3\n");
        drop(go);
        drop(flush);
    }

    #[test]
    fn a_full_buffer_makes_writers_wait_and_loses_nothing() {
        let (written, writes) = channel();
        let (go, go_on) = channel();
        let (writer, flush) = line_writer(Gate { written, go_on }).unwrap();
        let line = vec![b'x'; BUFFER_MAX / 4];
        let writers: Vec<_> = (0..12)
            .map(|_| {
                let (mut writer, line) = (writer.clone(), line.clone());
                thread::spawn(move || writer.write_all(&line).unwrap())
            })
            .collect();
        drop(go);
        for writer in writers {
            writer.join().unwrap();
        }
        drop(flush);
        let total: usize = writes.iter().map(|written| written.len()).sum();
        assert_eq!(total, 12 * line.len());
    }

    #[test]
    fn the_rest_is_written_at_the_end() {
        let (written, writes) = channel();
        let (go, go_on) = channel();
        drop(go);
        let (mut writer, flush) = line_writer(Gate { written, go_on }).unwrap();
        writer.write_all(b"last\n").unwrap();
        drop(flush);
        assert_eq!(writes.iter().flatten().collect::<Vec<u8>>(), b"last\n");
    }
}
