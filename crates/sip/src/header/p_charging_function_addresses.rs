//! P-Charging-Function-Addresses: where to report what is to be charged.

use crate::header::part::header;
use crate::params::{Param, Params};

header! {
    /// P-Charging-Function-Addresses: where to report what is to be charged.
    ///
    /// `P-Charging-Addresses = charge-addr-params *( COMMA charge-addr-params )`, of which each is
    /// `charge-addr-param *( SEMI charge-addr-param )` (RFC 7315 5.5).
    pub struct PChargingFunctionAddresses<'a>: List {
        /// The first parameter, which no semicolon precedes.
        pub first: Param<'a>,
        /// The parameters behind it.
        pub params: Params<'a>,
    }
}

impl<'a> PChargingFunctionAddresses<'a> {
    /// The addresses of one kind, `ccf` or `ecf`, in wire order (RFC 7315 4.5).
    pub fn addresses(&self, kind: &str) -> impl Iterator<Item = &'a [u8]> {
        std::iter::once(self.first)
            .chain(self.params.iter())
            .filter(move |param| param.name.eq_ignore_ascii_case(kind.as_bytes()))
            .filter_map(|param| param.value.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::{HeaderValue, check};

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PChargingFunctionAddresses<'_>>(
            &[
                "ccf=192.0.2.1; ccf=192.0.2.2",
                "ecf = \"aaa://example.com:3868\" ; x",
                "ccf=[2001:db8::1];ecf-2=a",
            ],
            &["", ";ccf=a", "ccf=a b", "ccf=\"a", "ccf=a;"],
        );
    }

    #[test]
    fn the_addresses_of_a_kind_come_in_order() {
        let value = b"ccf=a;ecf=b;CCF=\"c\"";
        let found = PChargingFunctionAddresses::parse(value).expect("parses");
        let addresses: Vec<&[u8]> = found.addresses("ccf").collect();
        assert_eq!(addresses, [b"a", b"c"]);
        assert_eq!(found.addresses("ecf").count(), 1);
    }
}
