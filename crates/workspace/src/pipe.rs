use std::io::{self, Write};

/// What a command writes to. A reader who has seen enough, as `| head` has, changes no
/// verdict: what is written after that is let go, and the command ends as it would have.
#[derive(Debug)]
pub(crate) struct Pipe<W>(pub(crate) W);

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}
