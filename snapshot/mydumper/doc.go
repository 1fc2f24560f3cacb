// Package mydumper reads a directory that mydumper wrote as one dump, or as several that may be read at the same time.
//
// # Terms
//
// A mydumper directory holds one file for each definition, any number of files with rows for each table, and files for what is
// to be created after the rows:
//
//	metadata                              says that the dump was finished
//	DB-schema-create.sql                  CREATE DATABASE
//	DB.TABLE-schema.sql                   CREATE TABLE, or the stand-in for a view
//	DB.SEQUENCE-schema-sequence.sql       CREATE SEQUENCE (mydumper 0.12 and later)
//	DB.TABLE.sql, DB.TABLE.00000.sql …    rows
//	DB-schema-post.sql                    routines and events
//	DB.VIEW-schema-view.sql               CREATE VIEW
//	DB.TABLE-schema-triggers.sql          triggers
//
// each but the first plain or compressed (.gz, .zst). Names are as they are in the server; mydumper 0.10 encodes none.
//
// A part is a piece of the directory that is a dump by itself: first the definitions, then each file of rows, last the objects that
// are created after them. The text of a directory is that of its parts, one after the other.
//
// # What is changed
//
// Rows are passed on as they are. In front of every file stands USE, which mydumper leaves to the file's name. Besides:
//
//   - Bodies have no delimiter of their own: mydumper ends a statement with a semicolon at the end of a line, and puts a
//     blank behind those inside of one. They get DELIMITER lines.
//   - The stand-in of a view goes into a conditional comment, as mysqldump has it, so that it is not taken for a table.
//   - Definitions are read as UTF-8, which is what a server answers to mydumper's SET NAMES binary.
//
// # Refused
//
// A directory without the metadata of a finished dump, files that are not of these kinds or that stand there twice (plain and compressed), a
// file that does not end with a whole statement, a file whose database is not clear, rows among definitions, the .dat files of --load-data.
//
// # What it is not
//
// It knows nothing of rows: what it hands out is for package mysqldump to read. That a file of rows is missing as a whole, or was cut
// between two statements and not compressed, cannot be seen: mydumper 0.10 writes no numbers of rows.
package mydumper
