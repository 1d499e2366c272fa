package builtin

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// special are the blocks that are not the public internet, of IPv4 and, inside of 2000::/3, of IPv6. Source: the IANA
// Special-Purpose Address Registries (RFC 6890), and RFC 5771 for multicast.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("10.0.0.0/8"),      // private
	netip.MustParsePrefix("100.64.0.0/10"),   // shared, behind carriers' NAT
	netip.MustParsePrefix("127.0.0.0/8"),     // loopback
	netip.MustParsePrefix("169.254.0.0/16"),  // link-local, and metadata services of clouds
	netip.MustParsePrefix("172.16.0.0/12"),   // private
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),  // private
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("224.0.0.0/4"),     // multicast
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo among them
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4, which carries an IPv4 address
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

var (
	unicast = netip.MustParsePrefix("2000::/3")     // all the IPv6 that is given out: RFC 4291, and IANA's registry of it
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // carries an IPv4 address in its last 32 bits: RFC 6052
)

// isPublic says that an address is on the public internet. IPv6 that only carries an IPv4 address is judged by that.
func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if a.Is6() && !unicast.Contains(a) {
		return false
	}
	return a.IsValid() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// onlyTo makes the control function of a dialer, which sees each address after names were resolved and just before it is
// connected to. So neither a name that resolves to something else the second time nor a redirect gets round it.
func onlyTo(allowed func(netip.Addr) bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return &refusal{fmt.Sprintf("%q is not an address", address)}
		}
		if !allowed(at.Addr()) {
			return &refusal{fmt.Sprintf("%s is not a public address; the runner must allow private ones", at.Addr())}
		}
		return nil
	}
}

// refusal is something that this side will not do, so that no retry mends it.
type refusal struct{ text string }

func (e *refusal) Error() string { return e.text }
