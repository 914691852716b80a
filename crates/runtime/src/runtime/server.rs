use super::builder::BuildError;

/// A variable of a server's address: its name, its value, and what it may be, where that is listed.
pub type Variable<'a> = (&'static str, &'a str, &'static [&'static str]);

/// The address of a server of the contract (`OpenAPI` 3.0.3, sections 4.7.5 and 4.7.6). Generated code
/// calls it.
///
/// # Errors
/// When a value is not among those that the contract lists, or would make another address of it.
///
/// ```
/// use sdk_runtime::server;
///
/// let address = "https://{region}.example.com";
/// let regions: &[&str] = &["eu", "us"];
/// assert_eq!(server(address, &[("region", "eu", regions)])?, "https://eu.example.com");
/// let error = server(address, &[("region", "mars", regions)]).unwrap_err();
/// assert!(error.to_string().ends_with("use `eu` or `us`"));
/// # Ok::<(), sdk_runtime::BuildError>(())
/// ```
pub fn server(address: &'static str, variables: &[Variable<'_>]) -> Result<String, BuildError> {
    let mut url = address.to_owned();
    for (variable, value, listed) in variables {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let is_listed = listed.is_empty() || listed.contains(value);
        if !is_listed || listed.is_empty() && !value.chars().all(|c| is_plain(c) || c == '/') {
            let quoted: Vec<String> = listed.iter().map(|value| format!("`{value}`")).collect();
            let reason = match quoted.split_last() {
                None => "use letters, digits, `-`, `.`, `_`, `~` and `/`".to_owned(),
                Some((last, [])) => format!("use {last}"),
                Some((last, rest)) => format!("use {} or {last}", rest.join(", ")),
            };
            return Err(BuildError::Server {
                server: address,
                variable,
                value: (*value).to_owned(),
                reason,
            });
        }
        url = url.replace(&format!("{{{variable}}}"), value);
    }
    Ok(url)
}
