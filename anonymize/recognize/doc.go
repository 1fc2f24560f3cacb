// Package recognize says whether bytes look like an e-mail address, a uuid, a network
// address …, and finds such identifiers inside text. It knows shapes only: no
// dictionary, no network, no key.
//
// # Terms
//
// A self-delimiting identifier is one whose shape alone gives it away wherever it
// stands: uuid, IPv4 and IPv6 address, network (CIDR), MAC address, e-mail address,
// URL. Whole and Next find those. A host name or a telephone number does not delimit
// itself ("file.txt", "2014-02-14"), so those have predicates for values that are
// known to be one.
//
// # Grammar
//
//	UUID      32 hexadecimal digits, or 8-4-4-4-12 of them
//	IPv4      four decimal octets without leading zeros
//	IPv6      RFC 4291 text, with "::" and with an IPv4 tail, without a zone
//	CIDR      an address, "/", a prefix length without leading zeros
//	MAC       six pairs of hexadecimal digits joined by ":" or by "-", or three groups
//	          of four joined by "."
//	Email     1 to 64 characters of RFC 5321's unquoted local part, "@", a domain: at
//	          least two labels, the last of two or more letters, or starting xn--
//	URL       a scheme of a fixed list, "://", a host, and RFC 3986's characters
//	Hostname  labels of letters, digits, "-" and "_", 63 at most each, joined by "."
//
// Every predicate takes ASCII letters of both cases as equal, allocates nothing, takes
// time linear in its input, and is safe for concurrent use. Unicode addresses
// (SMTPUTF8, IDNA in Unicode) are not recognized.
//
// In text, an identifier starts where the byte before is no letter or digit of any
// script and ends likewise; full stops, commas and closing brackets after a URL are
// not part of it.
package recognize
