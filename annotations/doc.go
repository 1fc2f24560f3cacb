// Package annotations turns markup from all sources into a policy.
//
// Markup is what people say about columns: beside the model in source code (read by the subpackages), in a file of YAML
// rules (ReadRules), or in the comments of the dump's columns (FromDDL). One statement about one column, or about all columns
// that a pattern matches, is a Mark; it gives the treatment of the values, as written, and remembers where it was written.
// Resolve brings all marks together with the tables of a dump: each column ends treated, public or undecided.
//
// # Grammar
//
// A treatment is a kind (fuzzy kinds lists them), a mapping with the kind and its options, or a list of those with conditions:
//
//	'hostname'
//	{'kind': 'hexstring', 'domain': 'keystone.user'}
//	{'kind': 'json', 'paths': {'$.owner.email': 'email', '$.size': 'public'}}
//	[{'when': "`key` = 'owner_email'", 'kind': 'email'}, 'string']
//
// The first condition that a row meets decides; the last treatment of a list has none. Options are domain, paths (of json),
// value (of constant), prefix, range and format and, in the mapping form, reason. Conditions are those that package anonymize
// understands (anonymize.Condition), over columns that the table has; anything else is an error at the mark's position.
//
// In a model, "*" stands for every other column that the model declares, and "__rows__" says which rows are kept. Rules are
// YAML; names of tables and columns may hold the wildcards * and ?, and databases are told apart where a dump has several:
//
//	tables:
//	  django_session: {rows: none}
//	  "*_audit": {columns: {"*": redact}}
//	  instances: {columns: {os_type: {kind: public, reason: product names}, hostname: hostname}}
//	databases:
//	  keystone: {tables: {user: {columns: {name: {kind: public, override: true, reason: test accounts}}}}}
//
// Rows are none, all, a fraction between 0 and 1, or {where: CONDITION}; with more to say, {keep: …, children: drop, reason: …}.
//
// Definitions write out literals that no treatment of rows reaches: a default, an ENUM's members, a view's condition. Whoever
// reviewed one says so, with the reason, by the name of the object or column:
//
//	acknowledge:
//	  recent_orders: the only literal is a status
//
// # Precedence
//
// Rules go before models, and models before comments. Within one source an exact name goes before a pattern, the table's
// name counting more; marks that are equally specific and differ are an error that names both. Rules that leave more of a value than
// the model's mark does need override: true and a reason. From strongest to weakest: redact, null, constant and secret;
// every pseudonym; json with public paths; public.
//
//	decide(column):
//	    generated                         → public
//	    a mark for the column             → that
//	    a table that a migration tool keeps for itself → public
//	    a foreign key                     → what was decided about the column it refers to
//	    a surrogate key                   → public
//	    column of shadow_X                → what was decided about the column of X
//	    "*" of the rules, then of models  → that; of models only for columns that they declare
//	    a boolean                         → public
//	    otherwise                         → undecided, or as Options say
//
// A "*" in the rules that leaves less of a value than a more specific mark of a model or comment replaces that mark, except on
// keys, which would fall apart. Different decisions about the two ends of a foreign key are an error.
//
// # What is not known
//
// A reader of models that cannot work something out says so in a Problem that is Unresolved: tables or columns may be missing. That
// is no danger to a dump, whose own columns are then undecided, but whoever checks that every column of the models is decided
// counts them (Problems.Unresolved) and cannot say yes.
//
// What the package is not: it reads no model source itself (annotations/sqlalchemy and annotations/django do, so that only
// cmd/fuzzy links their parser), sees no row, and judges no value.
package annotations
