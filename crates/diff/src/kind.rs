use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Rename;

/// What changed, of any document: the facts that a sentence about it needs, and no
/// words. Two edits differ in kind, in facts, or in where they stand.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, strum::IntoStaticStr, strum::VariantNames,
)]
#[serde(tag = "id", content = "facts", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the names say what the sentences of `title` do"
)]
pub enum Kind {
    // Operations and where they are.
    OperationAdded,
    OperationMoved {
        from: String,
        to: String,
    },
    OperationRemoved,
    OperationIdChanged {
        from: Option<String>,
        to: Option<String>,
    },
    PathAdded,
    PathRemoved,
    CallbackAdded,
    CallbackMoved {
        from: String,
        to: String,
    },
    CallbackRemoved,

    // Parameters and headers.
    EncodingChanged {
        key: String,
        allows: bool,
    },
    EncodingRestated {
        key: String,
    },
    ExplodeChanged {
        from: bool,
        to: bool,
    },
    HeaderAdded,
    HeaderRemoved,
    HeaderRequiredChanged {
        required: bool,
    },
    ParameterAdded,
    ParameterBecameOptional,
    ParameterBecameRequired {
        in_path: bool,
    },
    ParameterRemoved,
    ParameterRenamed {
        from: String,
        to: String,
    },
    ParameterSchemaChanged {
        described: bool,
    },
    RequiredParameterAdded,
    StyleChanged {
        from: String,
        to: String,
    },

    // Bodies and responses.
    BodyAdded {
        required: bool,
    },
    BodyBecameOptional,
    BodyBecameRequired,
    BodyRemoved,
    ExampleChanged {
        name: String,
        presence: Presence,
    },
    LinkAdded,
    LinkChanged {
        key: String,
    },
    LinkRemoved,
    MediaTypeAdded {
        name: String,
    },
    MediaTypeChanged {
        from: String,
        to: String,
    },
    MediaTypeRemoved {
        name: String,
    },
    PartsChanged {
        part: String,
    },
    SchemaAdded,
    SchemaRemoved,
    StatusAdded,
    StatusRemoved,

    // Who may call, where, how often and how again.
    FirstServerChanged {
        url: String,
    },
    PaginationChanged {
        key: String,
    },
    RateLimitChanged,
    RepetitionChanged {
        key: String,
    },
    SecurityChanged {
        from: Credentials,
        to: Credentials,
    },
    SecurityRestated,
    SecuritySchemeChanged {
        key: String,
    },
    ServerAdded {
        url: String,
    },
    ServerRemoved {
        url: String,
    },
    ServerRestated,
    ServerVariableChanged {
        name: String,
    },

    // What is announced.
    DeprecationChanged {
        deprecated: bool,
    },
    StabilityChanged,
    SunsetChanged,

    // Components and references.
    ComponentAdded,
    ComponentRemoved,
    ComponentRenamed {
        from: String,
        to: String,
    },
    DefinitionAdded,
    DefinitionRemoved,
    ReferenceChanged {
        from: String,
        to: String,
    },

    // What a schema allows.
    AdditionalPropertiesChanged {
        from: Additional,
        to: Additional,
    },
    BecameChoice {
        of: Vec<String>,
    },
    BecameImpossible,
    BecameNotNullable,
    BecameNotReadOnly,
    BecameNotWriteOnly,
    BecameNullable,
    BecameOptional,
    BecamePossible,
    BecameReadOnly,
    BecameRequired,
    BecameWriteOnly,
    BoundAdded {
        key: String,
        to: String,
    },
    BoundChanged {
        key: String,
        from: String,
        to: String,
        rose: bool,
    },
    BoundRemoved {
        key: String,
        from: String,
    },
    ChoiceAdded {
        keyword: String,
        branch: Branch,
    },
    ChoiceChanged {
        exactly_one: bool,
    },
    ChoiceExchanged {
        keyword: String,
        from: String,
        to: String,
    },
    ChoiceRemoved {
        keyword: String,
        branch: Branch,
    },
    ConstraintAdded,
    ConstraintRemoved,
    DefaultChanged,
    DependentRequiredAdded {
        property: String,
        needs: String,
    },
    DependentRequiredRemoved {
        property: String,
        needed: String,
    },
    DiscriminatorChanged,
    EnumAdded {
        was_open: bool,
    },
    EnumRemoved {
        is_open: bool,
    },
    EnumValueAdded {
        value: Value,
    },
    EnumValueRemoved {
        value: Value,
    },
    FormatChanged,
    MultipleOfChanged,
    NoLongerChoice {
        of: Vec<String>,
    },
    OpenEnumChanged,
    OpenEnumValueAdded {
        value: Value,
    },
    OpenEnumValueRemoved {
        value: Value,
    },
    PatternChanged,
    PropertyAdded,
    PropertyRemoved,
    PropertyRenamed {
        from: String,
        to: String,
    },
    RequiredPropertyAdded,
    SchemaRestated {
        key: Option<String>,
    },
    SubschemaAdded {
        key: String,
        name: Option<String>,
    },
    SubschemaRemoved {
        key: String,
        name: Option<String>,
    },
    TypeChanged {
        from: String,
        to: String,
    },
    UndescribedOptional {
        name: String,
    },
    UndescribedRequired {
        name: String,
    },
    UniqueItemsChanged {
        unique: bool,
    },

    // What no machine reads, and what nobody here knows.
    DialectChanged,
    ExtensionChanged {
        key: String,
    },
    IgnoredKeywordChanged {
        key: String,
    },
    KeywordChanged {
        key: String,
    },
    MalformedChanged,
    TagChanged {
        name: String,
        presence: Presence,
    },
    VersionChanged,
    DocumentationChanged {
        key: Option<String>,
    },
    XmlChanged,
}

