//! States the invariant on which the functions in `defaults` rely, where progenitor
//! unwraps: the gate and the generator have checked every default.

use syn::visit_mut::{self, VisitMut};
use syn::{ExprMethodCall, Item, parse_quote};

pub(super) fn pass(types: &mut [Item]) {
    for item in types {
        if let Item::Mod(module) = item
            && module.ident == "defaults"
        {
            Expect.visit_item_mod_mut(module);
        }
    }
}

struct Expect;

impl VisitMut for Expect {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "unwrap" {
            call.method = syn::Ident::new("expect", call.method.span());
            call.args
                .push(parse_quote!("the contract's default fits its type"));
        }
    }
}
