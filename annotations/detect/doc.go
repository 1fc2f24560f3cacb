// Package detect proposes a treatment for every column that probably holds personal or secret data.
//
// # Terms
//
// A class is what a column's values are about: e-mail addresses, names of people, tokens. A finding is one piece of evidence
// that a column holds values of a class, with a confidence between 0 and 1 and a reason. Findings come from
//
//   - the name of the column and, where that alone says little, those of its table and of its neighbours;
//   - the type: a column of type INET6 holds addresses, one of 39 characters probably too;
//   - comments and docstrings;
//   - a profile: what the values look like, if somebody gave a dump (Profiler, ReadProfile).
//
// The best finding makes a proposal: a class, a kind that fits the column's type, and a tier. Must says that values identify
// or describe a person, or open a door; Should, that they help to: identifiers, names of machines, documents with unknown contents.
//
// # Names
//
// A name is split into words ("homeAddress2" is home, address), run-together words are taken apart with the words that the
// package knows ("ipaddr" is ip, address), and other spellings are replaced ("pwd" is password). The last word is the head, since in
// English names are compounds: a token hash is a hash, a host type is a type. Then
//
//	judge(name):
//	    drop what qualifies any name from its end          "phone_raw" → phone
//	    X of Y → Y X                                        "date_of_birth" → birth date
//	    the longest known phrase that includes the head     "card number", "security code"
//	    a head that makes anything harmless                 → nothing ("type", "count", "status")
//	    a head that only wraps                              → the longest phrase before it ("email_data", "password_hash")
//	    otherwise, what the type and the table say
//
// The words are those of databases in general; that a project's own names are found by them is measured, not assumed
// (testdata, make score).
//
// # Foreign keys
//
// A column with a foreign key is treated as the column it refers to, so its findings count for that column, and the proposal
// for it is inherited.
//
// What the package is not: it decides nothing, reads no source code and writes no markup, and it never keeps or shows a value.
package detect