/// A kind as a program reads it: the facts of each are those of [`Kind`].
#[cfg(feature = "schemars")]
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct Described {
    /// The stable name of the kind, as `required-parameter-added`.
    id: String,
    /// What the sentence about it needs: names, values, bounds.
    facts: Option<serde_json::Map<String, Value>>,
}

/// Ways to be let in, any of them: schemes, all of them, each with its scopes.
pub type Credentials = BTreeSet<BTreeMap<String, BTreeSet<String>>>;

/// What became of something that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Only the new document has it.
    Added,
    /// Both have it.
    Kept,
    /// Only the old document has it.
    Removed,
}

/// What an object does with properties that it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Additional {
    /// It takes them.
    Any,
    /// It takes those that a schema allows.
    Typed,
    /// It refuses them.
    None,
}

/// One schema of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Branch {
    /// What it is called: by its reference, or its title.
    pub name: Option<String>,
    /// What its `type` says.
    pub r#type: Option<String>,
    /// Which one it is, from one.
    pub number: usize,
}

impl Kind {
    /// The stable name of the kind, as `required-parameter-added`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.into()
    }

    /// The names before and after, where something was only renamed.
    #[must_use]
    pub fn rename(&self) -> Option<Rename> {
        let (from, to) = match self {
            Self::OperationIdChanged {
                from: Some(from),
                to: Some(to),
            } => (from, to),
            Self::ComponentRenamed { from, to }
            | Self::MediaTypeChanged { from, to }
            | Self::OperationMoved { from, to }
            | Self::ParameterRenamed { from, to }
            | Self::PropertyRenamed { from, to } => (from, to),
            _ => return None,
        };
        Some(Rename {
            from: from.clone(),
            to: to.clone(),
        })
    }

    /// The value of the contract that came, went or is spoken of by name.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::EnumValueAdded { value }
            | Self::EnumValueRemoved { value }
            | Self::OpenEnumValueAdded { value }
            | Self::OpenEnumValueRemoved { value } => value.as_str(),
            _ => None,
        }
    }

    /// Whether it is about what must be there.
    #[must_use]
    pub fn is_requiredness(&self) -> bool {
        matches!(
            self,
            Self::BecameOptional
                | Self::BecameRequired
                | Self::BodyBecameOptional
                | Self::BodyBecameRequired
                | Self::DependentRequiredAdded { .. }
                | Self::DependentRequiredRemoved { .. }
                | Self::HeaderRequiredChanged { .. }
                | Self::ParameterBecameOptional
                | Self::ParameterBecameRequired { .. }
                | Self::RequiredParameterAdded
                | Self::RequiredPropertyAdded
                | Self::UndescribedOptional { .. }
                | Self::UndescribedRequired { .. }
        )
    }

    /// Whether a component came, went or was renamed.
    #[must_use]
    pub fn is_of_component(&self) -> bool {
        matches!(
            self,
            Self::ComponentAdded | Self::ComponentRemoved | Self::ComponentRenamed { .. }
        )
    }

    /// Whether what stands at the places is part of what changed. The other kinds say
    /// everything by themselves, or what stands there is compared by itself.
    #[must_use]
    pub(super) fn is_of_value(&self) -> bool {
        !matches!(
            self,
            Self::OperationAdded
                | Self::OperationMoved { .. }
                | Self::OperationRemoved
                | Self::PathAdded
                | Self::PathRemoved
                | Self::CallbackAdded
                | Self::CallbackMoved { .. }
                | Self::CallbackRemoved
                | Self::EncodingChanged { .. }
                | Self::EncodingRestated { .. }
                | Self::ExplodeChanged { .. }
                | Self::HeaderRemoved
                | Self::HeaderRequiredChanged { .. }
                | Self::ParameterBecameOptional
                | Self::ParameterBecameRequired { .. }
                | Self::ParameterRemoved
                | Self::ParameterRenamed { .. }
                | Self::StyleChanged { .. }
                | Self::BodyBecameOptional
                | Self::BodyBecameRequired
                | Self::BodyRemoved
                | Self::LinkRemoved
                | Self::MediaTypeChanged { .. }
                | Self::MediaTypeRemoved { .. }
                | Self::StatusRemoved
                | Self::FirstServerChanged { .. }
                | Self::SecurityChanged { .. }
                | Self::SecurityRestated
                | Self::ServerAdded { .. }
                | Self::ServerRemoved { .. }
                | Self::ServerRestated
                | Self::DeprecationChanged { .. }
                | Self::ComponentAdded
                | Self::ComponentRemoved
                | Self::ComponentRenamed { .. }
                | Self::DefinitionAdded
                | Self::DefinitionRemoved
                | Self::BecameNotNullable
                | Self::BecameNotReadOnly
                | Self::BecameNotWriteOnly
                | Self::BecameNullable
                | Self::BecameOptional
                | Self::BecameReadOnly
                | Self::BecameRequired
                | Self::BecameWriteOnly
                | Self::BoundAdded { .. }
                | Self::BoundChanged { .. }
                | Self::BoundRemoved { .. }
                | Self::ChoiceChanged { .. }
                | Self::DependentRequiredAdded { .. }
                | Self::DependentRequiredRemoved { .. }
                | Self::EnumValueAdded { .. }
                | Self::EnumValueRemoved { .. }
                | Self::OpenEnumValueAdded { .. }
                | Self::OpenEnumValueRemoved { .. }
                | Self::PropertyRemoved
                | Self::PropertyRenamed { .. }
                | Self::TypeChanged { .. }
                | Self::SchemaRestated { .. }
                | Self::UndescribedOptional { .. }
                | Self::UndescribedRequired { .. }
                | Self::UniqueItemsChanged { .. }
                | Self::TagChanged { .. }
        )
    }
}
