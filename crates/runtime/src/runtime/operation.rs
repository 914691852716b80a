use super::credentials::Scheme;
use super::form::Form;

/// What the contract says of an operation beside its request and its responses.
/// Generated code states it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method as it is sent.
    pub method: &'static str,
    /// The path with its variables in braces; empty where the contract does not know it.
    pub path: &'static str,
    /// Where the operation is found, if not where the others are: an address, or a way to it from
    /// theirs.
    pub server: Option<&'static str>,
    /// The media types that the client reads, if it reads any.
    pub accept: Option<&'static str>,
    /// The security schemes that let a caller in: any of these alternatives, all of its schemes.
    /// Nothing is sent where there is none; an alternative without schemes lets anybody in.
    pub security: &'static [&'static [Scheme]],
    /// Whether the same request twice does what it does once (RFC 9110, section 9.2.2).
    pub idempotent: bool,
    /// The header of a key by which the API knows a request that comes again, where it has one. The
    /// client makes a key for each call, which makes any operation idempotent.
    pub idempotency_key: Option<&'static str>,
    /// The statuses with which the API says that it did not process the request.
    pub not_processed: fn(status: u16) -> bool,
    /// The form of a response with such a status of 5XX, if it has one to be known by.
    pub form: fn(status: u16) -> Option<Form>,
    /// Whether the body of a success is the caller's to read, piece by piece.
    pub streamed: bool,
}
