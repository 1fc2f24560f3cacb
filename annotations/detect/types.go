package detect

import (
	"regexp"
	"strconv"
	"strings"
)

// typeClass groups types by what a column of them can hold.
type typeClass int

const (
	unknownType typeClass = iota
	shortText
	longText // nobody says where it ends, or only after longChars
	jsonType
	numberType
	fractionType
	dateType
	boolType
	enumType
	bytesType
	uuidType
	addressType // of IP and MAC addresses
	spatialType
)

const (
	longChars = 1000 // the length from which a text is as good as unlimited
	uuidChars = 36   // of a uuid with its dashes
	macChars  = 17
	// uuidHexChars is the length of a uuid without its dashes.
	uuidHexChars = 32
	uuidBytes    = 16
)

// A columnType is what a type's text says.
type columnType struct {
	class typeClass
	chars int      // at most, or bytes; 0 when unknown
	known bool     // of jsonType: the database itself knows that it holds JSON
	words []string // of the type's own name and of the constants in it, such as "ip", "address"
}

// holdsText reports whether values are text, or may be.
func (t columnType) holdsText() bool {
	return t.class == shortText || t.class == longText || t.class == unknownType
}

// open reports whether a value may be a document of any kind.
func (t columnType) open() bool {
	return t.class == longText || t.class == jsonType || t.class == bytesType
}

// A typeParser reads types.
type typeParser struct {
	number  *regexp.Regexp
	names   map[string]typeClass
	speller *speller
}

func newTypeParser(s *speller) *typeParser {
	p := &typeParser{number: regexp.MustCompile(`[0-9]+`), names: map[string]typeClass{}, speller: s}
	for class, names := range map[typeClass]string{
		shortText: `string varchar char nvarchar nchar unicode autostring varchar2 charfield slugfield filefield imagefield filepathfield
			emailfield urlfield`,
		longText: `text tinytext mediumtext longtext unicodetext clob nclob textfield`,
		jsonType: `json jsonb jsontype jsonfield mutabledict mutablelist hstore array`,
		numberType: `int integer tinyint smallint mediumint bigint biginteger smallinteger bit serial bigserial integerfield
			bigintegerfield smallintegerfield positiveintegerfield positivesmallintegerfield positivebigintegerfield
			autofield bigautofield foreignkey onetoonefield`,
		fractionType: `float double decimal numeric real money decimalfield floatfield`,
		dateType:     `date datetime time timestamp year interval datefield datetimefield timefield durationfield`,
		boolType:     `bool boolean booleanfield nullbooleanfield`,
		enumType:     `enum set choice`,
		bytesType:    `blob tinyblob mediumblob longblob binary varbinary largebinary bytes bytea pickletype binaryfield`,
		uuidType:     `uuid guid uuidfield uniqueidentifier`,
		addressType:  `inet inet4 inet6 cidr macaddr genericipaddressfield ipaddressfield`,
		spatialType:  `geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geography pointfield`,
	} {
		for name := range strings.FieldsSeq(names) {
			p.names[name] = class
		}
	}
	return p
}

// parse reads a type as SQL or Python writes it: "varchar(255)", "tinyint(1)", "sa.String(length=IP_ADDR_FIELD_SIZE)",
// "JSONEncodedDict()", "Mapped[str]".
func (p *typeParser) parse(text string) columnType {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "Mapped["); ok {
		text = strings.TrimSuffix(inner, "]")
	}
	name, rest, _ := strings.Cut(text, "(")
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ") // "bigint unsigned"
	name = name[strings.LastIndexByte(name, '.')+1:]
	number, _ := strconv.Atoi(p.number.FindString(rest))
	own := p.speller.words(name)
	t := columnType{class: p.classOf(strings.ToLower(name), own), words: append(own, p.speller.words(rest)...)}
	switch t.class {
	case jsonType:
		t.known = strings.HasPrefix(strings.ToLower(name), "json") && p.names[strings.ToLower(name)] == jsonType
	case shortText:
		if number == 0 {
			number = declaredChars(t.words)
		}
		t.setLength(number)
	case longText, bytesType:
		t.chars = number
	case numberType:
		if low := strings.ToLower(name); number == 1 && (low == "tinyint" || low == "bit") {
			t.class = boolType
		}
	default:
		t.words = own // members of an ENUM say nothing of the type
	}
	return t
}

// setLength says how much a text or bytes hold.
func (t *columnType) setLength(chars int) {
	switch t.class {
	case shortText, longText, bytesType:
		t.chars = chars
		if t.class == shortText && chars >= longChars {
			t.class = longText
		}
	default:
	}
}

// classOf tells the class by the name of the type, or by the words in it for types that projects define themselves.
func (p *typeParser) classOf(name string, words []string) typeClass {
	if class, ok := p.names[name]; ok {
		return class
	}
	for _, c := range []struct {
		class typeClass
		words string
	}{
		{jsonType, "json jsonb dict list mapping"},
		{uuidType, "uuid"},
		{addressType, "ip cidr mac"},
		{boolType, "bool boolean"},
		{dateType, "date datetime time timestamp"},
		{longText, "text large"},
		{enumType, "enum choice"},
		{bytesType, "binary blob bytes pickle"},
		{fractionType, "decimal float numeric money"},
		{numberType, "int integer"},
		{shortText, "string str char unicode email password url phone encrypted slug"},
	} {
		for w := range strings.FieldsSeq(c.words) {
			if has(words, w) || len(w) > 3 && strings.Contains(name, w) {
				return c.class
			}
		}
	}
	return unknownType
}

// declaredChars guesses the length that a named constant such as UUID_FIELD_SIZE stands for; 0 when nothing is known.
func declaredChars(words []string) int {
	switch {
	case has(words, "uuid"):
		return uuidChars
	case has(words, "mac"):
		return macChars
	}
	return 0
}
