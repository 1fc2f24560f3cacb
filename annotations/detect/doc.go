// Package detect proposes a treatment for every column that probably holds personal or secret data.
//
// # Terms
//
// A class is what a column's values are about: e-mail addresses, names of people, tokens. A finding is one piece of evidence
// that a column holds values of a class, with a confidence between 0 and 1 and a reason. Findings come from
//
//   - the name of the column and, where that alone says little, those of its table and of its neighbours;
//   - the type: a column of type INET6 holds addresses, one of 39 characters probably too;
//   - comments, and what a docstring says of a column;
//   - a profile: shares of the shapes that values have, such as those of e-mail addresses, if somebody looked at a dump
//     (Detector.ProfileDump).
//
// The best finding makes a proposal: a class, a kind that fits the column's type, and a tier. Must says that values identify
// or describe a person, or open a door; Should, that they help to: identifiers, names of machines, documents with unknown contents.
// A review is what is left to decide about models: the columns that nobody named, with the proposals for them.
//
// # Names
//
// A name is split into words ("homeAddress2" is home, address), run-together words are taken apart with the words that the
// package knows ("ipaddr" is ip, address), other spellings and words of other languages are replaced ("pwd" and "kennwort" are password),
// and so is what is a word without its vowels, or the beginning of one word only ("cntct" is contact). The last word is the head, since
// in English names are compounds: a token hash is a hash, a host type is a type; in languages where the first is, names are turned round
// ("numero_tarjeta" is card number). Then
//
//	judge(name):
//	    begins with a switch or a count                     → nothing ("is_email", "num_tokens")
//	    drop what qualifies any name from its end           "phone_raw" → phone
//	    X of Y → Y X                                        "date_of_birth" → birth date
//	    a head that means many things                       → by the words before it, the table, the type ("name", "key", "id", "address")
//	    the longest known phrase that includes the head     → its class ("card number", "security code")
//	    a head that only wraps                              → the longest phrase before it ("email_data", "password_hash")
//	    a head that makes anything harmless                 → nothing ("type", "count", "status")
//	    a head that nobody knows                            → what the words before it say, if there is no doubt about these
//
// The words are those of databases in general; that a project's own names are found by them is measured, not assumed
// (testdata, make score). Schemas in testdata/heldout measure what rules are worth that were made without them.
//
// # Values
//
// Strong shapes (e-mail addresses, card and account numbers with right check digits, private keys) count whatever the name is, weak ones
// (hosts, long words) not where the name is one of a harmless column, nor where a few values repeat. Values are counted and forgotten.
// What values cannot tell apart is proposed: a commit's hash looks like a token, a title of two words with capitals like a name.
//
// # Foreign keys
//
// Columns that foreign keys tie together hold the same values: the best finding about any of them counts for all, they get one
// kind, and those that refer to others inherit.
//
// What the package is not: it decides nothing, reads no source code and writes no markup, and it never keeps or shows a value.
package detect
