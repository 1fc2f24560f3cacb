package mysqldump

// Kind says what a statement is.
type Kind int

// The kinds of statements. Unknown is only seen in errors: a statement that
// the reader cannot account for stops it.
const (
	Unknown        Kind = iota
	Comment             // blanks and comments alone, an empty statement included
	Sandbox             // /*M!999999\- enable the sandbox mode */
	Set                 // SET …
	Use                 // USE database
	CreateDatabase      // CREATE DATABASE
	AlterDatabase       // ALTER DATABASE, around triggers and routines
	Drop                // DROP TABLE, VIEW, …
	CreateTable         // CREATE TABLE
	CreateView          // CREATE VIEW, stand-ins included
	CreateTrigger       // CREATE TRIGGER
	CreateRoutine       // CREATE PROCEDURE, FUNCTION, PACKAGE
	CreateEvent         // CREATE EVENT
	CreateSequence      // CREATE SEQUENCE
	SetVal              // DO SETVAL(sequence, …) and SELECT SETVAL(…)
	Insert              // INSERT and REPLACE: the head, before the first row
	InsertEnd           // what follows the last row of an Insert
	Lock                // LOCK TABLES
	Unlock              // UNLOCK TABLES
	AlterKeys           // ALTER TABLE … DISABLE KEYS, ENABLE KEYS
	Delimiter           // DELIMITER …, a command of the client
	Transaction         // START TRANSACTION, BEGIN, COMMIT
	Replication         // CHANGE MASTER TO, START SLAVE, …
	Maintenance         // FLUSH, ANALYZE TABLE, perconaStatements
)

// String returns the kind as it is said in messages.
func (k Kind) String() string {
	names := [...]string{
		"statement", "comment", "sandbox", "SET", "USE", "CREATE DATABASE", "ALTER DATABASE", "DROP",
		"CREATE TABLE", "CREATE VIEW", "CREATE TRIGGER", "CREATE ROUTINE", "CREATE EVENT", "CREATE SEQUENCE",
		"SETVAL", "INSERT", "INSERT", "LOCK TABLES", "UNLOCK TABLES", "ALTER TABLE", "DELIMITER",
		"transaction", "replication", "maintenance",
	}
	if k < 0 || int(k) >= len(names) {
		return names[0]
	}
	return names[k]
}
