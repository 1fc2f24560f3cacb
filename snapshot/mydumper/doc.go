// Package mydumper reads a directory that mydumper wrote as one dump, several of its files at once.
//
// # Terms
//
// A mydumper directory holds one file for each definition, any number of files with rows for each table, and files for what is
// to be created after the rows:
//
//	metadata                              says that the dump was finished and, since 0.14, how many rows each table has
//	DB-schema-create.sql                  CREATE DATABASE
//	DB.TABLE-schema.sql                   CREATE TABLE, or the stand-in for a view
//	DB.SEQUENCE-schema-sequence.sql       CREATE SEQUENCE (since 0.12)
//	DB.TABLE.sql, DB.TABLE.00000.sql …    rows; since 0.12 also DB.TABLE.00000.00000.sql
//	DB-schema-post.sql                    routines and events
//	DB.VIEW-schema-view.sql               CREATE VIEW
//	DB.TABLE-schema-triggers.sql          triggers; also DB-schema-triggers.sql
//	DB.TABLE-metadata                     the number of rows (0.11 to 0.13)
//
// each but the first and the last plain or compressed (.gz, .zst). Names are as they are in the server with mydumper 0.10; later versions write
// mydumper_0, mydumper_1, … for those that are not letters and digits. The files of 0.10 are known by experiment, those of later
// versions from mydumper's documentation and source (docs/files.rst, src/mydumper_start_dump.c).
//
// The text of a directory is that of its files, one after the other: first the definitions, then the rows, table after table, last the
// objects that are created after them.
//
// # Several files at once
//
// A reading decompresses the files behind the one that is read, as far as there is room for what comes out:
//
//	file 3 (being read) ─▶ blocks ─┐
//	file 4              ─▶ blocks  ├─▶ Read, in the files' order
//	file 5              ─▶ blocks ─┘
//
// The order is that of the files whatever is ready first, so that a table's rows keep theirs, from which versions of a dataset have the chunks
// in common that did not change. What is left to one goroutine, finding statements and rows in the text, is several times as fast as
// decompression.
//
// # What is changed
//
// Rows are passed on as they are. In front of every file stands USE, which mydumper leaves to the file's name. Besides:
//
//   - Definitions and rows get the sql_mode in which mydumper's own loader runs them.
//   - Bodies have no delimiter of their own: mydumper ends a statement with a semicolon at the end of a line, and puts a
//     blank behind those inside of one. They get DELIMITER lines.
//   - The stand-in of a view goes into a conditional comment, as mysqldump has it, so that it is not taken for a table.
//   - Definitions are read as UTF-8, which is what a server answers to mydumper's SET NAMES binary.
//
// # Refused
//
// A directory without the metadata of a finished dump; files that are not of these kinds (the .dat files of --load-data and --csv among them), that are no
// regular files, or that stand there twice, plain and compressed; a file that does not end with a whole statement; a file whose database is not clear; rows
// among definitions; names in double quotes; by CheckRows, other numbers of rows than mydumper noted.
//
// # What it is not
//
// It knows nothing of rows: what it hands out is for package mysqldump to read. A file that is not the one it was when the directory was
// opened is an error. That a file of rows is missing as a whole, or was cut between two statements and not compressed, cannot be seen in directories of
// mydumper 0.10, which notes no numbers of rows.
package mydumper
