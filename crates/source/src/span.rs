/// Where something stands in a document: from a line and column up to, not
/// including, another. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Span {
    /// Which file of a document: 0 for the document itself, else the number of the part.
    #[serde(skip)]
    pub file: u16,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

impl Span {
    /// The first line only: a mapping is pointed at, not underlined whole.
    pub fn first_line(self) -> Self {
        if self.end_line == self.line {
            return self;
        }
        Self {
            end_line: self.line,
            end_column: u32::MAX,
            ..self
        }
    }
}

impl From<saphyr_parser::Span> for Span {
    fn from(span: saphyr_parser::Span) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            file: 0,
            line: number(span.start.line()),
            column: number(span.start.col() + 1),
            end_line: number(span.end.line()),
            end_column: number(span.end.col() + 1),
        }
    }
}
