package recognize

// Kind is a shape of identifier.
type Kind uint8

// The self-delimiting kinds.
const (
	None Kind = iota
	UUID
	IPv4
	IPv6
	CIDR
	MAC
	Email
	URL
)

// String returns the kind's name in lower case; "" for None.
func (k Kind) String() string {
	names := [...]string{"", "uuid", "ipv4", "ipv6", "cidr", "mac", "email", "url"}
	if int(k) >= len(names) {
		return ""
	}
	return names[k]
}

// shortest is the length of the shortest self-delimiting identifier, "::".
const shortest = 2

// Whole returns which self-delimiting identifier b is from its first byte to its
// last, or None.
func Whole(b []byte) Kind {
	if len(b) < shortest {
		return None
	}
	switch {
	case IsUUID(b):
		return UUID
	case IsIPv4(b):
		return IPv4
	case IsMAC(b):
		return MAC
	case IsIPv6(b):
		return IPv6
	case IsCIDR(b):
		return CIDR
	case IsEmail(b):
		return Email
	case IsURL(b):
		return URL
	}
	return None
}
