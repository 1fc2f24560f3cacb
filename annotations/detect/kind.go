package detect

// fits reports whether a column of a type can hold values of a class.
func fits(class Class, t columnType) bool {
	switch t.class {
	case boolType:
		return class == Health || class == Demographic
	case dateType:
		return class == Birth
	case enumType:
		return class == Demographic || class == Health
	case numberType, fractionType:
		switch class {
		case Phone, NationalID, Bank, Card, Income, Geo, Birth, Health:
			return true
		case IP:
			return t.class == numberType
		default:
			return false
		}
	case uuidType:
		switch class {
		case UUID, ID, Secret, Username, Person:
			return true
		default:
			return false
		}
	case addressType:
		return class == IP || class == Network || class == MAC || class == Hostname
	case spatialType:
		return class == Geo || class == Postal
	case jsonType, bytesType, longText, unknownType:
		return true
	case shortText:
		return t.chars == 0 || t.chars >= leastChars(class)
	}
	return true
}

// leastChars is the length below which a text column holds no values of a class, but codes.
func leastChars(class Class) int {
	switch class {
	case Card:
		return 2
	case Secret:
		return 3
	case Postal, NationalID, Demographic, Health, Bank:
		return 1
	case Income:
		return 4
	case Email, Phone, Person, Username, ID, Label:
		return 5
	case IP, Network, MAC, Hostname, URL, URLSecret, Path, SSHKey, Certificate, UUID, Text, Document:
		return 12
	default:
		return 0
	}
}

// kindFor chooses a kind that the column's type takes. Values of one class get one kind wherever the types allow it, so that
// joins survive.
func kindFor(c *column, class Class) string {
	switch c.typ.class {
	case jsonType:
		if (class == Secret || class == URLSecret) && c.typ.known {
			return "redact" // leaf by leaf; of JSON in a text column it would not leave JSON
		}
		return "json"
	case dateType:
		return "datetime"
	case enumType:
		return "enum"
	case boolType, spatialType:
		return "redact"
	case uuidType:
		return "uuid"
	case addressType:
		return "ip_address"
	case numberType:
		return numberKind(class, "integer")
	case fractionType:
		return numberKind(class, "decimal")
	case bytesType:
		return bytesKind(c, class)
	default:
		return textKind(c, class)
	}
}

func numberKind(class Class, plain string) string {
	switch class {
	case Phone:
		return "phone"
	case Card, NationalID:
		return "digits"
	case Secret:
		return "redact"
	default:
		return plain
	}
}

func bytesKind(c *column, class Class) string {
	switch {
	case (class == Secret || class == URLSecret) && !c.joined():
		return "secret"
	case class == UUID && c.typ.chars == 16:
		return "uuid"
	case class == IP && (c.typ.chars == 16 || c.typ.chars == 4):
		return "ip_address"
	default:
		return "blob"
	}
}

// joined reports whether other columns must hold equal values.
func (c *column) joined() bool { return c.referred || len(c.References) > 0 }

// shortSecret is the length from which random values do not collide (anonymize refuses shorter ones in unique indexes).
const shortSecret = 16

func textKind(c *column, class Class) string {
	distinct := c.Unique || c.PrimaryKey || c.joined()
	switch class {
	case Email:
		return "email"
	case Phone:
		return "phone"
	case Person:
		return "name"
	case Username:
		return "username"
	case IP:
		return "ip_address"
	case Network:
		return "cidr"
	case MAC:
		return "mac"
	case Hostname:
		return "hostname"
	case URL, URLSecret:
		return "url"
	case Path:
		return "pathname"
	case UUID:
		return "uuid"
	case Card:
		return "digits"
	case Geo:
		return "decimal"
	case Birth:
		return "datetime"
	case SSHKey:
		if !distinct {
			return "ssh_key"
		}
	case Secret:
		if !c.joined() && (!distinct || c.typ.chars == 0 || c.typ.chars >= shortSecret) {
			return "secret"
		}
	case Document:
		if !distinct {
			return "json"
		}
	case Demographic:
		if !distinct {
			return "redact"
		}
	case Text, Certificate:
		if !distinct {
			return "text"
		}
	case Postal, Health:
		if !distinct && c.typ.class == longText {
			return "text"
		}
	default:
	}
	return "string"
}
